"""From elements and records to entries, as a kind's options say; and the way to a list's next page.

columns     the options key, title and fields: records to entries
pagination  the way from one page of a list to the next
"""
