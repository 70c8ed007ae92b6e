"""`watch add`: finds the lists on a page, chooses one and its key, and writes it as a source.

offer       the command: fetch, propose, show, ask, write
manners     what the site asks of programs
site        the page: fetched, or saved in a file
at_address  what can be read at an address, or from the feed that it links to
find        all proposals for the page, the best first
proposal    a proposal, and whether its kind can read the page
documents   proposals for feeds, JSON, CSV, Excel, XML, PDF
page        proposals for an HTML page
complete    completes a proposal by further requests:
further     the way to the next page
volatile    fields that change at each look
authority   whose word the page is
keys        which columns distinguish the entries
looks       the type of a value: a date, an address, a number
show        prints a proposal
block       the source as TOML, and where it is written
"""
