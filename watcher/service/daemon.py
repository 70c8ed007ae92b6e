"""The service: load, report readiness, check what is due until stopped, finish what was begun. Its delivery thread:
deliveries never wait for checks, nor checks for deliveries.
"""

import asyncio
import ctypes
import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sources.browser.fetcher import PageFetcher
from sources.http.course import large_courses
from sources.http.resume import Beginnings
from state.errors import StateError
from state.failpoint import reach
from state.store import Store
from watcher.config.load import Config, Sending, load
from watcher.config.open_state import (
    LOOK,
    DeskEdits,
    adopt_former_names,
    downloads_folder,
    open_state_to_run,
    read_again,
)
from watcher.config.settings import is_server
from watcher.cycle import Cycle
from watcher.delivery.added_entities import alert_additions
from watcher.delivery.deliver import Deliverer
from watcher.delivery.operator_alerts import RefusedConfig
from watcher.errors import LASTING, ConfigError
from watcher.runtime import event_loop
from watcher.runtime.background import put_off
from watcher.service.heartbeat import Heartbeat
from watcher.service.housekeeping import Housekeeper
from watcher.service.presence import TAKES_EDITS, CheckCounts, Presence, paused_part
from watcher.service.pushes import listener
from watcher.service.systemd import Pulse, StatusLine, Watchdog, notify, on_signals, reloading, status
from watcher.service.timetable import OwnTimetable, Timetable
from watcher.service.witnesses import asker
from watcher.terminal.words import count, log_result

if TYPE_CHECKING:
    from sources.mail.connection import MailBells

log = logging.getLogger(__name__)
now = partial(datetime.now, UTC)  # the clock

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
EVERY = 5.0  # seconds between two drains
SOON = 1.0  # seconds until the next try after the state could not be used
PATIENCE = 600.0  # seconds without progress, while sending, after which the thread counts as stuck
LAST_BEGUN = 10.0  # seconds after the stop in which messages are still begun
LAST_SENDS = 60.0  # seconds for messages under way at the end; one interrupted before its mark would be sent twice
BASELINE_WAIT = timedelta(seconds=60)  # so that sources that are added together give one message


class Sender:
    """The delivery thread. It drains when an alert was stored, and each EVERY seconds for what is deferred or retried.

    `drained` is called after each drain. `wait` is how many seconds a drain waits for another process that is sending.
    `sent` is the number of deliveries since the start, `waiting` of those pending.
    """

    def __init__(
        self, config: Config, store: Store, clock: Callable[[], datetime], drained: Callable[[], None], wait: float
    ) -> None:
        self._store, self._drained, self._patience = store, drained, wait
        self._pulse, self._draining, self._pause = Pulse(clock), False, EVERY
        self._deliverer = Deliverer(config, store, self._pulse)
        self.sent, self.waiting = 0, 0
        self._wake, self._ending = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Send what is due once more, and end. What cannot be begun soon waits for the next start."""
        self._ending = True
        self._deliverer.finish(LAST_BEGUN)
        self._wake.set()
        self._thread.join(LAST_SENDS)
        self._deliverer.close()

    def wake(self) -> None:
        """Drain now."""
        self._wake.set()

    def use(self, config: Config) -> None:
        """Use another configuration from now on."""
        self._deliverer = self._deliverer.using(config)

    def moves(self) -> bool:
        """Whether the thread waits for work or makes progress."""
        return self._thread.is_alive() and not (self._draining and self._pulse.silent() > PATIENCE)

    def _run(self) -> None:
        while True:
            ending, self._draining = self._ending, True
            self._pulse()
            try:
                self.sent += self._deliverer.drain(self._patience).sent
                self.waiting = self._store.outbox.counts()["pending"]
                self._drained()
                self._pause = EVERY
            except StateError as error:
                log.error("deliveries wait: %s", error, extra=LASTING)
                self._pause = SOON  # look again soon: a message that was sent may have to be marked
            except Exception:
                log.exception("deliveries wait: unexpected fault")
            self._draining = False
            if ending:
                return
            self._wake.wait(self._pause)
            self._wake.clear()


class Daemon:
    """Checks every source when its timetable says so, and delivers, until it is stopped."""

    def __init__(
        self,
        config: Config,
        store: Store,
        timetable: Timetable,
        presence: Presence,
        heart: Heartbeat,
        clock: Callable[[], datetime],
    ) -> None:
        self._clock, self._store, self._timetable = clock, store, timetable
        self._presence, self._heart = presence, heart
        self._stopping = self._reloading = False
        self._watchdog, self._status, self._pauses = Watchdog(), StatusLine(), event_loop.Pauses()
        self._beginnings = Beginnings(downloads_folder(config))
        self._fetcher = self._new_fetcher(config)
        make = partial(Cycle, config, store, self._fetcher, clock, baseline_wait=BASELINE_WAIT, patience=True)
        self._cycle = make(together=timetable.batch_wait, rate_limiter=timetable.rate_limiter)
        self._sender = Sender(config, store, clock, self._beat, wait=timetable.sender_wait)
        self._housekeeper, self._asker = Housekeeper(store, clock), asker(store, clock)
        self._listener = listener(store, clock)
        self._refused = RefusedConfig(store, clock)
        self._counts, self._edits = CheckCounts(time.monotonic()), DeskEdits(store, clock)
        self._bells: MailBells | None = None
        self.also_use: Callable[[Config], None] = lambda _: None  # for what runs beside, after a reload
        timetable.plan(config, self._cycle)

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; SIGHUP and edits at the desk reload the configuration. Raises StateError."""

        def vitals() -> dict[str, Any]:
            outcomes = self._counts.totals()
            told = {"sent": self._sender.sent, "pauses": self._pauses.summary(), "outcomes": outcomes}
            return TAKES_EDITS | told | {"large": large_courses()}

        self._timetable.start(vitals)
        event_loop.run(self._live)

    async def _live(self, pauses: event_loop.Pauses) -> None:
        """The life of the service, from ready to stopped."""
        self._pauses = pauses
        with on_signals(self.stop, self._reload), self._sender:
            notify("READY=1", status(self._standing()))
            log.info("watching %s", count(len(self._timetable), "source"))
            self._alert_additions()
            self._listen()
            while not self._stopping:
                reach("loop")
                if self._reloading or self._edits.are_new(self._cycle.config):
                    await self._read_configuration()
                self._start_due()
                longest = min(LOOK, self._watchdog.every / 2 or LOOK)
                await self._turn(self._timetable.next_wake(longest))
                self._housekeeper.turn(self._cycle.config.keep)
                self._asker.turn(self._cycle.config)
                self._listener.turn(self._cycle.config)
                self._status.say(self._standing())
                if summary := self._counts.sum_up(time.monotonic(), self._sender.sent):
                    log.info("%s", summary)

            # Let the checks under way end, for a limited time. What is not committed is checked after the next start.
            notify("STOPPING=1", "STATUS=finishing what was begun")
            self._housekeeper.stop()
            self._timetable.stop()
            if self._bells:
                self._bells.stop()
            until = time.monotonic() + self._timetable.last_checks
            while (len(self._cycle) or self._timetable.is_busy()) and time.monotonic() < until:
                self._start_due()
                await self._turn(0.1)
            await self._cycle.aclose()
            await self._fetcher.aclose()
            self._timetable.release()
        self._presence.end()
        log.info("stopped; the event loop's longest pause: %s", pauses)

    def _start_due(self) -> None:
        for name, slot in self._timetable.claim():
            self._cycle.start(name, slot)

    async def _turn(self, wait: float) -> None:
        """Run the checks for `wait` seconds, and handle those that have ended."""
        async for result in self._cycle.step(wait):
            log_result(result)
            self._counts.add(result)
            self._timetable.done(result)
            if self._heart.record(result) or result.told:
                self._sender.wake()
            self._ping()  # each commit may have waited for its turn
        self._ping()
        self._cycle.book()
        self._timetable.upkeep()

    def _ping(self) -> None:
        """Ping the watchdog, unless deliveries or the timetable are stuck: then systemd should restart the service."""
        if self._sender.moves() and self._timetable.is_sound():
            self._watchdog.ping()

    def _standing(self) -> str:
        """The status in one line, with what operators should look into."""
        line, why = self._timetable.status(self._sender.waiting), self._refused.why
        line += paused_part(self._pauses.lately(event_loop.SPANS_AN_HOUR).cpu)
        return f"the new configuration has errors, the old one stays: {why}; {line}" if why else line

    def stop(self) -> None:
        """Finish what was begun, and end `run`; may be called from a thread or a signal handler."""
        self._stopping = True
        self._cycle.wake()

    def _reload(self) -> None:
        self._reloading = True
        self._cycle.wake()

    def _beat(self) -> None:
        self._heart.beat()
        self._presence.report(self._pauses, self._counts)

    def _new_fetcher(self, config: Config) -> PageFetcher:
        proving, beginnings = config.evidence is not None, self._beginnings
        return PageFetcher(config.http, config.browser, clock=self._clock, proving=proving, beginnings=beginnings)

    async def _read_configuration(self) -> None:
        """Reload the configuration, in a thread. An invalid one is reported and ignored."""
        self._reloading = False
        reloading()
        try:
            config = await asyncio.to_thread(read_again, self._cycle.config, Sending())
            reach("during_reload")
            adopt_former_names(config, self._store)
        except ConfigError as error:
            self._refused.refuse(error.problems, self._cycle.config)
        except StateError as error:
            self._refused.refuse([str(error)], self._cycle.config)
            self._edits.try_again()
        except Exception as error:  # any fault: the service continues with the old configuration
            log.exception("the configuration cannot be read again: unexpected fault")
            self._refused.refuse([f"{type(error).__name__}: {error}"], self._cycle.config)
        else:
            self._store.use_secrets(config.secrets.hide, config.secrets.reveal)
            self._heart.use(config)
            self._store.evidence.keep(config.evidence)
            self._fetcher.retire()
            self._fetcher = self._new_fetcher(config)
            self._cycle.reconfigure(config, self._fetcher)
            self._sender.use(config)
            self.also_use(config)
            self._timetable.plan(config, self._cycle)
            self._listen()
            for warning in config.warnings:
                log.warning("%s", warning)
            log.info("the configuration was read again: %s", count(len(config.sources), "source"))
            self._refused.accept(config)
            self._alert_additions()
        self._sender.wake()
        notify("READY=1", status(self._standing()))

    def _listen(self) -> None:
        """Check a mailbox when its server tells that mails have come."""
        if self._bells:
            self._bells.stop()
        config = self._cycle.config
        boxes = {name: source for name, source in config.checked.items() if source.wire == "imap"}
        if not boxes or find_spec("imap_tools") is None:  # the check says what to install
            return
        from sources.mail.connection import MailBells  # noqa: PLC0415 - few have a mailbox

        def ring(name: str) -> None:
            with put_off(f"{name}: its mails wait for the next check"):
                self._store.requests.add(name, self._clock())

        self._bells = MailBells(boxes, config.http, ring)

    def _alert_additions(self) -> None:
        """Look for added entities in a thread, as there may be many stored entries."""
        config = self._cycle.config

        def alert() -> None:
            if alert_additions(config, self._store, self._clock):
                self._sender.wake()

        threading.Thread(target=alert, name="additions", daemon=True).start()


Attend = Callable[[Config, Store, Callable[[], datetime]], AbstractContextManager[Callable[[Config], None]]]


def open_and_run(
    path: Path | None,
    make: Callable[[Config, Store], Daemon],
    attend: Attend,
    *,
    check: Callable[[Config], None] = lambda _: None,
) -> int:
    """Run the daemon that `make` makes for the configuration at `path` (by default the usual places are searched).

    `attend` is what runs beside it, such as bots; it gives what is called with each other configuration. Raises
    ConfigError and StateError, and what `check` raises before the state is opened.
    """
    # Large blocks go back to the system when they are freed: the C library would keep as much as the largest pages once
    # took, for each thread that has worked on one.
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, 262_144)
    config = load(path, Sending())
    check(config)
    for warning in config.warnings:
        log.warning("%s", warning)
    with open_state_to_run(config) as store:
        daemon = make(config, store)
        with attend(config, store, now) as daemon.also_use:
            daemon.run()
    return 0


def alone(config: Config, store: Store) -> Daemon:
    """A daemon that checks all sources alone. Raises UsageError where another one does, with its state in a file."""
    presence = Presence(store, now)
    if not is_server(config.state):
        presence.enter(store, config.state_file)
    return Daemon(config, store, OwnTimetable(store, now), presence, Heartbeat(config, store, now), now)
