"""Sets the pace of each source: its rhythm and the budget that all share, between the state and the checks.

The curve of a source is loaded with its first check, and kept in memory with the revision to which it belongs: if
another process stores a newer one, it is loaded again. Once a minute the requests made are booked; a few times a day
one process finds the factor with which a usual week costs what the budget allows.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from threading import Lock
from zoneinfo import ZoneInfo

from sources import Source
from sources.formats.feed_head import Hint
from state.errors import StateError
from state.model import Rhythm, SourceState
from state.model.changes import Budget, Summary
from state.store import Store
from watcher.schedule.budget import (
    LONGEST_TURN,
    QUANTILES,
    Bounds,
    LearnedSource,
    Ledger,
    Terms,
    factor,
    paces,
    quantiles,
)
from watcher.schedule.due_times import Lesson, Pace, Timing, is_paced
from watcher.schedule.learning import Look, begin, from_log, hear, must_hear, recall, shift_of
from watcher.schedule.week import DAY, MIDDLE, Curve

log = logging.getLogger(__name__)

TURN = 60.0  # seconds between two bookings
PLAN = 6 * 3600.0  # seconds for which the factor of all paces is used
REMEMBERED = timedelta(weeks=26)  # of the log, from which a rhythm is made anew
_FLAT = bytes([MIDDLE]) * QUANTILES  # the levels of a source of which nothing is known


class Pacemaker:
    """That of one process, after the first `use`. `turn` may be called from any thread, the rest from the event
    loop's.

    A process that makes one round of checks is not `lasting`: only what changed teaches it, and whoever comes next
    looks again after `every` at the latest. To load the curve of each source would cost more than its check.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], *, lasting: bool) -> None:
        self._store, self._clock, self._lasting = store, clock, lasting
        self._curves: dict[str, tuple[int, Curve]] = {}
        self._made, self._booking = 0, Lock()
        self._next_turn = 0.0
        self._scale: float | None = None  # the factor for all paces; None before the first turn
        self._tables: dict[Bounds, list[float]] = {}
        self._terms: Terms | None = None

    def use(self, sources: Mapping[str, Source], terms: Terms | None, zone: ZoneInfo) -> None:
        """Use another configuration from now on. What was learned stays."""
        self._sources, self._terms, self._zone = sources, terms, zone
        self._allowed, self._fingerprint = 0.0, ""
        self._scale, self._next_turn, self._tables = None, 0.0, {}
        if terms:
            self._allowed = allowed(sources, terms)
            digest = blake2b(repr(terms).encode(), digest_size=8)  # of what the factor depends on
            for name, source in paced_sources(sources):
                digest.update(f"{name} {source.every} {source.authority}\n".encode())
            self._fingerprint = digest.hexdigest()

    def timing(self, source: Source) -> Timing:
        """When a source is checked, by the configuration."""
        return Timing.of(source, self._terms, self._zone)

    def learns_from(self, source: Source, *, accepted: bool) -> bool:
        """Whether a check that could read the source teaches anything. If not `accepted`, it was unchanged."""
        return self._terms is not None and (accepted or self._lasting) and is_paced(source)

    def lesson(self, source: Source, state: SourceState, now: float, *, changed: bool, hint: Hint | None) -> Lesson:
        """What a check that began at `now` teaches, if the source `learns_from` it. `state` is from before the check,
        `hint` what the feed says of itself. Raises StateError.
        """
        terms, name, every = self._terms, state.name, source.every.total_seconds()
        assert terms  # noqa: S101 - else nothing is learned
        previous = state.checked.timestamp() if state.checked and state.checked == state.tried else None
        look = Look(now, previous, changed, terms.longest(every), shift_of(name))
        known = self._curves.get(name)
        curve = known[1] if known and known[0] == state.revision else None
        packed: bytes | None = None  # what the check changes
        if curve is None:
            revision, stored = self._stored(name)
            if stored and (curve := recall(stored)):
                self._curves[name] = revision, curve
        if curve is None:
            packed, curve = begin(now)
            if state.revision:
                logged = rhythm_from_log(self._store, name, now, look.longest)
                if recalled := recall(logged):
                    packed, curve = logged, recalled
        elif must_hear(curve, look):
            packed = self._stored(name)[1]
        rhythm = None
        if packed is not None:
            packed, curve = hear(packed, curve, look)
            rhythm = Rhythm(packed, curve.mean, quantiles(curve))
        return Lesson(self._pace(source, terms, curve, hint), rhythm)

    def load(self, names: Sequence[str], soon: Callable[[], Sequence[str]]) -> None:
        """Load the curves of sources whose checks begin, together with those of checks that begin `soon`. If the state
        cannot be read, each check will load its own.
        """
        if self._terms is None or not self._lasting or all(name in self._curves for name in names):
            return
        wanted = [name for name in dict.fromkeys((*names, *soon())) if name not in self._curves]
        try:
            found = self._store.rhythms.read_packed(wanted)
        except StateError:
            return
        for name, (revision, packed) in found.items():
            if curve := recall(packed):
                self._curves[name] = revision, curve

    def keep(self, name: str, revision: int, lesson: Lesson) -> None:
        """Keep the lesson of a check, which was stored with this revision of the source."""
        if lesson.pace:
            self._curves[name] = revision, lesson.pace.curve

    def count(self, name: str) -> None:
        """Count a check that was made."""
        source = self._sources.get(name)
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
            budget = self._store.rhythms.turn(lambda before: self._book(before, made))
            if budget.mark != self._fingerprint or not 0 <= budget.at - budget.planned < PLAN:
                budget = self._plan(self._terms)
        except StateError as error:
            log.debug("the budget is booked later: %s", error)
            with self._booking:
                self._made += made
        else:
            self._scale = budget.scale * Ledger(budget.credit, budget.at).haste(self._allowed)
            self._tables = {}

    def _book(self, before: Budget | None, made: int) -> Budget:
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

    def _plan(self, terms: Terms) -> Budget:
        scale = factor(learned_sources(self._sources, self._store), terms)
        now, mark = self._clock().timestamp(), self._fingerprint
        empty = Budget(0.0, now, scale, now, mark)
        return self._store.rhythms.turn(lambda old: (old or empty)._replace(scale=scale, planned=now, mark=mark))

    def _pace(self, source: Source, terms: Terms, curve: Curve, hint: Hint | None) -> Pace:
        every = source.every.total_seconds()
        bounds = terms.bounds(every)
        table = self._tables.get(bounds)
        if table is None:
            if self._scale is None:
                budget = self._store.rhythms.budget()
                self._scale = budget.scale if budget else terms.times
            table = self._tables[bounds] = paces(bounds, self._scale)
        return Pace(curve, table, terms.base(curve.mean, record=source.authority == "record"), every, terms, hint)

    def _stored(self, name: str) -> tuple[int, bytes]:
        return self._store.rhythms.read_packed([name]).get(name, (0, b""))


def rhythm_from_log(store: Store, name: str, now: float, longest: float) -> bytes:
    """The rhythm of a source, made of the log of its changes. Raises StateError."""
    first, logged = store.rhythms.read_log(name, datetime.fromtimestamp(now, UTC) - REMEMBERED)
    start = first.timestamp() if first else now
    changes = [
        (previous.timestamp() if previous else None, at.timestamp()) for previous, at in logged if at.timestamp() <= now
    ]
    return from_log(start, changes, now, longest)


def paced_sources(sources: Mapping[str, Source]) -> Iterator[tuple[str, Source]]:
    """The sources that share the budget."""
    return ((name, source) for name, source in sources.items() if source.enabled and is_paced(source))


def allowed(sources: Mapping[str, Source], terms: Terms) -> float:
    """The requests that the budget allows in a second."""
    return terms.times * sum(1 / source.every.total_seconds() for _, source in paced_sources(sources))


def learned_sources(sources: Mapping[str, Source], store: Store) -> Iterator[LearnedSource]:
    """What was learned of the sources that share the budget, in short. Raises StateError."""
    known = {each.name: each for each in store.rhythms.summaries()}
    for name, source in paced_sources(sources):
        learned, record = known.get(name) or Summary(name, 1.0, _FLAT), source.authority == "record"
        yield LearnedSource(name, source.every.total_seconds(), record, learned.mean, learned.levels)
