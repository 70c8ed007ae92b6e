"""Words that say what a name means where it stands, in the languages of registers. Pure.

other_names   words that make a name another one, and names that are ordinary words
kinds         nouns for things of another kind
apposed       nouns that say after a comma what something is
quoted        nouns before a name in quotation marks
cities        brands that are called like a city
farming       fruits, and words beside them
measures      words beside a maximum
sports        words of texts about matches
acts          verbs that say what companies do
beginnings    what follows an ordinary word at the beginning of a sentence
english       what may follow a name in an English sentence
homonyms      abbreviations that several bodies share
abbreviating  words between an abbreviation and what it stands for
people        words beside a person's name
personal      what only people do and have
roles         what people are, in scripts without capital letters
"""
