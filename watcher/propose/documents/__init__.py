"""Proposals for documents other than HTML, and for pages that have a kind of their own.

claimed  a kind made for this address
feed     a feed, and the feeds that a page links to
json     the lists in a JSON document
csv, xlsx, xml   files of rows, and repeated elements
rows     what the proposals for files of rows share
"""
