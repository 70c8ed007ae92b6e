"""The entries of a time in a file: a row for each, a column for each field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path

from state.history.history import PastEntry
from watcher.reports.past.gap_words import gap_words
from watcher.reports.past.question import Past
from watcher.reports.past.tables import Row, write_csv, write_sheets
from watcher.reports.status_json import iso
from watcher.terminal.new_file import new_file

_BEFORE = ("key", "title", "url", "published")
_AFTER = ("text", "since", "checked_before", "not_known")
_SIGNS = {name: f"{name} (field)" for name in (*_BEFORE, *_AFTER)}  # fields that are called like a column of ours


def write_entries(
    file: Path, past: Past, at: datetime, find: str, zone: tzinfo, limit: int | None, *, xlsx: bool, force: bool
) -> int:
    """Write the entries of a source at a time, at most `limit`, to a file; returns their number. Raises UsageError."""
    unknown = [gap_words(gap, zone) for gap in past.gaps_at(at)]

    def entries() -> Iterator[PastEntry]:
        return islice(past.entries(at, find), limit)

    # a first look for the names alone, as the headings come before the rows, which may not fit into memory
    if find or limit:
        fields = list(dict.fromkeys(name for each in entries() for name in each.entry.fields))
    else:
        fields = past.store.history.field_names(past.source, at)
    headings = [*_BEFORE, *(_SIGNS.get(name, name) for name in fields), *_AFTER]
    rows = (_row(each, fields, "; ".join(unknown)) for each in entries())
    notes = [("source", past.source), ("at", at.astimezone(zone).isoformat()), *([("find", find)] if find else [])]
    notes += [("not known", words) for words in unknown]
    with new_file(file, force=force) as out:
        return write_sheets(out, [("entries", headings, rows)], notes) if xlsx else write_csv(out, headings, rows)


def _row(each: PastEntry, fields: Sequence[str], unknown: str) -> Row:
    entry = each.entry
    head = (entry.key, entry.title, entry.url or "", iso(entry.published) or "")
    tail = (entry.text, iso(each.since) or "", iso(each.checked_before) or "", unknown)
    return [*head, *(entry.fields.get(name, "") for name in fields), *tail]
