"""Why a match may be an ordinary word. Pure.

common_words    it is not a name at all
papers          it is a telegram on paper, or a newspaper
adjectives      it is an adjective, by the noun before it
beginnings      it is an ordinary word that begins a sentence
ordinary_words  it is a word of the text's language, and its context says too little
noun_phrases    it is a noun, by the words around it
acting          whether the text says of it what companies do
"""
