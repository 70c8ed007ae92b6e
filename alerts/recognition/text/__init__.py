"""A text before names are looked for. Pure.

words          its words, with what each may be; what a page hides in it
merging        words that are written apart, and texts that need no closer look
"""
