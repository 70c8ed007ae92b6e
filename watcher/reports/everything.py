"""All that is known as tables for SQL: in a file of SQLite, or as files of Parquet, which DuckDB writes.

Times are in UTC: in SQLite as texts in ISO 8601, in Parquet as timestamps.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any

from state.history.everything import TABLES, TableRows
from watcher.errors import UsageError
from watcher.reports import iso
from watcher.terminal.new_file import check_place, new_file

_TYPES = {"id": "BIGINT"} | dict.fromkeys(("at", "since", "until"), "TIMESTAMP")  # the others are texts
_ALONE: dict[str, Any] = {"autoinstall_known_extensions": False, "threads": 1}  # it loads nothing from elsewhere
_LONGEST = 16_777_216  # bytes of a row that DuckDB reads by itself

Parts = Iterable[tuple[str, TableRows]]  # some rows, with the name of their table


def write_sqlite(file: Path, parts: Parts, *, force: bool) -> Counter[str]:
    """Write a database; returns the number of rows of each table. Raises UsageError."""
    numbers = Counter[str]()
    with ExitStack() as stack:
        out = stack.enter_context(new_file(file, force=force))
        stack.enter_context(_failing_as_files(sqlite3.Error))
        made = stack.enter_context(closing(sqlite3.connect(out.name)))
        made.execute("PRAGMA journal_mode = OFF")  # it is whole, or thrown away
        for name, columns in TABLES.items():
            made.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
        for name, rows in parts:
            places = ", ".join("?" * len(TABLES[name]))
            made.executemany(f'INSERT INTO "{name}" VALUES ({places})', map(_plain, rows))  # noqa: S608 - our names
            numbers[name] += len(rows)
        made.commit()
    return numbers


def write_parquet(folder: Path, parts: Parts, *, force: bool) -> Counter[str]:
    """Write a file for each table into a folder, which is made; returns their numbers of rows. Until all are known, the
    rows wait there as JSON. Raises UsageError.
    """
    try:
        import duckdb
    except ImportError:
        raise UsageError('Parquet needs the extra "data": pip install "registry-watch[data]"') from None
    numbers, longest = Counter[str](), _LONGEST
    with ExitStack() as stack:
        check_place(folder / "x" if folder.is_dir() else folder)
        folder.mkdir(exist_ok=True)
        outs = {name: stack.enter_context(new_file(folder / f"{name}.parquet", force=force)) for name in TABLES}
        beside = Path(stack.enter_context(TemporaryDirectory(dir=folder, prefix=".")))
        waiting = {name: stack.enter_context((beside / name).open("wb")) for name in TABLES}
        stack.enter_context(_failing_as_files(duckdb.Error))
        for name, rows in parts:
            for row in rows:
                line = json.dumps(dict(zip(TABLES[name], _plain(row), strict=True)), ensure_ascii=False)
                longest = max(longest, waiting[name].write(f"{line}\n".encode()))
            numbers[name] += len(rows)
        database = stack.enter_context(duckdb.connect(config=_ALONE))
        for name, file in waiting.items():
            file.close()
            columns, made = {each: _TYPES.get(each, "VARCHAR") for each in TABLES[name]}, beside / f"{name}.parquet"
            found = database.read_json(
                file.name, columns=columns, format="newline_delimited", maximum_object_size=longest
            )
            found.write_parquet(str(made))
            with made.open("rb") as parquet:
                copyfileobj(parquet, outs[name])
    return numbers


@contextmanager
def _failing_as_files(error: type[Exception]) -> Iterator[None]:
    """Raises OSError for an error of a database."""
    try:
        yield
    except error as what:
        raise OSError(str(what)) from None


def _plain(row: Sequence[Any]) -> list[Any]:
    """A row with its times as texts."""
    return [iso(value) if isinstance(value, datetime) else value for value in row]
