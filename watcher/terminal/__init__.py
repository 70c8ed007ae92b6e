"""Output to a terminal.

console       paragraphs, JSON, a progress bar and questions; only printable text, without secrets
tables        rows under headings
change_lines  results of checks, their changes, and other events, in lines
words         numbers and times in words
new_file      files that commands make, whole or not at all
"""
