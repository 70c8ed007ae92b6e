"""Finds names in texts, in every script, case ending and spelling. Imports nothing else of the project. Pure.

recognizer       the entry point: from entities and texts to findings
entity           what it needs to know of an entity
names            the words and shapes of a configured name
phrases          all phrases that a configuration's entities are found by
vocabulary       the words of the phrases
finder           finds phrases in a text
match_context    a match with its surrounding text
false_positives  why a match is not the entity's name
common_words     why a match is not a name at all
address_spans    links and addresses, which mention nobody
casing           the use of capital letters, and the beginnings of sentences
identifiers      numbers and domains that identify an entity
language         letters, words and endings
"""
