"""Output to a terminal.

console       paragraphs and questions; only printable text, without secrets
tables        rows under headings
json_output   JSON for programs
words         numbers and times in words
progress      a progress bar
"""
