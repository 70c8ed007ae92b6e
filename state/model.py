"""The values that go into the state and come out of it: plain and frozen, independent of the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sources import Entry, Page


class ChangeKind(StrEnum):
    """How an entry differs from the stored state."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    REAPPEARED = "reappeared"


class Standing(StrEnum):
    """Whether a stored entry is still in its source."""

    PRESENT = "present"
    SCROLLED = "scrolled"  # left the end of a window: its return is no news
    REMOVED = "removed"


class FieldChange(NamedTuple):
    """One field before and after; None where it had no value."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a snapshot and the stored state. `before` is None for `added`, `after` for `removed`."""

    kind: ChangeKind
    before: Entry | None
    after: Entry | None
    fields: Mapping[str, FieldChange]

    @property
    def entry(self) -> Entry:
        """The entry as it is now, or as it was when it was removed."""
        entry = self.after or self.before
        assert entry is not None  # noqa: S101 - a change has at least one side
        return entry


class StoredEntry(NamedTuple):
    """A stored entry in short: its row, its key, and its standing."""

    id: int
    key: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """The stored entries with which a snapshot is compared: their fingerprints, and functions that load the rest.

    `present` has the fingerprints (of key and content) of the present entries, 16 bytes each, concatenated.
    `rows(marks, keys)` gives at least the stored entries with one of these fingerprints or keys, `rows()` all: each
    with its fingerprint, in the order of storage. `order` has the keys of the last window from top to bottom, and is
    empty for complete listings. `contents` loads entries by row id.
    """

    present: bytes
    rows: Callable[..., Iterable[tuple[bytes, StoredEntry]]]
    order: Sequence[str]
    contents: Callable[[Collection[int]], Mapping[int, Entry]]


NOTHING = Known(b"", lambda *_: (), (), lambda _: {})  # for a first snapshot


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between a snapshot and the stored entries: the changes, and what to write.

    `insert` and `update` have entries with their fingerprints, `stand` the rows with a new standing. `digest` is the
    fingerprint of the entries that are present afterwards, `count` the number of entries in the snapshot, `order` its
    keys if it is a window. `absent` counts the entries that were present and are not in the snapshot, `rekeyed` those
    of the added ones that have the content of an absent one: the same entry under another key.
    """

    changes: Sequence[Change]
    insert: Sequence[tuple[bytes, Entry]]
    update: Mapping[int, tuple[bytes, Entry]]
    stand: Mapping[int, Standing]
    digest: bytes
    count: int
    order: Sequence[str]
    absent: int = 0
    rekeyed: int = 0
    gap: bool = False  # a window without any entry of the last one
    newest_gone: bool = False  # a window without the newest entry of the last one, such as an old page from a cache


class Status(StrEnum):
    """A source's health."""

    NEW = "new"  # never checked
    OK = "ok"
    FAILING = "failing"
    SUSPICIOUS = "suspicious"


@dataclass(frozen=True, slots=True)
class Health:
    """A source's health, with its reason and its beginning.

    `told` is whether the operator was alerted in the current incident, `told_as` the statuses that were alerted: each
    one once per incident, also if the source alternates between them.
    """

    status: Status = Status.NEW
    reason: str | None = None
    message: str | None = None
    since: datetime | None = None
    failures: int = 0  # consecutive ones
    told: bool = False
    told_as: tuple[Status, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page of the last accepted (or suspicious) snapshot with the fingerprint of its body and its validators.

    `essence` is the fingerprint of the part that its entries depend on, "" where the kind gives none.
    """

    page: Page
    body_hash: bytes
    etag: str | None
    last_modified: str | None
    essence: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """The usual behaviour of a source, over its accepted snapshots.

    `filled`: the number of entries with a value in the last one, per field. `newest`: when the last new entry came.
    `restless`: the number of consecutive checks that changed the same fields, `restless_fields`. `log_size`: the
    characters that it recently added to the log of events, as of `log_at`. `..._told`: whether the operator was
    alerted.
    """

    filled: Mapping[str, int] = field(default_factory=dict)
    newest: datetime | None = None
    quiet_told: bool = False
    restless: int = 0
    restless_fields: Sequence[str] = ()
    restless_told: bool = False
    log_size: int = 0
    log_at: datetime | None = None
    log_told: bool = False
    evidence_told: bool = False


@dataclass(frozen=True, slots=True)
class SourceState:
    """The stored state of one source, without its entries. A new source has revision 0."""

    name: str
    revision: int = 0
    health: Health = field(default_factory=Health)
    checked: datetime | None = None  # the last check that could read it
    tried: datetime | None = None  # the last check, whatever its result
    due: datetime | None = None
    wait_until: datetime | None = None  # the server's Retry-After
    accepted: datetime | None = None  # when the last page of the accepted snapshot was received
    reread: datetime | None = None  # the last full read without validators
    entries: int = 0
    digest: bytes = b""
    reading: str = ""  # fingerprint of the reading options and the kind's code
    place: str = ""  # fingerprint of the address: if it changes, a new baseline begins
    habits: Habits = field(default_factory=Habits)
    held: bytes = b""  # fingerprint of the pages of the stored suspicious snapshot


class Prefetched(NamedTuple):
    """The input of a check: the source's state, and its accepted pages without their bodies."""

    state: SourceState
    pages: Sequence[StoredPage]


class UnchangedCheck(NamedTuple):
    """A check without any change, which only updates the source's times.

    `revision` is the one with which the check began, `slot` its due time, `pages` the accepted pages where other parts
    than the content changed.
    """

    name: str
    revision: int
    slot: datetime | None
    checked: datetime
    tried: datetime
    due: datetime
    reread: datetime | None
    pages: Sequence[StoredPage] | None = None


class SourceStatus(NamedTuple):
    """A source's state in short, for lists of all sources."""

    name: str
    status: str = Status.NEW.value
    reason: str | None = None
    message: str | None = None
    since: datetime | None = None
    failures: int = 0
    checked: datetime | None = None
    tried: datetime | None = None
    due: datetime | None = None
    wait_until: datetime | None = None
    revision: int = 0
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Mention:
    """A watched entity in an entry: its id, the name that matched, the words that were found, and their field."""

    entity: str
    name: str
    words: str
    field: str


class Proof(NamedTuple):
    """The capture of an event's pages: its number, and its link in the hash chain (hex)."""

    capture: int
    link: str


class EventKind(StrEnum):
    """The subject of an event."""

    CHANGE = "change"
    BASELINE = "baseline"
    HEALTH = "health"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Event:
    """Something to alert. `id` is 0 until it is stored.

    `at` is when its check began, `previous` the last check before that could read the source. `proof` is set if its
    pages were kept. `data` is JSON:

    * change: `change`, `key`, `title`, `url`, `published`, `fields` {name: {before, after}}, `entry` {field: value};
      `text`, truncated, if the entry was added or removed and mentions an entity;
      `takes_back` the time of the change that it reverts; `flapping` {times, since, told} if the change repeats;
      `more` {count, titles, fields} if it stands for further changes of its kind: their number, some titles, and the
      names of their fields; `unproven` if its pages were not kept, for lack of room
    * baseline: `entries` (count), `mentioning` (count), `mentioned` [{key, title, url, published, entities}] (at most
      200), and for a new entity `added` [entity ids]; its mentions are one for each entity
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
        """The ids of the mentioned entities, each once, in order."""
        return list(dict.fromkeys(mention.entity for mention in self.mentions))


class Route(NamedTuple):
    """A channel for an event, and when; with `digest` it is delivered in a digest."""

    channel: str
    due: datetime
    digest: bool = False


Alert = tuple[Event, Sequence[Route]]  # an event, and its routes


class DeliveryState(StrEnum):
    """The state of a delivery."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one channel, due at a time. `next_try` is the time of the next attempt."""

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

    def is_held(self, now: datetime) -> bool:
        """Whether it is deferred: by quiet hours, by a digest, or until its entry has settled."""
        return self.state is DeliveryState.PENDING and self.message is None and self.created <= now < self.due


@dataclass(frozen=True, slots=True)
class Message:
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


@dataclass(frozen=True, slots=True)
class ChannelTrouble:
    """A channel at which every attempt has failed since a time, and whether the operator was alerted."""

    channel: str
    since: datetime
    told: bool = False


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A believed snapshot, to be written as the new state with the next revision."""

    difference: Difference
    pages: Sequence[StoredPage]
    reading: str
    place: str
    fresh: bool = False  # delete all entries first: a baseline


class CaptureKind(StrEnum):
    """The reason for keeping pages as evidence."""

    BASELINE = "baseline"
    CHANGED = "changed"
    SUSPICIOUS = "suspicious"


@dataclass(frozen=True, slots=True)
class Capture:
    """The pages of a check that are evidence.

    `began` is when the check began; `source` describes it (JSON: label, kind, authority, address), `entries` is the
    number of entries in the snapshot, `doubt` the reason why it is not believed.
    """

    kind: CaptureKind
    began: datetime
    pages: Sequence[StoredPage]
    source: Mapping[str, Any]
    entries: int | None = None
    doubt: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """The result of one check, to be written in one transaction.

    `state` is the source's new row; `acceptance` is None when the snapshot was unchanged or not believed; `held` are
    the pages of a suspicious snapshot to store (None keeps the stored ones, an empty list deletes them). `alerts` are
    events with their routes. `capture` is their evidence; `unkept` makes the alert that there is no room for it.
    """

    state: SourceState
    acceptance: Acceptance | None = None
    validators: Sequence[StoredPage] | None = None  # the accepted pages, unchanged, with new validators
    held: Sequence[StoredPage] | None = None
    alerts: Sequence[Alert] = ()
    capture: Capture | None = None
    unkept: Callable[[], Alert] | None = None
