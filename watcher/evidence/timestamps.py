"""The chain's end is stamped by a third party once a day, where `[evidence]` names one."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from sources import Page, Source, SourceError
from sources.http.fetcher import Fetcher
from state.errors import StateError
from state.evidence.chain import Link
from state.evidence.stamps import QUESTION, Stamp, StampError, question, read_answer
from state.store import Store
from watcher.config.load import Config

log = logging.getLogger(__name__)

LOOK = 3600.0  # seconds between two looks whether it is time: also when an authority did not answer
FIRST_LOOK = 60.0
TIMEOUT = timedelta(seconds=10)
_LARGEST = 1_000_000  # bytes of an answer


def stamp_if_due(config: Config, store: Store, clock: Callable[[], datetime]) -> Stamp | None:
    """Have the chain's end stamped, if it was not today (UTC), and if anything has come since. Raises StateError."""
    evidence = config.evidence
    if evidence is None or evidence.timestamp is None:
        return None
    stamps, head, today = store.evidence.stamps(), store.evidence.unstamped(), clock().astimezone(UTC).date()
    if head is None or (stamps and stamps[-1].at.date() == today):
        return None
    try:
        stamp = _stamp(config, evidence.timestamp, head, clock)
    except (SourceError, StampError) as error:
        log.warning("evidence: the chain could not be stamped: %s", config.secrets.hide(str(error)))
        return None
    store.evidence.add_stamp(stamp)
    log.info("evidence: the chain was stamped up to record %d", head.number)
    return stamp


def _stamp(config: Config, url: str, head: Link, clock: Callable[[], datetime]) -> Stamp:
    nonce = secrets.randbits(63)

    async def asked() -> Page:
        async with aclosing(Fetcher(config.http, clock=clock)) as fetcher:
            session = fetcher.session(Source(timeout=TIMEOUT, max_bytes=_LARGEST))
            return await session.post(url, question(head.link, nonce), QUESTION)

    answer = asyncio.run(asked())
    said = read_answer(answer.body, head.link, nonce)
    return Stamp(head.number, head.link, said.at, config.secrets.hide(url), answer.body)


class Stamper:
    """Sees to it once an hour, in a thread of its own: an authority that hangs delays nothing."""

    def __init__(self, store: Store, clock: Callable[[], datetime], first_after: float = FIRST_LOOK) -> None:
        self._store, self._clock = store, clock
        self._next = time.monotonic() + first_after
        self._thread = threading.Thread()

    def turn(self, config: Config) -> None:
        """Begin, if it is time to look."""
        if config.evidence is None or time.monotonic() < self._next or self._thread.is_alive():
            return
        self._next = time.monotonic() + LOOK
        self._thread = threading.Thread(target=self._run, args=(config,), name="stamper", daemon=True)
        self._thread.start()

    def _run(self, config: Config) -> None:
        try:
            stamp_if_due(config, self._store, self._clock)
        except StateError as error:
            log.warning("evidence: the chain was not stamped: %s", error)
        except Exception:
            log.exception("evidence: the chain was not stamped: unexpected fault")
