"""The persistent state: entries, changes, deliveries and health, in one database.

store       the interface for the rest of the program
commits     writes the result of one check, in one transaction
evidence    the pages of changes, in a hash chain
history     what a register said at an earlier time
storage     the parts of the store: a repository each
compare     pure decisions: differences, plausibility, health
db          SQLite or PostgreSQL
model       the values that go in and come out
errors, failpoint
"""
