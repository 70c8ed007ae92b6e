"""Letters, words and endings of the languages of registers. Pure, but for tables that `tables` reads.

tokens        the words of a text and their positions
scripts       normalises letters of all scripts
endings       case endings of Russian and Ukrainian words, and those of all other scripts, with what they join to words
misspelling   whether one word is a misspelling of another
dictionary    looks up a word in a Russian dictionary; first names; frequent words, which are no names by their sound
which         the language of a text
"""
