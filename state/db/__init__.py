"""The database: SQLite or PostgreSQL, its schema, its transactions, and what processes share through it.

backend          one interface to either database: opening, transactions, advisory locks
connect          opens the database at a URL
sqlite           what only SQLite understands
postgres         what only PostgreSQL understands
part             what the parts of the store have in common
tables           the tables
evidence_tables  the tables of evidence
migrate          brings a state to this program's schema (migrations/)
row_mapping      rows as the values of state/model.py, and back
jsontext         values as JSON texts
redaction        keeps secrets out of the state
file_lock        a lock file, held by one process
ownership        as root: whose a file is, and no links of others
lease            a lease in the database, held by one process
sqlite_backup    a copy of the file while others work on it
copy             copies a state from one database to another
"""
