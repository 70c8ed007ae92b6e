"""Has the end of the chain time-stamped by a third party once a day, if `[evidence]` names one."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from sources import Page, Source, SourceError
from sources.http.session import Fetcher
from state.evidence.chain import ChainLink
from state.evidence.stamps import QUESTION, Stamp, StampError, question, read_answer
from state.store import Store
from watcher.config.load import Config
from watcher.runtime.periodic import Periodic

log = logging.getLogger(__name__)

LOOK = 3600.0  # seconds between two looks, and until the next try after a failure
FIRST_LOOK = 60.0
TIMEOUT = timedelta(seconds=10)
_LARGEST = 1_000_000  # bytes of a response


def stamp_if_due(config: Config, store: Store, clock: Callable[[], datetime]) -> Stamp | None:
    """Have the end of the chain stamped, unless it was today (UTC), or nothing was added since. Raises StateError."""
    evidence = config.evidence
    if evidence is None or evidence.timestamp is None:
        return None
    stamps, head, today = store.evidence.stamps(), store.evidence.find_unstamped(), clock().astimezone(UTC).date()
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


def _stamp(config: Config, url: str, head: ChainLink, clock: Callable[[], datetime]) -> Stamp:
    nonce = secrets.randbits(63)

    async def ask() -> Page:
        async with aclosing(Fetcher(config.http, clock=clock)) as fetcher:
            session = fetcher.session(Source(timeout=TIMEOUT, max_bytes=_LARGEST))
            return await session.post(url, question(head.link, nonce), QUESTION)

    answer = asyncio.run(ask())
    said = read_answer(answer.body, head.link, nonce)
    return Stamp(head.number, head.link, said.at, config.secrets.hide(url), answer.body)


def stamper(store: Store, clock: Callable[[], datetime], first_after: float = FIRST_LOOK) -> Periodic[[Config]]:
    """Looks once an hour whether a stamp is due; the daemon's loop calls `turn`."""

    def look(config: Config) -> None:
        stamp_if_due(config, store, clock)

    return Periodic("stamper", look, "evidence: the chain was not stamped", every=LOOK, first_after=first_after)
