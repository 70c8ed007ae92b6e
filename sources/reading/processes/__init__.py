"""Reading pages, and other long work, in processes of their own.

pool             a few children, shared out fairly among hosts
child            the parent's side of one child
handover         sources, pages and failures in the form that crosses
filter_transfer  a known-filter on its way there and back
"""
