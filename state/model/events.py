"""Events, whom they mention, and where they go: their deliveries, and the messages composed of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Mention:
    """A watched entity in an entry: its id, the name that matched, the words that were found, and their field."""

    entity: str
    name: str
    words: str
    field: str


class Clearing(NamedTuple):
    """Somebody's word that an entry is not about an entity, although it mentions it.

    It holds until a time (None: for good), and until one of its `facts` changes: by field, the values that identify
    the entries of that key, as they were at that moment. `ended` is when it ended, `why_ended` because of what,
    `who_ended` by whom: None where a check did.
    """

    entity: str
    source: str
    key: str
    why: str
    who: str
    at: datetime
    until: datetime | None = None
    facts: Mapping[str, Sequence[str | None]] = {}
    ended: datetime | None = None
    why_ended: str | None = None
    who_ended: str | None = None
    id: int = 0

    def holds(self, now: datetime) -> bool:
        """Whether its entry raises no alert about its entity."""
        return self.ended is None and (self.until is None or now < self.until)


class Proof(NamedTuple):
    """The capture of an event's pages: its number, and its link in the hash chain (hex)."""

    capture: int
    link: str


class EventKind(StrEnum):
    """The subject of an event."""

    CHANGE = "change"
    HELD = "held"  # a change in a snapshot that is not believed
    BASELINE = "baseline"
    HEALTH = "health"
    TEST = "test"
    APPROVAL = "approval"  # a message for the public that somebody has to approve
    REMINDER = "reminder"  # a change that nobody has acknowledged


@dataclass(frozen=True, slots=True)
class Event:
    """Something to alert. `id` is 0 until it is stored.

    `at` is when its check began, `previous` the last check before that could read the source. `proof` is set if its
    pages were kept. `data` is JSON:

    * change: `change`, `key`, `title`, `url`, `published`, `fields` {name: {before, after}}, `entry` {field: value};
      `former_key` of an entry that was rekeyed; `form` says what was written otherwise if nothing else is different;
      `text`, truncated, if the entry was added or removed and mentions an entity;
      `takes_back` the time of the change that it reverts; `flapping` {times, since, told} if the change repeats;
      `cleared` [entity ids] whose mentions somebody has ruled out; `was_cleared` [{entity, key, who, at, why, until,
      because}] of clearings that have ended with it, and because of what;
      `more` {count, titles, fields} if it stands for further changes of its kind: their number, some titles, and the
      names of their fields; `unproven` if its pages were not kept, for lack of room
    * held: as a change, with the `reason` and the `message` why it is not believed, the id of its `snapshot`, and
      `status`, which is "held"
    * baseline: `entries` (count), `part` (how much of its list they are, "" if all), `mentioning` (count), `whom`
      [[entity ids, count]], `mentioned` [{key, title, url, published, entities}] (at most 200), and of those that
      others have had up to the end of what they kept `since_at_least` {at, checked_before, witness {kind, where, at}},
      since an interruption at most, `checked_before` the capture before that had it not, or null; for a
      new entity `added` [entity ids]; `was_cleared` as of a change; `further` if these entries are on pages that are
      read for the first time; its mentions are one for each entity
    * approval: `approval` its number, `channel` whose message it is, `delivery` the first one in it, `title`, `text`,
      `html` if a template makes that, `until` the end of the time for it and `then` what happens at that end
    * reminder: `change` the number of the change that nobody has acknowledged, its `title`, `label` and `url`, `since`
      when it was noticed, `times` how often somebody was reminded
    * health: `status`, `reason`, `message`, `since`, and for a suspicious snapshot `mentioning`, `mentioned` (at
      most 20) and `snapshot`, its id; `accepted` if it has recovered because that was accepted by hand, with those
      that its changes mention, then `until` is when
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
    def worth(self) -> str:
        """Whose word it has: the authority of its source, or "republished" where the record comes by others."""
        return str(self.data.get("worth") or self.authority)

    @property
    def ended(self) -> datetime:
        """When what a recovery tells of was over: `at`, unless somebody ended it by hand."""
        until = self.data.get("until") if self.data.get("accepted") else None
        return datetime.fromisoformat(until) if until else self.at

    @property
    def lasted(self) -> timedelta | None:
        """How long that had lasted; None where nobody knows, also where the clock went back since."""
        since = self.data.get("since")
        lasted = self.ended - datetime.fromisoformat(since) if since else None
        return lasted if lasted is not None and lasted >= timedelta() else None

    @property
    def known_after(self) -> datetime | None:
        """After which reading it happened; None where none before it is known, also where the clock went back since."""
        return self.previous if self.previous and self.previous <= self.at else None

    @property
    def entities(self) -> list[str]:
        """The ids of the mentioned entities, each once, in order."""
        return list(dict.fromkeys(mention.entity for mention in self.mentions))

    @property
    def tells_change(self) -> bool:
        """Whether it is about a change of an entry, be it believed or held."""
        return self.kind in {EventKind.CHANGE, EventKind.HELD}


class Handled(NamedTuple):
    """Who marked a change as handled, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a change, a case or a held snapshot."""

    id: int
    who: str
    at: datetime
    text: str


Importance = Literal["high", "normal", "low"]


class Marks(NamedTuple):
    """What people made of a change, a case or a held snapshot. `comments` are the last ones, the earliest first, of
    `comment_count` in all. `translations` and `summaries` are what machines made of a change: JSON, by language.
    """

    handled: Handled | None = None
    assigned: str | None = None
    importance: Importance = "normal"
    comments: Sequence[Comment] = ()
    comment_count: int = 0
    translations: Mapping[str, Any] = MappingProxyType({})
    summaries: Mapping[str, Any] = MappingProxyType({})


UNMARKED = Marks()


class Approval(NamedTuple):
    """Who has to approve a message: channels. After `within`, it is dropped or sent as `then` says."""

    by: tuple[str, ...]
    within: timedelta | None = None
    then: str = "drop"


class Route(NamedTuple):
    """A channel for an event, and when; with `digest` it is delivered in a digest.

    With `approval` it waits for people. With `every`, the channel is reminded from `due` on, as often as that, until
    somebody acknowledges the event.
    """

    channel: str
    due: datetime
    digest: bool = False
    approval: Approval | None = None
    every: timedelta | None = None


Alert = tuple[Event, Sequence[Route]]  # an event, and its routes


class DeliveryState(StrEnum):
    """The state of a delivery."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class Delivery(NamedTuple):
    """One event for one channel, due at a time. `next_try` is the time of the next attempt, `sent` when its message
    went out. `approval` says who has to approve it; `unapproved` that its message waits for that.
    """

    id: int
    event: Event
    channel: str
    state: DeliveryState
    created: datetime
    due: datetime
    attempts: int = 0
    error: str | None = None
    message: int | None = None  # the composed message that has it
    digest: bool = False  # part of a digest, which is ordered by case
    next_try: datetime | None = None
    sent: datetime | None = None
    approval: Approval | None = None
    unapproved: bool = False

    def is_held(self, now: datetime) -> bool:
        """Whether it is deferred: by quiet hours, by a digest, or until its entry has settled."""
        return self.state is DeliveryState.PENDING and self.message is None and self.created <= now < self.due


class Message(NamedTuple):
    """A composed message, stored with its members, and identical at every attempt. `key` is its idempotency key.

    `thread` has the keys of the earlier messages in its thread, the first one first. `created` is when it was composed,
    or retried by hand: `give_up` counts from it. `attached` are the events whose proof is attached.
    """

    id: int
    key: str
    channel: str
    title: str
    text: str
    html: str
    deliveries: Sequence[int]
    created: datetime
    attempts: int = 0
    thread: Sequence[str] = ()
    attached: Sequence[int] = ()


class ApprovalState(StrEnum):
    """What became of a message that has to be approved."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


class HeldMessage(NamedTuple):
    """A message that has to be approved: `by` are the channels that were asked, `until` when that ends.

    `who` decided, and when (`decided`).
    """

    id: int
    channel: str
    title: str
    text: str
    html: str
    by: Sequence[str]
    asked: datetime
    until: datetime | None
    then: str
    state: ApprovalState
    deliveries: Sequence[int]
    who: str | None = None
    decided: datetime | None = None


class Past(NamedTuple):
    """What a channel got: when its last messages were sent, the earliest first, and how many composed ones wait."""

    sent: Sequence[datetime] = ()
    waiting: int = 0


class ChannelTrouble(NamedTuple):
    """A channel at which every attempt has failed since a time, and whether the operator was alerted."""

    channel: str
    since: datetime
    told: bool = False
