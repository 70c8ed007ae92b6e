"""What editors do, at a page or by the API. Each action is done here, and kept in the record with who took it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastapi import HTTPException

from state.model import Event, HeldMessage
from watcher.errors import StaleTextError, UsageError
from watcher.service.check_requests import request_check
from watcher.web.desk import Desk
from watcher.web.viewers import Viewer

if TYPE_CHECKING:
    from watcher.trials.held import Alerted, Held


def check_configured(desk: Desk, name: str) -> None:
    """Raises HTTPException (404) for a source that is not in the configuration."""
    if name not in desk.config.sources:
        raise HTTPException(404, "there is no such source in the configuration")


def handle(desk: Desk, editor: Viewer, number: int, *, undo: bool) -> None:
    """Mark an event as handled, or take the mark off."""
    if undo:
        desk.store.desk.unhandle(number)
    else:
        desk.store.desk.handle(number, editor.name, desk.clock())
    desk.record(editor.name, "unhandled" if undo else "handled", f"change {number}")


def check(desk: Desk, editor: Viewer, name: str) -> bool:
    """Ask for a check now; whether a daemon or a worker runs that will do it. Raises HTTPException and UsageError."""
    check_configured(desk, name)
    alive = request_check(desk.store, desk.config, name, desk.clock())
    desk.record(editor.name, "check", f"source {name}")
    return alive


def held(desk: Desk, name: str, alerted: Alerted = "none") -> Held | None:
    """The held snapshot of a source. What compares it takes memory that most servers never need."""
    from watcher.trials.held import compare_held

    return compare_held(desk.store, desk.config, name, desk.clock(), alerted)


def accept(desk: Desk, editor: Viewer, name: str, snapshot: str, alerted: Alerted) -> tuple[Held, Sequence[Event]]:
    """Take the held snapshot with this id as the new truth, and no other one; it, and its changes.

    Raises HTTPException: 404 for a source that is not configured, 409 if that snapshot is not held, or no longer.
    """
    from watcher.trials.held import take

    check_configured(desk, name)
    found = held(desk, name, alerted)
    if found is None or found.id != snapshot:
        raise HTTPException(409, f"snapshot {snapshot} is not held, and nothing was taken: look at the source again")
    try:
        events = take(desk.store, found)
    except UsageError as error:
        raise HTTPException(409, str(error)) from None
    alerts = alerted == "all" or (alerted == "watched" and any(event.mentions for event in events))
    desk.record(editor.name, "accept and alert" if alerts else "accept", f"snapshot {found.id} of source {name}")
    return found, events


def retry(desk: Desk, editor: Viewer, number: int) -> None:
    """Make a delivery due now, with all that went into the same message. Raises HTTPException (404)."""
    if not desk.store.outbox.retry(number, desk.clock()):
        raise HTTPException(404, f"there is no delivery {number} that is waiting or dead")
    desk.record(editor.name, "retry", f"delivery {number}")


def decide(desk: Desk, who: str, held: HeldMessage | None, *, approve: bool, seen: int = 0) -> str:
    """Approve or reject a message that waits for that; a line about it. It records itself who did it.

    Raises HTTPException: 404 where there is none, 409 where it was decided already; and StaleTextError where the
    register has changed since, after the change that was `seen`.
    """
    from watcher.reports.deliveries import decide as decide_held

    if held is None:
        raise HTTPException(404, "no such message waits for an approval")
    try:
        return decide_held(desk.store, desk.config, held, approve=approve, who=who, now=desk.clock(), seen=seen)
    except StaleTextError:
        raise
    except UsageError as error:
        raise HTTPException(409, str(error)) from None
