"""Where a screenshot shows what has changed: the box of the row that names an entry. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from sources.http.transcript import Place
from state.model import Event, EventKind

_MOST = 50  # changes of a check
_WORDS, _LONGEST = 20, 200  # texts of an entry that are looked for, and the characters of each

Box = list[int]  # left, top, width, height: pixels


def marked(places: Sequence[Place], events: Iterable[Event]) -> dict[str, Box]:
    """The box of each change by the number of its event: the smallest one that has the entry's title, and most of its
    values. A change whose entry is not on the picture has none.
    """
    found: dict[str, Box] = {}
    changes = (each for each in events if each.kind is EventKind.CHANGE and each.data["change"] != "removed")
    for event in islice(changes, _MOST):
        if place := _best(places, _plain(event.data["title"] or event.data["key"]), _values(event.data)):
            found[str(event.id)] = [*place[:4]]
    return found


def _best(places: Sequence[Place], title: str, values: Sequence[str]) -> Place | None:
    def merit(place: Place) -> tuple[int, int]:
        return sum(value in place.text for value in values), -place.width * place.height

    return max((place for place in places if title in place.text), key=merit, default=None) if title else None


def _values(data: Mapping[str, object]) -> Sequence[str]:
    entry = data.get("entry")
    texts = [data.get("key"), *(entry.values() if isinstance(entry, Mapping) else ())]
    return list(dict.fromkeys(filter(None, (_plain(str(text)) for text in texts[:_WORDS] if text))))


def _plain(text: str) -> str:
    return " ".join(text[:_LONGEST].split())
