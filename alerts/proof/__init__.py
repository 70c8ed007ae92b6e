"""A proof of one change, for readers who have never heard of this program. Pure.

facts  what a proof shows
html   the proof's page
texts  what every proof's page says
steps  how to check it with common tools
"""
