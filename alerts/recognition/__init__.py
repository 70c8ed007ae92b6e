"""Finds names in texts, in every script, case ending and spelling. Imports nothing else of the project.

recognizer    the entry point: from entities and texts to findings
entity        what it needs to know of an entity
field         one field of an entry, and what speaks for a name at its position
phrases       all phrases that a configuration's entities are found by
names         the words and shapes of a configured name
vocabulary    the words of the phrases, and how a word of a text is recognized as one
stems         stems of Latin and Cyrillic words, and what a word is a form of
roots, hits   stems and endings; how sure a word is
foreign_words words of other scripts, found as they are written
by_sound      words that sound like those of names
concept_words context words, by their beginning
beside        words that are enough beside another word of their name
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
