"""Proposals for an HTML page: its tables, and the elements that repeat on it.

html     all proposals for a page
outline  measures a page: text, links, navigation
groups   the elements that repeat, and how similar they are to entries
parts    an entry's title, link, date and fields
select   CSS selectors that find an element again
"""
