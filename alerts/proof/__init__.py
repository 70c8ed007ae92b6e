"""A proof of one change, for readers who do not know this program. Pure.

facts   the facts that a proof shows
page    the proof's page, by templates/proof.html.j2: the values that it shows, and how to verify it
"""
