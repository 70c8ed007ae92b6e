"""Which watched entities a text mentions, in every script, case ending and spelling. Pure.

watchlist        from entities and an entry to mentions
in_process       finds names in a subprocess
lazy_watchlist   a watchlist that is built when needed
names            the words and shapes of a configured name
phrases          all phrases that a configuration's entities are found by
vocabulary       the words of the phrases
finder           finds phrases in a text
match_context    a match with its surrounding text
false_positives  why a match is not the entity's name
address_spans    links and addresses, which mention nobody
added_entities   which stored entries mention an added entity
casing           the use of capital letters, and the beginnings of sentences
common_words     why a match is not a name at all
language         letters, words and endings
"""
