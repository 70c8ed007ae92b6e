"""The values that a proof's page shows of the change itself, as text: each field before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from alerts.message.blocks import Detail, Style
from alerts.message.change_lines import text_difference, whole_entry
from alerts.message.wording import counted, shorten
from sources.text import clean
from state.model import ChangeKind

_LONGEST = 4000  # characters of a value
_MOST_OTHERS = 20
_ALL = Detail(value=_LONGEST, fields=0, text=0, lines=200)


class Words(NamedTuple):
    """The words for a kind of change: for the entry `before` and `after` it, short forms, and a headline."""

    before: str
    after: str
    short_before: str
    short_after: str
    headline: str


_WORDS = {
    ChangeKind.ADDED: Words("was not there yet", "was there", "not there", "there", "appeared"),
    ChangeKind.REAPPEARED: Words("was not there", "was there again", "not there", "there again", "came back"),
    ChangeKind.CHANGED: Words("still read as before", "read differently", "as before", "changed", "was changed"),
    ChangeKind.REMOVED: Words("was still there", "was gone", "there", "gone", "was removed"),
}


class Cell(NamedTuple):
    """A value of a field. `side` is "before" or "after", `columns` the number of table columns."""

    side: str
    value: str
    columns: int = 1


class FieldRow(NamedTuple):
    """A field and its values."""

    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change: its fields as a table, the unchanged ones as pairs of name and value, and the other changes of the
    check as pairs of kind and title. `others_seen` is the number of those, `others_left` the number not shown ("" if
    none).
    """

    title: str
    words: Words
    heads: Sequence[str]
    fields: Sequence[FieldRow]
    same: Sequence[tuple[str, str]]
    mentioned: str
    link: str
    others_seen: str
    others: Sequence[tuple[str, str]]
    others_left: str


def words_of(change: Mapping[str, Any]) -> Words:
    """The words for a change."""
    return _WORDS[ChangeKind(change["change"])]


def change_view(change: Mapping[str, Any], all_changes: Sequence[Mapping[str, Any]]) -> ChangeView:
    """A change, among all those of its check, in the form of a capture (capture_record.py)."""
    is_removed, entry = change["change"] == ChangeKind.REMOVED, change.get("entry", {})
    whole = is_removed or change["change"] == ChangeKind.ADDED
    others = [each for each in all_changes if each["id"] != change["id"]]
    left = len(others) - _MOST_OTHERS
    return ChangeView(
        title=shorten(clean(change["title"]), 200),
        words=words_of(change),
        heads=("Field", "As it was" if is_removed else "As it is") if whole else ("Field", "Before", "Now"),
        fields=list(_whole(change) if whole else _differing(change)),
        same=[] if whole else [(name, _value(entry[name])) for name in entry if name not in change["fields"]],
        mentioned=", ".join(dict.fromkeys(each["entity"] for each in change["mentions"])),
        link=change.get("url") or "",
        others_seen=counted(len(others), "other change was", "other changes were") if others else "",
        others=[(each["change"], shorten(clean(each["title"]), 150)) for each in others[:_MOST_OTHERS]],
        others_left=f"and {left:,} more" if left > 0 else "",
    )


def _whole(change: Mapping[str, Any]) -> Iterator[FieldRow]:
    """All fields of an added or removed entry."""
    side = "before" if change["change"] == ChangeKind.REMOVED else "after"
    for name, value in (whole_entry(change) or {"title": change["title"]}).items():
        yield FieldRow(name, [Cell(side, _value(value))])


def _differing(change: Mapping[str, Any]) -> Iterator[FieldRow]:
    """The fields that differ. Of a text of several lines, the removed and the added ones."""
    for name, sides in change["fields"].items():
        before, after = sides["before"] or "", sides["after"] or ""
        if "\n" in before or "\n" in after:
            yield from _lines(name, before, after)
        else:
            yield FieldRow(name, [Cell("before", _value(before)), Cell("after", _value(after))])


def _lines(name: str, before: str, after: str) -> Iterator[FieldRow]:
    differing = list(text_difference(before, after, _ALL))
    for side, style, what in (("before", Style.BEFORE, "taken out"), ("after", Style.AFTER, "put in")):
        if lines := "\n".join(line.text for line in differing if line.style is style):
            yield FieldRow(f"{name}, lines {what}", [Cell(side, _value(lines), columns=2)])


def _value(value: str | None) -> str:
    return shorten(value or "", _LONGEST)
