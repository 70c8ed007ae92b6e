"""Why a match may be an ordinary word. Pure.

common_words    it is not a name at all
adjectives      it is an adjective, by the noun before it
beginnings      it is an ordinary word that begins a sentence
ordinary_words  it is a word of the text's language, and its context says too little
acting          whether the text says of it what companies do
"""
