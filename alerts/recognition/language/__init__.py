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
kinds         nouns for things of another kind
farming       fruits, and words beside them
measures      words beside a maximum
acts          verbs that say what companies do
english       what may follow a name in an English sentence
homonyms      abbreviations that several bodies share
abbreviating  words between an abbreviation and what it stands for
people        words beside a person's name
sports        words of texts about matches
other_names   words that make a name another one, and names that are ordinary words
top_domains   the endings of domains
"""
