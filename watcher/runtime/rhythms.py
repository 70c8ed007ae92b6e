"""The rhythms of the sources, and the budget that they share, between the state and the checks.

A source's curve is loaded with its first check, and kept in memory with the revision to which it belongs: if another
process stores a newer one, it is loaded again. Once a minute the requests made are booked; a few times a day one
process finds the factor with which a usual week costs what the budget allows.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from threading import Lock
from typing import TypeGuard

from sources import Source
from sources.formats.feed_hints import Hint
from state.errors import StateError
from state.model import Rhythm, SourceState
from state.storage.rhythms import Budget, Summary
from state.store import Store
from watcher.check.context import CheckTarget
from watcher.check.outcome import Accepted, Checked, Found, Unchanged
from watcher.check.schedule import NO_LESSON, Lesson, Timing, is_paced
from watcher.config.load import Config
from watcher.schedule.budget import LONGEST_TURN, QUANTILES, Bounds, Ledger, Terms, paces, quantiles
from watcher.schedule.curve import MIDDLE, Curve
from watcher.schedule.forecast import Known, factor
from watcher.schedule.lessons import Look, begin, from_log, hear, must_hear, recall, shift_of
from watcher.schedule.pacing import Pace
from watcher.schedule.week import DAY

log = logging.getLogger(__name__)

TURN = 60.0  # seconds between two bookings
PLAN = 6 * 3600.0  # seconds for which the factor of all paces is used
REMEMBERED = timedelta(weeks=26)  # of the log, from which a rhythm is made anew
_FLAT = bytes([MIDDLE]) * QUANTILES  # the levels of a source of which nothing is known


class Rhythms:
    """Those of one process, after the first `use` of a configuration. `turn` may be called from any thread, the rest
    from the event loop's.

    A process that makes one round of checks is not `lasting`: only what changed teaches it, and whoever comes next
    looks again after `every` at the latest. To load the curve of each source would cost more than its check.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], *, lasting: bool) -> None:
        self._store, self._clock, self._lasting = store, clock, lasting
        self._curves: dict[str, tuple[int, Curve]] = {}
        self._made, self._booking = 0, Lock()
        self._next_turn = 0.0
        self._scale: float | None = None
        self._tables: dict[Bounds, list[float]] = {}
        self._terms: Terms | None = None
        self._config: Config

    def use(self, config: Config) -> None:
        """Use another configuration from now on. What was learned stays."""
        self._config, self._terms = config, config.schedule.terms
        self._allowed, self._mark = 0.0, ""
        self._scale, self._next_turn, self._tables = None, 0.0, {}
        if self._terms:
            self._allowed = allowed(config, self._terms)
            self._mark = mark_of(config, self._terms)

    def timing(self, source: Source) -> Timing:
        """When a source is checked, by the configuration."""
        return Timing.of(source, self._terms, self._config.timezone)

    def lesson(self, target: CheckTarget, checked: Checked) -> Lesson:
        """What a check teaches. Nothing without a budget, and if it could not read the source. Raises StateError."""
        found, terms = checked.found, self._terms
        if terms is None or not is_paced(target.source) or not self._teaches(found):
            return NO_LESSON
        state, now, every = target.known().state, checked.began.timestamp(), target.source.every.total_seconds()
        curve, packed = self._curve(state), None
        changed = isinstance(found, Accepted) and not found.baseline and bool(found.difference.changes)
        read = state.checked is not None and state.checked == state.tried
        previous = state.checked.timestamp() if read and state.checked else None
        look = Look(now, previous, changed, terms.longest(every), shift_of(target.name))
        rhythm = None
        if curve is None:
            packed, curve = self._made_anew(state, look)
        elif must_hear(curve, look):
            packed = self._packed(target.name)[1]
        if packed is not None:
            packed, curve = hear(packed, curve, look)
            rhythm = Rhythm(packed, curve.mean, quantiles(curve))
        hint = found.hint if isinstance(found, Accepted) else state.habits.hint
        return Lesson(self._pace(target.source, terms, curve, hint), rhythm)

    def _teaches(self, found: Found) -> TypeGuard[Unchanged | Accepted]:
        return isinstance(found, Accepted) or (self._lasting and isinstance(found, Unchanged))

    def load(self, names: Sequence[str], soon: Callable[[], Sequence[str]]) -> None:
        """Load the curves of sources whose checks begin, together with those of checks that begin `soon`. If the state
        cannot be read, each check will load its own.
        """
        if self._terms is None or not self._lasting or all(name in self._curves for name in names):
            return
        wanted = [name for name in dict.fromkeys((*names, *soon())) if name not in self._curves]
        try:
            found = self._store.rhythms.packed(wanted)
        except StateError:
            return
        for name, (revision, packed) in found.items():
            if curve := recall(packed):
                self._curves[name] = revision, curve

    def committed(self, name: str, revision: int, lesson: Lesson) -> None:
        """The lesson of a check was stored, with this revision of the source."""
        if lesson.pace:
            self._curves[name] = revision, lesson.pace.curve

    def checked(self, name: str) -> None:
        """A check was made."""
        source = self._config.sources.get(name)
        if self._terms and source and is_paced(source):
            with self._booking:
                self._made += 1

    def is_due(self) -> bool:
        """Whether it is time for a turn."""
        return self._terms is not None and time.monotonic() >= self._next_turn

    def turn(self) -> None:
        """Book the requests made, and find the factor anew if it is old. If the state cannot be written, later."""
        if self._terms is None:
            return
        self._next_turn = time.monotonic() + TURN
        with self._booking:
            made, self._made = self._made, 0
        try:
            budget = self._store.rhythms.turn(lambda before: self._booked(before, made))
            if budget.mark != self._mark or not 0 <= budget.at - budget.planned < PLAN:
                budget = self._planned(self._terms)
        except StateError as error:
            log.debug("the budget is booked later: %s", error)
            with self._booking:
                self._made += made
        else:
            self._set(budget)

    def _booked(self, before: Budget | None, made: int) -> Budget:
        now = self._clock().timestamp()
        if before is None:
            return Budget(0.0, now, self._terms.times if self._terms else 1.0, 0.0, "")
        ledger = Ledger(before.credit, before.at).turn(now, self._allowed, made)
        passed = now - before.at
        if not 0 < passed <= LONGEST_TURN:  # nobody checked, or the clock was moved
            return before._replace(credit=ledger.credit, at=ledger.at)
        keep = 0.5 ** (passed / DAY)
        used, over = before.used * keep + made, before.passed * keep + passed
        return before._replace(credit=ledger.credit, at=ledger.at, used=used, passed=over)

    def _planned(self, terms: Terms) -> Budget:
        scale = factor(known_sources(self._config, self._store), terms)
        now, mark = self._clock().timestamp(), self._mark
        empty = Budget(0.0, now, scale, now, mark)
        return self._store.rhythms.turn(lambda old: (old or empty)._replace(scale=scale, planned=now, mark=mark))

    def _set(self, budget: Budget) -> None:
        self._scale = budget.scale * Ledger(budget.credit, budget.at).haste(self._allowed)
        self._tables = {}

    def _pace(self, source: Source, terms: Terms, curve: Curve, hint: Hint | None) -> Pace:
        every = source.every.total_seconds()
        bounds = terms.bounds(every)
        table = self._tables.get(bounds)
        if table is None:
            table = self._tables[bounds] = paces(bounds, self._current_scale(terms))
        base = terms.base(curve.mean, record=source.authority == "record")
        return Pace(curve, table, base, every, terms, hint)

    def _current_scale(self, terms: Terms) -> float:
        """The factor for all paces; before the first turn, the stored one."""
        if self._scale is None:
            budget = self._store.rhythms.budget()
            self._scale = budget.scale if budget else terms.times
        return self._scale

    def _curve(self, state: SourceState) -> Curve | None:
        """The curve of a source; None if nothing was learned of it."""
        known = self._curves.get(state.name)
        if known and known[0] == state.revision:
            return known[1]
        revision, packed = self._packed(state.name)
        curve = recall(packed) if packed else None
        if curve:
            self._curves[state.name] = revision, curve
        return curve

    def _packed(self, name: str) -> tuple[int, bytes]:
        return self._store.rhythms.packed([name]).get(name, (0, b""))

    def _made_anew(self, state: SourceState, look: Look) -> tuple[bytes, Curve]:
        """A rhythm from the log of changes, where there is none."""
        if not state.revision:
            return begin(look.now)
        packed = rhythm_from_log(self._store, state.name, look.now, look.longest)
        curve = recall(packed)
        return (packed, curve) if curve else begin(look.now)


def rhythm_from_log(store: Store, name: str, now: float, longest: float) -> bytes:
    """The rhythm of a source, made of the log of its changes. Raises StateError."""
    logged = store.rhythms.logged(name, datetime.fromtimestamp(now, UTC) - REMEMBERED)
    start = logged.first.timestamp() if logged.first else now
    changes = [
        (previous.timestamp() if previous else None, at.timestamp())
        for previous, at in logged.changes
        if at.timestamp() <= now
    ]
    return from_log(start, changes, now, longest)


def paced(config: Config) -> Iterator[tuple[str, Source]]:
    """The sources that share the budget."""
    return ((name, source) for name, source in config.sources.items() if source.enabled and is_paced(source))


def allowed(config: Config, terms: Terms) -> float:
    """The requests that the budget allows in a second."""
    return terms.times * sum(1 / source.every.total_seconds() for _, source in paced(config))


def known_sources(config: Config, store: Store) -> Iterator[Known]:
    """What was learned of the sources that share the budget, in short. Raises StateError."""
    known = {each.name: each for each in store.rhythms.summaries()}
    for name, source in paced(config):
        learned = known.get(name) or Summary(name, 1.0, _FLAT)
        yield Known(name, source.every.total_seconds(), source.authority == "record", learned.mean, learned.levels)


def mark_of(config: Config, terms: Terms) -> str:
    """A fingerprint of what the factor depends on in the configuration."""
    digest = blake2b(repr(terms).encode(), digest_size=8)
    for name, source in paced(config):
        digest.update(f"{name} {source.every} {source.authority}\n".encode())
    return digest.hexdigest()
