"""Which watched entities a text mentions, in every script, case ending and spelling. Pure.

watchlist        entities and an entry: the mentions
in_process       looks for names in a process of its own
lazy_watchlist   a watchlist that is made when it is needed
names            a configured name's words and shapes
phrases          all phrases that a configuration is found by
vocabulary       the words that phrases consist of
finder           finds phrases in a text
match_context    a name seen with what stands around it
false_positives  why a name is somebody else's
address_spans    links and addresses, which mention nobody
added_entities   an entity that was added: what is stored already
casing           what capital letters tell, and where sentences begin
common_words     what looks like a name and is none
language         letters, words and endings
"""
