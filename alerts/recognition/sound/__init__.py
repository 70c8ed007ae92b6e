"""Names by their sound, in every script. Pure, but for a dictionary that `japanese` opens.

alphabets   the sounds of each script's letters
likeness    how much two words sound alike, in bits
spellings   the sounds of Latin and Cyrillic letters, for words that are compared with these
letters     an index of names in Latin and Cyrillic letters
agreement   whether a short word agrees with a name in every sound
enough      how many bits are enough
said        how Latin names are said in their languages
heard       an index of names by their consonants
readings    Latin and Cyrillic spellings of Chinese, Japanese and Korean names
japanese    how names in kanji are read
kana        katakana in Latin letters
chinese     the characters that write foreign names
"""
