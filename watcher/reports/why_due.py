"""Why a source is due when it is, and a week of its rhythm, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sources import Source
from sources.formats.feed_head import Hint
from sources.options import format_duration
from state.model import SourceState
from state.store import Store
from watcher.config.load import Config
from watcher.schedule.budget import Ledger, paces
from watcher.schedule.due_times import LONGEST_BACKOFF, Timing, is_paced
from watcher.schedule.learning import recall
from watcher.schedule.pacemaker import allowed, rhythm_from_log
from watcher.schedule.pacing import Pace, Reason, reason
from watcher.schedule.week import Curve, hourly
from watcher.terminal.words import moment

_ON_TIME = timedelta(seconds=1)
_NOTEWORTHY = 1.2  # times as often


class Explainer:
    """Explains the schedule of a configuration by what is stored. Every method may raise StateError."""

    def __init__(self, config: Config, store: Store, now: datetime) -> None:
        self._config, self._store, self._now = config, store, now
        self._terms = config.schedule.terms
        budget = store.rhythms.budget() if self._terms else None
        self._scale = self._terms.times if self._terms else 1.0
        if budget and self._terms:
            ledger = Ledger(budget.credit, budget.at)
            self._scale = budget.scale * ledger.haste(allowed(config.sources, self._terms))

    def why(self, state: SourceState) -> str:
        """Why a source is due when it is; "" for one that is not configured."""
        source = self._config.sources.get(state.name)
        if source is None:
            return ""
        timing = Timing.of(source, self._terms, self._config.timezone)
        return (
            next(_reasons(state, source, timing, self._now, self._config.timezone), None)
            or self._by_rhythm(state, source, words)
            or f"it is checked every {format_duration(source.every)}"
        )

    def in_short(self, states: Iterable[SourceState]) -> dict[str, str]:
        """The reasons of paced sources in few words, by name."""
        reasons = {}
        for state in states:
            source = self._config.sources.get(state.name)
            if source and source.enabled:
                reasons[state.name] = self._by_rhythm(state, source, few_words) or ""
        return reasons

    def curve(self, state: SourceState) -> Curve | None:
        """What is known of when a source changes: as learned, or else by the log. None if it was never read."""
        _, packed = self._store.rhythms.packed([state.name]).get(state.name, (0, None))
        if packed is None and state.checked is not None:
            source = self._config.sources.get(state.name)
            longest = source.every if source else LONGEST_BACKOFF
            packed = rhythm_from_log(
                self._store, state.name, state.checked.timestamp(), max(longest.total_seconds(), 3600.0)
            )
        return recall(packed) if packed else None

    def week(self, state: SourceState) -> list[float]:
        """Changes an hour in each hour of the week from Monday, in the configuration's zone; empty if nothing is known
        of them.
        """
        curve, offset = self.curve(state), self._now.astimezone(self._config.timezone).utcoffset()
        if curve is None or not self._store.rhythms.has_changed(state.name):
            return []
        return hourly(curve, offset.total_seconds() if offset else 0.0)

    def _by_rhythm(self, state: SourceState, source: Source, say: Callable[[Reason], str]) -> str | None:
        if self._terms is None or not is_paced(source) or not state.due or not state.checked or state.health.failures:
            return None
        if state.habits.restless_told:
            return None
        curve = self.curve(state)
        if curve is None:
            return None
        every = source.every.total_seconds()
        table = paces(self._terms.bounds(every), self._scale)
        base = self._terms.base(curve.mean, record=source.authority == "record")
        pace = Pace(curve, table, base, every, self._terms, state.habits.hint)
        return say(reason(pace, state.checked.timestamp(), state.due.timestamp()))


def _reasons(state: SourceState, source: Source, timing: Timing, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """Why a source is due when it is, the first reason first, if neither its rhythm nor its interval is the reason."""
    every = format_duration(source.every)
    if not source.enabled:
        yield "it is disabled, and not checked"
    if rests := resting(timing, now, zone):
        yield rests
    if state.due is None:
        yield "it was never checked: first checks are spread over a while"
        return
    if state.wait_until is not None and state.due == state.wait_until:
        yield "the server asked to wait until then (Retry-After)"
    if state.health.failures > 1:
        longest = format_duration(max(source.every, LONGEST_BACKOFF))
        yield f"{state.health.failures} checks failed in a row: each further one doubles the wait, up to {longest}"
    if source.at:
        yield f"the next of its times: at = {source.at!r}"
    if timing.calendar and not source.at and timing.calendar.opens(state.due - _ON_TIME) == state.due:
        yield f"its hours begin then: {source.hours or 'after a holiday'}"
    if state.habits.restless_told:
        yield f"the same fields change at every check: it stays at every {every}"


def resting(timing: Timing, now: datetime, zone: ZoneInfo) -> str:
    """Until when a source rests by its hours; "" if it does not."""
    until = timing.rests_until(now)
    return f"it rests until {moment(until, zone)}, when its hours begin" if until else ""


def words(why: Reason) -> str:
    """The reason that its rhythm gives, in words."""
    minutes = _span(why.interval)
    new = f"{why.chance:.0%} that something is new".replace("%", " %")
    if why.restless:
        return f"it changes at every look: every {minutes}"
    if why.promised:
        though = f", though {_explain_hint(why.asked, why.interval)}" if why.asked else ""
        return f"the promise: never longer than {minutes}{though}; {new}"
    if why.asked:
        return f"after {minutes}, not sooner: {_explain_hint(why.asked, why.interval)}; {new}"
    parts = [f"at this hour it changes {_times(why.times)} as on average"]
    if why.burst >= _NOTEWORTHY:
        parts.append(f"{_span(why.after)} after a change {_times(why.burst)} as at other times")
    return f"after {minutes}: {', '.join(parts)}; {new}"


def few_words(why: Reason) -> str:
    """The reason in so few words that a table has room for them."""
    if why.restless:
        return "at every look"
    new = f"{why.chance:.0%} new".replace("%", " %")
    if why.promised or why.asked:
        return f"{'promise' if why.promised else 'its feed asks'}, {new}"
    return f"{why.times * why.burst:.1f} times, {new}"


def _times(factor: float) -> str:
    return f"{factor:.1f} times as often" if factor >= 1.05 or factor < 0.95 else "as often"


def _explain_hint(hint: Hint, interval: float) -> str:
    if hint.wait >= interval - 1:
        return f"its {hint.by} asks for {_span(hint.wait)}"
    return "its feed says that nothing new comes at this hour"


def _span(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
