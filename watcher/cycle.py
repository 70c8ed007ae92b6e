"""START HERE: the whole program is this pipeline, run for each source.

    due -> fetch -> read -> believe -> diff -> match -> route -> commit -> deliver

* `Cycle` takes the sources that are due and schedules their checks. `check` (check/pipeline.py) is one check, from
  fetch to match. It is a coroutine: it waits for its pages (host_pacing.py decides when each request is sent),
  offloads long work to worker threads, and stores nothing.
* `Cycle.step` commits the outcomes of checks, one after the other, in the event loop's thread: `decide` (decide.py,
  pure) turns an outcome into one Commit with its alerts routed, and the store writes it in one transaction. A large
  commit is written in steps in worker threads (commit_queue.py); other checks are committed between the steps.
* deliver.py sends the deliveries that are due. The daemon, `watch --once`, `try`, `replay` and the tests run this
  same code.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from alerts.flapping import memory_span
from alerts.matching.lazy_watchlist import LazyWatchlist
from sources import SourceError
from sources.reading.engine import first_url
from state.errors import StateError, StateMovedError
from state.model import ChangeKind, Commit, Event, SourceState
from state.store import Store
from watcher.check.context import CheckTarget
from watcher.check.decide import Context, Stale, Superseded, decide, pass_unchanged
from watcher.check.fetching import Begun, CheckIO, Done, Fetcher
from watcher.check.news import LogLimit
from watcher.check.outcome import Accepted, Checked, Failed, Result, Unchanged, result_of
from watcher.check.pipeline import check, check_again
from watcher.config.load import Config
from watcher.delivery.operator_alerts import FailingRules, UnprovenPages
from watcher.runtime.commit_queue import LONGEST, MOST_LARGE, CommitQueue, TakesLong, Waiting, WriteBatch, is_large
from watcher.runtime.host_pacing import RateLimiter
from watcher.runtime.prefetch import Prefetch
from watcher.runtime.scheduler import Scheduler
from watcher.schedule.due_times import NO_LESSON, Lesson
from watcher.schedule.pacemaker import Pacemaker

log = logging.getLogger(__name__)


class Cycle:
    """Checks sources and commits the results.

    `baseline_wait` delays the summaries of first snapshots, so that several new sources make one message. Unchanged
    checks are written in batches, at least every `together` seconds; with `patience`, a single unchanged check also
    waits for a batch. `rate_limiter` shares the limits for each host with other workers. `slots` is the most requests
    at once. A cycle that makes a single round is not `lasting`: it paces nothing.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        *,
        slots: int = 64,
        baseline_wait: timedelta = timedelta(),
        patience: bool = False,
        together: float = LONGEST,
        rate_limiter: RateLimiter | None = None,
        lasting: bool = True,
    ) -> None:
        self._store, self._clock, self._baseline_wait = store, clock, baseline_wait
        self._unproven, self._failing_rules = UnprovenPages(store, clock), FailingRules(store, clock)
        self._checking: dict[str, CheckTarget | None] = {}  # None until the check begins
        self._slots: dict[str, datetime] = {}  # the due times for which sources were claimed
        http = config.http
        self._scheduler: Scheduler[Checked] = Scheduler(
            slots=slots, per_host=http.per_host, spacing=http.spacing, begin=self._begin, rate_limiter=rate_limiter
        )
        self._batch = WriteBatch(patience=patience, longest=together)
        self._prefetch = Prefetch(store)
        self._commits = CommitQueue(store)
        self._large: dict[str, asyncio.Task[None]] = {}  # commits that take several steps
        self._results: deque[Result] = deque()  # results of checks that have ended
        self._pacemaker = Pacemaker(store, clock, lasting=lasting)
        self._booking: asyncio.Task[None] | None = None
        self.reconfigure(config, fetcher)

    def __len__(self) -> int:
        """The number of checks under way."""
        return len(self._checking)

    def reconfigure(self, config: Config, fetcher: Fetcher) -> None:
        """Use another configuration from now on. Checks under way whose source it changes are thrown away."""
        self.config, self._fetcher = config, fetcher
        self._watchlist = LazyWatchlist(config.entities)
        self._pacemaker.use(config.sources, config.schedule.terms, config.timezone)
        self._scheduler.pace(per_host=config.http.per_host, spacing=config.http.spacing)

    def busy_hosts(self) -> dict[str, int]:
        """The number of requests under way for each host that has any."""
        return self._scheduler.busy_hosts()

    def checking(self, name: str) -> bool:
        """Whether a check of the source is under way."""
        return name in self._checking

    def start(self, name: str, slot: datetime | None = None) -> None:
        """Check a source as soon as its host allows it. With `slot`, only if that is still its due time."""
        if slot is not None:
            self._slots[name] = slot
        self._checking[name] = None
        self._scheduler.expect(name, first_url(self.config.sources[name]))

    async def check_now(self, names: Iterable[str]) -> AsyncIterator[Result]:
        """Check these sources, and yield the result of each when its check has ended."""
        for name in names:
            self.start(name)
        while len(self):
            async for result in self.step(1.0):
                yield result

    async def step(self, wait: float) -> AsyncIterator[Result]:
        """Run the checks for at most `wait` seconds; commit those that have ended and yield their results."""
        ended = await self._scheduler.step(self._batch.seconds(wait))
        while ended:
            done = ended.popleft()
            target = self._checking[done.name]
            assert target  # noqa: S101 - its check has begun
            if result := await self._settle(target, done):
                yield result
                await asyncio.sleep(0)  # let the other checks run between two commits
        if self._batch.is_due(idle=not len(self._scheduler)):
            for result in await self._write_batch():
                yield result
        while self._results:
            yield self._results.popleft()

    def book(self) -> None:
        """Book the requests made, once a minute: for a process that checks sources by their schedule."""
        if self._pacemaker.is_due() and (self._booking is None or self._booking.done()):
            self._booking = asyncio.create_task(asyncio.to_thread(self._pacemaker.turn))

    def wake(self) -> None:
        """Make `step` return early; may be called from a signal handler."""
        self._scheduler.wake()

    async def aclose(self) -> None:
        """Write the outcomes that still wait, cancel the requests under way, and stop the worker threads."""
        await self._write_batch()
        for commit in self._large.values():
            commit.cancel()
        await asyncio.gather(*self._large.values(), *filter(None, [self._booking]), return_exceptions=True)
        await self._scheduler.aclose()

    def _begin(self, names: Sequence[str], soon: Callable[[], list[str]]) -> Iterator[Begun[Checked]]:
        """Prepare the checks whose turn it is."""
        self._pacemaker.load(names, soon)
        for name, prefetched in zip(names, self._prefetch.of(names, soon), strict=True):
            source = self.config.sources.get(name)
            if source is None:  # removed from the configuration meanwhile
                self._drop(name)
                continue
            if prefetched and prefetched.state.due != self._slots.get(name, prefetched.state.due):
                log.info("%s: another worker has checked it meanwhile", name)
                self._drop(name)
                continue
            hide = self.config.secrets.hide
            target = CheckTarget(name, source, self._store, self._watchlist, hide, prefetched)
            self._checking[name] = target
            yield self._begun(target, partial(check, target=target, clock=self._clock))

    def _begun(self, target: CheckTarget, what: Callable[[CheckIO], Awaitable[Checked]]) -> Begun[Checked]:
        return Begun(target.name, what, self._fetcher.session(target.source))

    async def _settle(self, target: CheckTarget, ended: Done[Checked] | Checked) -> Result | None:
        """Commit the outcome of a check. Returns None if the check starts again, or if its commit waits for a batch or
        takes several steps.
        """
        name, result, began, seconds = target.name, None, self._clock(), 0.0
        try:
            if self._is_wanted(target):
                checked = ended if isinstance(ended, Checked) else self._checked(ended)
                began, seconds = checked.began, checked.seconds
                large = is_large(checked.found)
                if large and name not in self._large:
                    self._settle_in_steps(target, checked)
                elif large or isinstance(ended, Checked) or not self._add_to_batch(target, checked):
                    result = await self._commit(target, checked)
            else:
                log.info("%s: its configuration changed during the check, which is thrown away", name)
                result = Result(name, "unchanged", 0, due=self._clock())
        except Stale:
            log.info("%s: another process stored a snapshot meanwhile; comparing again", name)
            self._scheduler.take(self._begun(target, partial(check_again, target=target, checked=checked)))
        except TakesLong:
            self._settle_in_steps(target, checked)
        except StateMovedError as error:
            log.info("%s: %s", name, error)
            self.start(name)
        except StateError as error:
            log.error("%s: nothing stored: %s", name, error)
            result = Result(name, "failing", 0, "state", str(error))
        except Exception as error:
            log.exception("%s: unexpected fault", name)
            result = Result(name, "failing", 0, "internal", f"{type(error).__name__}: {error}")
        return result and self._finished(replace(result, seconds=seconds), began)

    def _settle_in_steps(self, target: CheckTarget, checked: Checked) -> None:
        """Commit in steps, so that others can be committed in between."""

        async def settle() -> None:
            try:
                if result := await self._settle(target, checked):
                    self._results.append(result)
            finally:
                del self._large[target.name]
                self._scheduler.full = len(self._large) >= MOST_LARGE
                self._scheduler.wake()

        self._large[target.name] = asyncio.create_task(settle())
        self._scheduler.full = len(self._large) >= MOST_LARGE

    def _finished(self, result: Result, began: datetime) -> Result:
        """The check has ended: return its result. If the clock was moved back meanwhile, the source is due now."""
        self._drop(result.name)
        self._pacemaker.count(result.name)
        now = self._clock()
        return replace(result, due=now) if result.due and began > now else result

    def _drop(self, name: str) -> None:
        del self._checking[name]
        self._slots.pop(name, None)

    def _is_wanted(self, target: CheckTarget) -> bool:
        source = self.config.sources.get(target.name)
        return source is target.source or source == target.source

    def _add_to_batch(self, target: CheckTarget, checked: Checked) -> bool:
        """Add an unchanged check to the batch. Returns False if the check must be written at once."""
        if target.prefetched is None or not isinstance(checked.found, Unchanged):
            return False
        lesson, timing = self._lesson(target, checked), self._pacemaker.timing(target.source)
        passed = pass_unchanged(target.prefetched.state, checked, target.source, self._clock(), timing, lesson)
        if passed:
            self._batch.add(Waiting(passed, target, checked))
        return passed is not None

    async def _write_batch(self) -> list[Result]:
        """Write the batch of unchanged checks. If another process changed one of the sources, write them one by one."""
        waiting = self._batch.take()
        try:
            async with self._commits.turn:
                written = not waiting or self._store.passed([each.passed for each in waiting])
        except StateError:
            written = False  # each of them logs its own error
        results = list[Result | None]()
        for passed, target, checked in waiting:
            if written:
                entries = target.known().state.entries
                result = Result(target.name, "unchanged", entries, due=passed.due, seconds=checked.seconds)
                results.append(self._finished(result, checked.began))
            else:
                results.append(await self._settle(target, checked))
        return [result for result in results if result]

    def _checked(self, done: Done[Checked]) -> Checked:
        """The outcome of a check that ended. A SourceError becomes the outcome `Failed`; other exceptions are faults of
        the program and are raised.
        """
        if isinstance(done.error, SourceError):
            return Checked(self._store.source(done.name).revision, self._clock(), Failed(done.error))
        if done.error:
            raise done.error
        assert done.outcome  # noqa: S101 - a check has an outcome or an error
        return done.outcome

    async def _commit(self, target: CheckTarget, checked: Checked) -> Result:
        """route -> commit. Raises Stale, TakesLong and StateError."""
        name, apart = target.name, target.name in self._large
        context = await asyncio.to_thread(self._context, target, checked) if apart else self._context(target, checked)
        slot, decided = self._slots.get(name), list[Commit]()

        def decision(state: SourceState) -> Commit | None:
            if slot is not None and state.due != slot:  # it was claimed for another due time
                raise Superseded
            commit = decide(state, checked, context)
            decided[:] = [commit] if commit else []
            return commit

        try:
            events = await (self._commits.in_steps if apart else self._commits.at_once)(name, decision)
        except Superseded:
            log.info("%s: another worker has checked it meanwhile; this check is thrown away", name)
            return Result(name, "unchanged", 0)
        self._unproven.look(self.config)
        self._failing_rules.alert(self.config)
        if events is None:
            return result_of(name, None, self._store.source(name), [])
        accepted = decided[0].acceptance is not None
        self._pacemaker.keep(name, decided[0].state.revision + accepted, context.lesson)
        return result_of(name, checked.found, decided[0].state, events)

    def _context(self, target: CheckTarget, checked: Checked) -> Context:
        now, config = self._clock(), self.config
        return Context(
            target.name,
            target.source,
            config.alerts,
            now,
            baseline_due=now + self._baseline_wait,
            zone=config.timezone,
            history=self._history(target, checked),
            log=LogLimit(config.max_log, config.keep),
            on_fault=self._failing_rules.failed,
            timing=self._pacemaker.timing(target.source),
            lesson=self._lesson(target, checked),
        )

    def _lesson(self, target: CheckTarget, checked: Checked) -> Lesson:
        """What the schedule of the source learns from a check: nothing if the source could not be read."""
        found = checked.found
        if not isinstance(found, Accepted | Unchanged):
            return NO_LESSON
        if not self._pacemaker.learns_from(target.source, accepted=isinstance(found, Accepted)):
            return NO_LESSON
        state, changed, now = target.known().state, False, checked.began.timestamp()
        if isinstance(found, Accepted):
            changed, hint = not found.baseline and bool(found.difference.changes), found.hint
        else:
            hint = state.habits.hint
        return self._pacemaker.lesson(target.source, state, now, changed=changed, hint=hint)

    def _history(self, target: CheckTarget, checked: Checked) -> Mapping[str, Sequence[Event]]:
        """The recent events of the changed entries, by key. Added entries have none."""
        if not isinstance(checked.found, Accepted) or checked.found.baseline:
            return {}
        keys = [told.change.entry.key for told in checked.found.news.alone if told.change.kind is not ChangeKind.ADDED]
        since = checked.began - memory_span(target.source.every)
        return self._store.log.history(target.name, keys, since) if keys else {}
