"""Deliveries, and the messages composed of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from state.model.events import Approval, Event


class DeliveryState(StrEnum):
    """The state of a delivery."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
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


class ApprovalState(StrEnum):
    """What became of a message that has to be approved."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class HeldMessage:
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


@dataclass(frozen=True, slots=True)
class ChannelTrouble:
    """A channel at which every attempt has failed since a time, and whether the operator was alerted."""

    channel: str
    since: datetime
    told: bool = False
