"""Proposals for an HTML page: its tables, and the elements that repeat on it.

html     all proposals for a page
outline  a page measured: text, links, furniture
groups   the elements that repeat, and how much they look like entries
parts    an entry's title, link, date and fields
select   CSS that finds an element again
"""
