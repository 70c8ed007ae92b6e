"""Which watched entities an entry mentions.

watchlist       from entities and an entry to mentions
in_process      finds names in a subprocess
"""
