"""The words of names, contexts and phrases, and how a word of a text is recognized as one. Pure.

vocabulary  adds words, and looks up those of texts, also by their sound, which are remembered
hits        how sure a word is
stems       stems and endings of Latin and Cyrillic words, and what a word is a form of
"""
