"""Verifying the evidence on demand: one at a time, in a thread of its own, and only as much as a page may wait for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from state.errors import StateError
from state.store import Store

if TYPE_CHECKING:
    from state.evidence.verify import Verified

_log = logging.getLogger(__name__)

MOST_BYTES = 2_000_000_000  # of evidence; more is for `watch verify`


class Outcome(NamedTuple):
    """What a verification found, and when; `trouble` is why it could not end ("" if it did)."""

    at: datetime
    who: str
    found: Verified | None
    trouble: str = ""


@dataclass
class Verification:
    """The verification that runs, and the outcome of the last one."""

    outcome: Outcome | None = None
    _thread: threading.Thread | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def runs(self) -> bool:
        """Whether one is under way."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, store: Store, folder: Path, who: str, clock: Callable[[], datetime]) -> bool:
        """Begin one; False if one is under way."""
        with self._lock:
            if self.runs:
                return False
            self._thread = threading.Thread(
                target=self._run, args=(store, folder, who, clock), name="verification", daemon=True
            )
            self._thread.start()
            return True

    def wait(self, seconds: float) -> None:
        """Wait until it ends, for so long at most: a small chain is verified before the page is there."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, store: Store, folder: Path, who: str, clock: Callable[[], datetime]) -> None:
        from watcher.evidence.verification import of_state  # in memory only where somebody asks

        try:
            self.outcome = Outcome(clock(), who, of_state(store, folder))
        except (StateError, OSError) as error:
            _log.warning("the evidence could not be verified: %s", error)
            self.outcome = Outcome(clock(), who, None, "the state or the evidence cannot be read")
        except Exception:  # noqa: BLE001 - a thread has nobody to raise to; the log has the traceback
            _log.exception("the evidence could not be verified")
            self.outcome = Outcome(clock(), who, None, "an unexpected fault: the log of the service says more")
