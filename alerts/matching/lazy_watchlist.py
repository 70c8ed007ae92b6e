"""A watchlist that is built when there is something to search: most checks are unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sources import Entry
from state.model import Mention

if TYPE_CHECKING:
    from alerts.matching.watchlist import Watchlist
    from alerts.options import Entity


class SearchedText(NamedTuple):
    """What to search: an entry, or in its place a text of it."""

    entry: Entry
    text: str | None = None

    @property
    def size(self) -> int:
        """The number of characters."""
        if self.text is not None:
            return len(self.text)
        entry = self.entry
        return len(entry.text) + len(entry.title) + sum(map(len, entry.fields.values()))


class LazyWatchlist:
    """Like `Watchlist`, whose vocabulary takes time to load and build."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._entities = entities

    def __bool__(self) -> bool:
        """Whether there are entities to look for."""
        return bool(self._entities)

    @property
    def entities(self) -> Mapping[str, Entity]:
        """The entities to look for."""
        return self._entities

    def mentions(self, entry: Entry, *, text: str | None = None) -> list[Mention]:
        """The mentions in an entry; with `text`, in that text only."""
        return self._made.mentions(entry, text=text) if self._entities else []

    @cached_property
    def _made(self) -> Watchlist:
        from alerts.matching.watchlist import Watchlist  # noqa: PLC0415 - loaded when needed

        return Watchlist(self._entities)
