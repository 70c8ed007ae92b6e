"""What signing in needs: sessions, which live in memory, so that a restart signs everybody out; passwords of
`[web.users.*]`, hashed by argon2id with the parameters that the library recommends; and a wait after failed attempts,
which gets twice as long each time.
"""

import asyncio
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from watcher.config.settings import Role

SESSION_AGE = 14 * 86_400  # seconds after the last use until a session ends, and its cookie
MOST = 10_000  # sessions, the one that was not used for longest ends first; and addresses whose failures are kept
LONGEST_PASSWORD = 1024  # characters that are looked at
AT_ONCE = 2  # passwords that are verified together: each takes some 64 MB and a core

# of a random text that nobody kept; made at the start it would take 64 MB for a moment
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$UtUtQH9ns8RJp0GDvv0fLA$es0wRBtKLhLe4Rlg2mWl8QJt0+IWstXELsNe+/rSJRw"

FREE = 5  # failures of an address that cost nothing
FREE_TOGETHER = 50
EVERYBODY = "*"  # all addresses together: an attack from many
LONGEST_WAIT = 900.0  # seconds
FORGOTTEN = 3600.0  # seconds after which failures are forgotten


class SignInRefused(Exception):
    """What a provider, or somebody in its name, says is not accepted; the text says why, for people and the log."""

    status = 403


class ProviderDown(SignInRefused):
    """A provider gives no answer that can be used."""

    status = 503


class SignInAttempt(NamedTuple):
    """A sign-in at a provider that a browser began: what only the desk knows, and where it leads in the end."""

    provider: str
    nonce: str
    verifier: str
    there: str
    at: datetime


@dataclass
class Voucher:
    """What a provider said of somebody, and by what it is asked again: `id_token`, `access_token` and `refresh_token`,
    of which the last two may be empty. `looked` is when it last answered; `turn` is held while it is asked.
    """

    provider: str
    who: str
    role: Role
    claims: Mapping[str, Any]
    tokens: dict[str, str] = field(repr=False)
    looked: datetime
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)


class DeskSession(NamedTuple):
    """Somebody who signed in. `user` is None for the holder of the token; a provider's `voucher` is for its users."""

    user: str | None
    used: float
    voucher: Voucher | None = None


class Sessions:
    """All sessions, by a random identifier that is made anew at each sign-in. Safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._sessions: OrderedDict[str, DeskSession] = OrderedDict()
        self._key = secrets.token_bytes(32)

    def begin(self, user: str | None, voucher: Voucher | None = None) -> str:
        """Sign somebody in; returns the identifier for the cookie."""
        identifier = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[identifier] = DeskSession(user, self._clock(), voucher)
            while len(self._sessions) > MOST:
                self._sessions.popitem(last=False)
        return identifier

    def find(self, identifier: str) -> DeskSession | None:
        """The session with this identifier, if it has not ended; counts as a use of it."""
        with self._lock:
            session = self._sessions.pop(identifier, None)
            if session is None or self._clock() - session.used > SESSION_AGE:
                return None
            session = self._sessions[identifier] = session._replace(used=self._clock())
            return session

    def end(self, identifier: str) -> None:
        """Sign out."""
        with self._lock:
            self._sessions.pop(identifier, None)

    def end_vouched(self, provider: str | None = None, sub: str = "", sid: str = "") -> None:
        """Sign out those for whom a provider vouched, or all; of them a person, or those of a session there."""
        with self._lock:
            for identifier, (_, _, by) in list(self._sessions.items()):
                who = by and (by.claims["sub"], by.claims.get("sid"))
                if by and who and provider in {None, by.provider} and sub in {"", who[0]} and sid in ("", who[1]):
                    del self._sessions[identifier]

    def csrf(self, identity: str) -> str:
        """The token that forms of a session (or of a proxy's user) carry: known to our own pages alone."""
        return hmac.new(self._key, identity.encode(), sha256).hexdigest()


class Passwords:
    """Verifies passwords, few at once."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def is_right(self, stored: str | None, password: str) -> bool:
        """Whether a password has this hash. Takes as long for a user that does not exist (None): names stay unknown."""
        if len(password) > LONGEST_PASSWORD:
            return False
        with self._turns:
            try:
                return self._hasher.verify(stored or NOBODY, password) and stored is not None
            except (VerificationError, InvalidHashError):
                return False


def hash_password(password: str) -> str:
    """The hash of a password, for `[web.users.NAME] password`."""
    return PasswordHasher().hash(password)


class Failures(NamedTuple):
    """How often it failed in a row, and when it may be tried again."""

    number: int
    until: float


class Throttle:
    """Counts failures by address, and of all together. Safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failures: OrderedDict[str, Failures] = OrderedDict()

    def wait(self, address: str, *, together: bool = True) -> float:
        """Seconds until this address may try; 0 if it may now. `together` counts the failures of all addresses, too."""
        with self._lock:
            now, names = self._clock(), (address, EVERYBODY) if together else (address,)
            return max(0.0, *(self._find(name, now).until - now for name in names))

    def count_failure(self, address: str) -> None:
        """An attempt has failed."""
        with self._lock:
            now = self._clock()
            for name, free in ((address, FREE), (EVERYBODY, FREE_TOGETHER)):
                number = self._find(name, now).number + 1
                pause = min(LONGEST_WAIT, 2.0 ** min(number - free, 20)) if number >= free else 0.0
                self._failures[name] = Failures(number, now + pause)
                self._failures.move_to_end(name)
            while len(self._failures) > MOST:
                self._failures.popitem(last=False)

    def forget_failures(self, address: str) -> None:
        """Somebody signed in from there: its failures are forgotten."""
        with self._lock:
            self._failures.pop(address, None)

    def _find(self, name: str, now: float) -> Failures:
        failures = self._failures.get(name)
        if failures is None or now - failures.until > FORGOTTEN:
            return Failures(0, now)
        return failures
