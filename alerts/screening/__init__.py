"""Screening: how much a customer, or a watched entity, has in common with an entry of a list. Pure.

facts  what is known of whom is screened, and of an entry
score  how alike two are, in points, and why
"""
