"""Output to a terminal.

console   tables, paragraphs and JSON; only printable text
progress  a progress bar
"""
