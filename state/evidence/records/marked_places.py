"""Where a screenshot shows what has changed: the box of the row that names an entry. Pure.

Places and entries are compared as sets of words, not by searching one text in another: both are foreign, and a search
may take as long as the product of their lengths. It runs within the commit of a check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from sources.model.transcript import Place
from state.model import Event, EventKind

_MOST = 50  # changes of a check
_LIKELY = 100  # places with the title of an entry, the smallest first
_TITLE, _ENTRY = 20, 200  # words of an entry's title, and of its values, that are looked for
_VALUES, _LONGEST = 20, 200  # values, and the characters of each

Box = list[int]  # left, top, width, height: pixels
_Words = frozenset[str]


def marked(places: Sequence[Place], events: Iterable[Event]) -> dict[str, Box]:
    """The box of each change by the number of its event: of the places that have the entry's title, the one with most
    of the words of its values, and of several the smallest. A change whose entry is not on the picture has none.
    """
    changes = (each for each in events if each.kind is EventKind.CHANGE and each.data["change"] != "removed")
    smallest = sorted(places, key=lambda place: place.width * place.height)
    found: dict[str, Box] = {}
    known: list[tuple[Place, _Words]] | None = None
    for event in islice(changes, _MOST):
        known = known or [(place, frozenset(place.text.split())) for place in smallest]
        if place := _best(known, event.data):
            found[str(event.id)] = [*place[:4]]
    return found


def _best(places: Sequence[tuple[Place, _Words]], data: Mapping[str, object]) -> Place | None:
    title = _words([data["title"] or data["key"]], _TITLE)
    entry = data.get("entry")
    values = entry.values() if isinstance(entry, Mapping) else ()
    wanted = _words([data.get("key"), *islice(values, _VALUES)], _ENTRY)
    likely = islice((each for each in places if title and title <= each[1]), _LIKELY)
    best = max(likely, key=lambda each: len(wanted & each[1]), default=None)
    return best and best[0]


def _words(texts: Iterable[object], most: int) -> _Words:
    """The words of the beginnings of some texts."""
    return frozenset(islice((word for text in texts if text for word in str(text)[:_LONGEST].split()), most))
