"""A proof of one change, for readers who do not know this program. Pure.

facts        the facts that a proof shows
view         the proof's page, by templates/proof.html.j2, and the values that it shows
change_view  the values that it shows of the change itself
steps        how to verify it with common tools
"""
