"""Events, whom they mention, and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Mention:
    """A watched entity found in an entry: its id, the name that matched, the words it matched, and the field they
    stand in.
    """

    entity: str
    name: str
    words: str
    field: str


class Proof(NamedTuple):
    """The capture of the pages that an event came from: its number, and its link in the chain of hashes (hex)."""

    capture: int
    link: str


class EventKind(StrEnum):
    """What an alert can be about."""

    CHANGE = "change"
    BASELINE = "baseline"
    HEALTH = "health"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell. `id` is 0 until it is stored.

    `at` is when the check that saw it began, `previous` the last check before it that could read the source. `proof` is
    set where its pages were kept. `data` is JSON-able:

    * change: `change`, `key`, `title`, `url`, `published`, `fields` {name: {before, after}}, `entry` {field: value};
      `text`, cut short, of one that came or went and mentions somebody;
      `takes_back` the moment of the change that it undoes; `flapping` {times, since, told} of one that comes again;
      `more` {count, titles, fields} where it also tells of so many more changes of its kind, of which some titles and
      the names of what they touch are given; `unproven` where its pages were not kept, for want of room
    * baseline: `entries` (count), `mentioning` (count), `mentioned` [{key, title, url, published, entities}] (200 at
      most), and where it is an entity that is new, `added` [entity ids]; its mentions are one of each entity
    * health: `status`, `reason`, `message`, `since`, and `mentioned` for a suspicious snapshot
    """

    kind: EventKind
    source: str
    label: str
    authority: str
    at: datetime
    previous: datetime | None
    data: Mapping[str, Any]
    mentions: Sequence[Mention] = ()
    id: int = 0
    proof: Proof | None = None

    @property
    def entities(self) -> list[str]:
        """The ids of the entities it mentions, each once, in order."""
        return list(dict.fromkeys(mention.entity for mention in self.mentions))


class Route(NamedTuple):
    """A channel that an event goes to, and when; what a digest collects is told case by case then."""

    channel: str
    due: datetime
    digest: bool = False


Alert = tuple[Event, Sequence[Route]]  # something to tell, and where it goes
