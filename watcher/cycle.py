"""START HERE: the whole program is this pipeline, run for each source.

    due -> fetch -> read -> believe -> diff -> match -> route -> commit -> deliver

* due: `Cycle` takes the sources that are due (service/timetable.py has them) and schedules their checks.
* fetch -> read -> believe -> diff -> match: `check` (check/pipeline.py) is one check. It is a coroutine: it waits for
  its pages (runtime/host_pacing.py decides when each request is sent), offloads long work to worker threads, and stores
  nothing.
* route -> commit: the committer (runtime/committer.py) writes the outcomes of checks, one after the other, in the event
  loop's thread. `decide` (check/decide.py, pure) turns an outcome into one Commit with its alerts routed, and the store
  writes it in one transaction.
* deliver: delivery/deliver.py sends the deliveries that are due. The daemon, `watch --once`, `try`, `replay` and the
  tests run this same code.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from alerts.matching.watchlist import Watchlist
from sources import Source
from sources.options import largest_page
from sources.reading.engine import first_url, read_seconds
from state.store import Store
from watcher.check.context import CheckTarget, Prefetch
from watcher.check.fetching import Begun, CheckSession, SessionMaker
from watcher.check.outcome import Checked, Result
from watcher.check.pipeline import check, check_again
from watcher.config.load import Config
from watcher.delivery.operator_alerts import FailingRules, UnprovenPages
from watcher.runtime.committer import BATCH_WAIT, Committer, WriteBatch
from watcher.runtime.host_pacing import RateLimiter
from watcher.runtime.scheduler import Scheduler
from watcher.schedule.pacemaker import Pacemaker

log = logging.getLogger(__name__)

_PAUSE, _LONGEST_PAUSE = 5, timedelta(seconds=30)  # before a second look: times the spacing of a host, and at most


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
        fetcher: SessionMaker,
        clock: Callable[[], datetime],
        *,
        slots: int = 64,
        baseline_wait: timedelta = timedelta(),
        patience: bool = False,
        together: float = BATCH_WAIT,
        rate_limiter: RateLimiter | None = None,
        lasting: bool = True,
    ) -> None:
        self._store, self._clock = store, clock
        self._unproven, self._failing_rules = UnprovenPages(store, clock), FailingRules(store, clock)
        self._checking: dict[str, CheckTarget | None] = {}  # None until the check begins
        self._slots: dict[str, datetime] = {}  # the due times for which sources were claimed, until their checks begin
        http = config.http
        self._scheduler: Scheduler[Checked] = Scheduler(
            slots=slots, per_host=http.per_host, spacing=http.spacing, begin=self._begin, rate_limiter=rate_limiter
        )
        self._prefetch = Prefetch(store)
        self._pacemaker = Pacemaker(store, clock, lasting=lasting)
        self._booking: asyncio.Task[None] | None = None
        self._committer = Committer(
            store,
            clock,
            self._pacemaker,
            WriteBatch(patience=patience, longest=together),
            baseline_wait=baseline_wait,
            on_fault=self._failing_rules.note_fault,
            compare_again=self._compare_again,
            check_anew=self._check_anew,
            wake=self._scheduler.wake,
        )
        self.reconfigure(config, fetcher)

    def __len__(self) -> int:
        """The number of checks under way."""
        return len(self._checking)

    def reconfigure(self, config: Config, fetcher: SessionMaker) -> None:
        """Use another configuration from now on. Checks under way whose source it changes are thrown away."""
        self.config, self._fetcher = config, fetcher
        self._watchlist = Watchlist(config.entities)
        self._pacemaker.use(config.polled, config.schedule.terms, config.timezone)
        self._committer.config = config
        self._scheduler.hosts.pace(per_host=config.http.per_host, spacing=config.http.spacing)

    def busy_hosts(self) -> dict[str, int]:
        """The number of requests under way for each host that has any."""
        return self._scheduler.hosts.busy()

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
        committer = self._committer
        ended = await self._scheduler.step(committer.batch.seconds(wait))
        while ended:
            task = ended.popleft()
            target = self._checking[task.get_name()]
            assert target  # noqa: S101 - its check has begun
            if result := await committer.settle(target, task.result):
                yield self._end(result)
                await asyncio.sleep(0)  # let the other checks run between two commits
        if committer.batch.is_due(idle=not len(self._scheduler)):
            for result in await committer.write_batch():
                yield self._end(result)
        while committer.results:
            yield self._end(committer.results.popleft())

    def book(self) -> None:
        """Book the requests made, once a minute: for a process that checks sources by their schedule."""
        if self._pacemaker.is_due() and (self._booking is None or self._booking.done()):
            self._booking = asyncio.create_task(asyncio.to_thread(self._pacemaker.turn))

    def wake(self) -> None:
        """Make `step` return early; may be called from a signal handler."""
        self._scheduler.wake()

    async def aclose(self) -> None:
        """Write the outcomes that still wait, cancel the requests under way, and stop the worker threads."""
        for result in await self._committer.write_batch():
            self._end(result)
        await self._committer.aclose()
        await asyncio.gather(*filter(None, [self._booking]), return_exceptions=True)
        await self._scheduler.aclose()

    def _begin(self, names: Sequence[str], soon: Callable[[], list[str]]) -> Iterator[Begun[Checked]]:
        """Prepare the checks whose turn it is."""
        self._pacemaker.load(names, soon)
        hide = self.config.secrets.hide
        for name, prefetched in zip(names, self._prefetch.of(names, soon), strict=True):
            source, slot = self.config.sources.get(name), self._slots.pop(name, None)
            if source is None:  # removed from the configuration meanwhile
                del self._checking[name]
                continue
            if prefetched and slot is not None and prefetched.state.due != slot:
                log.info("%s: another worker has checked it meanwhile", name)
                del self._checking[name]
                continue
            pause = min(_PAUSE * self.config.http.spacing, _LONGEST_PAUSE)
            target = CheckTarget(name, source, self._store, self._watchlist, hide, prefetched, slot, pause)
            self._checking[name] = target
            yield Begun(name, partial(check, target=target, clock=self._clock), *self._means(source))

    def _compare_again(self, target: CheckTarget, checked: Checked) -> None:
        again = partial(check_again, target=target, checked=checked)
        self._scheduler.take(Begun(target.name, again, *self._means(target.source)))

    def _means(self, source: Source) -> tuple[CheckSession, float]:
        """What a check of a source has: its session, and the seconds that its largest page may take longer."""
        return self._fetcher.session(source), read_seconds(largest_page(source)) - read_seconds(0)

    def _check_anew(self, name: str) -> None:
        target = self._checking[name]
        self._scheduler.forget(name)
        self.start(name, target.slot if target else None)

    def _end(self, result: Result) -> Result:
        """A check has ended."""
        del self._checking[result.name]
        self._scheduler.forget(result.name)
        self._pacemaker.count(result.name)
        self._unproven.look(self.config)
        self._failing_rules.alert(self.config)
        return result
