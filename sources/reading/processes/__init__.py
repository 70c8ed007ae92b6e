"""Subprocesses that parse pages and do other long work.

pool             a few subprocesses, shared fairly among hosts
child            the parent's side of one subprocess
handover         converts sources, pages and errors to messages and back
filter_transfer  merges a filter's results from a subprocess
"""
