"""The values that the state is told and tells: plain, frozen, without a database."""

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
    """Where a stored entry stands in its source."""

    PRESENT = "present"
    SCROLLED = "scrolled"  # off the end of a window: no news when it comes back
    REMOVED = "removed"


class FieldChange(NamedTuple):
    """One field before and after; None where it had no value."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a snapshot and the stored state. `before` is None when added, `after` when removed."""

    kind: ChangeKind
    before: Entry | None
    after: Entry | None
    fields: Mapping[str, FieldChange]

    @property
    def entry(self) -> Entry:
        """The entry as it is now, or as it was when it is gone."""
        entry = self.after or self.before
        assert entry is not None  # noqa: S101 - a change has at least one side
        return entry


class Mark(NamedTuple):
    """A stored entry in short: its row, its key, and where it stands."""

    id: int
    key: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """What a snapshot is compared with: the fingerprints of its entries, and ways to the rest.

    `present` holds the fingerprints (of key and content together) of the entries that are present, 16 bytes each;
    `rows(marks, keys)` gives all stored entries with one of these fingerprints or keys, and maybe others, `rows()` all
    there are: each with its fingerprint, in the order they were stored. `order` holds the keys of the last window from
    top to bottom, and is empty for complete listings. `contents` loads entries by row id.
    """

    present: bytes
    rows: Callable[..., Iterable[tuple[bytes, Mark]]]
    order: Sequence[str]
    contents: Callable[[Collection[int]], Mapping[int, Entry]]


NOTHING = Known(b"", lambda *_: (), (), lambda _: {})  # what a first snapshot is compared with


@dataclass(frozen=True, slots=True)
class Difference:
    """A snapshot against what was known: the news, and what must be written so that the state is the snapshot.

    `insert` and `update` hold entries with their fingerprints, `stand` the rows that now stand elsewhere. `digest`
    is the fingerprint of all entries that are present then, `count` the number of entries in the snapshot, `order`
    its keys if it is a window. `absent` counts the entries that were present and are not in the snapshot, and
    `rekeyed` the added ones that have the content of an absent one: the same under another key.
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
    gap: bool = False  # a window that has nothing in common with the last one
    newest_gone: bool = False  # a window without its newest entry, as an older page from a cache has none


class Status(StrEnum):
    """A source's health."""

    NEW = "new"  # never checked
    OK = "ok"
    FAILING = "failing"
    SUSPICIOUS = "suspicious"


@dataclass(frozen=True, slots=True)
class Health:
    """A source's health, why, and since when. `told` says whether the operator has been alerted about it, `told_as`
    of what, since the trouble began: a source that goes from one fault to another and back is told of once each.
    """

    status: Status = Status.NEW
    reason: str | None = None
    message: str | None = None
    since: datetime | None = None
    failures: int = 0  # in a row
    told: bool = False
    told_as: tuple[Status, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page of the last accepted (or held) snapshot with the fingerprint of its body and its validators.

    `essence` is the fingerprint of what its entries are read from, "" where the kind does not say.
    """

    page: Page
    body_hash: bytes
    etag: str | None
    last_modified: str | None
    essence: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a source usually behaves, by its accepted snapshots.

    `filled` is how many entries of the last one had a value, per field; `newest` when an entry was last new, `restless`
    how many checks in a row changed the same fields, which are `restless_fields`. `log_size` is how many characters it
    has lately added to the log of events, as of `log_at`. `..._told` says that the operator knows.
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
    """All that is stored about one source but its entries. A source that was never seen has revision 0."""

    name: str
    revision: int = 0
    health: Health = field(default_factory=Health)
    checked: datetime | None = None  # the last check that could read it: "last checked before"
    tried: datetime | None = None  # the last check, whatever became of it
    due: datetime | None = None
    wait_until: datetime | None = None  # the server asked, with Retry-After, not to come back before
    accepted: datetime | None = None  # when the last page of the accepted snapshot had come
    reread: datetime | None = None  # the last full read without validators
    entries: int = 0
    digest: bytes = b""
    reading: str = ""  # fingerprint of reading options and reader
    place: str = ""  # fingerprint of where it is: another one is another baseline
    habits: Habits = field(default_factory=Habits)
    held: bytes = b""  # fingerprint of the pages of the suspicious snapshot that is kept


class Prefetched(NamedTuple):
    """What a check begins with: the source's state, and its accepted pages without their bodies."""

    state: SourceState
    pages: Sequence[StoredPage]


class UnchangedCheck(NamedTuple):
    """A check that found everything as it was, and moves on nothing but the source's times; `revision` is what it
    began with, `slot` the time it was due at, `pages` the accepted pages as they are now, where what is not read has
    moved on them.
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
    """How a source fares: its state in short, for those that look at all of them."""

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


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one channel, due at a time. `next_try` is when a waiting one is tried (again), `sent` when its
    message went out.
    """

    id: int
    event: Event
    channel: str
    state: DeliveryState
    created: datetime
    due: datetime
    attempts: int = 0
    error: str | None = None
    message: int | None = None  # the composed message it is a member of
    digest: bool = False  # told case by case
    next_try: datetime | None = None
    sent: datetime | None = None

    def is_held(self, now: datetime) -> bool:
        """Whether it is kept for later: by quiet hours, by a digest, or until its entry has settled."""
        return self.state is DeliveryState.PENDING and self.message is None and self.created <= now < self.due


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: composed once, stored with its members, the same at every try. `key` is its idempotency key.

    `thread` holds the keys of the messages that it goes on from, the first one first. `created` is when it was
    composed, or last taken up again by hand: what `give_up` counts from. `attached`
    are the events whose proof goes along.
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
    """A channel at which every attempt has failed since then, and whether the operator has been told."""

    channel: str
    since: datetime
    told: bool = False


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A believed snapshot, to be written as the new state: one more revision."""

    difference: Difference
    pages: Sequence[StoredPage]
    reading: str
    place: str
    fresh: bool = False  # forget all entries first: a baseline


class CaptureKind(StrEnum):
    """Why pages are kept as evidence."""

    BASELINE = "baseline"
    CHANGED = "changed"
    SUSPICIOUS = "suspicious"


@dataclass(frozen=True, slots=True)
class Capture:
    """The pages of a check that are to be kept as evidence, where evidence is kept.

    `began` is when the check did; `source` what there is to say of it (JSON-able: label, kind, authority, address),
    `entries` how many the snapshot has, `doubt` why it is not believed.
    """

    kind: CaptureKind
    began: datetime
    pages: Sequence[StoredPage]
    source: Mapping[str, Any]
    entries: int | None = None
    doubt: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """All that one check writes, in one transaction.

    `state` is the source's row as it shall be; `acceptance` is None when the snapshot was not new or not believed;
    `held` the pages of a suspicious snapshot to keep (None leaves what is kept, an empty list clears it). `alerts`
    are events with the routes that each takes. `capture` is what they rest on; `unkept` makes the alert that says that
    there is no room for it.
    """

    state: SourceState
    acceptance: Acceptance | None = None
    validators: Sequence[StoredPage] | None = None  # the accepted pages, unchanged, with the validators they have now
    held: Sequence[StoredPage] | None = None
    alerts: Sequence[Alert] = ()
    capture: Capture | None = None
    unkept: Callable[[], Alert] | None = None
