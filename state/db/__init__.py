"""The database: SQLite or PostgreSQL, its schema, transactions and locks.

backend     the interface to either database: opening, transactions, advisory locks
connect     opens the database at a URL
glance      what is configured at the desk, looked at before anything else is opened
sqlite      everything specific to SQLite, with the online backup of the file
postgres    everything specific to PostgreSQL, with the lease in it that one process holds
tables/     the tables
migrate     upgrades a state to this program's schema (migrations/)
repository  the base class of the store's repositories, and how a statement is written and executed
rows        rows to the values of state/model, and back; values as JSON text
redaction   keeps secrets out of the state
limited     what a limited reader finds in it
files       lock files, file ownership for root, protection from planted links, and new names that last
copy        copies a state from one database to another
"""
