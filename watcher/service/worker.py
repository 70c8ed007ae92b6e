"""A worker: a daemon whose due times are in the database. Any number of workers on any number of machines share it.

    claim -> the cycle -> commit -> deliver

A claim is for one due time. If two workers check the same source, as one was stopped for a while, one commits and the
other is refused. The workers also share the limits of requests to each host, and the round of the heartbeat. A worker
that has something to deliver acquires the lease for sending.
"""

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import blake2b
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

from state.errors import StateError
from state.storage.workers import Claims
from state.store import Store
from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.config.settings import is_server
from watcher.cycle import Cycle
from watcher.errors import LASTING, UsageError
from watcher.runtime.background import put_off
from watcher.schedule.due_times import Timing, plan_due
from watcher.service.daemon import Daemon, now
from watcher.service.heartbeat import Heartbeat
from watcher.service.presence import Presence, waiting_part
from watcher.service.systemd import notify
from watcher.service.timetable import TRY_AGAIN, Timetable
from watcher.terminal.words import count

log = logging.getLogger(__name__)

BATCH = 25  # sources in a claim, so that workers share what is due at once
TICK = 0.5  # seconds between two claims, where the last one found no more
AGAIN = 1.0  # seconds until the next try after a fault, such as an unreachable database
BEAT = 1.5  # seconds between two signs of life
BATCH_WAIT = 0.25  # seconds that a check waits to be written with others: a successor checks again what is in hand
SLOW = 5.0  # seconds in hand after which a source no longer keeps others from being claimed
LAST_CHECKS = 20.0  # seconds that checks under way get to end when the worker is stopped
SENDER_WAIT = 2.0  # seconds that the sender waits for another worker that sends
PACED = 1.5  # seconds between two reports of how many requests to each host are under way
SWEEP = 0.5  # seconds between two looks for checks that ended without a result, and for what people ask for
SOON = timedelta(seconds=5)  # until the next try after the state could not be written, or of a source unknown here
TIDY = 3600.0  # seconds between two clean-ups after lost workers


class SharedTimetable(Timetable):
    """The worker's claims among the sources that all workers share.

    A thread of its own claims sources, puts them into an inbox and renews the claims; the event loop takes them out.
    """

    batch_wait, sender_wait, last_checks = BATCH_WAIT, SENDER_WAIT, LAST_CHECKS

    def __init__(self, claims: Claims, clock: Callable[[], datetime], *, concurrency: int) -> None:
        self._claims, self._clock, self._concurrency = claims, clock, concurrency
        self._pace = self.rate_limiter = claims.pace()
        self._thread = threading.Thread(target=self._live, name="claims", daemon=True)
        self._ended = threading.Event()
        self._config: Config
        self._cycle: Cycle
        self._vitals: Callable[[], dict[str, Any]]
        self._in_hand: dict[str, float] = {}  # since when, by time.monotonic()
        self._inbox: SimpleQueue[Mapping[str, datetime]] = SimpleQueue()
        self._back: dict[str, timedelta] = {}  # claims to release, with the pause until the source is due again
        self._swept = self._tidied = self._paced = time.monotonic()
        self._checked, self._planned, self._mark, self._stopping = 0, 0, "", False
        self._plan_at = float("inf")  # when storing the plan is tried again

    def plan(self, config: Config, cycle: Cycle) -> None:
        """Store the sources and their due times. If the database is unreachable during a reload, they are stored later.

        Raises StateError at the start.
        """
        self._config, self._cycle, self._plan_at = config, cycle, float("inf")
        try:
            now, known, dues = self._clock(), self._claims.read_schedule(), dict[str, datetime]()
            enabled = {name: source for name, source in config.sources.items() if source.enabled and source.polled}
            for name, source in enabled.items():
                timing = Timing.of(source, config.schedule.terms, config.timezone)
                dues[name] = plan_due(known.get(name), now, name, timing, len(enabled))
            self._claims.watch(dues, known)
            # a fingerprint of the configuration: workers that share a state should have the same
            parts = (config.sources, config.channels, config.entities, config.alerts, config.http)
            self._planned, self._mark = len(dues), blake2b(repr(parts).encode(), digest_size=4).hexdigest()
        except StateError as error:
            if not self._mark:
                raise
            log.error("what is to be checked is not yet known to all: %s", error, extra=LASTING)
            self._plan_at = time.monotonic() + SOON.total_seconds()

    def start(self, vitals: Callable[[], dict[str, Any]]) -> None:
        """Join the other workers."""
        self._vitals = vitals
        self._thread.start()

    def _live(self) -> None:
        """Claim sources, and renew the claims, until they are released. What fails is tried again."""
        seen = -BEAT
        while not self._ended.is_set():
            pause = AGAIN
            try:
                if time.monotonic() - seen >= BEAT:
                    self._sign_of_life()
                    seen = time.monotonic()
                pause = 0.0 if self._claim_due() == BATCH else TICK  # more may be due
            except StateError as error:
                log.warning("nothing is claimed for now: %s", error, extra=LASTING)
            except Exception:
                log.exception("nothing is claimed for now: unexpected fault")
            self._ended.wait(pause)

    def _claim_due(self) -> int:
        """Claim a batch of what is due, if there is room in hand; returns the number of sources."""
        quick = sum(since > time.monotonic() - SLOW for since in list(self._in_hand.values()))
        room = BATCH * (self._concurrency - self._inbox.qsize()) - quick
        if self._stopping or room <= 0:
            return 0
        if slots := self._claims.claim(min(BATCH, room)):
            self._inbox.put(slots)
            self._cycle.wake()
        return len(slots)

    def _sign_of_life(self) -> None:
        """Renew the claims and record the worker's state."""
        if in_hand := list(self._in_hand):
            self._claims.renew(in_hand)
        state: dict[str, Any] = {"in_hand": len(in_hand), "checks": self._checked, "concurrency": self._concurrency}
        state |= {"configuration": self._mark, "draining": self._stopping, **self._vitals()}
        self._claims.note(socket.gethostname(), json.dumps(state))
        if time.monotonic() - self._tidied > TIDY:
            self._tidied = time.monotonic()
            self._claims.tidy()

    def claim(self) -> Iterator[tuple[str, datetime]]:
        """The sources newly claimed; those unknown to this configuration are left to other workers."""
        if time.monotonic() >= self._plan_at:
            self.plan(self._config, self._cycle)
        with suppress(Empty):
            while True:
                for name, slot in self._inbox.get_nowait().items():
                    source = self._config.sources.get(name)
                    if self._cycle.checking(name):
                        continue  # claimed twice, after a pause
                    if source and source.enabled and not self._stopping:
                        self._in_hand[name] = time.monotonic()
                        yield name, slot
                    else:  # added meanwhile, or to the configuration of other workers
                        self._back[name] = timedelta() if self._stopping else SOON

    def done(self, result: Result) -> None:
        """The commit has set the next due time. If nothing was stored, any worker may check the source again."""
        self._checked += 1
        if result.due is None or result.due <= self._clock():
            self._back[result.name] = {"internal": TRY_AGAIN, "state": SOON}.get(result.reason or "", timedelta())
        self._in_hand.pop(result.name, None)

    def upkeep(self) -> None:
        """Give back what is not checked here, take what people ask for, and report the requests under way."""
        if time.monotonic() - self._swept > SWEEP:
            self._swept = time.monotonic()
            for name in [name for name in self._in_hand if not self._cycle.checking(name)]:
                del self._in_hand[name]
            with put_off("checks that people ask for wait"):
                self._claims.take_requests()
        if time.monotonic() - self._paced > PACED:
            self._paced = time.monotonic()
            with put_off("the requests under way are not told"):
                self._pace.tell(self._cycle.busy_hosts())
        self._give_back()

    def _give_back(self) -> None:
        back, self._back = self._back, {}
        for pause in sorted(set(back.values())):
            with put_off("claims run out by themselves"):
                self._claims.give_back([name for name, after in back.items() if after == pause], pause)

    def is_sound(self) -> bool:
        """Whether the thread that claims is running."""
        return self._thread.is_alive()

    def status(self, waiting: int) -> str:
        """What this worker does; `watch status` shows the health of the sources."""
        shares = f"{len(self._in_hand)} in hand, {self._checked} checked here"
        return f"{count(self._planned, 'source')} in all; {shares}{waiting_part(waiting)}"

    def stop(self) -> None:
        """Claim no more."""
        self._stopping = True

    def is_busy(self) -> bool:
        """Whether a source is in hand, or arrives."""
        return bool(self._in_hand) or not self._inbox.empty()

    def release(self) -> None:
        """Release all claims, so that other workers check these sources."""
        self._ended.set()
        self._thread.join(5)
        while not self._inbox.empty():
            self._back |= dict.fromkeys(self._inbox.get(), timedelta())
        self._back |= dict.fromkeys(self._in_hand, timedelta())
        self._in_hand.clear()
        self._give_back()
        with suppress(StateError):
            self._claims.gone()

    def __len__(self) -> int:
        return self._planned


def worker(config: Config, store: Store, *, concurrency: int) -> Daemon:
    """One of several workers. Raises StateError."""
    notify("STATUS=joining the other workers")
    claims = store.claims(f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}")
    timetable = SharedTimetable(claims, now, concurrency=concurrency)
    heart = Heartbeat(config, store, now, claims)
    return Daemon(config, store, timetable, Presence(None, now), heart, now)  # the queue sends the signs of life


def check_shared(config: Config) -> None:
    """Raise UsageError where the state is none that workers can share."""
    if not is_server(config.state):
        such = 'state = "postgresql+psycopg://user@host/name"'
        raise UsageError(f"{config.path}: workers share a PostgreSQL server: {such}")
