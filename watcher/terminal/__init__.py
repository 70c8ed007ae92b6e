"""What people see at a terminal.

console   tables, paragraphs and JSON; printable text alone
progress  a progress bar
"""
