"""`watch add`: from a page to a source. What repeats on the page, which of it is the register, what is its key.

offer       the command: fetch, propose, show, ask, write
site        the page: fetched, or saved in a file
at_address  what could be read at an address, or from the feed that it links to
find        all that could be read from it, the best first
proposal    what a proposal is, and whether it holds
documents   proposals for feeds, JSON, CSV, Excel, XML
page        proposals for an HTML page
complete    what further requests add to a proposal:
further     the way to the next page
volatile    fields that change at each look
authority   whose word the page is
keys        which columns tell the entries apart
looks       what a value looks like: a date, an address, a number
show        a proposal on the screen
block       the source as TOML, and where it is written
"""
