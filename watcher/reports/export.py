"""All that is known, for other programs: as tables for SQL, in a file of SQLite or as files of Parquet, which DuckDB
writes; and as entities of FollowTheMoney, a dictionary for each present entry, in the form that its library reads.

Times are in UTC: in SQLite and FollowTheMoney as texts in ISO 8601, in Parquet as timestamps. What has no property of
its own in FollowTheMoney is in the notes: the field's name, and its value.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha1
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any

from alerts.screening.facts import facts_of
from sources import Entry
from state.db.repository import chunks
from state.history.everything import TABLES, TableRows
from state.history.life import FIRST
from state.store import Store
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


# The schema of an entry that says in a field, as its whole value, what it is about: by that word.
_SCHEMATA = {"individual": "Person", "organisation": "Organization", "ship": "Vessel", "aircraft": "Airplane"}
_SCHEMATA |= {
    name.lower(): name for name in ("Person", "Organization", "Company", "Vessel", "Airplane", "CryptoWallet")
}

# The properties that have identifiers, the last for all that have none of their own.
_LEGAL = ("innCode", "leiCode", "ogrnCode", "taxNumber", "registrationNumber", "idNumber")
_NUMBERS = {
    "Person": ("passportNumber", *_LEGAL),
    "Vessel": ("imoNumber", "mmsi", "callSign", "registrationNumber"),
    "Airplane": ("icaoCode", "serialNumber", "registrationNumber"),
    "CryptoWallet": ("publicKey",),
}
_SAID = frozenset(("names", "birth_date", "country", "identifiers", "programme", "address", "schema", "topics"))


def entities(store: Store, patterns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The present entries of the sources whose names match a pattern. When one was seen first is left out where the
    history does not reach back so far. Raises StateError.
    """
    for status in store.source_statuses():
        horizon = store.history.own_horizon(status.name)
        begin = horizon.since if horizon and horizon.why == FIRST else None
        is_meant = any(fnmatchcase(status.name, pattern) for pattern in patterns)
        for some in chunks(store.history.entries(status.name)) if is_meant else ():
            told = store.log.history(status.name, [each.entry.key for each in some], begin) if begin else {}
            for past in some:
                events = told.get(past.entry.key, ())
                known = begin if events or past.since == begin else None  # else it came without an event
                first = next((event.at for event in events if event.data["change"] == "added"), known)
                times = {"first_seen": first, "last_seen": status.checked, "last_change": past.since}
                yield _entity(status.name, past.entry) | {name: iso(at) for name, at in times.items() if at}


def _entity(source: str, entry: Entry) -> dict[str, Any]:
    facts, fields, shown = facts_of(entry), entry.fields, (entry.key, entry.title, entry.url)
    said = next((_SCHEMATA[word] for text in fields.values() if (word := text.casefold()) in _SCHEMATA), "")
    schema = said or ("Person" if facts.births else "LegalEntity")
    properties = {
        "name": [entry.title],
        "alias": facts.names[1:],
        "country": facts.countries,
        "birthDate": [birth for birth in facts.births if schema == "Person" and "/" not in birth],  # no range is a date
        "program": fields.get("programme", "").split("; "),
        "address": fields.get("address", "").split("; "),
        "topics": fields.get("topics", "").split("; ") if "schema" in fields else [],
        "sourceUrl": [entry.url or ""],
        "notes": [f"{name}: {text}" for name, text in fields.items() if name not in _SAID and text not in shown],
    }
    *own, other = _NUMBERS.get(schema, _LEGAL)
    for identifier in facts.identifiers:
        words, _, number = identifier.rpartition(" ")
        name = next((each for each in own if words and each.lower().startswith(words.split()[0])), other)
        properties[name] = [*properties.get(name, ()), number]
    return {
        "id": f"{source}-{sha1(entry.key.encode(), usedforsecurity=False).hexdigest()[:20]}",
        "caption": entry.title,
        "schema": schema,
        "properties": {name: kept for name, values in properties.items() if (kept := [*filter(None, values)])},
        "datasets": [source],
    }
