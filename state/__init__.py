"""What is known: entries, changes, deliveries and health, in one database.

store       all that the rest of the program may ask
commits     what one check writes, in one transaction
evidence    the pages of changes, in a chain of hashes
parts       what the store consists of
compare     pure decisions: differences, plausibility, health
db          SQLite or PostgreSQL
model       the values that go in and come out
errors, failpoint
"""
