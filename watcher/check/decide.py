"""From the outcome of a check to what is written: health, due time, alerts and their channels. Pure.

`decide` reads top to bottom: changes without what was cleared -> events -> rules and timing -> commit. Below it stands
what becomes of a source's health and habits, and whether the operator is alerted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.grouping import is_held_already, mark_flapping, settles
from alerts.options import AlertRule
from alerts.rules import OnFault, ignore_fault, names_field, routes_for
from sources import FetchError, Source
from state.compare.changes import changes_of_known
from state.compare.plausibility import note_movement
from state.compare.reader_fingerprints import body_fingerprint, held_fingerprint
from state.model import (
    DAMAGED,
    Acceptance,
    Alert,
    Capture,
    CaptureKind,
    ChangeKind,
    CheckTimes,
    Clearing,
    Commit,
    Difference,
    Event,
    EventKind,
    Habits,
    Health,
    SourceState,
    Status,
    StoredPage,
    add_check,
)
from state.model.past import Listed
from watcher.check.event_factory import EventFactory, worth_json
from watcher.check.log_limit import LogLimit, limit_news, room
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

if TYPE_CHECKING:
    from sources.kinds.text import MovingText


class Superseded(Exception):
    """Another worker has already checked the source for the due time that was claimed. This check is refused."""


class Stale(Exception):
    """Another check committed first, but its fetch began earlier: this one must be compared again."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision depends on besides the state and the outcome.

    `baseline_due` is when summaries of first snapshots are sent. `zone` is the time zone of quiet hours and digests.
    `history` has the recent changes of the changed entries, by key; of a suspicious snapshot, with those told as held.
    `clearings` are those of entries that mention somebody, `listed` says since when others have had them.
    `log` limits how much the source may add to the log of events. `on_fault` is told of rules whose condition cannot be
    applied.
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
    clearings: Sequence[Clearing] = ()
    listed: Listed = field(default_factory=dict)
    log: LogLimit = field(default_factory=LogLimit)
    on_fault: OnFault = ignore_fault
    timing: Timing | None = None
    lesson: Lesson = NO_LESSON


def decide(state: SourceState, checked: Checked, context: Context) -> Commit | None:
    """All that the check writes, or None if another process has already stored something newer.

    `state` is the current state, loaded inside the transaction. Raises Stale if the check must be compared with it
    again.
    """
    if _is_outdated(state, checked, context.now):
        return None
    clearings = list[Clearing]()
    if context.clearings:
        from watcher.check.cleared import respect  # noqa: PLC0415 - few entries were cleared

        found, clearings = respect(checked.found, context.clearings, context.now)
        checked = checked._replace(found=found)
    found, began = checked.found, checked.began
    health, tell = _note_health(state.health, found, began, ever_read=state.revision > 0)
    timing = context.timing or Timing.of(context.source, None, context.zone)
    after = _set_times(state, health, checked, timing, context)
    factory = EventFactory(context.name, context.source, began, state.checked, context.listed)
    events = [factory.health(health, state.health, found, context.now)] if tell else []

    # outcome -> events
    match found:
        case Accepted() | DetailsChanged():
            commit, news = _accept(state, after, found, factory, checked, timing, context)
            events += news
        case Suspicious(pages=pages):
            held = held_fingerprint(pages[0].page.content, context.source) if len(pages) == 1 else b""
            after = replace(after, held=held, habits=note_movement(after.habits, found.mass))
            commit = Commit(after, held=pages, capture=_capture(CaptureKind.SUSPICIOUS, found, context, began))
            news = [factory.held(told, found) for told in found.news]
            events += [each for each in news if not is_held_already(each, context.history)]
        case Unchanged(validators=validators):
            rested = replace(after.habits, restless=0, restless_fields=(), restless_told=False)
            habits, silent = _note_quiet(rested, context.source, timing, began)
            events += [factory.quiet(habits)] if silent else []
            after = replace(after, held=b"", habits=habits)
            commit = Commit(after, validators=validators, held=() if state.held else None)
        case Failed() | StillSuspicious():
            commit = Commit(after)
    if isinstance(found, Accepted | DetailsChanged | Unchanged) and found.details:
        habits = replace(commit.state.habits, details=found.details.trouble)
        commit = replace(commit, state=replace(commit.state, habits=habits), details=found.details.reads)

    # events -> rules and timing -> commit
    due = context.baseline_due if isinstance(found, Accepted) and found.baseline else context.now
    by_hand = isinstance(found, Accepted) and found.by_hand
    ended = 0  # the tally of a day that has ended; accepting by hand is no check
    if not by_hand:
        tally, ended = add_check(state.tally, began, read=health.status is Status.OK)
        commit = replace(commit, state=replace(commit.state, tally=tally))
    return replace(
        commit,
        alerts=[_route(event, due, context) for event in events],
        clearings=clearings,
        unkept=lambda: _route(factory.evidence_full(), context.now, context),
        unread=unread(state, health, timing, context.now if by_hand else began),  # it was held until now
        ended=ended,
        rhythm=context.lesson.rhythm if health.status is Status.OK else None,
    )


def decide_silence(state: SourceState, context: Context) -> Commit | None:
    """What is written of a source of which nothing is requested, where nothing new has come for longer than
    `max_quiet`; None if that is not so, or was told.
    """
    timing = Timing.of(context.source, None, context.zone)
    habits, silent = _note_quiet(state.habits, context.source, timing, context.now)
    event = EventFactory(context.name, context.source, context.now, state.checked, context.listed).quiet(habits)
    return Commit(replace(state, habits=habits), alerts=[_route(event, context.now, context)]) if silent else None


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


def _note_health(before: Health, found: Found, now: datetime, *, ever_read: bool) -> tuple[Health, bool]:
    """The health after an outcome, and whether to alert."""
    match found:
        case Failed(error=error):
            return note_failure(before, now, error.code, error.message, ever_read=ever_read)
        case Suspicious(doubt=doubt, snapshot=snapshot):
            return note_suspicion(before, now, doubt.code, doubt.message, snapshot)
        case StillSuspicious():
            return note_suspicion(before, now, before.reason or "suspicious", before.message or "still not believable")
    return note_success(before, now)


def _set_times(state: SourceState, health: Health, checked: Checked, timing: Timing, context: Context) -> SourceState:
    """The state with its new health and times."""
    found, wait_until, readable = checked.found, None, health.status is Status.OK
    if isinstance(found, Failed) and isinstance(found.error, FetchError) and found.error.retry_after:
        wait_until = context.now + found.error.retry_after
    pace = context.lesson.pace if readable and not state.habits.restless_told else None
    due = due_after(timing, pace, context.now, failures=health.failures, before=state.due, wait_until=wait_until)
    full = isinstance(found, Accepted | Unchanged | DetailsChanged) and found.full
    return replace(
        state,
        health=health,
        tried=checked.began,
        checked=checked.began if readable else state.checked,
        reread=checked.began if full else state.reread,
        due=due if context.source.polled else None,
        wait_until=wait_until,
    )


def _accept(
    before: SourceState,
    after: SourceState,
    found: Accepted | DetailsChanged,
    factory: EventFactory,
    checked: Checked,
    timing: Timing,
    context: Context,
) -> tuple[Commit, list[Event]]:
    """Accept the snapshot, or what has changed on the pages of entries, as the new state, and make its events.

    A baseline gives one summary. Later changes give an event each, as far as the log has room for them.
    """
    difference, habits, began = found.difference, after.habits, checked.began
    # A page that was requested after this moment is certainly newer. The start of a check does not say so: another
    # check may have begun later and been served earlier, as each waits for its host.
    came = max([began, *(stored.page.fetched for stored in found.pages)])
    after = replace(after, accepted=came, entries=difference.count, digest=difference.digest, held=b"")
    most = room(habits, context.log, began)
    acceptance = Acceptance(difference, found.pages, checked.reading, checked.place, room=most)
    if isinstance(found, Accepted):  # what the pages say of themselves
        habits = Habits(dict(found.profile.filled), newest=began) if found.baseline else habits
        words, advice = (found.part.words, found.part.advice) if found.part else ("", "")
        habits = replace(habits, part=words, part_advice=advice, hint=found.hint)
        if found.baseline:
            after, acceptance = replace(after, habits=habits), acceptance._replace(fresh=True)
            capture = _capture(CaptureKind.BASELINE, found, context, began)
            return Commit(after, acceptance, held=(), capture=capture), [factory.baseline(found, before)]
        filled = Counter(found.profile.filled)
        if any(stored.page.adds for stored in found.pages):  # what it does not have keeps its values
            filled |= Counter(habits.filled)
        habits = note_movement(replace(habits, filled=dict(filled)), found.mass)

    habits, restless = note_changes(habits, difference, began)
    habits, silent = _note_quiet(habits, context.source, timing, began)
    for old, new in difference.renamed.items():
        for rule in (each for each in context.rules if names_field(each, context.name, old)):
            context.on_fault(rule, f"{context.name}: the field {old!r} is called {new!r} now")
    changed, news, full = difference.changes or isinstance(found, DetailsChanged), found.news, False
    if changed:
        news, habits, full = limit_news(news, habits, context.log, began)
    events = [factory.change(told) for told in news.alone]
    events += [factory.mass(mass) for mass in news.masses.values()]
    events += [factory.baseline(found, before)] if isinstance(found, Accepted) and found.further else []
    events += [factory.log_full()] if full else []
    events += [factory.restless(habits, _find_moving(context.source, found))] if restless else []
    events += [factory.quiet(habits)] if silent else []
    events += [factory.gap()] if difference.gap else []
    changes = _capture(CaptureKind.CHANGED, found, context, began) if changed else None
    return Commit(replace(after, habits=habits), acceptance, held=(), capture=changes), events


def _find_moving(source: Source, found: Accepted | DetailsChanged) -> MovingText | None:
    """What moved in the text of a source that tells of nothing else; None for another source."""
    changes = changes_of_known(found.difference.changes) if source.mentions_in == "added_lines" else ()
    for change in changes:
        if change.before and change.after and "text" in change.fields:
            from sources.kinds.text import find_moving  # noqa: PLC0415 - seldom needed, loads readers of HTML

            return find_moving(source, found.pages[0].page, change.before.text, change.after.text)
    return None


def _capture(
    kind: CaptureKind, found: Accepted | DetailsChanged | Suspicious, context: Context, began: datetime
) -> Capture:
    """The pages to keep as evidence, with facts about the source."""
    name, source = context.name, context.source
    label, authority = source.label_or(name), source.authority
    about = {"name": name, "label": label, "kind": source.kind, "authority": authority, **worth_json(source)}
    deltas = [each for stored in found.pages for each in stored.page.deltas]
    pages = [*found.pages, *(StoredPage(each, body_fingerprint(each.content), None, None) for each in deltas)]
    if isinstance(found, Suspicious):
        doubt = {"reason": found.doubt.code, "message": found.doubt.message}
        return Capture(kind, began, pages, about, doubt=doubt)
    pages += found.details.pages if found.details else ()
    return Capture(kind, began, pages, about, entries=found.difference.count if isinstance(found, Accepted) else None)


def _note_quiet(habits: Habits, source: Source, timing: Timing, now: datetime) -> tuple[Habits, bool]:
    """The habits, and whether to alert that nothing new came for `max_quiet` (once, until something does). Time in
    which the source rests does not count: nothing is published on the weekend.
    """
    longest, newest = source.expect.max_quiet, habits.newest
    if longest is None or newest is None:
        return habits, False
    late = (timing.calendar.open_time(newest, now) if timing.calendar else now - newest) > longest
    return replace(habits, quiet_told=habits.quiet_told or late), late and not habits.quiet_told


def _route(event: Event, due: datetime, context: Context) -> Alert:
    """An event with its channels, and when it is due at each."""
    if event.kind is not EventKind.CHANGE:
        return event, routes_for(event, context.rules, due, context.zone)
    event = mark_flapping(event, context.history.get(event.data["key"], ()))
    due = max(due, settles(event, context.source.every))
    return event, routes_for(event, context.rules, due, context.zone, context.on_fault)


def pass_unchanged(
    state: SourceState, checked: Checked, source: Source, now: datetime, timing: Timing, lesson: Lesson
) -> CheckTimes | None:
    """What to write for an unchanged check that only moves times; None if `decide` might write more. Such checks need
    no transaction of their own.

    `state` is the state at the beginning of the check; `timing` and `lesson` are as in Context.
    """
    found, habits, began = checked.found, state.habits, checked.began
    if not isinstance(found, Unchanged) or found.details or state.revision != checked.base or lesson.rhythm:
        return None
    restless = habits.restless or habits.restless_fields or habits.restless_told
    if state.health.status is not Status.OK or state.held or state.wait_until or restless:
        return None
    if is_overdue(state, timing, began) or _note_quiet(habits, source, timing, began)[1]:
        return None
    due = due_after(timing, lesson.pace, now, before=state.due)
    reread, counts = began if found.full else state.reread, add_check(state.tally, began, read=True)
    return CheckTimes(state.name, state.revision, state.due, began, began, due, reread, found.validators, *counts)


_PATIENCE_FAILURES = 3
_PATIENCE_TIME = timedelta(hours=6)
_MOST_AT_ONCE = 5  # suspicious snapshots of one trouble that are each alerted at once
_MOST_REMEMBERED = 20


def note_success(before: Health, now: datetime) -> tuple[Health, bool]:
    """The health after a believed snapshot, and whether to alert: if the incident was alerted."""
    since = before.since if before.status is Status.OK else now
    return Health(Status.OK, since=since), before.told


def note_failure(before: Health, now: datetime, reason: str, message: str, ever_read: bool) -> tuple[Health, bool]:
    """The health after a failed check, and whether to alert.

    The alert is due at once if the source has never been read (most likely a mistake in the configuration), or if what
    is stored of it is damaged, else after the third failure in a row or 6 hours after the first, whichever is first. If
    the source was alerted as suspicious in the same incident, only the third failure in a row counts.
    """
    since, told_as = _trouble(before, now)
    alerted, alerted_at = (before.alerted_snapshots, before.alerted_at) if told_as else ((), None)
    failures = before.failures + 1 if before.status is Status.FAILING else 1
    long_ago = not told_as and now - since >= _PATIENCE_TIME
    due = not ever_read or failures >= _PATIENCE_FAILURES or long_ago or reason == DAMAGED
    tell = due and Status.FAILING not in told_as
    told_as = (*told_as, Status.FAILING) if tell else told_as
    told = bool(told_as)
    return Health(Status.FAILING, reason, message, since, failures, told, told_as, alerted, alerted_at), tell


def note_suspicion(
    before: Health, now: datetime, reason: str, message: str, snapshot: str | None = None
) -> tuple[Health, bool]:
    """After a check that was read and not believed. The operator hears of it at once, and again when another snapshot
    is held than any that he was alerted about, or for another reason.

    `snapshot` is the id of the one that is held, None where it is the same page as before. A site that shows something
    else at each check is not worth an alert each time: of the first few each, then one in some hours.
    """
    since, told_as = _trouble(before, now)
    alerted, alerted_at = (before.alerted_snapshots, before.alerted_at) if told_as else ((), None)
    first = Status.SUSPICIOUS not in told_as
    another = snapshot is not None and f"{reason}:{snapshot}" not in alerted
    known_reason = any(each.partition(":")[0] == reason for each in alerted)
    lately = alerted_at is not None and now - alerted_at < _PATIENCE_TIME
    often = known_reason and lately and len(alerted) >= _MOST_AT_ONCE
    tell = first or (another and not often)
    told_as = (*told_as, Status.SUSPICIOUS) if first else told_as
    if tell:
        alerted, alerted_at = (*alerted, f"{reason}:{snapshot}")[-_MOST_REMEMBERED:], now
    return Health(Status.SUSPICIOUS, reason, message, since, 0, True, told_as, alerted, alerted_at), tell


def _trouble(before: Health, now: datetime) -> tuple[datetime, tuple[Status, ...]]:
    """When the incident began, and the statuses alerted since then; both start anew after a recovery."""
    if before.status in {Status.FAILING, Status.SUSPICIOUS}:
        return before.since or now, before.told_as or ((before.status,) if before.told else ())
    return now, ()


RESTLESS_CHECKS = 5  # consecutive checks that changed the same field: noise, not news


def note_changes(before: Habits, difference: Difference, now: datetime) -> tuple[Habits, bool]:
    """The habits after a check with changes, and whether to alert about restless fields (once, until they rest).

    Only `changed` entries count: a list with new entries at every check is merely busy.
    """
    habits, known = before, changes_of_known(difference.changes)
    came = len(difference.changes) > len(known)
    if came or any(change.kind is ChangeKind.REAPPEARED for change in known):
        habits = replace(habits, newest=now, quiet_told=False)
    fields = {name for change in known if change.kind is ChangeKind.CHANGED for name in change.fields}
    same = fields & set(habits.restless_fields) if habits.restless else fields
    if not same:
        count, names = int(bool(fields)), tuple(sorted(fields))
        return replace(habits, restless=count, restless_fields=names, restless_told=False), False
    habits = replace(habits, restless=habits.restless + 1, restless_fields=tuple(sorted(same)))
    tell = habits.restless >= RESTLESS_CHECKS and not habits.restless_told
    return replace(habits, restless_told=habits.restless_told or tell), tell
