"""Output to a terminal.

console   paragraphs, JSON, tables, a progress bar and questions; the log; only printable text, without secrets
words     numbers and times in words; results of checks, their changes, and other events, in lines
new_file  files that commands make, whole or not at all; rows in one: CSV, XLSX
"""
