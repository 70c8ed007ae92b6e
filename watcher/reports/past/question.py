"""What is asked of the past: a source that is known, and times for which there is an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from state.history.gaps import Gap
from state.history.history import PastEntry
from state.history.life import Value
from state.store import Store
from watcher.config.arguments import check_known
from watcher.config.load import Config
from watcher.config.open_state import open_existing_state
from watcher.schedule.due_times import Timing, longest_rest


class Past(NamedTuple):
    """One source of a state that is open, as it was at other times. `now` is when that is asked."""

    store: Store
    source: str
    rest: timedelta | None
    now: datetime

    def entries(self, at: datetime, find: str = "", *, above: int = 0) -> Iterator[PastEntry]:
        """The entries at a time, in the order of their rows, from above one; `find` is looked for in key, title, fields
        and text, without regard to case.
        """
        found = self.store.history.entries(self.source, at, above=above)
        return (each for each in found if has_words(each, find)) if find else found

    def gaps(self, since: datetime | None, until: datetime) -> list[Gap]:
        """What is not known of a period."""
        return self.store.history.gaps(self.source, since, until, now=self.now, rest=self.rest)

    def gaps_at(self, at: datetime) -> list[Gap]:
        """What is not known of a moment, and from when on the source was read otherwise."""
        return [gap for gap in self.gaps(at, self.now) if not gap.is_unread or (gap.since and gap.since < at)]

    def life_gaps(self, values: Sequence[Value]) -> list[Gap]:
        """What is not known of the time of some values, and before them."""
        horizon = self.store.history.horizon(self.source)
        before = [Gap(None, horizon.since, horizon.why)] if horizon and any(not value.since for value in values) else []
        return [*before, *self.gaps(values[0].since if values else None, self.now)]

    def unknown(self, at: datetime) -> Gap | None:
        """Why a time cannot be answered for; None if it can."""
        horizon = self.store.history.horizon(self.source)
        return horizon.gap(at) if horizon else Gap(None, None, "first")


def past_of(store: Store, config: Config, name: str, now: datetime) -> Past:
    """The past of a source. Raises UsageError for a name that neither the state nor the configuration has."""
    names = [status.name for status in store.source_statuses()]
    check_known(None if name in names else name, "source", sorted({*config.sources, *names}))
    return Past(store, name, rest_of(store, config, name, now), now)


def rest_of(store: Store, config: Config, name: str, now: datetime) -> timedelta | None:
    """The longest time between two checks of a source that counts as checked; None if it is not checked."""
    source = config.sources.get(name)
    if source is None or not source.enabled:
        return None
    return longest_rest(Timing.of(source, config.schedule.terms, config.timezone), store.source(name).checked, now)


@contextmanager
def opened_past(config: Config, name: str) -> Iterator[Past]:
    """The past of a source, of the state of a configuration. Raises UsageError and StateError."""
    with open_existing_state(config, "there is no past to look at") as store:
        yield past_of(store, config, name, datetime.now(UTC))


def has_words(each: PastEntry, find: str) -> bool:
    """Whether an entry has a text in it."""
    entry, wanted = each.entry, find.casefold()
    return any(wanted in text.casefold() for text in (entry.title, entry.key, *entry.fields.values(), entry.text))
