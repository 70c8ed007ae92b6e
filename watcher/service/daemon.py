"""The life of the service: load, say that we are ready, check what is due until told to stop, finish what was begun."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from sources.http.fetcher import Fetcher
from state.errors import StateError
from state.failpoint import reached
from state.store import Store
from watcher.check.outcome import Result
from watcher.check.schedule import first_due, sane
from watcher.config.load import Config, load_to_run
from watcher.cycle import Cycle, adopt_former_names
from watcher.delivery.added_entities import tell_additions_quietly
from watcher.delivery.deliver import Deliverer
from watcher.delivery.refused_config import RefusedConfig
from watcher.errors import ConfigError
from watcher.evidence.timestamps import Stamper
from watcher.scheduling import event_loop
from watcher.service.heartbeat import Heartbeat
from watcher.service.housekeeping import Housekeeper
from watcher.service.presence import Presence
from watcher.service.signals import on_signals
from watcher.service.status_counters import Tally
from watcher.service.systemd import Pulse, StatusLine, Watchdog, notify, reloading, status
from watcher.terminal.console import count
from watcher.tools.report import log_result

log = logging.getLogger(__name__)

LONGEST_WAIT = 5.0  # seconds between two turns of the loop, so that the watchdog hears of it
LAST_CHECKS = 3.0  # seconds that checks under way get to end when we are told to stop
SOON = 1.0  # seconds until deliveries are tried again after the state could not be used
PATIENCE = 600.0  # seconds without a single message tried, in the middle of sending: it hangs
LAST_BEGUN = 10.0  # seconds in which messages are still begun then
LAST_SENDS = 60.0  # seconds that a message under way gets: broken off between send and mark, it would be sent twice
BASELINE_WAIT = timedelta(seconds=60)  # sources that are new together are told about together
TRY_AGAIN = timedelta(seconds=60)  # after a fault that is not the source's


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Daemon:
    """Checks every enabled source when it is due, and delivers, until it is told to stop."""

    sender_waits = 0.0  # seconds for another process that sends

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime] = now) -> None:
        self._clock, self._store = clock, store
        self._stopping = self._reloading = False
        self._due: list[tuple[float, str]] = []
        self._watchdog, self._status = Watchdog(), StatusLine()
        self._pauses = event_loop.Pauses()
        self._fetcher = self._new_fetcher(config)
        self._cycle = self._new_cycle(config)
        self._heart = self._new_heart(config)
        self._sender = Sender(config, store, clock, self._beat, wait=self.sender_waits)
        self._housekeeper = Housekeeper(store, clock)
        self._stamper = Stamper(store, clock)
        self._presence = self._new_presence()
        self._refused = RefusedConfig(store, clock)
        self._tally = Tally(self._known_standing(), time.monotonic())
        self._schedule(config)

    def run(self) -> None:
        """Live until TERM or INT; HUP reads the configuration again."""
        event_loop.run(self._live)

    async def _live(self, pauses: event_loop.Pauses) -> None:
        self._pauses = pauses
        with on_signals(self._stop, self._reload), self._sender:
            notify("READY=1", status(self._standing()))
            log.info("watching %s", count(self._watching(), "source"))
            self._tell_additions()
            while not self._stopping:
                reached("loop")
                if self._reloading:
                    self._read_configuration()
                self._start_due()
                await self._turn(self._wait())
                self._housekeeper.turn(self._cycle.config.keep)
                self._stamper.turn(self._cycle.config)
                self._report()
            notify("STOPPING=1", "STATUS=finishing what was begun")
            await self._finish()
        self._presence.end()
        log.info("stopped; the event loop's longest pause: %s", pauses)

    def _new_cycle(self, config: Config) -> Cycle:
        return Cycle(config, self._store, self._fetcher, self._clock, baseline_wait=BASELINE_WAIT, patience=True)

    def _new_heart(self, config: Config) -> Heartbeat:
        return Heartbeat(config, self._store, self._clock)

    def _new_presence(self) -> Presence:
        return Presence(self._store, self._clock)

    def _known_standing(self) -> dict[str, str]:
        return {state.name: state.health.status.value for state in self._store.sources()}

    def _watching(self) -> int:
        return len(self._due)

    def _new_fetcher(self, config: Config) -> Fetcher:
        return Fetcher(config.http, clock=self._clock, proving=config.evidence is not None)

    def _beat(self) -> None:
        self._heart.beat()  # which another one takes the place of at a reload
        self._presence.tell(self._pauses)

    def _stop(self) -> None:
        self._stopping = True
        self._cycle.wake()

    def _reload(self) -> None:
        self._reloading = True
        self._cycle.wake()

    def _start_due(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            name = heapq.heappop(self._due)[1]
            if name in self._cycle.config.sources:
                self._cycle.start(name)

    def _wait(self) -> float:
        longest = min(1.0 if self._status.late else LONGEST_WAIT, self._watchdog.every / 2 or LONGEST_WAIT)
        return min(longest, max(0.0, self._due[0][0] - time.monotonic())) if self._due else longest

    async def _turn(self, wait: float) -> None:
        """Move the checks on, and see to what has ended."""
        async for result in self._cycle.step(wait):
            log_result(result)
            self._tally.add(result)
            self._again(result)
            if self._heart.checked(result) or result.told:
                self._sender.wake()
            self._ping()  # each may have waited for its turn to write
        self._ping()

    def _ping(self) -> None:
        """Feed the watchdog; not while nobody would hear of what the checks find: then we are better started again."""
        if self._sender.moves():
            self._watchdog.ping()

    def _report(self) -> None:
        """Say how all stands, in STATUS; now and then also in the log."""
        self._status.say(self._standing())
        if told := self._tally.sum_up(time.monotonic(), self._sender.sent):
            log.info("%s", told)

    def _standing(self) -> str:
        due, name = None, ""
        if self._due:
            ahead = timedelta(seconds=max(0.0, self._due[0][0] - time.monotonic()))
            due, name = (self._clock() + ahead).astimezone(self._cycle.config.timezone), self._due[0][1]
        return self._whole(self._tally.status(self._sender.waiting, due, name))

    def _whole(self, told: str) -> str:
        """How all stands, with what operators should look into."""
        paused, why = self._pauses.lately(event_loop.SPANS_AN_HOUR).cpu, self._refused.why
        told += f"; the event loop paused for {paused:.1f} s within the hour" if paused > event_loop.LONG else ""
        return f"the new configuration has errors, the old one stays: {why}; {told}" if why else told

    def _again(self, result: Result) -> None:
        """Put a source on the schedule once more: by the monotonic clock, which nobody moves."""
        source = self._cycle.config.sources.get(result.name)
        if source is None or not source.enabled:
            return
        ahead = (result.due - self._clock()) if result.due else TRY_AGAIN
        heapq.heappush(self._due, (time.monotonic() + ahead.total_seconds(), result.name))

    def _schedule(self, config: Config) -> None:
        """Everything that is not under way, by the due times in the state; sources that have none are spread."""
        clock, monotonic = self._clock(), time.monotonic()
        known = {state.name: state for state in self._store.sources()}
        enabled = {name: source for name, source in config.sources.items() if source.enabled}
        self._tally.watch(enabled)
        self._due = []
        for name, source in enabled.items():
            if self._cycle.checking(name):
                continue
            state = known.get(name)
            if state and state.due:
                due = sane(state.due, clock, source.every, state.wait_until, state.tried)
            else:
                due = first_due(clock, name, len(enabled), source.every)
            self._due.append((monotonic + (due - clock).total_seconds(), name))
        heapq.heapify(self._due)

    def _read_configuration(self) -> None:
        """A good file takes effect at once; a bad one leaves everything as it is, and says why."""
        self._reloading = False
        reloading()
        try:
            config = load_to_run(self._cycle.config.path)
            if config.state != self._cycle.config.state:
                raise ConfigError(["state: it cannot be changed while the service runs; restart it"])
            reached("during_reload")
            adopt_former_names(config, self._store)
        except (ConfigError, StateError) as error:
            problems = error.problems if isinstance(error, ConfigError) else [str(error)]
            self._refused.refuse(problems, self._cycle.config)
        except Exception as error:  # whatever it is, the service goes on as it was
            log.exception("the configuration cannot be read again: unexpected fault")
            self._refused.refuse([f"{type(error).__name__}: {error}"], self._cycle.config)
        else:
            self._use(config)
        self._sender.wake()
        notify("READY=1", status(self._standing()))

    def _use(self, config: Config) -> None:
        """Go on with another configuration."""
        self._store.use_secrets(config.secrets.hide, config.secrets.reveal)
        self._heart = self._heart.using(config)
        self._store.evidence.keep(config.evidence)
        self._fetcher.retire()
        self._fetcher = self._new_fetcher(config)
        self._cycle.reconfigure(config, self._fetcher)
        self._sender.use(config)
        self._schedule(config)
        for warning in config.warnings:
            log.warning("%s", warning)
        log.info("the configuration was read again: %s", count(len(config.sources), "source"))
        self._refused.taken(config)
        self._tell_additions()

    def _tell_additions(self) -> None:
        """In a thread of its own: many stored entries take a while to look through."""
        config = self._cycle.config

        def tell() -> None:
            if tell_additions_quietly(config, self._store, self._clock):
                self._sender.wake()

        threading.Thread(target=tell, name="additions", daemon=True).start()

    async def _finish(self) -> None:
        """Let checks that have begun end, for a while: what is not committed is simply checked again at the next
        start.
        """
        self._housekeeper.stop()
        until = time.monotonic() + LAST_CHECKS
        while len(self._cycle) and time.monotonic() < until:
            await self._turn(0.1)
        await self._cycle.aclose()
        await self._fetcher.aclose()


class Sender:
    """The delivery thread: drains when something was told, and when a retry or a held message may have become due.

    `drained` is called after each time; `wait` is how many seconds it waits for another process that sends. `sent`
    counts the deliveries since the start, `waiting` those that are pending.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        clock: Callable[[], datetime],
        drained: Callable[[], None],
        every: float = 5.0,
        wait: float = 0.0,
    ) -> None:
        self._store, self._drained, self._every, self._patience = store, drained, every, wait
        self._pulse, self._draining, self._pause = Pulse(clock), False, every
        self._deliverer = Deliverer(config, store, self._pulse)
        self.sent, self.waiting = 0, 0
        self._wake, self._ending = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Send what is due, once more, and end; what cannot be begun soon waits for the next start."""
        self._ending = True
        self._deliverer.finish(LAST_BEGUN)
        self._wake.set()
        self._thread.join(LAST_SENDS)

    def wake(self) -> None:
        """Something is due now."""
        self._wake.set()

    def use(self, config: Config) -> None:
        """Go on with another configuration."""
        self._deliverer = self._deliverer.using(config)

    def moves(self) -> bool:
        """Whether it waits for work, or gets on with it."""
        return self._thread.is_alive() and not (self._draining and self._pulse.silent() > PATIENCE)

    def _drain(self) -> None:
        try:
            self.sent += self._deliverer.drain(self._patience).sent
            self.waiting = self._store.outbox.counts()["pending"]
            self._drained()
            self._pause = self._every
        except StateError as error:
            log.error("deliveries wait: %s", error)
            self._pause = min(self._every, SOON)  # what was sent and could not be marked is ours to mark
        except Exception:
            log.exception("deliveries wait: unexpected fault")

    def _run(self) -> None:
        while True:
            ending = self._ending
            self._pulse()
            self._draining = True
            self._drain()
            self._draining = False
            if ending:
                return
            self._wake.wait(self._pause)
            self._wake.clear()


def serve(path: Path | None) -> int:
    """Run the service with the configuration at `path` (or where it is looked for).

    Raises ConfigError and StateError.
    """
    config = load_to_run(path)
    for warning in config.warnings:
        log.warning("%s", warning)
    with Store.open(config.state, hide=config.secrets.hide, reveal=config.secrets.reveal) as store:
        store.evidence.keep(config.evidence)
        adopt_former_names(config, store)
        Daemon(config, store).run()
    return 0
