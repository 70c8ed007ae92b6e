"""Which watched entities an entry mentions.

watchlist        from entities and an entry to mentions
in_process       finds names in a subprocess
lazy_watchlist   a watchlist that is built when needed
added_entities   which stored entries mention an added entity
"""
