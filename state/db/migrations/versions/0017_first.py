"""The first schema: `first.sql`, which lists its tables in the order in which they refer to each other.

It bears the number of the last of the migrations before the first release, 0001 to 0017, whose result it is: a state
that they made is at this schema, and needs no migration.
"""

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = None

_INTEGER = dict.fromkeys(("id", "long_id", "long"), "INTEGER")
_WORDS = {
    "sqlite": {**_INTEGER, "time": "DATETIME", "bytes": "BLOB", "unlogged": "", "room": ""},
    "postgresql": {
        "id": "SERIAL",
        "long_id": "BIGSERIAL",
        "long": "BIGINT",  # short-lived rows exceed 32 bits within years
        "time": "TIMESTAMPTZ",
        "bytes": "BYTEA",
        "unlogged": "UNLOGGED",  # lost in a crash of the server, after which no host was asked recently
        "room": "WITH (fillfactor = 80)",  # for updates within a row's page
    },
}


def upgrade() -> None:
    """Create all tables in an empty database."""
    connection = op.get_bind()
    tables = Path(__file__).with_name("first.sql").read_text("utf-8")
    for name, word in _WORDS[connection.dialect.name].items():
        tables = tables.replace(f"{{{name}}}", word)
    for statement in filter(None, map(str.strip, tables.split(";\n"))):
        connection.exec_driver_sql(statement)
