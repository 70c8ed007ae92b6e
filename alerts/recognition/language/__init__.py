"""Letters, words and endings of the languages of registers. Pure, but for tables that `han` reads.

tokens        the words of a text and their positions
scripts       normalises letters of all scripts
case_endings  Russian and Ukrainian endings
respelling    how Russian says English and French names
dictionary    looks up a word in a Russian dictionary
stopwords     small words that classify the words beside them
legal_forms   legal forms of companies
misspelling   whether one word is a misspelling of another
suffixes      endings in Latin letters, and Kazakh ones
native_forms  endings and joined words of other scripts
established   how other scripts write well-known names
han           Chinese characters in one form
which         the language of a text
concepts      context words in other languages
given_names   first names, and what other languages call them
word_lists    words that say what a name means where it stands
top_domains   the endings of domains
"""
