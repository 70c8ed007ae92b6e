"""What undoes a change, as data; and the rows of today with the stored undos of a source applied to them.

A row that changed is stored as the difference to what it became, since an answer begins with today's rows and goes
back. Long texts are stored without the beginning and end that they share with what replaced them.
"""

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from sources import Entry
from state.compare.changes import common_prefix, common_suffix
from state.db.rows import json_text
from state.db.tables.core import UNDOS
from state.errors import StateError
from state.model import Standing

CHECK, REREAD, MOVED = "check", "reread", "moved"  # kinds of undos

_LONG = 500  # characters of a value; a longer one is stored in part
_SHORT = 400  # bytes of an undo that are stored as they are: to compress them takes longer than all else
_TEXTS = ("key", "title", "url", "text")
_CODES = {Standing.PRESENT: "p", Standing.SCROLLED: "s", Standing.REMOVED: "r"}
_STANDINGS = {code: standing for standing, code in _CODES.items()}

Content = Mapping[str, Any]


class RowBefore(NamedTuple):
    """A row as it was before a change: its standing, and what differs of its content, None if nothing.

    `whole` says that the content is complete: the row is no longer stored.
    """

    row: int
    standing: Standing
    content: Content | None
    whole: bool = False


class Undo(NamedTuple):
    """What undoes one change: the rows that it touched, and the ranges of the rows that it brought."""

    rows: Sequence[RowBefore]
    born: Sequence[tuple[int, int]]

    def is_born(self, row: int) -> bool:
        """Whether the change brought this row."""
        return any(first <= row <= last for first, last in self.born)


def rows_json(rows: Iterable[RowBefore]) -> str:
    """Rows as JSON, for `packed`."""
    return json_text([[each.row, _CODES[each.standing], each.content, int(each.whole)] for each in rows])


def pack(rows: str, born: Sequence[tuple[int, int]]) -> bytes:
    """An undo as JSON, compressed if it is long; `rows` are JSON already."""
    data = f'{{"rows":{rows},"born":{json_text(born)}}}'.encode()
    return data if len(data) < _SHORT else zlib.compress(data)


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as ranges."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def difference(before: Entry, after: Entry) -> Content:
    """What of an entry must be put back to get the earlier one."""
    old: dict[str, Any] = {
        name: _shortened(getattr(before, name), getattr(after, name))
        for name in _TEXTS
        if getattr(before, name) != getattr(after, name)
    }
    if before.published != after.published:
        old["published"] = _iso(before.published)
    fields = {
        name: _shortened(value, after.fields.get(name))
        for name, value in before.fields.items()
        if after.fields.get(name) != value
    }
    fields |= {name: None for name in after.fields if name not in before.fields}
    return old | ({"fields": fields} if fields else {})


def whole(entry: Entry) -> Content:
    """All of an entry, for `complete`."""
    texts = {name: getattr(entry, name) for name in _TEXTS}
    return texts | {"published": _iso(entry.published), "fields": dict(entry.fields)}


def complete(content: Content) -> Entry:
    """The entry of a whole content."""
    return Entry.of_parts(**{**content, "published": _moment(content["published"])})


def restore(after: Entry, old: Content) -> Entry:
    """The earlier entry: the inverse of `difference`."""
    texts: dict[str, Any] = {
        name: _lengthened(old[name], getattr(after, name)) if name in old else getattr(after, name) for name in _TEXTS
    }
    fields = after.fields
    if "fields" in old:
        earlier = {name: _lengthened(value, after.fields.get(name)) for name, value in old["fields"].items()}
        merged = {**after.fields, **earlier}
        fields = {name: value for name, value in merged.items() if value is not None}
    published = _moment(old["published"]) if "published" in old else after.published
    return Entry.of_parts(**texts, fields=fields, published=published)


def _shortened(old: str | None, new: str | None) -> str | list[int | str] | None:
    """A value, or the lengths of the beginning and the end that it shares with what replaced it, and the rest."""
    if old is None or new is None or len(old) < _LONG:
        return old
    head = common_prefix(old, new)
    tail = common_suffix(old, new, head)
    return [head, tail, old[head : len(old) - tail]]


def _lengthened(old: Any, new: str | None) -> str | None:
    if old is None or isinstance(old, str):
        return old
    head, tail, middle = old  # as `_shortened` makes it
    new = new or ""
    return f"{new[:head]}{middle}{new[len(new) - tail :]}"


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_BORN = '"born":'  # the last member of an undo


class UndoRecord(NamedTuple):
    """One stored undo. `at` is when its change became the state, `previous` the last check before that could read."""

    at: datetime
    previous: datetime | None
    kind: str
    packed: bytes

    @property
    def is_moved(self) -> bool:
        """Whether its change is another baseline: all rows are others from then on."""
        return self.kind == MOVED

    @property
    def undo(self) -> Undo:
        """What undoes it."""
        data = json.loads(self.text)
        rows = [RowBefore(row, _STANDINGS[code], content, bool(whole)) for row, code, content, whole in data["rows"]]
        return Undo(rows, [(first, last) for first, last in data["born"]])

    @property
    def text(self) -> str:
        """The same as JSON, which can be searched before it is parsed."""
        return (self.packed if self.packed.startswith(b"{") else zlib.decompress(self.packed)).decode()

    def may_touch(self, rows: Iterable[int]) -> bool:
        """False if it touches none of these rows; a quick look."""
        text, numbers = self.text, list(rows)
        born = json.loads(text[text.rindex(_BORN) + len(_BORN) : -1])
        is_born = any(first <= row <= last for first, last in born for row in numbers)
        return self.is_moved or is_born or any(f"[{row}," in text for row in numbers)


_OF_SOURCE = (
    select(*(UNDOS.c[name] for name in UndoRecord._fields))
    .where(UNDOS.c.source_id == bindparam("its_source"))
    .order_by(UNDOS.c.id.desc())
)


def read_records(connection: Connection, source_id: int) -> list[UndoRecord]:
    """The records of a source, the newest first."""
    return list(map(UndoRecord._make, connection.execute(_OF_SOURCE, {"its_source": source_id})))


def after(records: Sequence[UndoRecord], at: datetime | None) -> list[UndoRecord]:
    """Those that must be undone for a time; None is now. A clock that was moved back makes a later record earlier: it
    counts in the order of storage.
    """
    return [] if at is None else list(takewhile(lambda record: record.at > at, records))


class PastRow(NamedTuple):
    """A row: its standing, and its entry; None where that is the one of today."""

    standing: Standing
    entry: Entry | None


Today = Callable[[Collection[int]], Mapping[int, PastRow]]  # loads rows of today, with their entries
Rows = dict[int, PastRow | None]  # None: not there


def undo_all(undos: Collection[Undo], today: Today) -> Rows:
    """The rows that the undos touch, as they were before them all. The newest comes first. Raises StateError."""
    rows: Rows = {}
    edited = {each.row for undo in undos for each in undo.rows if each.content is not None and not each.whole}
    now = today(edited) if edited else {}
    for undo in undos:
        undo_one(undo, rows, now)
    return rows


def undo_one(undo: Undo, rows: Rows, now: Mapping[int, PastRow]) -> None:
    """Apply one undo to the rows. `now` has today's rows of which the content is edited. Raises StateError."""
    for first, last in undo.born:
        rows.update(dict.fromkeys(range(first, last + 1)))
    for each in undo.rows:
        after = rows.get(each.row) or now.get(each.row)
        if each.content is None:
            entry = after.entry if after else None
        elif each.whole:
            entry = complete(each.content)
        elif after is None or after.entry is None:
            raise StateError(f"the history is not complete: row {each.row} is missing; watch verify checks the state")
        else:
            entry = restore(after.entry, each.content)
        rows[each.row] = PastRow(each.standing, entry)


def touched_rows(undos: Iterable[Undo]) -> Iterator[int]:
    """The numbers of the rows that undos touch or remove."""
    for undo in undos:
        yield from (each.row for each in undo.rows)
        for first, last in undo.born:
            yield from range(first, last + 1)
