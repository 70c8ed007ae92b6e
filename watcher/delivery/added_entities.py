"""For an entity that is added to the configuration: one alert about the stored entries that mention it, like the
summary of a first snapshot.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from alerts.rules import routes_for
from sources import Entry
from state.errors import StateError
from state.model import Alert, Clearing, Mention
from state.store import Store
from watcher.check.cleared import Judge
from watcher.check.event_factory import EventFactory
from watcher.check.outcome import Mentioning
from watcher.config.load import Config

log = logging.getLogger(__name__)


def definition(entity: Entity) -> str:
    """An entity as text: equal for entities that are found in the same texts, in whatever order their parts are."""
    parts = {"names": entity.names, "context": entity.context, "not_": entity.not_, "identifiers": entity.identifiers}
    return entity.model_copy(update={name: tuple(sorted(texts)) for name, texts in parts.items()}).model_dump_json(
        by_alias=True, exclude_none=True
    )


def definitions(entities: Mapping[str, Entity]) -> dict[str, str]:
    """The definitions of all entities, by id: what the state keeps after the alert about additions."""
    return {id_: definition(entity) for id_, entity in entities.items()}


class Additions(NamedTuple):
    """The added entities, and those with an added name: as they are, and as they were."""

    ids: tuple[str, ...]
    now: Watchlist
    before: Watchlist

    def mentions(self, entry: Entry) -> list[Mention]:
        """The mentions in a stored entry of entities that it did not mention before."""
        found = self.now.mentions(entry)
        known = {mention.entity for mention in self.before.mentions(entry)} if found else set()
        return [mention for mention in found if mention.entity not in known]


def additions(known: Mapping[str, str], entities: Mapping[str, Entity]) -> Additions | None:
    """The additions to the stored definitions; None if there are none, and no entry need be read.

    A renamed or removed entity is no addition. A stored definition of an earlier release that cannot be parsed counts
    as none.
    """
    defined = definitions(entities)
    renamed = {text for id_, text in known.items() if id_ not in defined}
    ids = tuple(id_ for id_, text in defined.items() if known.get(id_) != text and text not in renamed)
    if not ids:
        return None
    before = {id_: entity for id_ in ids if id_ in known and (entity := _read(known[id_]))}
    return Additions(ids, Watchlist({id_: entities[id_] for id_ in ids}), Watchlist(before))


def _read(text: str) -> Entity | None:
    try:
        return Entity.model_validate_json(text)
    except ValueError:
        return None


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
        clearings = list[Clearing]()
        alerts = _alerts(config, store, new, clock(), clearings) if new else []
        if not store.entities.keep(known, defined, alerts, clearings):
            return False
    except StateError as error:
        log.warning("entities that are new are not looked for in what is stored: %s", error)
        return False
    for event, _ in alerts:
        said = "%s: stored entries that mention what is newly watched: %d (%s)"
        log.info(said, event.source, event.data["mentioning"], ", ".join(event.entities))
    return bool(alerts)


def _alerts(config: Config, store: Store, new: Additions, at: datetime, ended: list[Clearing]) -> list[Alert]:
    """The alerts; the clearings that they end are added to `ended`."""
    alerts: list[Alert] = []
    for state in store.sources():
        source = config.sources.get(state.name)
        if source is None or not state.revision:
            continue
        found = (Mentioning(entry, new.mentions(entry)) for entry in store.entities.read_stored(state.name))
        named = [item for item in found if item.mentions]
        judge = Judge(store.clearings.standing(state.name, {item.entry.key for item in named}), at)
        if mentioning := judge.settle_entries(named):
            ended += judge.outcome.values()
            event = EventFactory(state.name, source, at, state.checked).additions(state.entries, mentioning, new.ids)
            alerts.append((event, routes_for(event, config.alerts, at, config.timezone)))
    return alerts
