"""Compares two versions of an entry, field by field. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sources import Entry
from sources.reading.fingerprints import OWN_LINK, SPECIALS, special_text
from state.model import FieldChange


class OneSide(Mapping[str, FieldChange]):
    """The fields of an added or removed entry: a view, as a first snapshot may have 100,000 entries."""

    __slots__ = ("_came", "_fields")

    def __init__(self, fields: Mapping[str, str], *, came: bool) -> None:
        self._fields = fields
        self._came = came

    def __getitem__(self, name: str) -> FieldChange:
        value = self._fields[name]
        return FieldChange(None, value) if self._came else FieldChange(value, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return repr(dict(self))


def field_changes(before: Entry | None, after: Entry | None, ignore: Collection[str] = ()) -> Mapping[str, FieldChange]:
    """The fields that differ, without those in `ignore`; all fields if one side is None.

    `title`, `url`, `published` and `text` have those names, unless the entry has a field of that name.
    """
    if before is None or after is None:
        only = after or before
        return OneSide(only.fields, came=after is not None) if only else {}
    changes = {}
    for name in SPECIALS if OWN_LINK not in ignore else [name for name in SPECIALS if name != "url"]:
        changes[name] = FieldChange(special_text(before, name), special_text(after, name))
    for name in dict.fromkeys([*before.fields, *after.fields]):
        change = FieldChange(before.fields.get(name), after.fields.get(name))
        if name not in changes or change.before != change.after:
            changes[name] = change
    return {name: each for name, each in changes.items() if each.before != each.after and name not in ignore}
