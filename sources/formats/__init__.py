"""Readers of file formats: from bytes to text, elements, records and items. They know nothing of sources.

decode        bytes to text
charset       the encoding of undeclared bytes
unpack        gzip, deflate and the like, within limits
file_magic    what files that are no text begin with
archives      ZIP and gzip, within limits
dates         dates as feeds and registers write them
json_members  what is in a JSON document
feeds         feeds of every make as items
feed_xml      feeds in XML, by feedparser
feed_items    an item's parts as plain text
markup        HTML and XML: trees, streams, selectors
tabular       tables: HTML, delimited text, workbooks
"""
