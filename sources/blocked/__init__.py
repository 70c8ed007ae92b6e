"""What a response is when it is not the content: a challenge, a login, an error page, a shell for JavaScript. Pure.

classify      weighs the evidence: which kind of block, and why
signatures    what such pages look like, as data
page_outline  what an HTML page shows and how it is built, by counting
js_shell      pages with nothing to read in them
truncation    whether a document is all there
"""
