"""The health of a source, and a delivery, as JSON: one object each in `--json` and in the API."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from state.model import Delivery, SourceStatus
from watcher.terminal.change_lines import describe_event


class SourceJson(TypedDict):
    """How a source fares. `checked` is the last check that could read it, `tried` the last one, `due` the next; `part`
    how much of its list was read, null where that was all; `details` how many pages of entries could not be read.
    `resting`: by its hours it is not checked now.
    """

    name: str
    status: str
    configured: bool
    enabled: bool
    resting: bool
    entries: int
    reason: str | None
    message: str | None
    part: str | None
    details: str | None
    failures: int
    since: str | None
    checked: str | None
    tried: str | None
    due: str | None


class DeliveryJson(TypedDict):
    """One alert for one channel: held, unapproved, pending, sent or dead. `error` is what the server answered.

    `message` is the number of the message that it is part of: all in one are sent, and approved, together.
    """

    id: int
    state: str
    channel: str
    created: str
    due: str
    attempts: int
    sent: str | None
    next_try: str | None
    error: str | None
    event: int
    source: str
    about: str
    message: int | None


def source_json(status: SourceStatus, *, configured: bool, enabled: bool, resting: bool = False) -> SourceJson:
    """How a source fares."""
    return {
        "name": status.name,
        "status": status.status,
        "configured": configured,
        "enabled": enabled,
        "resting": resting,
        "entries": status.entries,
        "reason": status.reason,
        "message": status.message,
        "part": status.part or None,
        "details": status.details or None,
        "failures": status.failures,
        "since": iso(status.since),
        "checked": iso(status.checked),
        "tried": iso(status.tried),
        "due": iso(status.due),
    }


def delivery_json(delivery: Delivery, now: datetime) -> DeliveryJson:
    """One delivery."""
    return {
        "id": delivery.id,
        "state": delivery_state(delivery, now),
        "channel": delivery.channel,
        "created": delivery.created.isoformat(),
        "due": delivery.due.isoformat(),
        "attempts": delivery.attempts,
        "sent": iso(delivery.sent),
        "next_try": iso(delivery.next_try),
        "error": delivery.error,
        "event": delivery.event.id,
        "source": delivery.event.source,
        "about": describe_event(delivery.event),
        "message": delivery.message,
    }


def delivery_state(delivery: Delivery, now: datetime) -> str:
    """The state of a delivery; of a pending one, `held` if it is deferred, `unapproved` if that is missing."""
    if delivery.unapproved:
        return "unapproved"
    return "held" if delivery.is_held(now) else delivery.state.value


def iso(at: datetime | None) -> str | None:
    """A time in ISO 8601, if there is one."""
    return at.isoformat() if at else None
