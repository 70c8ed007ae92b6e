"""A worker: a daemon whose schedule is in the database, where any number of them, on any number of machines, share it.

    tick -> claim -> job -> take over -> the cycle -> commit -> deliver

The cycle is the daemon's. What is claimed for a due time is checked for that time alone: of two workers that check the
same, because one stood still, one commits and the other is refused. Whoever has something to tell takes the lease to
send it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from queue import Empty, SimpleQueue
from uuid import uuid4

from state.errors import StateError
from state.parts.host_pace import HostPace, Wanted
from state.parts.worker_claims import Claims
from state.store import Store
from watcher.check.outcome import Result
from watcher.check.schedule import first_due, sane
from watcher.config.load import Config, load_to_run
from watcher.config.settings import is_server
from watcher.cycle import Cycle, adopt_former_names
from watcher.errors import UsageError
from watcher.service.daemon import BASELINE_WAIT, TRY_AGAIN, Daemon, now
from watcher.service.heartbeat import BETWEEN, Heartbeat
from watcher.service.job_queue import JobQueue
from watcher.service.presence import Presence
from watcher.service.systemd import notify
from watcher.terminal.console import count

log = logging.getLogger(__name__)

TOGETHER = 0.25  # seconds that a check waits to be written with others: what is in hand, the next one has to do again
HAND_OVER = 5.0  # seconds after which a job ends though some of its sources are slow: those stay in hand
LAST_CHECKS = 20.0  # seconds that checks under way get to end when we are told to stop
PACED = 1.5  # seconds between two tellings of how many requests to each host are under way
SWEEP = 0.5  # seconds between two looks for checks that ended without a result
SOON = timedelta(seconds=5)  # after the state could not be written
TIDY = 3600.0


class Batch:
    """The sources of one job that are not yet checked, and the job that waits for them."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = set(names)
        self.done: Future[None] = Future()

    def ended(self, name: str) -> None:
        """One of them is no longer in hand."""
        self._names.discard(name)
        if not self._names and not self.done.done():
            self.done.set_result(None)


class Worker(Daemon):
    """Checks what is claimed for it, and delivers, until it is told to stop."""

    sender_waits = 2.0

    def __init__(
        self, config: Config, store: Store, clock: Callable[[], datetime] = now, *, concurrency: int = 20
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
        self._claims = store.claims(self.name)
        self._pace = SharedRateLimiter(self._claims.pace())
        self._hand: dict[str, Batch] = {}
        self._inbox: SimpleQueue[tuple[Mapping[str, datetime], Batch]] = SimpleQueue()
        self._back: dict[str, timedelta] = {}
        self._swept = self._tidied = self._paced = time.monotonic()
        self._checks, self._watched, self._concurrency, self._mark = 0, 0, concurrency, ""
        self._schedule_at = float("inf")
        super().__init__(config, store, clock)
        self._engine = JobQueue(self._claims, concurrency, self._take_over, self._sign_of_life)

    def run(self) -> None:
        """Live until TERM or INT; HUP reads the configuration again. Raises StateError."""
        self._engine.start()
        super().run()

    def _new_cycle(self, config: Config) -> Cycle:
        return Cycle(
            config,
            self._store,
            self._fetcher,
            self._clock,
            baseline_wait=BASELINE_WAIT,
            patience=True,
            together=TOGETHER,
            rate_limiter=self._pace,
        )

    def _new_heart(self, config: Config) -> Heartbeat:
        return SharedHeartbeat(config, self._store, self._clock, self._claims)

    def _new_presence(self) -> Presence:
        return Presence(None, self._clock)  # its sign of life tells

    def _known_standing(self) -> dict[str, str]:
        return {}  # of all sources: `watch status` tells

    def _watching(self) -> int:
        return self._watched

    def _schedule(self, config: Config) -> None:
        """Put what is to be checked into the database; one that is away during a reload hears of it later."""
        self._schedule_at = float("inf")
        try:
            self._publish(config)
        except StateError as error:
            if not self._mark:  # it has just been started
                raise
            log.error("what is to be checked is not yet known to all: %s", error)
            self._schedule_at = time.monotonic() + SOON.total_seconds()

    def _publish(self, config: Config) -> None:
        """Every enabled source, and when it is due: all workers read it there."""
        clock, known = self._clock(), self._claims.scheduled()
        enabled = {name: source for name, source in config.sources.items() if source.enabled}
        dues: dict[str, datetime] = {}
        for name, source in enabled.items():
            state = known.get(name)
            if state and state.due:
                dues[name] = sane(state.due, clock, source.every, state.wait_until, state.tried)
            else:
                dues[name] = first_due(clock, name, len(enabled), source.every)
        self._claims.watch(dues, known)
        self._watched, self._mark = len(dues), mark_of(config)

    async def _take_over(self, slots: Mapping[str, datetime]) -> None:
        """A job's sources, in the engine's thread: hand them to the cycle, and wait for them for a while."""
        if not slots:
            return
        batch = Batch(slots)
        self._inbox.put((slots, batch))
        self._cycle.wake()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(batch.done)), HAND_OVER)

    def _sign_of_life(self) -> None:
        """In the engine's thread."""
        hand = list(self._hand)
        if hand:
            self._claims.renew(hand)
        told = {
            "in_hand": len(hand),
            "checks": self._checks,
            "sent": self._sender.sent,
            "concurrency": self._concurrency,
            "configuration": self._mark,
            "draining": self._stopping,
            "pauses": self._pauses.told(),
        }
        self._claims.seen(socket.gethostname(), json.dumps(told))
        if time.monotonic() - self._tidied > TIDY:
            self._tidied = time.monotonic()
            self._claims.tidy()

    def _start_due(self) -> None:
        """Begin what was handed over; what this configuration does not know is left to others."""
        if time.monotonic() >= self._schedule_at:
            self._schedule(self._cycle.config)
        sources = self._cycle.config.sources
        with suppress(Empty):
            while True:
                slots, batch = self._inbox.get_nowait()
                for name, slot in slots.items():
                    if self._cycle.checking(name):  # and was taken over a second time, after a pause
                        batch.ended(name)
                    elif name in sources and sources[name].enabled and not self._stopping:
                        self._hand[name] = batch
                        self._cycle.start(name, slot)
                    else:
                        self._back[name] = timedelta() if self._stopping else TRY_AGAIN
                        batch.ended(name)

    def _wait(self) -> float:
        return min(1.0, self._watchdog.every / 2 or 1.0)  # new work wakes it

    async def _turn(self, wait: float) -> None:
        await super()._turn(wait)
        if time.monotonic() - self._swept > SWEEP:
            self._swept = time.monotonic()
            for name in [name for name in self._hand if not self._cycle.checking(name)]:
                self._ended(name)
        if time.monotonic() - self._paced > PACED:
            self._paced = time.monotonic()
            self._pace.tell(self._cycle.busy_hosts())
        self._give_back()

    def _again(self, result: Result) -> None:
        """The commit has set when it is due next; what could not be stored is to be checked again, by whomever."""
        self._checks += 1
        if result.due is None or result.due <= self._clock():
            self._back[result.name] = {"internal": TRY_AGAIN, "state": SOON}.get(result.reason or "", timedelta())
        self._ended(result.name)

    def _ended(self, name: str) -> None:
        if batch := self._hand.pop(name, None):
            batch.ended(name)

    def _give_back(self) -> None:
        back, self._back = self._back, {}
        for pause in sorted(set(back.values())):
            try:
                self._claims.give_back([name for name, after in back.items() if after == pause], pause)
            except StateError as error:
                log.debug("claims run out by themselves: %s", error)

    def _ping(self) -> None:
        if self._engine.alive:
            super()._ping()

    def _standing(self) -> str:
        told = f"{count(self._watched, 'source')} in all; {len(self._hand)} in hand, {self._checks} checked here"
        if self._sender.waiting:
            told += f"; {count(self._sender.waiting, 'delivery', 'deliveries')} waiting"
        return self._whole(told)

    async def _finish(self) -> None:
        """Take nothing more, let checks that have begun end for a while, and leave the rest to others."""
        self._housekeeper.stop()
        self._engine.drain()
        until = time.monotonic() + LAST_CHECKS
        while (self._hand or self._engine.alive) and time.monotonic() < until:
            self._start_due()
            await self._turn(0.1)
        await self._cycle.aclose()
        await self._fetcher.aclose()
        self._back |= dict.fromkeys(self._hand, timedelta())
        for name in list(self._hand):
            self._ended(name)
        self._give_back()
        self._engine.join(5)
        with suppress(StateError):
            self._claims.gone()


class SharedRateLimiter:
    """Spares hosts together with other workers; while the database is away they have to wait."""

    def __init__(self, pace: HostPace) -> None:
        self._pace = pace

    def ask(self, wanted: Sequence[Wanted], *, spacing: float, per_host: int) -> Mapping[str, float]:
        """As `HostPace.ask`."""
        try:
            return self._pace.ask(wanted, spacing=spacing, per_host=per_host)
        except StateError as error:
            log.debug("hosts have to wait: %s", error)
            return {}

    def tell(self, active: Mapping[str, int]) -> None:
        """As `HostPace.tell`; what cannot be told runs out by itself."""
        try:
            self._pace.tell(active)
        except StateError as error:
            log.debug("that requests have ended is not told: %s", error)


class SharedHeartbeat(Heartbeat):
    """Pings for all workers together: one of them, after each round of all sources."""

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime], claims: Claims) -> None:
        super().__init__(config, store, clock)
        self._claims = claims

    def using(self, config: Config) -> SharedHeartbeat:
        """One with another configuration."""
        return SharedHeartbeat(config, self._store, self._clock, self._claims)

    def checked(self, result: Result) -> bool:  # noqa: ARG002 - others check too: the database knows
        """Whether it is time is looked for after each drain."""
        return False

    def _is_time(self) -> bool:
        if not self._config.heartbeat or time.monotonic() < self._next or self._store.outbox.overdue(self._clock()):
            return False
        return self._claims.round_done(timedelta(seconds=BETWEEN))


def mark_of(config: Config) -> str:
    """A fingerprint of a configuration: workers that share a state should have the same."""
    parts = (config.sources, config.channels, config.entities, config.alerts, config.http)
    return blake2b(repr(parts).encode(), digest_size=4).hexdigest()


def work(path: Path | None, concurrency: int) -> int:
    """Run a worker with the configuration at `path` (or where it is looked for).

    Raises ConfigError, UsageError and StateError.
    """
    config = load_to_run(path)
    if not is_server(config.state):
        raise UsageError(
            f'{config.path}: workers share a PostgreSQL server: state = "postgresql+psycopg://user@host/name"'
        )
    for warning in config.warnings:
        log.warning("%s", warning)
    with Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store:
        store.evidence.keep(config.evidence)
        adopt_former_names(config, store)
        notify("STATUS=joining the other workers")
        Worker(config, store, concurrency=concurrency).run()
    return 0
