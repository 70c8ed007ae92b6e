"""Asks third parties to testify to the evidence, if `[evidence]` names any, and keeps their answers.

Authorities and calendars are asked once a day (UTC) about the end of the chain: all about the same link. An archive is
asked to save the page of each change that anybody may see. What is still to be asked is in the state: a link or a page
without an answer, and an answer of a calendar that is still pending. So a process that dies loses nothing of it.

`Witnesses` asks all alike; behind it stands of each kind what is due, and how it is asked.
"""

import asyncio
import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sources import Get, Source, SourceError
from sources.errors import FetchError, HttpStatus
from sources.http.exchange import harmless, read_address
from sources.http.guard import Private, allowed, look_up_name
from sources.http.session import Fetcher, Session
from state.errors import StateError
from state.evidence.reading import recall_about
from state.evidence.store import CaptureInfo, Evidence
from state.evidence.witnesses import (
    LARGEST,
    QUESTION,
    StampError,
    WitnessAnswer,
    WitnessKind,
    begin,
    complete,
    pending_in,
    question,
    read_answer,
    read_witness,
)
from state.store import Store
from watcher.config.config_secrets import find_passwords
from watcher.config.load import Config
from watcher.delivery.operator_alerts import tell_service
from watcher.runtime.background import Periodic

log = logging.getLogger(__name__)

LOOK = 15.0  # seconds between two looks, and so between two questions to an archive, which allows 4 a minute
FIRST_LOOK = 60.0
IDLE = timedelta(hours=1)  # between two looks at an authority or calendar; the longest pause after a fault
CLAIMED = timedelta(minutes=5)  # after which another process asks what one began to ask, and died
FIRST_PAUSE = timedelta(minutes=1)  # after a fault; twice as long after each further one
TELL_AFTER = 3  # faults in a row, after which operators are alerted
FRESH = timedelta(days=1)  # for how long a page is worth to be saved; the longest pause that a witness asks for
MOST_SAVED = 200  # pages a day
UNCONFIRMED = timedelta(days=14)  # for how long a calendar is asked for what is pending
# What an archive may hear of, and where a calendar may send to: not whatever else `private_addresses` allows.
_PUBLIC: Private = "refuse"
_MOST_HEADERS, _LONGEST_HEADER = 20, 200  # of an archive's answer; characters


class Witnesses:
    """Looks what is due, and asks. A witness with a fault rests, for longer after each further one."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._rests: dict[str, datetime] = {}  # by address: until when

    def look(self, config: Config) -> None:
        """Ask each witness that is not at rest all that is due. Raises StateError."""
        book = self._store.evidence
        for kind, url in config.evidence.witnesses if config.evidence else ():
            now = self._clock().astimezone(UTC)
            if now < self._rests.get(url, now):
                continue
            self._rests[url] = now if kind is WitnessKind.ARCHIVE else now + IDLE
            blank = WitnessAnswer(kind, config.secrets.hide(url), 0, b"", "", now + CLAIMED, b"")
            for asked in _KINDS[kind].due(book, blank, config, now):
                claimed = asked.answer or book.claim(asked, now)
                if claimed and not self._ask(url, asked, config):
                    break

    def _ask(self, url: str, asked: WitnessAnswer, config: Config) -> bool:
        """Ask a question, and store the answer, if there is one yet. False after a fault."""
        book, now, label = self._store.evidence, self._clock(), f"witness {urlsplit(url).hostname}"
        try:
            answer = asyncio.run(_answer(url, asked, config, now))
        except _UnfitError as error:
            log.info("evidence: no archive is asked for the page of record %d: %s", asked.number, error)
            book.add_witness_answer(asked._replace(page="", at=now + UNCONFIRMED))
            return True
        except (SourceError, StampError) as error:
            faults = book.faults(asked) + 1
            book.note_faults(asked, faults)
            wait = (isinstance(error, FetchError) and error.retry_after) or timedelta()
            pause = max(min(FIRST_PAUSE * 2 ** min(faults - 1, 10), IDLE), min(wait, FRESH))
            self._rests[url] = now + pause
            if not asked.answer:  # a page waits for longer, so that others have their turn
                book.add_witness_answer(asked._replace(at=now + (IDLE if asked.page else pause)))
            why = config.secrets.hide(f"{asked.authority}: {error}")
            log.warning("evidence: a witness could not be asked: %s", why)
            if faults >= TELL_AFTER:
                tell_service(self._store, config, now, label, "witness", why)
            return False
        if answer != asked:
            book.add_witness_answer(answer)
        if book.faults(asked):
            book.note_faults(asked, 0)
        tell_service(self._store, config, now, label, "witness", "")
        return True


class _UnfitError(Exception):
    """A page that no archive is asked about; the message says why."""


async def _answer(url: str, asked: WitnessAnswer, config: Config, now: datetime) -> WitnessAnswer:
    """What is asked, with its answer if there is a new one. Raises SourceError, StampError and _UnfitError."""
    pending, http, kind = pending_in(asked.answer), config.http, _KINDS[asked.kind]
    if pending and urlsplit(pending.calendar).hostname != urlsplit(url).hostname:  # it named that itself
        http = http.model_copy(update={"private_addresses": _PUBLIC})
    async with aclosing(Fetcher(http, clock=lambda: now)) as fetcher:
        session = fetcher.session(Source(timeout=timedelta(seconds=kind.seconds), max_bytes=kind.most))
        return await kind.ask(session, url, asked, config, now)


def _find_unstamped(book: Evidence, asked: WitnessAnswer, _: Config, now: datetime) -> Iterator[WitnessAnswer]:
    """The link that is to be stamped today, unless it is, and what a calendar has pending."""
    last, mine = book.stamps(), [each for each in book.witness_answers(asked.kind) if each[:2] == asked[:2]]
    today = next((each for each in last if each.at.astimezone(UTC).date() == now.date()), None) or book.head()
    if today and all(each.number != today.number for each in mine):
        yield asked._replace(number=today.number, link=today.link)
    if asked.kind is WitnessKind.CALENDAR:
        yield from (each for each in mine if each.at > now - UNCONFIRMED and pending_in(each.answer))


async def _ask_authority(session: Session, url: str, asked: WitnessAnswer, _: Config, __: datetime) -> WitnessAnswer:
    nonce = secrets.randbits(63)
    page = await session.post(url, question(asked.link, nonce), QUESTION)
    return asked._replace(answer=page.body, at=read_answer(page.body, asked.link, nonce).at)


async def _ask_calendar(session: Session, url: str, asked: WitnessAnswer, _: Config, now: datetime) -> WitnessAnswer:
    pending = pending_in(asked.answer)
    if pending is None:
        page = await session.post(f"{url.rstrip('/')}/digest", asked.link, "application/x-www-form-urlencoded")
        return asked._replace(answer=begin(asked.link, page.body), at=now)
    try:
        page = await session.fetch(Get(f"{pending.calendar}/timestamp/{pending.commitment.hex()}"))
    except HttpStatus as error:
        if error.status == 404:  # not yet
            return asked
        raise
    return asked._replace(answer=complete(asked.answer, pending, page.body))


def _find_unsaved(book: Evidence, asked: WitnessAnswer, config: Config, now: datetime) -> Iterator[WitnessAnswer]:
    """The newest page that is to be saved."""
    if book.count_saved(now - timedelta(days=1)) < MOST_SAVED and (info := book.find_unsaved(now - FRESH, now)):
        asked = asked._replace(number=info.last, link=info.link, page=_find_open(book, info, config))
        if asked.page:
            yield asked
        else:
            book.add_witness_answer(asked._replace(at=now + UNCONFIRMED))


def _find_open(book: Evidence, info: CaptureInfo, config: Config) -> str:
    """The first page of a capture that came for its address alone, with no secret in that; "" if there is none."""
    source = config.sources.get(info.source)
    if not (config.evidence and source) or source.auth or source.steps or harmless(source.headers) != source.headers:
        return ""
    try:
        pages = recall_about(book, config.evidence.path, info)["pages"]
    except StateError:  # watch verify says more
        return ""
    for page in pages:
        url, (method, _, _, form, content, _) = str(page["url"]), json.loads(page["asked"])
        hidden = any(each.startswith("request") for each in page.get("altered", ()))  # a cookie, or a kind's token
        secret = "@" in urlsplit(url).netloc or "${" in url or config.secrets.hide(url) != url
        if (method, form, content) == ("GET", None, None) and not (hidden or secret or find_passwords(url)):
            return url
    return ""


async def _ask_archive(session: Session, url: str, asked: WitnessAnswer, config: Config, _: datetime) -> WitnessAnswer:
    """Have an archive save a page: `GET /save/ADDRESS` leads to the copy, `/web/TIME/ADDRESS`; a key is optional.

    An archive hears only of pages on the public internet, whatever `private_addresses` allows this program.
    """
    archive, place = url.rstrip("/"), urlsplit(asked.page)
    key = config.evidence.wayback_key if config.evidence else None
    try:
        found = await asyncio.to_thread(look_up_name, place.hostname or "", place.port or 0)
        await session.obey(read_address(asked.page)[0])
    except (OSError, SourceError) as error:  # of the page's own site: no fault of the archive
        raise _UnfitError(str(error)) from None
    if not all(allowed(ip_address(each), _PUBLIC) for each in found):
        raise _UnfitError("it is not on the public internet")
    headers = {"Authorization": f"LOW {key}"} if key else {}
    came = await session.fetch(Get(f"{archive}/save/{asked.page}", headers=headers))
    places = (came.url, urljoin(came.url, came.headers.get("content-location", "")))
    copies = {each: re.match(rf"{re.escape(archive)}/web/\d{{14}}/(http.+)", each) for each in places}
    host = read_address(asked.page)[0].host
    address = next((each for each, copy in copies.items() if copy and read_address(copy[1])[0].host == host), "")
    shown = (f"{name}: {value[:_LONGEST_HEADER]}" for name, value in came.headers.items() if name != "set-cookie")
    answer = "\n".join((asked.page, config.secrets.hide(address), *islice(shown, _MOST_HEADERS))).encode()
    said = read_witness(asked.kind, answer)
    if said.at and abs(said.at - asked.at) > IDLE:
        raise StampError(f"the answer is a copy of another time, of {said.at:%Y-%m-%d %H:%M} UTC")
    return asked._replace(answer=answer, at=said.at or asked.at)


class _Kind(NamedTuple):
    """What is due of a kind, how it is asked, and the limits of an answer: seconds, and bytes."""

    due: Callable[[Evidence, WitnessAnswer, Config, datetime], Iterator[WitnessAnswer]]
    ask: Callable[[Session, str, WitnessAnswer, Config, datetime], Awaitable[WitnessAnswer]]
    seconds: float
    most: int


_KINDS = {
    WitnessKind.AUTHORITY: _Kind(_find_unstamped, _ask_authority, 10, 1_000_000),
    WitnessKind.CALENDAR: _Kind(_find_unstamped, _ask_calendar, 10, LARGEST),
    WitnessKind.ARCHIVE: _Kind(_find_unsaved, _ask_archive, 120, 20_000_000),  # it loads the page first
}


def asker(store: Store, clock: Callable[[], datetime], first_after: float = FIRST_LOOK) -> Periodic[[Config]]:
    """Looks every 15 seconds; the daemon's loop calls `turn`."""
    what = "evidence: no third party was asked"
    return Periodic("witnesses", Witnesses(store, clock).look, what, every=LOOK, first_after=first_after)
