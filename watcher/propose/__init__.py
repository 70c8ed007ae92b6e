"""`watch add`: from a page to a source. What repeats on the page, which of it is the register, what is its key.

offer       the command: fetch, propose, show, ask, write
find        all that could be read from a page, the best first
proposal    what a proposal is, and whether it holds
page        proposals for an HTML page
documents   proposals for feeds, JSON, CSV, Excel, XML
keys        which columns tell the entries apart
looks       what a value looks like: a date, an address, a number
block       the source as TOML, and where it is written
"""
