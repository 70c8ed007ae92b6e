"""Upgrades a state to this program's schema, which is that of all its tables."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from state.errors import StateError

_one_at_a_time = threading.Lock()  # alembic's `op` is global: concurrent upgrades of two files would mix
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


def upgrade(connection: Connection, version: str | None, name: str) -> None:
    """Run the missing migrations within the connection's transaction. Raises StateError for a schema that has none."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        if version in _UNRELEASED:
            older = f"a build before {_BRIDGE} wrote it (schema {version}), and it was left as it is"
            raise StateError(f"{name}: {older}; run `watch status` once with the program of that commit, then this one")
        newer = f"it was written by a newer version of this program (schema {version})"
        raise StateError(f"{name}: {newer}; upgrade the program, or set `state` to another one")
    with _one_at_a_time:
        command.upgrade(config, "head")


def sql_beside(migration: str) -> Callable[[], None]:
    """An upgrade by the SQL beside a migration's module, with this database's words in the place of `{...}`."""

    def upgrade() -> None:
        connection = op.get_bind()
        script = Path(migration).with_suffix(".sql").read_text("utf-8")
        for name, word in _WORDS[connection.dialect.name].items():
            script = script.replace(f"{{{name}}}", word)
        for statement in filter(None, map(str.strip, script.split(";\n"))):
            connection.exec_driver_sql(statement)

    return upgrade


def all_tables() -> MetaData:
    """All tables, for what has to know each of them: migrations, and the copy of a whole state."""
    from state.db.tables import core, evidence, past, people, readers, rhythm, screening, translations  # noqa: F401, PLC0415 - they add their tables

    return core.TableRow.metadata
