"""Parsers of file formats: from bytes to text, elements, records and items.

They know nothing of kinds, requests and entries: a page is a `Download` to them.

download    what parsers see of a page; its body as bytes or, if it is large, as a file
decode      bytes to text, with detection of undeclared encodings; which bytes are no text
unpack      Content-Encoding (gzip, deflate), within limits
archives    ZIP and gzip files, within limits
dates       dates as feeds and registers write them
links       resolves links, which may be malformed
html        HTML pages as trees; the visible text of elements
labels      the labels on a page about one, with their values
selectors   CSS with an attribute: the place of a value in an element
xml         XML as a stream of elements, and the paths of options in it
json_paths  JMESPath, and the members of a JSON document
feeds       feeds of all formats as items
feed_head   what a feed says before its items: its next page, its hub (WebSub), when it has nothing new
tables      HTML tables as displayed
delimited   CSV and fixed widths, line by line; unique names of columns
workbooks   Excel workbooks
pdf         PDF files: tables and text
"""
