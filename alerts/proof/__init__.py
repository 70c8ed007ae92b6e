"""A proof of one change, for readers who have never heard of this program. Pure.

facts        what a proof shows
html         the proof's page, by templates/proof.html.j2
view         what the page shows
change_view  what the page shows of the change itself
steps        how to check it with common tools
"""
