"""Taking a held snapshot as it is: `watch accept`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from alerts.matching.watchlist import Watchlist
from alerts.options import AlertRule
from sources import SourceError
from state.model import Event, EventKind
from state.store import Store
from watcher.check.context import Watched
from watcher.check.decide import Context, decide
from watcher.check.fetching import entries_of
from watcher.check.growth_cap import LogLimit
from watcher.check.outcome import Checked
from watcher.check.steps import concluded, match
from watcher.config.load import Config, load
from watcher.errors import UsageError


def accept(path: Path | None, name: str, *, alert: bool) -> tuple[Sequence[Event], int]:
    """Commit the held snapshot of a source as believed; its changes, and the number of entries.

    Without `alert` the changes are only logged. Raises ConfigError, UsageError and StateError.
    """
    config = load(path)
    source = config.sources.get(name)
    if source is None:
        raise UsageError(
            f'there is no source "{name}" in {config.path}; there are: {", ".join(config.sources) or "none"}'
        )
    with Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store:
        store.evidence.keep(config.evidence)
        changes = take_held(store, config, name, config.alerts if alert else (), datetime.now(UTC))
        return changes, store.source(name).entries


def take_held(store: Store, config: Config, name: str, rules: Sequence[AlertRule], now: datetime) -> list[Event]:
    """Commit the held snapshot of a source in any state; its changes. Raises UsageError and StateError."""
    source, hide = config.sources[name], config.secrets.hide
    watched = Watched(name, source, store, Watchlist(config.entities), hide)
    checked = _held(watched)
    limit = LogLimit(config.max_log, config.keep)
    context = Context(name, source, rules, now, now, config.timezone, log=limit)
    events = store.commit(name, lambda state: decide(state, checked, context)) or []
    return [event for event in events if event.kind is EventKind.CHANGE]


def _held(watched: Watched) -> Checked:
    """The held snapshot, compared with what is known, as one that is believed."""
    state = watched.store.source(watched.name)
    pages = [stored.page for stored in watched.store.pages(watched.name, held=True)]
    if not pages:
        raise UsageError(f"{watched.name}: no snapshot is held; watch status says how its sources are")
    differ = watched.differ(state)
    try:
        for entry in entries_of(watched.source, pages, watched.max_pages):
            differ.see(entry)
    except SourceError as error:
        raise UsageError(f"{watched.name}: the held snapshot cannot be read with today's options: {error}") from None
    found = match(watched, state, pages, concluded(watched, differ, pages))
    return Checked(state.revision, pages[0].fetched, found, watched.reading, watched.place)
