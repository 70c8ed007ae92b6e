"""An entity that is added to the configuration, or gets another name: which stored entries mention it. Pure.

The state keeps the whole definition of each entity, to distinguish what the old one already found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry
from state.model import Mention


def definition(entity: Entity) -> str:
    """An entity as text: equal for entities that are found in the same texts, in whatever order their parts are."""
    parts = {"names": entity.names, "context": entity.context, "not_": entity.not_, "identifiers": entity.identifiers}
    return entity.model_copy(update={name: tuple(sorted(texts)) for name, texts in parts.items()}).model_dump_json(
        by_alias=True
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
    ids = tuple(id_ for id_, text in defined.items() if known.get(id_) != text and text not in _renamed(known, defined))
    if not ids:
        return None
    before = {id_: entity for id_ in ids if id_ in known and (entity := _read(known[id_]))}
    return Additions(ids, Watchlist({id_: entities[id_] for id_ in ids}), Watchlist(before))


def _renamed(known: Mapping[str, str], defined: Mapping[str, str]) -> set[str]:
    """The definitions whose old id is gone."""
    return {text for id_, text in known.items() if id_ not in defined}


def _read(text: str) -> Entity | None:
    try:
        return Entity.model_validate_json(text)
    except ValueError:
        return None
