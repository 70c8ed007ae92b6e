"""The database: SQLite or PostgreSQL, its schema, transactions and locks.

backend          the interface to either database: opening, transactions, advisory locks
connect          opens the database at a URL
sqlite           everything specific to SQLite
postgres         everything specific to PostgreSQL
part             the base class of the store's parts
tables/          the tables
migrate          upgrades a state to this program's schema (migrations/)
row_mapping      rows to the values of state/model, and back
jsontext         values as JSON text
redaction        keeps secrets out of the state
file_lock        a lock file, held by one process
ownership        file ownership for root, protection from planted links, and new names that last
lease            a lease in the database, held by one process
sqlite_backup    an online backup of the file
copy             copies a state from one database to another
"""
