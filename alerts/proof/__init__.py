"""A proof of one change, for readers who do not know this program. Pure.

facts   the facts that a proof shows
page    the proof's page, by templates/proof.html.j2, and the values that it shows
steps   how to verify it with common tools
"""
