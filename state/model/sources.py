"""What the state keeps of a source: its health, its pages, its due times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sources import Page


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
