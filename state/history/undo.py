"""What undoes a change, as data. Pure.

A row that changed is stored as the difference to what it became, since an answer begins with today's rows and goes
back. Long texts are stored without the beginning and end that they share with what replaced them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sources import Entry
from state.compare.changes import common_prefix
from state.db.rows import json_text
from state.model import Standing

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


def unpack(data: bytes) -> str:
    """An undo as JSON: it can be searched before it is parsed."""
    return (data if data.startswith(b"{") else zlib.decompress(data)).decode()


def parse_undo(text: str) -> Undo:
    """An undo from its JSON."""
    data = json.loads(text)
    rows = [RowBefore(row, _STANDINGS[code], content, bool(whole)) for row, code, content, whole in data["rows"]]
    return Undo(rows, [(first, last) for first, last in data["born"]])


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
    most = min(len(old), len(new)) - head
    tail = common_prefix(old[::-1][:most], new[::-1][:most])
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
