"""The session of a check of a mailbox: which mails are new, and the pages that they come in.

Where the last check ended stands in its first page's ETag (`Cursor`), so it is stored together with the entries. Each
page is fetched over a connection of its own: one for most checks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sources.errors import BadResponse, FetchError, TimedOut, Unreachable
from sources.http.exchange import Validators
from sources.http.session import Fetcher
from sources.mail.mailbox import Bundle, MailboxAddress, RawMail, pack_mails
from sources.model import Get, Page, Source
from sources.options import deadline, largest_page, most_pages
from sources.places import NEEDS_NO_ROOM, take_room

if TYPE_CHECKING:
    from sources.mail.connection import FolderState, ListedMail, MailConnection
    from sources.mail.signatures import KeyLookUp

MOST_MAILS = 5_000  # of one check: the newest of those that are there at first, the oldest of those that came since
_MOST_BYTES = 150_000_000  # of one check, unless a single mail has more
_PAGE_MAILS, _PAGE_BYTES = 500, 16_000_000  # of one page, unless a single mail has more
_BESIDE = 1_000  # bytes that the server says beside each mail
_FOR_SIGNATURES = 3  # the part of the deadline in which the keys of a page are looked up

NO_PACKAGE = "the kind mailbox needs imap-tools and dkimpy: pip install 'registry-watch[mailbox]'"
_THREADS = ThreadPoolExecutor(64, "mailbox")  # of their own: silent servers must not hold those that all checks share


class MailCursor(NamedTuple):
    """Where the next check begins: the UIDVALIDITY and the UID; and the first day (UTC) of the mails that were read,
    before which nothing is new when all UIDs have changed.
    """

    validity: int
    next: int
    since: date

    @classmethod
    def read(cls, etag: str) -> MailCursor | None:
        """The cursor in an ETag, or None."""
        with suppress(ValueError):
            validity, following, since = etag.split(":")
            return cls(int(validity), int(following), date.fromisoformat(since))
        return None

    def __str__(self) -> str:
        return f"{self.validity}:{self.next}:{self.since}"


class MailPlan(NamedTuple):
    """What a check reads: pages of mails, oldest first; how many it leaves unread for good; and where it ends."""

    pages: Sequence[Sequence[ListedMail]]
    unread: int
    cursor: MailCursor


class Mailing(Protocol):
    """A kind that chooses mails by their headers From and Subject."""

    def wants(self, headers: bytes) -> bool:
        """Whether a mail with these headers is read."""
        ...


class MailSession:
    """The requests of one check: the first finds out what is new, and those that its page leads to get more of it."""

    def __init__(self, client: Fetcher, source: Source, look_up: KeyLookUp | None = None) -> None:
        self._client, self._look_up = client, look_up
        self._options = source.under(client.http)
        self._at = MailboxAddress.of(source.url or "")
        self._seconds = deadline(self._options).total_seconds()
        self._largest, self._held = largest_page(self._options), 0
        self._pages: dict[tuple[int, str], Sequence[ListedMail]] = {}  # by UIDVALIDITY and name

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page that answers `get`; its status is 304 where nothing has come since the validators.

        Raises the subclasses of FetchError; no message has the password in it.
        """
        if self._options.proxy:
            raise FetchError('a mailbox cannot be read through a proxy: give it proxy = ""', code="bad_request")
        try:
            from sources.mail.connection import MailConnection  # noqa: PLC0415 - of the extra
            from sources.mail.signatures import Signatures  # noqa: PLC0415 - of the extra
        except ImportError:
            raise FetchError(NO_PACKAGE, code="mailbox_missing") from None
        signatures = Signatures(self._look_up, self._seconds / _FOR_SIGNATURES)
        connection = MailConnection(self._at, self._client.guard, self._options.ca_file, self._seconds)
        cursor = MailCursor.read(validators.etag or "") if validators else None
        take, loop = take_room.get(), asyncio.get_running_loop()

        def hold(size: int) -> None:  # in the thread
            self._held += size
            if self._held > NEEDS_NO_ROOM:
                asyncio.run_coroutine_threadsafe(take(self._held), loop).result()

        try:
            with self._client.using():
                async with asyncio.timeout(self._seconds):
                    addresses = await self._client.guard.resolve(self._at.host, self._at.port)
                    answer = partial(self._answer, connection, addresses, get, cursor, hold, signatures.judge)
                    found = await loop.run_in_executor(_THREADS, answer)
        except TimeoutError:
            raise TimedOut(f"{self._at.shown} did not answer all within {self._seconds:g} s (option timeout)") from None
        except OSError as error:
            raise Unreachable(f"{self._at.host} has no address: {error.strerror or error}") from None
        finally:
            connection.cut()
        headers = {"content-type": "application/octet-stream"} | ({"etag": found[1]} if found else {})
        body = pack_mails(found[0]) if found else b""
        return Page(get, self._at.shown, 206 if found else 304, headers, body, self._client.clock())

    def _answer(
        self,
        connection: MailConnection,
        addresses: Sequence[str],
        get: Get,
        cursor: MailCursor | None,
        hold: Callable[[int], None],
        judge: Callable[[bytes], str],
    ) -> tuple[Bundle, str] | None:
        """The mails that a request is for, and the ETag; None where nothing has come. Runs in a thread."""
        try:
            folder, head, etag = connection.enter(addresses), Bundle(self._at.shown, ()), ""
            name = str(get.query.get("mails", ""))
            if not name:
                if cursor and (cursor.validity, cursor.next) == (folder.validity, folder.next):
                    return None
                plan = self._plan(connection, folder, cursor)
                names = [f"{page[0].uid}-{page[-1].uid}" for page in plan.pages]
                self._pages = {(folder.validity, each): page for each, page in zip(names, plan.pages, strict=True)}
                name, *further = names or [""]
                head, etag = head._replace(further=further, unread=plan.unread), str(plan.cursor)
            wanted = self._pages.get((folder.validity, name), ())
            if name and not wanted:
                raise BadResponse(f"{self._at.shown}: all UIDs have changed while the mails were read")
            hold(room := sum(min(mail.size, self._largest) + _BESIDE for mail in wanted))
            return head._replace(mails=self._get(connection, wanted, room, judge) if wanted else ()), etag
        finally:
            connection.leave()

    def _plan(self, connection: MailConnection, folder: FolderState, cursor: MailCursor | None) -> MailPlan:
        most = most_pages(self._options)
        if cursor and cursor.validity == folder.validity and cursor.next < folder.next:
            listed, following = list_since(connection, cursor.next, folder.next)
            pages, left = divide(self._wanted(listed), self._largest, most)
            following = left[0].uid if left else following  # the next check goes on there
            return MailPlan(pages, 0, MailCursor(folder.validity, following, cursor.since))
        first = max(1, folder.exists - MOST_MAILS + 1)
        listed = connection.listed(first, folder.exists) if folder.exists else []
        known = [mail for mail in listed if not cursor or mail.came >= cursor.since]
        pages, left = divide(self._wanted(known)[::-1], self._largest, most)
        earlier = first - 1 if len(known) == len(listed) else 0
        since = cursor.since if cursor else min((mail.came for mail in listed), default=self._client.clock().date())
        newest = [page[::-1] for page in reversed(pages)]
        return MailPlan(newest, len(left) + earlier, MailCursor(folder.validity, folder.next, since))

    def _wanted(self, listed: Sequence[ListedMail]) -> list[ListedMail]:
        kind: Mailing = self._options  # type: ignore[assignment] # as all that are read by IMAP
        return [mail for mail in listed if kind.wants(mail.headers)]

    def _get(
        self, connection: MailConnection, wanted: Sequence[ListedMail], room: int, judge: Callable[[bytes], str]
    ) -> list[RawMail]:
        found = connection.contents([mail.uid for mail in wanted], self._largest, room)
        return [
            RawMail(raw, max(mail.size, len(raw)), mail.uid, str(mail.came), signature)
            for mail in wanted
            if (raw := found.get(mail.uid)) is not None  # else it was deleted meanwhile
            for signature in [judge(raw) if len(raw) >= mail.size else "too large to be checked"]
        ]


def list_since(connection: MailConnection, first: int, following: int) -> tuple[list[ListedMail], int]:
    """Those of the mails from UID `first` to `following` that there are, and the UID after all that were looked at."""
    listed: list[ListedMail] = []
    step = MOST_MAILS
    while first < following and len(listed) < MOST_MAILS:
        some = connection.listed(first, min(first + step, following) - 1, by_uid=True)
        listed, first, step = [*listed, *some], min(first + step, following), step if some else 2 * step
    return listed, first


def divide(mails: Sequence[ListedMail], largest: int, most: int) -> tuple[list[list[ListedMail]], Sequence[ListedMail]]:
    """The first of some mails, as at most `most` pages, and those that are left. Of each, `largest` bytes count."""
    pages: list[list[ListedMail]] = []
    room, all_room = 0, _MOST_BYTES
    for at, mail in enumerate(mails):
        size = min(mail.size, largest)
        room, all_room = room - size, all_room - size
        is_next = not pages or room < 0 or len(pages[-1]) == _PAGE_MAILS
        if at and (all_room < 0 or (is_next and len(pages) == most)):
            return pages, mails[at:]
        if is_next:
            pages.append([])
            room = _PAGE_BYTES - size
        pages[-1].append(mail)
    return pages, ()
