"""Letters, words and endings of the languages of registers. Pure.

tokens        the words of a text and their positions
scripts       normalises letters of all scripts
case_endings  Russian and Ukrainian endings
dictionary    looks up a word in a Russian dictionary
stopwords     small words that classify the words beside them
legal_forms   legal forms of companies
misspelling   whether one word is a misspelling of another
"""
