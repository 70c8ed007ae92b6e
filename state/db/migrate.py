"""Upgrades a state to this program's schema, which is that of all its tables.

A migration is the SQL in a file of `migrations`, by the number of the schema that it makes; one with a database's name
before its ending is for that database alone.
"""

from pathlib import Path

from sqlalchemy import Connection, MetaData, text

from state.errors import StateError

SCHEMA = "0026"  # the newest migration; a state at this schema is opened without a look at them

_SCRIPTS = Path(__file__).with_name("migrations")

# Migrations before the first release. The commit has all of them: its program upgrades a state of any to the first one.
_UNRELEASED = {f"{number:04}" for number in range(1, 17)}
_BRIDGE = "a92dfda7"

_INTEGER = dict.fromkeys(("id", "long_id", "long"), "INTEGER")
_WORDS = {
    "sqlite": {
        **_INTEGER,
        "time": "DATETIME",
        "bytes": "BLOB",
        "unlogged": "",
        "room": "",
        "once": " AUTOINCREMENT",  # never gives a number twice, as a sequence of PostgreSQL's does
        "alone": " WITHOUT ROWID",
    },
    "postgresql": {
        "id": "SERIAL",
        "long_id": "BIGSERIAL",
        "long": "BIGINT",  # short-lived rows exceed 32 bits within years
        "time": "TIMESTAMPTZ",
        "bytes": "BYTEA",
        "unlogged": "UNLOGGED",  # lost in a crash of the server, after which no host was asked recently
        "room": "WITH (fillfactor = 80)",  # for updates within a row's page
        "once": "",
        "alone": "",
    },
}


def upgrade(connection: Connection, version: str | None, state: str) -> None:
    """Run the missing migrations within the connection's transaction. Raises StateError for a schema that has none."""
    here = ([".sql"], [f".{connection.dialect.name}", ".sql"])
    scripts = {script.name[:4]: script for script in _SCRIPTS.iterdir() if script.suffixes in here}
    if version is not None and version not in scripts:
        raise StateError(f"{state}: {say_unknown(version)}")
    for number in sorted(scripts):
        if number > (version or ""):
            script = scripts[number].read_text("utf-8")
            for name, word in _WORDS[connection.dialect.name].items():  # this database's words for `{...}`
                script = script.replace(f"{{{name}}}", word)
            for statement in filter(None, map(str.strip, script.split(";\n"))):
                connection.exec_driver_sql(statement)
            connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


def say_unknown(version: str) -> str:
    """Whose schema it is for which there is no migration, and what to do."""
    if version in _UNRELEASED:
        older = f"a build before {_BRIDGE} wrote it (schema {version}), and it was left as it is"
        return f"{older}; run `watch status` once with the program of that commit, then this one"
    newer = f"it was written by a newer version of this program (schema {version})"
    return f"{newer}; upgrade the program, or set `state` to another one"


def all_tables() -> MetaData:
    """All tables, for what has to know each of them, such as the copy of a whole state."""
    from state.db.tables import core, evidence, past, people, readers, seldom  # noqa: F401, PLC0415 - they add their tables

    return core.METADATA
