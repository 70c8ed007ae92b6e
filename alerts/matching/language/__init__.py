"""Letters, words and endings of the languages that registers are written in. Pure.

tokens        where the words of a text are
scripts       letters of all scripts brought together
case_endings  Russian and Ukrainian endings
dictionary    what a Russian dictionary says of a word
stopwords     small words that tell what stands beside them
legal_forms   legal forms of companies
misspelling   whether one word is another one misspelt
"""
