"""Letters, words and endings of the languages of registers. Pure, but for tables that `tables` reads.

tokens        the words of a text and their positions
scripts       normalises letters of all scripts
case_endings  Russian and Ukrainian endings; those in Latin letters, and Kazakh ones
native_forms  endings and joined words of other scripts
misspelling   whether one word is a misspelling of another
dictionary    looks up a word in a Russian dictionary; first names; frequent words, which are no names by their sound
which         the language of a text
"""
