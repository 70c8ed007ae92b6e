"""The delivery thread of a daemon: deliveries never wait for checks, nor checks for deliveries."""

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

EVERY = 5.0  # seconds between two drains
SOON = 1.0  # seconds until the next try after the state could not be used
PATIENCE = 600.0  # seconds without progress, while sending, after which the thread counts as stuck
LAST_BEGUN = 10.0  # seconds after the stop in which messages are still begun
LAST_SENDS = 60.0  # seconds for messages under way at the end; one interrupted before its mark would be sent twice


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
                log.error("deliveries wait: %s", error)
                self._pause = SOON  # look again soon: a message that was sent may have to be marked
            except Exception:
                log.exception("deliveries wait: unexpected fault")
            self._draining = False
            if ending:
                return
            self._wake.wait(self._pause)
            self._wake.clear()
