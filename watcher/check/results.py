"""The result of a committed check: for the log, `--json` and the schedule. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from state.model import Event, EventKind, SourceState
from watcher.check.outcome import Accepted, Failed, Found, Result, StillSuspicious, Suspicious


def result_of(name: str, found: Found | None, state: SourceState, events: Sequence[Event]) -> Result:
    """The result of a check. `found` is None if its outcome was thrown away because another process stored something
    newer.
    """
    changes = [event for event in events if event.kind is EventKind.CHANGE]
    part = state.habits.part
    after = partial(Result, name, entries=state.entries, told=bool(events), due=state.due, part=part)
    match found:
        case Failed(error=error):
            return after(status="failing", reason=error.code, message=error.message)
        case Suspicious() | StillSuspicious():
            return after(status="suspicious", reason=state.health.reason, message=state.health.message)
        case Accepted(baseline=True):
            return after(status="baseline")
    return after(status="ok" if changes else "unchanged", events=changes)
