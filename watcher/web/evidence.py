"""The evidence at the desk: verified on demand, one at a time, in a thread of its own, and only as much as a page may
wait for; and the proof of a change as a .zip.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from fastapi import HTTPException
from starlette.responses import Response, StreamingResponse

from alerts.language import mark, phrase
from sources.errors import TooLarge
from state.errors import StateError
from state.store import Store
from watcher.errors import UsageError

if TYPE_CHECKING:
    from state.evidence.verify import Verified

_log = logging.getLogger(__name__)

MOST_BYTES = 2_000_000_000  # of evidence; more is for `watch verify`
MOST_PACKED = 100_000_000  # bytes of the records of a .zip, and of their pages: `watch evidence` writes larger ones
_WAIT = 2.0  # seconds for a turn
_LARGE = mark("others are looking at something large: try again in a moment")
_IN_MEMORY = 2_000_000  # bytes of a .zip
_PIECE = 64 * 1024


class VerificationOutcome(NamedTuple):
    """What a verification found, and when; `trouble` is why it could not end ("" if it did)."""

    at: datetime
    who: str
    found: Verified | None
    trouble: str = ""


@dataclass
class Verification:
    """The verification that runs, and the outcome of the last one."""

    outcome: VerificationOutcome | None = None
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
            self.outcome = VerificationOutcome(clock(), who, of_state(store, folder))
        except (StateError, OSError) as error:
            _log.warning("the evidence could not be verified: %s", error)
            self.outcome = VerificationOutcome(clock(), who, None, mark("the state or the evidence cannot be read"))
        except Exception:  # noqa: BLE001 - a thread has nobody to raise to; the log has the traceback
            _log.exception("the evidence could not be verified")
            self.outcome = VerificationOutcome(
                clock(), who, None, mark("an unexpected fault: the log of the service says more")
            )


@contextmanager
def turn(turns: threading.BoundedSemaphore, wait: float | None = None, what: str = _LARGE) -> Iterator[None]:
    """One of the few turns at what takes much memory, or long, after some seconds. Raises HTTPException (503)."""
    if not turns.acquire(timeout=wait or _WAIT):
        raise HTTPException(503, phrase(what), {"Retry-After": "5"})
    try:
        yield
    finally:
        turns.release()


def pack_proof(store: Store, folder: Path, number: int, zone: tzinfo, turns: threading.BoundedSemaphore) -> Response:
    """The proof of a change, of the evidence in a folder, as a .zip. Raises HTTPException (404, 413, 503) and
    StateError.
    """
    from watcher.evidence.proofs import assemble, pack  # in memory only where somebody asks

    try:
        with turn(turns):
            info = store.evidence.capture_of(number)
            if info and sum(found.link.length for found in store.evidence.records(info.first, info.last)) > MOST_PACKED:
                raise TooLarge("its records are too large")
            files = assemble(store, folder, number, zone, most=MOST_PACKED).files
            file = cast("BinaryIO", SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - the answer closes it
            pack(files, f"proof-{number}", file)
            del files
    except UsageError as error:
        raise HTTPException(404, str(error)) from None
    except TooLarge:
        why = phrase("this proof is too large for a page: run `watch evidence {number}`", number=number)
        raise HTTPException(413, why) from None
    headers = {"Content-Disposition": f'attachment; filename="proof-{number}.zip"', "Content-Length": str(file.tell())}
    file.seek(0)

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(_PIECE):
                yield piece

    return StreamingResponse(pieces(), media_type="application/zip", headers=headers)
