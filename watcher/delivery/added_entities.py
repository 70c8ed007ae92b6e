"""For an entity that is added to the configuration: one alert about the stored entries that mention it, like the
summary of a first snapshot.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from alerts.matching.added_entities import Additions, additions, definitions
from alerts.rules import routes_for
from state.errors import StateError
from state.model import Alert
from state.store import Store
from watcher.check.event_factory import EventFactory
from watcher.check.outcome import Mentioning
from watcher.config.load import Config

log = logging.getLogger(__name__)


def alert_additions(config: Config, store: Store, clock: Callable[[], datetime]) -> bool:
    """Compare the entities with those in the state. Returns whether an alert was stored.

    There is one alert for each source with such entries. The alerts are stored in one transaction with the new
    definitions: after a kill, or if the state cannot be written, the next start makes them, and of two processes only
    one does.
    """
    try:
        known, defined = store.entities.read_definitions(), definitions(config.entities)
        if known == defined:
            return False
        new = additions(known, config.entities) if known is not None else None
        alerts = list(_alerts(config, store, new, clock())) if new else []
        if not store.entities.keep(known, defined, alerts):
            return False
    except StateError as error:
        log.warning("entities that are new are not looked for in what is stored: %s", error)
        return False
    for event, _ in alerts:
        log.info(
            "%s: %d stored entries mention what is new: %s", event.source, event.data["mentioning"], event.entities
        )
    return bool(alerts)


def _alerts(config: Config, store: Store, new: Additions, at: datetime) -> list[Alert]:
    alerts: list[Alert] = []
    for state in store.sources():
        source = config.sources.get(state.name)
        if source is None or not state.revision:
            continue
        found = (Mentioning(entry, new.mentions(entry)) for entry in store.entities.read_stored(state.name))
        if mentioning := [item for item in found if item.mentions]:
            event = EventFactory(state.name, source, at, state.checked).additions(state.entries, mentioning, new.ids)
            alerts.append((event, routes_for(event, config.alerts, at, config.timezone)))
    return alerts
