"""Screening: how much a customer, or a watched entity, has in common with an entry of a list. Pure."""
