"""A text before names are looked for. Pure.

simple         whether nothing in it needs a closer look
words          its words, with what each may be
merging        words that are written apart
runs           names in scripts without spaces
thai           the usual words of Thai, between which names are
damage         HTML entities, tags and invisible characters that were left in it
address_spans  links and addresses, which mention nobody
"""
