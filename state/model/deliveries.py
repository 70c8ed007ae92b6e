"""Deliveries, and the messages composed of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from state.model.events import Event


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one channel, due at a time. `next_try` is when a waiting one is tried (again)."""

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
