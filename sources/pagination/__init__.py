"""Turns elements and records into entries by a kind's options; finds a list's next page.

requests    requests by the options method, form, body and before
detail      the option detail: fields on the page of each entry
pdf_kind    what the kinds of PDF files have in common
columns     the options key, title and fields: records to entries
pagination  the request for a list's next page
pager       the pager of an HTML page, from its links (list_links, numbered_links) and its words (page_counts)
json_pages  the further pages that a JSON document states
"""
