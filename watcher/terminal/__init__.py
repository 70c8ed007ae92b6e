"""Output to a terminal.

console  paragraphs, JSON, a progress bar and questions; only printable text, without secrets
tables   rows under headings
words    numbers and times in words
"""
