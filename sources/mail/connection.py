"""One connection to a mailbox, in a thread; and bells, which wait over such connections until mails have come.

The folder is opened by EXAMINE and mails are read by BODY.PEEK, so nothing is marked, moved or deleted. What the server
sends is bounded in bytes here, and in time by `cut`.
"""

from __future__ import annotations

import asyncio
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from ipaddress import ip_address
from itertools import islice
from typing import NamedTuple

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError, UnexpectedCommandStatusError
from imap_tools.mailbox import BaseMailBox

from sources.errors import AddressRefused, BadResponse, FetchError, SourceError, TlsFailed, TooLarge, Unreachable
from sources.http.guard import Guard, allowed
from sources.http.tls import trust
from sources.mail.mailbox import MailboxAddress
from sources.model import Source
from sources.options import HttpOptions, deadline

_ATTRIBUTE = re.compile(rb'\b(UID|RFC822\.SIZE|INTERNALDATE) (\d+|"[^"]*")')
_LIST = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)]<0.8000>)"
_LISTED = 50_000_000  # bytes of one list of mails with their From and Subject
_SAID = 1_000_000  # bytes of all else that a server says between two commands
_SHOWN = 10  # folders that an error names
_MOST = 50  # mailboxes that are waited for, each by a thread and over a connection of its own
_SPELL = 540.0  # seconds of one IDLE: networks forget a connection on which nothing is said
_PAUSE = 60.0  # seconds until a server that has failed is asked again


class FolderState(NamedTuple):
    """How a folder stands: its UIDVALIDITY, the UID that the next mail gets, and how many mails there are."""

    validity: int
    next: int
    exists: int


class ListedMail(NamedTuple):
    """A mail of a folder: its size in bytes, the day (UTC) on which it came, and its headers From and Subject."""

    uid: int
    size: int
    came: date
    headers: bytes


class MailConnection(BaseMailBox):
    """A connection to the folder of an address, which `enter` opens and `leave` closes. All methods but `cut` may raise
    FetchError, in which there is no password.
    """

    def __init__(self, at: MailboxAddress, guard: Guard, ca_file: str | None, seconds: float) -> None:
        self._at, self._guard, self._ca_file, self._seconds = at, guard, ca_file, seconds
        self._socket: socket.socket | None = None
        self.client: _Client  # imap-tools makes it at once

    def enter(self, addresses: Sequence[str]) -> FolderState:
        """Connect to the first of some addresses that answers, sign in, and open the folder."""
        where = f"{self._at.host}:{self._at.port}"
        try:
            self._dial(addresses)
            super().__init__()
            self._sign_in()
            return self._open()
        except ssl.SSLError as error:
            raise TlsFailed(f"{where}: {getattr(error, 'verify_message', '') or error.reason or error}") from None
        except OSError as error:
            raise Unreachable(f"no connection to {where}: {error.strerror or error}") from None
        except (imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
            raise BadResponse(f"{where} does not answer as IMAP does: {self._said(error)}") from None

    def listed(self, first: int, last: int, *, by_uid: bool = False) -> list[ListedMail]:
        """The mails with these numbers in the folder, or with UIDs from `first` to `last`, oldest first."""
        found = (
            ListedMail(int(said[b"UID"]), int(said[b"RFC822.SIZE"]), _day(said[b"INTERNALDATE"]), headers)
            for said, headers in self._ask(f"{first}:{last}", _LIST, _LISTED, by_uid=by_uid)
            if b"RFC822.SIZE" in said and b"INTERNALDATE" in said
        )
        return sorted(mail for mail in found if not by_uid or first <= mail.uid <= last)  # some send the last one, too

    def contents(self, uids: Iterable[int], most: int, room: int) -> dict[int, bytes]:
        """The bytes of mails by UID, of each at most the first `most`, in all at most `room`."""
        answers = self._ask(",".join(map(str, uids)), f"(UID BODY.PEEK[]<0.{most}>)", room)
        return {int(said[b"UID"]): content for said, content in answers}

    def can_tell(self) -> bool:
        """Whether the server tells of mails that come while it is connected. It is asked, since it may offer this only
        to who has signed in (RFC 3501, 6.1.1), and imaplib from Python 3.14 on keeps what was said before.
        """
        try:
            offered = self.client.capability()[1]
        except (OSError, imaplib.IMAP4.error) as error:
            raise BadResponse(f"{self._at.host} does not say what it offers: {self._said(error)}") from None
        return any(b"IDLE" in words.upper().split() for words in offered if words)

    def tells(self, seconds: float) -> bool:
        """Wait until the server tells of mails that have come, at most so long; whether it did."""
        self.client.left = _SAID
        try:
            with self.idle as waiting:  # which may have told before it waits
                told = self._has_told() or any(line.endswith(b"EXISTS") for line in waiting.poll(seconds))
            return self._has_told() or told
        except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
            raise BadResponse(f"{self._at.host} does not tell what comes: {self._said(error)}") from None

    def cut(self) -> None:
        """Break the connection, whatever its thread waits for."""
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """Close the connection."""
        with suppress(OSError, imaplib.IMAP4.error, ImapToolsError, AttributeError, FetchError):
            self.logout()
        with suppress(OSError, AttributeError):
            self.client.shutdown()
        if self._socket:
            self._socket.close()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        assert self._socket  # noqa: S101 - dialled before
        return _Client(self._socket)

    def _dial(self, addresses: Sequence[str]) -> None:
        """Connect to one of the addresses; the guard checks each again. Raises OSError."""
        failed: OSError | None = None
        for address in addresses:
            if self._at.scheme == "imap" and allowed(ip_address(address), "refuse"):
                raise AddressRefused(f"{self._at.host} is on the public internet, where a password needs imaps://")
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            self._socket = self._guard.socket((family, socket.SOCK_STREAM, 0, "", (address, self._at.port)))
            self._socket.settimeout(self._seconds)
            try:
                self._socket.connect((address, self._at.port))
            except OSError as error:
                self._socket.close()
                failed = error
                continue
            if self._at.scheme == "imaps":
                context, name = trust(self._ca_file, "imap"), self._at.host
                self._socket = context.wrap_socket(self._socket, server_hostname=name, do_handshake_on_connect=False)
                self._socket.do_handshake()  # by now `cut` knows its socket
            return
        raise failed or OSError(None, "no address")

    def _sign_in(self) -> None:
        sign_in = self.login if (self._at.user + self._at.password).isascii() else self.login_utf8
        try:
            sign_in(self._at.user, self._at.password, None)
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            why = f"{self._at.host} does not let {self._at.user} in: {self._said(error)}"
            raise FetchError(why, code="login_refused") from None

    def _open(self) -> FolderState:
        try:
            exists = int(self.folder.set(self._at.folder, readonly=True)[1][0])
        except MailboxFolderSelectError:
            names = [each.name for each in self.folder.list()]
            shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
            why = f"{self._at.host} has no folder {self._at.folder!r} to read; it has: {shown or 'none'}"
            raise FetchError(why, code="folder_missing") from None
        said = [self.client.response(name)[1][-1] for name in ("UIDVALIDITY", "UIDNEXT", "EXISTS")]
        validity, following, _ = (int(number) if isinstance(number, bytes) else 0 for number in said)
        if not following:  # which old servers do not say
            following = 1 + max((mail.uid for mail in self.listed(max(1, exists), exists)), default=0)
        return FolderState(validity, following, exists)

    def _ask(self, which: str, wants: str, room: int, *, by_uid: bool = True) -> list[tuple[dict[bytes, bytes], bytes]]:
        """The attributes and the literal of each mail; `room` is how many bytes the server may send."""
        self.client.left = room + _SAID
        try:
            fetched = self.client.uid("FETCH", which, wants) if by_uid else self.client.fetch(which, wants)
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            raise BadResponse(f"{self._at.host} broke off while mails were read: {self._said(error)}") from None
        if fetched[0] != "OK":
            raise BadResponse(f"{self._at.host} does not give the mails {which}: {self._said(fetched[1])}")
        found, said, literal = list[tuple[dict[bytes, bytes], bytes]](), b"", b""
        for item in fetched[1]:
            if isinstance(item, tuple):
                said, literal = said + item[0], item[1]
            elif item is not None:  # the end of what is said of a mail
                found.append((dict(_ATTRIBUTE.findall(said + item)), literal))
                said, literal = b"", b""
        return [each for each in found if b"UID" in each[0]]  # else a change of flags, unasked

    def _has_told(self) -> bool:
        return self.client.response("EXISTS")[1] != [None]

    def _said(self, what: object) -> str:
        """What the server said, without the password."""
        if isinstance(what, UnexpectedCommandStatusError):
            what = " ".join(each.decode(errors="replace") for each in what.command_result[1] if isinstance(each, bytes))
        return str(what).replace(self._at.password, "...")[:200]


class _Client(imaplib.IMAP4):
    """imaplib's client over a connection that there is, whose server may send `left` more bytes."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self.left = connection, _SAID
        super().__init__()

    def _create_socket(self, timeout: float | None) -> socket.socket:  # noqa: ARG002 - imaplib's
        return self._connection

    def read(self, size: int) -> bytes:
        self._take(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._take(len(line))
        return line

    def _take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooLarge("the server of the mailbox sends more than was asked for")


def _day(said: bytes) -> date:
    """The day (UTC) of an INTERNALDATE; the first of all days where it cannot be read."""
    with suppress(ValueError):
        return datetime.strptime(said.decode("ascii").strip('" '), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC).date()
    return date.min


class MailBells:
    """Waits for mailboxes to tell that mails have come (IDLE, RFC 2177), so that they are checked at once; checks by
    the schedule go on all the same. Calls `ring`, in some thread, with the name of the source, until it is stopped.
    """

    def __init__(self, sources: Mapping[str, Source], http: HttpOptions, ring: Callable[[str], None]) -> None:
        self._ring, self._guard, self._ending = ring, Guard(http.private_addresses), threading.Event()
        self._connections: dict[str, MailConnection] = {}
        for name, source in islice(sources.items(), _MOST):
            threading.Thread(target=self._wait, args=(name, source.under(http)), name="mail bell", daemon=True).start()

    def stop(self) -> None:
        """End all threads, whatever they wait for."""
        self._ending.set()
        for connection in list(self._connections.values()):
            connection.cut()

    def _wait(self, name: str, source: Source) -> None:
        at, seconds = MailboxAddress.of(source.url or ""), deadline(source).total_seconds()
        while not self._ending.is_set():
            self._connections[name] = connection = MailConnection(at, self._guard, source.ca_file, seconds)
            with suppress(SourceError, OSError):
                try:
                    connection.enter(asyncio.run(self._guard.resolve(at.host, at.port)))
                    while connection.can_tell() and not self._ending.is_set():
                        if connection.tells(_SPELL):
                            self._ring(name)
                finally:
                    connection.leave()
            self._ending.wait(_PAUSE)
