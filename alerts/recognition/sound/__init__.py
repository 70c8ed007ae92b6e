"""Names by their sound, in every script. Pure, but for dictionaries that `readings` opens.

alphabets   the sounds of each script's letters; how Latin names are said in their languages, and by Russian
likeness    how much two words sound alike, in bits, and how much is enough
letters     an index of names in Latin and Cyrillic letters, by their consonants
heard       an index of names by their consonants, for every script
readings    Latin and Cyrillic spellings of Chinese, Japanese and Korean names
"""
