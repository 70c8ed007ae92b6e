"""Connections that are waited for, those that are kept for the next request, and the TLS sessions that are resumed."""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sources.connections import Connections, Trust

KEPT = 256  # idle connections over all hosts
KEPT_FOR = 75.0  # seconds, so that a source that is checked every minute keeps its connection
READ, WRITE, NOTHING = selectors.EVENT_READ, selectors.EVENT_WRITE, 0

_SESSION_FOR = 3600.0  # seconds in which a TLS session is resumed: then the certificate is looked at again
_SESSIONS = 1024


class Key(NamedTuple):
    """What requests must have in common to go over the same connection."""

    connections: Connections
    trust: Trust
    scheme: str
    host: str
    port: int


class Line:
    """One connection; `job` is what it is used for at the moment."""

    __slots__ = ("events", "fd", "job", "key", "since", "socket")

    def __init__(self, key: Key, connected: socket.socket, job: Any) -> None:
        self.key, self.socket, self.fd = key, connected, connected.fileno()
        self.events, self.since = NOTHING, 0.0
        self.job: Any = job

    def is_quiet(self) -> bool:
        """Whether it is still open and nothing came that nobody asked for."""
        try:
            if isinstance(self.socket, ssl.SSLSocket):
                self.socket.recv(1)
            else:
                self.socket.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False


class Lines:
    """All of them. A line that is `kept` is closed after a while, or when there are too many."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._idle: dict[Key, list[Line]] = {}
        self._kept: OrderedDict[Line, None] = OrderedDict()  # the longest idle first
        self._sessions: OrderedDict[Key, tuple[float, ssl.SSLSession]] = OrderedDict()
        self._closed = False

    def listen(self, file: int) -> None:
        """Have `select` tell, with None, when there is something to read from a file that is no connection."""
        self._selector.register(file, READ)

    def select(self, seconds: float) -> Iterator[Line | None]:
        """Those for which something has come that they wait for, within so many seconds."""
        for key, _ in self._selector.select(seconds):
            yield key.data

    def wait_for(self, line: Line, events: int) -> None:
        """Have `select` tell of these events alone."""
        if events == line.events:
            return
        if not line.events:
            self._selector.register(line.fd, events, line)
        elif not events:
            self._selector.unregister(line.fd)
        else:
            self._selector.modify(line.fd, events, line)
        line.events = events

    def take(self, key: Key) -> Line | None:
        """An idle connection, the last one used first; None when there is none that still lives."""
        while lines := self._idle.get(key):
            line = lines[-1]
            if line.is_quiet():
                self._forget(line)
                return line
            self.drop(line)
        return None

    def keep(self, line: Line, *, reusable: bool) -> None:
        """A connection is done with: keep it for the next request if it can be used again."""
        line.job = None
        if isinstance(line.socket, ssl.SSLSocket):
            self._remember(line.key, line.socket.session)
        if not reusable or self._closed:
            self.drop(line)
            return
        self.wait_for(line, READ)
        line.since = time.monotonic()
        self._idle.setdefault(line.key, []).append(line)
        self._kept[line] = None
        if len(self._kept) > KEPT:
            self.drop(next(iter(self._kept)))

    def drop(self, line: Line) -> None:
        """Close a connection."""
        self._forget(line)
        self.wait_for(line, NOTHING)
        line.socket.close()

    def drop_old(self, now: float) -> None:
        """Close those that were idle for too long."""
        while self._kept and now - (oldest := next(iter(self._kept))).since > KEPT_FOR:
            self.drop(oldest)

    def session(self, key: Key) -> ssl.SSLSession | None:
        """The TLS session to resume, unless it is too old."""
        begun, session = self._sessions.get(key, (0.0, None))
        return None if time.monotonic() - begun > _SESSION_FOR else session

    def forget_session(self, key: Key) -> None:
        """The server did not resume it."""
        self._sessions.pop(key, None)

    def close(self) -> None:
        """Close those that are kept, and keep none any more."""
        self._closed = True
        for line in list(self._kept):
            self.drop(line)
        self._selector.close()

    def _remember(self, key: Key, session: ssl.SSLSession | None) -> None:
        if session is None:
            return
        begun = self._sessions[key][0] if key in self._sessions else time.monotonic()
        self._sessions[key] = begun, session
        self._sessions.move_to_end(key)
        if len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)

    def _forget(self, line: Line) -> None:
        """It is no longer idle."""
        if line in self._kept:
            del self._kept[line]
            lines = self._idle[line.key]
            lines.remove(line)
            if not lines:
                del self._idle[line.key]
