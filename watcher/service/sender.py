"""The delivery thread of a daemon: deliveries never wait for checks, nor checks for deliveries."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Self

from state.errors import StateError
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.deliver import Deliverer
from watcher.service.systemd import Pulse

log = logging.getLogger(__name__)

SOON = 1.0  # seconds until deliveries are tried again after the state could not be used
PATIENCE = 600.0  # seconds without a single message tried, in the middle of sending: it hangs
LAST_BEGUN = 10.0  # seconds in which messages are still begun at the end
LAST_SENDS = 60.0  # seconds that a message under way gets: broken off between send and mark, it would be sent twice


class Sender:
    """The delivery thread: drains when an alert was stored, and when a retry or a deferred message may have become due.

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
