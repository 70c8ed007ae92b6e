"""Turns records into entries by a kind's options; finds a list's next page, and the page of each entry.

requests    requests by the options method, form, body and before
columns     the options key, title and fields: records to entries
detail      the option detail: fields on the page of each entry
next_page   the options next and pages: the request for a list's next page
html_pager  the pager of an HTML page: its links, and what it says of pages and entries
json_pager  the further pages that a JSON document states
"""
