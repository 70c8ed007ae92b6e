"""Parsers of file formats: from bytes to text, elements, records and items. They do not depend on sources.

decode        bytes to text
charset       detects the encoding of undeclared bytes
unpack        Content-Encoding (gzip, deflate), within limits
file_magic    the first bytes of binary files
archives      ZIP and gzip files, within limits
dates         dates as feeds and registers write them
json_members  the members of a JSON document
feeds         feeds of all formats as items
feed_head     the next page and the hub (WebSub) that a feed offers
feed_hints    when a feed says that it has nothing new
feed_items    an item's parts as plain text
markup        HTML and XML: trees, streams, selectors
tabular       tables: HTML, delimited text, workbooks
pdf           PDF files: tables and text
"""
