"""Waits for mailboxes to tell that mails have come (IDLE, RFC 2177), so that they are checked at once. Checks by the
schedule go on, whatever becomes of it.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice

from sources.errors import SourceError
from sources.http.guard import Guard
from sources.mail.address import MailboxAddress
from sources.mail.connection import MailConnection
from sources.model import Source
from sources.options import HttpOptions, deadline

_MOST = 50  # mailboxes that are waited for, each by a thread and over a connection of its own
_SPELL = 540.0  # seconds of one IDLE: networks forget a connection on which nothing is said
_PAUSE = 60.0  # seconds until a server that has failed is asked again


class MailBells:
    """Calls `ring`, in some thread, with the name of a source whose mailbox has told of mails, until it is stopped."""

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
                    while connection.can_tell and not self._ending.is_set():
                        if connection.tells(_SPELL):
                            self._ring(name)
                finally:
                    connection.leave()
            self._ending.wait(_PAUSE)
