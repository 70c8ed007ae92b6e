"""The words of names, contexts and phrases, and how a word of a text is recognized as one. Pure.

vocabulary     adds words, and looks up those of texts
cache          what words of texts are, remembered
hits           how sure a word is
stems          stems of Latin and Cyrillic words, and what a word is a form of
roots          stems and endings
foreign_words  words of other scripts, found as they are written
by_sound       words that sound like those of names
concept_words  context words, by their beginning
beside         words that are enough beside another word of their name
"""
