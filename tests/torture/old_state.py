"""A state file as the first version of the schema had it, with rows in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from state.db import migrate
from tests.torture.desks import Register

FIRST = "0001"

Columns = dict[str, list[str]]
Rows = dict[str, list[tuple[object, ...]]]


def age(file: Path) -> None:
    """Put a state's rows into the tables of the first schema, which takes its place."""
    old = file.with_suffix(".old")
    first_schema(old)
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("ATTACH ? AS new", [str(file)])
        for table, columns in columns_of(old).items():
            names = listed(columns)
            connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
        connection.commit()
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    old.replace(file)


def first_schema(file: Path) -> None:
    """An empty file, brought to the first schema by its own migration."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrate._SCRIPTS))
        with migrate._one_at_a_time:  # rows are tried several at a time
            command.upgrade(config, FIRST)
    engine.dispose()


def columns_of(file: Path) -> Columns:
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'")
        return {
            table: [column for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")]
            for (table,) in tables
        }


def version(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def rows(file: Path, columns: Columns) -> Rows:
    """What stands in these columns."""
    with closing(sqlite3.connect(file)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {listed(names)} FROM {table}"), key=repr)
            for table, names in columns.items()
        }


def listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def fill(case: Register) -> None:
    """A register that was read, which a company has left; nobody could be told so far of what changed since."""
    case.show("A", Zoom="A")
    assert case.program.once().code == 0
    case.show("A")
    assert case.program.once().code == 0
    case.site.page("/hook", status=503)
    case.show("B")
    said = case.program.once().json
    assert [change["change"] for change in said["sources"][0]["changes"]] == ["changed"]
    assert said["deliveries"]["pending"] == 1
    case.site.page("/hook")
    case.site.requests.clear()
