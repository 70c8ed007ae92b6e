"""Sessions: who is signed in. They live in memory, so a restart signs everybody out."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

AGE = 14 * 86_400  # seconds after the last use until a session ends, and its cookie
MOST = 10_000  # sessions; the one that was not used for longest ends first


class Session(NamedTuple):
    """Somebody who signed in. `user` is None for the holder of the token."""

    user: str | None
    used: float


class Sessions:
    """All sessions, by a random identifier that is made anew at each sign-in. Safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._key = secrets.token_bytes(32)

    def begin(self, user: str | None) -> str:
        """Sign somebody in; returns the identifier for the cookie."""
        identifier = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[identifier] = Session(user, self._clock())
            while len(self._sessions) > MOST:
                self._sessions.popitem(last=False)
        return identifier

    def find(self, identifier: str) -> Session | None:
        """The session with this identifier, if it has not ended; counts as a use of it."""
        with self._lock:
            session = self._sessions.pop(identifier, None)
            if session is None or self._clock() - session.used > AGE:
                return None
            session = self._sessions[identifier] = session._replace(used=self._clock())
            return session

    def end(self, identifier: str) -> None:
        """Sign out."""
        with self._lock:
            self._sessions.pop(identifier, None)

    def csrf(self, identity: str) -> str:
        """The token that forms of a session (or of a proxy's user) carry: known to our own pages alone."""
        return hmac.new(self._key, identity.encode(), sha256).hexdigest()
