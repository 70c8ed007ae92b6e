"""Why a match may not mean the entity. Pure.

match_context    a match with its surrounding text, and the use of capital letters there
ordinary_words   it is a common noun, a verb, a small word, or an ordinary word whose context says too little
longer_names     it is a part of a longer name, somebody else's or another thing's, or short for something else
"""
