"""Opens the database at a URL: the only module that lists the backends."""

from state.db.backend import Database
from state.errors import StateError

_EXAMPLES = '"sqlite:///state.db" or "postgresql+psycopg://user@host/name"'


def open_database(url: str) -> Database:
    """Open the state, creating or upgrading it if necessary. Raises StateError; then nothing was changed."""
    database = connect(url)
    try:
        database.settle()
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str) -> Database:
    """The database at a URL, whatever its content. Raises StateError."""
    if url.startswith("sqlite:"):
        from state.db.sqlite import SQLite  # noqa: PLC0415 - only the backend in use is loaded

        return SQLite.at(url)
    if url.startswith(("postgresql:", "postgresql+psycopg:")):
        from state.db.postgres import PostgreSQL  # noqa: PLC0415 - as below

        return PostgreSQL.at(url)
    raise StateError(f"state: has to be a database, such as {_EXAMPLES}")
