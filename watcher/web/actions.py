"""What editors and administrators do, at a page or by the API. Each action is done here, and kept in the record with
who took it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from fastapi import HTTPException

from alerts.language import mark, phrase
from sources import SourceError
from sources.options import largest_page
from state.model import Event, HeldMessage
from state.storage.objects import OBJECTS, Edit
from watcher.config.load import Config, Placed
from watcher.errors import ConfigError, StaleTextError, UsageError
from watcher.service.check_requests import request_check
from watcher.web.desk import A_PART, Desk, turn
from watcher.web.viewers import Viewer

if TYPE_CHECKING:
    from watcher.trials.held import Alerted, Held
    from watcher.trials.try_source import Trial

Tables = Literal["sources", "groups", "entities", "channels", "rules"]
OBJECT_OF: Mapping[Tables, str] = dict(zip(get_args(Tables), OBJECTS, strict=True))  # both in the same order
LARGEST = 10_000_000  # bytes of a page that is looked at here; a check and `watch add` take what `max_bytes` allows
LONGEST = 60.0  # seconds for all pages of a source: as long another person may have to wait
_WAIT = 5.0  # seconds for a turn


def check_configured(desk: Desk, name: str) -> None:
    """Raises HTTPException (404) for a source that is not in the configuration."""
    if name not in desk.config.sources:
        raise HTTPException(404, phrase("there is no such source in the configuration"))


def check_end(desk: Desk, until: datetime | None) -> datetime | None:
    """When something ends, in the configured zone where it has none. Raises UsageError for what is over already."""
    until = until.replace(tzinfo=desk.config.timezone) if until and not until.tzinfo else until
    if until and until <= desk.clock():
        raise UsageError(phrase("until: that is over already"))
    return until


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

    if desk.sight.entities or name not in desk.config.sources:
        return None  # a snapshot is of a whole source
    return compare_held(desk.whole.store, desk.whole.config, name, desk.clock(), alerted)


def accept(desk: Desk, editor: Viewer, name: str, snapshot: str, alerted: Alerted) -> tuple[Held, Sequence[Event]]:
    """Take the held snapshot with this id as the new truth, and no other one; it, and its changes.

    Raises HTTPException: 404 for a source that is not configured, 409 if that snapshot is not held, or no longer.
    """
    from watcher.trials.held import take, who_took

    check_configured(desk, name)
    found = held(desk, name, alerted)
    if found is None or found.id != snapshot:
        if who := who_took(desk.whole.store, name, snapshot):
            raise HTTPException(409, phrase("{who} has accepted snapshot {id} already", who=who, id=snapshot))
        gone = mark(
            "snapshot {id} is not held now: it may have been accepted, or ended by a later check; "
            "look at the source again"
        )
        raise HTTPException(409, phrase(gone, id=snapshot))
    try:
        return found, take(desk.whole.store, found, desk.whole.config, who=editor.name)
    except UsageError as error:
        raise HTTPException(409, str(error)) from None


def retry(desk: Desk, editor: Viewer, number: int) -> None:
    """Make a delivery due now, with all that went into the same message. Raises HTTPException (404)."""
    if not desk.store.outbox.has(number) or not desk.store.outbox.retry(number, desk.clock()):
        raise HTTPException(404, phrase("there is no delivery {delivery} that is waiting or dead", delivery=number))
    desk.record(editor.name, "retry", f"delivery {number}")


def decide(desk: Desk, who: str, held: HeldMessage | None, *, approve: bool, seen: int = 0) -> str:
    """Approve or reject a message that waits for that; a line about it. It records itself who did it.

    Raises HTTPException: 404 where there is none, 409 where it was decided already; and StaleTextError where the
    register has changed since, after the change that was `seen`.
    """
    from watcher.reports.deliveries import decide as decide_held

    if held is None:
        raise HTTPException(404, phrase("no such message waits for an approval"))
    try:
        whole = desk.whole
        return decide_held(whole.store, whole.config, held, approve=approve, who=who, now=desk.clock(), seen=seen)
    except StaleTextError:
        raise
    except UsageError as error:
        raise HTTPException(409, str(error)) from None


def find_object(desk: Desk, object_: str, name: str) -> Placed:
    """An object of the configuration, with where it is from. Raises HTTPException (404)."""
    if found := desk.config.objects.get((object_, name)):
        return found
    raise HTTPException(404, phrase("the configuration has nothing of that name: {name}", name=name[:100]))


def configure(desk: Desk, admin: Viewer, edits: Sequence[Edit] = (), *, undo: int = 0) -> None:
    """Edit the configuration, all edits or none, or take one back; and go on with it.

    Raises EditError, ConfigError and StateError.
    """
    from watcher.config import edit

    if undo:
        edit.undo(desk.config, desk.store, undo, admin.name, desk.clock())
    else:
        edit.apply(desk.config, desk.store, edits, admin.name, desk.clock())
    desk.read_again()


def pause(
    desk: Desk, editor: Viewer, names: Sequence[str], until: datetime | None = None, *, paused: bool = True
) -> datetime | None:
    """Have sources rest until a time, in the configured zone where it has none, or until somebody resumes them; that
    time. With `paused` false, end their rest. Who sees a part of a source leaves it to others, who would miss the rest.
    Raises HTTPException (403, 404) and UsageError.
    """
    for name in names:
        check_configured(desk, name)
    if desk.sight.entities:
        raise HTTPException(403, phrase(A_PART))
    until = check_end(desk, until)
    for name in names:
        if paused:
            desk.whole.store.objects.pause(name, until, editor.name, desk.clock())
        else:
            desk.whole.store.objects.resume(name, editor.name, desk.clock())
    with suppress(ConfigError):  # a file has errors: what is shown waits for their end
        desk.read_again()
    return until


def looking(desk: Desk) -> AbstractContextManager[None]:
    """One of the few turns for what asks other sites, or takes long. Raises HTTPException (503)."""
    return turn(desk.look_turns, _WAIT, mark("others are looking at other pages: try again in a moment"))


def send_test(desk: Desk, admin: Viewer, name: str, config: Config) -> str:
    """Send a test alert to a channel of this configuration; its title. Raises HTTPException and UsageError."""
    from watcher.trials import previews

    if name not in config.channels:
        raise HTTPException(404, phrase("there is no such channel"))
    desk.record(admin.name, "test", f"channel {name}")
    with looking(desk):
        return previews.send_test(config, name, desk.clock)


def try_source(desk: Desk, name: str, document: Mapping[str, Any] | None) -> tuple[Trial, Config]:
    """Read a source as it is, or as it would be, and the configuration with it; nothing is stored.

    Raises HTTPException (404, 503), EditError for what is not valid, and UsageError for what cannot be read.
    """
    from sources.reading.engine import read_page
    from watcher.config.edit import draft
    from watcher.trials.try_source import read_site, would_hold

    config = desk.config
    if document is None:
        check_configured(desk, name)
    else:
        config = draft(config, desk.store, Edit("source", name, dict(document)))
    source = config.sources[name]
    source = source.model_copy(update={"max_bytes": min(largest_page(source), LARGEST)})
    with looking(desk):
        try:
            trial = read_site(config, source, read_page, [], [], LONGEST)
            held = would_hold(config, name, trial.pages, trial.entries, trial.part)
        except SourceError as error:
            raise UsageError(config.secrets.hide(f"{error.code}: {error.message}")) from None
    return replace(trial, suspicion=held), config
