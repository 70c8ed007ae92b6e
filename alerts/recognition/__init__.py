"""Finds names in texts, in every script, case ending and spelling. Imports nothing else of the project.

recognizer    the entry point: from entities and texts to findings
field         one field of an entry, and what speaks for a name at its position
phrases       all phrases that a configuration's entities are found by
names         the words and shapes of a configured name, and legal forms
finder        finds phrases in a text, and completes persons' names
identifiers   numbers and domains that identify an entity; laws, ships, aircraft, wallets
guards        why a match may not mean the entity
vocabulary    the words of the phrases: looks up those of texts, also by their sound, which are remembered
stems         stems and endings of Latin and Cyrillic words, and what a word is a form of
words         the words of a text, with what each may be, and how sure that is; what a page hides in it
merging       words that are written apart, and texts that need no closer look
sound         names by their sound
language      letters, words and endings
tables        reads the tables of words in `data`
"""
