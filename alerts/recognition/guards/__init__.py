"""Why a match may not mean the entity. Pure.

match_context    a match with its surrounding text
casing           the use of capital letters, and the beginnings of sentences
words            it is an ordinary word
people           it is somebody else's name
places           it is a city's or a village's name
longer_names     it is a part of a longer name: a place's, a film's, a product's, another company's
abbreviations    it is short for something else
cited            it is a code of laws, or a unit
spelled_out      the text says what it is short for
appositions      it says after a comma what it is
quoted           it is in quotation marks, after another noun or with other words
other_kinds      it is the name of another kind of thing: an island, a fruit, a maximum
doubts           its sound or its ending is too weak
false_positives  all of these in their order
"""
