"""Hints from outside that a source has changed.

hooks   addresses that have a source checked; the callbacks of hubs
websub  asks the hubs of feeds to tell what is new
"""
