"""Output to a terminal.

console       paragraphs, JSON, tables, a progress bar and questions; the log; only printable text, without secrets
change_lines  results of checks, their changes, and other events, in lines
words         numbers and times in words
new_file      files that commands make, whole or not at all; rows in one: CSV, XLSX
"""
