"""From what a check found to what is written: health, due time, alerts and their channels. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.options import AlertRule
from alerts.rules import channels_for
from sources import FetchError, Source
from state.health import failed, succeeded, suspected
from state.mark import place_mark, reading_mark
from state.model import Acceptance, Commit, Event, Health, SourceState, Status
from watcher.events import Teller
from watcher.found import Accepted, Checked, Doubted, Failed, Found, Mentioning, StillDoubted, Unchanged
from watcher.schedule import next_due


class Stale(Exception):
    """The state has moved on since the check compared with it, by an earlier fetch: compare again."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision depends on beside the state and the finding.

    `baseline_due` is when baseline summaries are sent.
    """

    name: str
    source: Source
    rules: Sequence[AlertRule]
    now: datetime
    baseline_due: datetime


def decide(state: SourceState, checked: Checked, context: Context) -> Commit | None:
    """All that the check writes, or None when another process has already stored something newer.

    `state` is the state of this moment, inside the transaction. Raises Stale when the check must be compared with
    it again.
    """
    found = checked.found
    if state.revision != checked.base:
        if isinstance(found, Unchanged | StillDoubted) or (state.accepted and checked.began <= state.accepted):
            return None
        if not isinstance(found, Failed):
            raise Stale
    if isinstance(found, Failed) and state.tried and checked.began < state.tried:
        return None
    health, tell = _health(state.health, found, checked.began, ever_read=state.revision > 0)
    state_after = _scheduled(state, checked, health, context)
    teller = Teller(context.name, context.source, checked.began, state.checked)
    events: list[Event] = []
    if tell:
        mentioning: Sequence[Mentioning] = found.mentioning if isinstance(found, Doubted) else ()
        events.append(teller.health(health, state.health, mentioning))
    match found:
        case Accepted():
            return _accept(state, state_after, found, events, teller, checked, context)
        case Doubted(pages=pages):
            held = pages[0].body_hash if len(pages) == 1 else b""
            commit = Commit(replace(state_after, held=held), held=pages)
        case Unchanged(validators=validators):
            commit = Commit(replace(state_after, held=b""), validators=validators, held=() if state.held else None)
        case _:
            commit = Commit(state_after)
    return replace(commit, alerts=_routed(events, context), alerts_due=context.now)


def _health(before: Health, found: Found, now: datetime, *, ever_read: bool) -> tuple[Health, bool]:
    match found:
        case Failed(error=error):
            return failed(before, now, error.code, error.message, ever_read=ever_read)
        case Doubted(doubt=doubt):
            return suspected(before, now, doubt.code, doubt.message)
        case StillDoubted():
            return suspected(before, now, before.reason or "suspicious", before.message or "still not believable")
    return succeeded(before, now)


def _scheduled(state: SourceState, checked: Checked, health: Health, context: Context) -> SourceState:
    """The state with its health and its times moved on."""
    found = checked.found
    wait_until = None
    if isinstance(found, Failed) and isinstance(found.error, FetchError) and found.error.retry_after:
        wait_until = context.now + found.error.retry_after
    due = next_due(context.now, context.source.every, failures=health.failures, before=state.due, wait_until=wait_until)
    readable = health.status is Status.OK
    full = isinstance(found, Accepted) or (isinstance(found, Unchanged) and found.full)
    return replace(
        state,
        health=health,
        tried=checked.began,
        checked=checked.began if readable else state.checked,
        reread=checked.began if full else state.reread,
        due=due,
        wait_until=wait_until,
    )


def _accept(
    before: SourceState,
    after: SourceState,
    found: Accepted,
    events: list[Event],
    teller: Teller,
    checked: Checked,
    context: Context,
) -> Commit:
    """The snapshot becomes the state; a baseline is summed up, later changes are each an event."""
    difference, source = found.difference, context.source
    after = replace(after, accepted=checked.began, entries=difference.count, digest=difference.digest, held=b"")
    if found.baseline:
        events.append(teller.baseline(found, before))
    else:
        events += [teller.change(*pair) for pair in zip(difference.changes, found.mentions, strict=True)]
    return Commit(
        after,
        acceptance=Acceptance(difference, found.pages, reading_mark(source), place_mark(source), fresh=found.baseline),
        held=(),
        alerts=_routed(events, context),
        alerts_due=context.baseline_due if found.baseline else context.now,
    )


def _routed(events: Sequence[Event], context: Context) -> list[tuple[Event, list[str]]]:
    return [(event, channels_for(event, context.rules)) for event in events]
