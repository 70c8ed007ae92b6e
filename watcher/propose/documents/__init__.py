"""Proposals for what is no HTML page, and for pages that a kind was made for.

claimed  the kind that was made for this very address
feed     a feed, and the feeds that a page links to
json     the lists in a JSON document
csv, xlsx, xml   files of rows, and repeated elements
rows     what proposals for files of rows have in common
"""
