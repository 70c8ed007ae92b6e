"""Finds names in texts, in every script, case ending and spelling. Imports nothing else of the project.

recognizer    the entry point: from entities and texts to findings
entity        what it needs to know of an entity
field         one field of an entry, and what speaks for a name at its position
phrases       all phrases that a configuration's entities are found by
names         the words and shapes of a configured name
vocabulary    the words of the phrases, and how a word of a text is recognized as one
finder        finds phrases in a text
partners      completes persons' names by words that only sound like them
numbers       laws, ships, aircraft, wallets
identifiers   numbers and domains that identify an entity
guards        why a match may not mean the entity
text          a text before names are looked for
sound         names by their sound
language      letters, words and endings
tables        tables that are written as text
"""
