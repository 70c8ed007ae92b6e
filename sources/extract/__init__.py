"""Turns elements and records into entries by a kind's options; finds a list's next page.

columns     the options key, title and fields: records to entries
pagination  the request for a list's next page
"""
