"""`watch add`: from a page to a source. What repeats on the page, which of it is the register, what is its key.

looks.py    what a value looks like: a date, an address, a number
keys.py     which columns tell the entries apart
outline.py  an HTML page measured: how much text, how much of it links, what is its furniture
groups.py   the elements that repeat on a page, and how much they look like a register's entries
parts.py    the title, link, date and fields within such elements
select.py   CSS that finds an element again
html.py, json.py, feed.py, csv.py, xml.py  proposals for each sort of document
proposal.py what a proposal is, and the best of them
block.py    the source as TOML, and where it is written
offer.py    the command: fetch, propose, show, ask, write
"""
