"""The entries of a time in a file: a row for each, a column for each field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path

from state.history.gaps import Gap
from state.history.history import PastEntry
from watcher.tools.new_file import new_file
from watcher.tools.past.gap_words import gap_words
from watcher.tools.past.question import Past
from watcher.tools.past.tables import Row, write_csv, write_xlsx
from watcher.tools.status_json import iso

_BEFORE = ("key", "title", "url", "published")
_AFTER = ("text", "since", "checked_before", "not_known")
_SIGNS = {name: f"{name} (field)" for name in (*_BEFORE, *_AFTER)}  # fields that are called like a column of ours


class Answer:
    """The entries of a source at a time, as rows."""

    def __init__(
        self, past: Past, at: datetime, find: str, gaps: Sequence[Gap], zone: tzinfo, limit: int | None = None
    ) -> None:
        self._past, self._at, self._find, self._zone, self._limit = past, at, find, zone, limit
        self._gaps = [gap_words(gap, zone) for gap in gaps]
        # a first look for the names alone, as the headings come before the rows, which may not fit into memory
        if find or limit:
            self._fields = list(dict.fromkeys(name for each in self._entries() for name in each.entry.fields))
        else:
            self._fields = past.store.history.field_names(past.source, at)

    def _entries(self) -> Iterable[PastEntry]:
        return islice(self._past.entries(self._at, self._find), self._limit)

    @property
    def headings(self) -> Row:
        """The names of the columns."""
        return [*_BEFORE, *(_SIGNS.get(name, name) for name in self._fields), *_AFTER]

    def rows(self) -> Iterator[Row]:
        """A row for each entry."""
        unknown = "; ".join(self._gaps)
        for each in self._entries():
            entry = each.entry
            head = (entry.key, entry.title, entry.url or "", iso(entry.published) or "")
            tail = (entry.text, iso(each.since) or "", iso(each.checked_before) or "", unknown)
            yield [*head, *(entry.fields.get(name, "") for name in self._fields), *tail]

    def notes(self) -> list[Row]:
        """What the rows are, and what is not known."""
        facts = [("source", self._past.source), ("at", self._at.astimezone(self._zone).isoformat())]
        return [
            *facts,
            *([("find", self._find)] if self._find else []),
            *(("not known", words) for words in self._gaps),
        ]


def write_answer(file: Path, answer: Answer, *, xlsx: bool, force: bool) -> int:
    """Write the rows to a file; returns their number. Raises UsageError."""
    with new_file(file, force=force) as out:
        if xlsx:
            return write_xlsx(out, "entries", answer.headings, answer.rows(), answer.notes())
        return write_csv(out, answer.headings, answer.rows())
