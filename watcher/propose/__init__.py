"""`watch add`: finds the lists on a page, chooses one and its key, and writes it as a source.

offer        the command: fetch, propose, show, ask, write
site         the page: fetched, rendered, or saved in a file
find         what can be read at an address, from the feed it links to, or from the answer of its form to search, the
             best first; whether it is a register's, a party's or the press's page
proposal     a proposal, the columns that make its key, and whether its kind can read the page
documents    proposals for feeds, JSON, CSV, Excel, XML, PDF, and of kinds made for the address
html         proposals for an HTML page: its tables, and the elements that repeat on it, with their title, link, date
             and fields, and the selectors that find them
html_groups  measures a page, finds what repeats, and how similar that is to entries
point        what is proposed for the parts of a page that somebody points at
complete     completes a proposal by further requests: what to wait for, the way to the next page, fields that change
looks        the type of a value: a date, an address, a number
catalogue    the kinds of one site, found by words, and a source of one
block        the source as TOML, and where it is written
"""
