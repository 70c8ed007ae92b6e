"""From the outcome of a check to what is written: health, due time, alerts and their channels. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.flapping import defer_flapping, mark_flapping
from alerts.options import AlertRule
from alerts.rules import OnFault, ignore_fault, routes_for
from sources import FetchError, Source
from state.compare.fingerprints import held_fingerprint
from state.compare.health import note_changes, note_failure, note_quiet, note_rest, note_success, note_suspicion
from state.compare.mass_change import note_movement
from state.model import (
    Acceptance,
    Alert,
    Capture,
    CaptureKind,
    Commit,
    Difference,
    Event,
    EventKind,
    Habits,
    Health,
    SourceState,
    Status,
    UnchangedCheck,
    tallied,
)
from watcher.check.event_factory import EventFactory
from watcher.check.news import LogLimit, room, weighed
from watcher.check.outcome import (
    Accepted,
    Checked,
    DetailsChanged,
    Failed,
    Found,
    StillSuspicious,
    Suspicious,
    Unchanged,
)
from watcher.schedule.due_times import NO_LESSON, Lesson, Timing, due_after, is_overdue, unread

Decision = Callable[[SourceState], Commit | None]


def capture_of(
    kind: CaptureKind, found: Accepted | DetailsChanged | Suspicious, checked: Checked, name: str, source: Source
) -> Capture:
    """The pages to keep as evidence, with facts about the source."""
    about = {
        "name": name,
        "label": source.label_or(name),
        "kind": source.kind,
        "authority": source.authority,
    }
    if isinstance(found, Suspicious):
        doubt = {"reason": found.doubt.code, "message": found.doubt.message}
        return Capture(kind, checked.began, found.pages, about, doubt=doubt)
    pages = [*found.pages, *(found.details.pages if found.details else ())]
    entries = found.difference.count if isinstance(found, Accepted) else None
    return Capture(kind, checked.began, pages, about, entries=entries)


class Superseded(Exception):
    """Another worker has already checked the source for the due time that was claimed. This check is refused."""


class Stale(Exception):
    """Another check committed first, but its fetch began earlier: this one must be compared again."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision depends on besides the state and the outcome.

    `baseline_due` is when summaries of first snapshots are sent. `zone` is the time zone of quiet hours and digests.
    `history` has the recent events of the changed entries, by key, no older than `remembered` says. `log` limits how
    much the source may add to the log of events. `on_fault` is told of rules whose condition cannot be applied.
    `timing` says when the source is checked (by default as without a budget), `lesson` what its schedule learned from
    this check.
    """

    name: str
    source: Source
    rules: Sequence[AlertRule]
    now: datetime
    baseline_due: datetime
    zone: ZoneInfo
    history: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    log: LogLimit = field(default_factory=LogLimit)
    on_fault: OnFault = ignore_fault
    timing: Timing | None = None
    lesson: Lesson = NO_LESSON


def decide(state: SourceState, checked: Checked, context: Context) -> Commit | None:
    """All that the check writes, or None if another process has already stored something newer.

    `state` is the current state, loaded inside the transaction. Raises Stale if the check must be compared with it
    again.
    """
    found = checked.found
    if _is_outdated(state, checked, context.now):
        return None
    health, tell = _health(state.health, found, checked.began, ever_read=state.revision > 0)
    after, ended = _counted(_scheduled(state, checked, health, context), checked)
    factory = EventFactory(context.name, context.source, checked.began, state.checked)
    events = [factory.health(health, state.health, found)] if tell else []
    match found:
        case Accepted():
            commit, news_events = _accept(state, after, found, factory, checked, context)
        case Suspicious(pages=pages):
            held = held_fingerprint(pages[0].page.body, context.source) if len(pages) == 1 else b""
            capture = capture_of(CaptureKind.SUSPICIOUS, found, checked, context.name, context.source)
            after = replace(after, held=held, habits=note_movement(after.habits, found.mass))
            commit, news_events = Commit(after, held=pages, capture=capture), []
        case Unchanged(validators=validators):
            after, news_events = _unstirred(replace(after, held=b""), factory, checked, context)
            commit = Commit(after, validators=validators, held=() if state.held else None)
        case DetailsChanged():
            commit, news_events = _accept_details(state, after, found, factory, checked, context)
        case _:
            commit, news_events = Commit(after), []
    baseline = isinstance(found, Accepted) and found.baseline
    if isinstance(found, Accepted | DetailsChanged | Unchanged) and found.details:
        habits = replace(commit.state.habits, details=found.details.trouble)
        commit = replace(commit, state=replace(commit.state, habits=habits), details=found.details.reads)
    due = context.baseline_due if baseline else context.now
    alerts = [_routed(event, due, context) for event in [*events, *news_events]]
    until = context.now if _is_by_hand(found) else checked.began  # what is accepted by hand was held until now
    gap = unread(state, health, _timing(context), until)
    rhythm = context.lesson.rhythm if after.health.status is Status.OK else None
    return replace(
        commit,
        alerts=alerts,
        unkept=lambda: _routed(factory.evidence_full(), context.now, context),
        unread=gap,
        ended=ended,
        rhythm=rhythm,
    )


def _is_outdated(state: SourceState, checked: Checked, now: datetime) -> bool:
    """Whether another process has stored something newer. Raises Stale if the check must be compared with it.

    A time in the future was stored before the clock was moved back: it does not say which check came first.
    """
    found = checked.found
    if state.revision != checked.base:
        earlier = state.accepted is not None and checked.began <= state.accepted <= now
        # details that were read are read again at the next check
        if isinstance(found, Unchanged | StillSuspicious | DetailsChanged) or earlier:
            return True
        if not isinstance(found, Failed):
            raise Stale
    return isinstance(found, Failed) and state.tried is not None and checked.began < state.tried <= now


def _is_by_hand(found: Found) -> bool:
    return isinstance(found, Accepted) and found.by_hand


def _counted(after: SourceState, checked: Checked) -> tuple[SourceState, int]:
    """The state with one more check, and the tally of a day that has ended. Accepting by hand is no check."""
    if _is_by_hand(checked.found):
        return after, 0
    tally, ended = tallied(after.tally, checked.began, read=after.health.status is Status.OK)
    return replace(after, tally=tally), ended


def _routed(event: Event, due: datetime, context: Context) -> Alert:
    """Route an event: its channels, and when it is due at each."""
    if event.kind is not EventKind.CHANGE:
        return event, routes_for(event, context.rules, due, context.zone)
    event = mark_flapping(event, context.history.get(event.data["key"], ()))
    routes = routes_for(event, context.rules, due, context.zone, context.on_fault)
    return event, defer_flapping(event, routes, context.source.every)


def passes(
    state: SourceState, checked: Checked, source: Source, now: datetime, timing: Timing, lesson: Lesson
) -> UnchangedCheck | None:
    """What to write for an unchanged check that only moves times; None if `decide` might write more. Such checks need
    no transaction of their own.

    `state` is the state at the beginning of the check; `timing` and `lesson` are as in Context.
    """
    found, habits = checked.found, state.habits
    if not isinstance(found, Unchanged) or found.details or state.revision != checked.base or lesson.rhythm:
        return None
    restless = habits.restless or habits.restless_fields or habits.restless_told
    if state.health.status is not Status.OK or state.held or state.wait_until or restless:
        return None
    if is_overdue(state, timing, checked.began):
        return None
    if source.expect.max_quiet is not None and _quiet(habits, source, timing, checked.began)[0] != habits:
        return None
    due, began = due_after(timing, lesson.pace, now, before=state.due), checked.began
    reread, counts = began if found.full else state.reread, tallied(state.tally, began, read=True)
    return UnchangedCheck(state.name, state.revision, state.due, began, began, due, reread, found.validators, *counts)


def _health(before: Health, found: Found, now: datetime, *, ever_read: bool) -> tuple[Health, bool]:
    match found:
        case Failed(error=error):
            return note_failure(before, now, error.code, error.message, ever_read=ever_read)
        case Suspicious(doubt=doubt, snapshot=snapshot):
            return note_suspicion(before, now, doubt.code, doubt.message, snapshot)
        case StillSuspicious():
            return note_suspicion(before, now, before.reason or "suspicious", before.message or "still not believable")
    return note_success(before, now)


def _scheduled(state: SourceState, checked: Checked, health: Health, context: Context) -> SourceState:
    """The state with its new health and times."""
    found = checked.found
    wait_until = None
    if isinstance(found, Failed) and isinstance(found.error, FetchError) and found.error.retry_after:
        wait_until = context.now + found.error.retry_after
    timing = _timing(context)
    readable = health.status is Status.OK
    pace = context.lesson.pace if readable and not state.habits.restless_told else None
    due = due_after(timing, pace, context.now, failures=health.failures, before=state.due, wait_until=wait_until)
    full = isinstance(found, Accepted) or (isinstance(found, Unchanged | DetailsChanged) and found.full)
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
    before: SourceState, after: SourceState, found: Accepted, factory: EventFactory, checked: Checked, context: Context
) -> tuple[Commit, list[Event]]:
    """Accept the snapshot as the new state. A baseline gives one summary; later changes give an event each."""
    difference, source = found.difference, context.source
    # A page that was requested after this moment is certainly newer. The start of a check does not say so: another
    # check may have begun later and been served earlier, as each waits for its host.
    came = max([checked.began, *(stored.page.fetched for stored in found.pages)])
    after = replace(after, accepted=came, entries=difference.count, digest=difference.digest, held=b"")
    most = room(before.habits, context.log, checked.began)
    acceptance = Acceptance(difference, found.pages, checked.reading, checked.place, found.baseline, room=most)
    if found.baseline:
        after = replace(after, habits=_with_page(Habits(found.filled, newest=checked.began), found))
        capture = capture_of(CaptureKind.BASELINE, found, checked, context.name, context.source)
        return Commit(after, acceptance, held=(), capture=capture), [factory.baseline(found, before)]
    after = replace(after, habits=_with_page(after.habits, found))
    if not difference.changes:
        after, news_events = _unstirred(after, factory, checked, context)
        return Commit(after, acceptance, held=()), news_events
    habits = note_movement(replace(after.habits, filled=found.filled), found.mass)
    habits, restless = note_changes(habits, difference, checked.began)
    habits, silent = _quiet(habits, source, _timing(context), checked.began)
    news, habits, full = weighed(found.news, habits, context.log, checked.began)
    news_events = [factory.change(*each) for each in news.alone]
    news_events += [factory.mass(mass) for mass in news.masses.values()]
    news_events += [factory.baseline(found, before)] if found.further else []
    news_events += [factory.log_full()] if full else []
    news_events += [factory.restless(habits)] if restless else []
    news_events += [factory.quiet(habits)] if silent else []
    news_events += [factory.gap()] if difference.gap else []
    capture = capture_of(CaptureKind.CHANGED, found, checked, context.name, context.source)
    return Commit(replace(after, habits=habits), acceptance, held=(), capture=capture), news_events


def _accept_details(
    before: SourceState,
    after: SourceState,
    found: DetailsChanged,
    factory: EventFactory,
    checked: Checked,
    context: Context,
) -> tuple[Commit, list[Event]]:
    """Accept what changed on the pages of entries; their list is as it was."""
    unchanged = Difference((), (), {}, {}, before.digest, before.entries, found.order)
    acceptance = Acceptance(unchanged, found.pages, checked.reading, checked.place)
    news, habits, full = weighed(found.news, note_rest(after.habits), context.log, checked.began)
    events = [factory.change(*each) for each in news.alone]
    events += [factory.mass(mass) for mass in news.masses.values()]
    events += [factory.log_full()] if full else []
    capture = capture_of(CaptureKind.CHANGED, found, checked, context.name, context.source)
    after = replace(after, accepted=checked.began, habits=habits, held=b"")
    return Commit(after, acceptance, held=(), capture=capture), events


def _with_page(habits: Habits, found: Accepted) -> Habits:
    """The habits with what the pages say of themselves: how much of the list they are, and a feed's hint."""
    words, advice = (found.part.words, found.part.advice) if found.part else ("", "")
    return replace(habits, part=words, part_advice=advice, hint=found.hint)


def _unstirred(
    after: SourceState, factory: EventFactory, checked: Checked, context: Context
) -> tuple[SourceState, list[Event]]:
    """After a check without changes: update the habits, and report a source that has been quiet for too long."""
    habits, silent = _quiet(note_rest(after.habits), context.source, _timing(context), checked.began)
    return replace(after, habits=habits), [factory.quiet(habits)] if silent else []


def _timing(context: Context) -> Timing:
    return context.timing or Timing.of(context.source, None, context.zone)


def _quiet(habits: Habits, source: Source, timing: Timing, now: datetime) -> tuple[Habits, bool]:
    """As `quiet`. Time in which the source rests does not count: nothing is published on the weekend."""
    if timing.calendar and habits.newest and source.expect.max_quiet is not None:
        now = habits.newest + timing.calendar.open_time(habits.newest, now)
    return note_quiet(habits, source.expect.max_quiet, now)
