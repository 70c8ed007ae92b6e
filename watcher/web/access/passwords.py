"""Passwords of `[web.users.*]`: argon2id hashes, with the parameters that the library recommends."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 1024  # characters of a password that are looked at
AT_ONCE = 2  # verifications: each takes some 64 MB and a core

# of a random text that nobody kept; made at the start it would take 64 MB for a moment
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$UtUtQH9ns8RJp0GDvv0fLA$es0wRBtKLhLe4Rlg2mWl8QJt0+IWstXELsNe+/rSJRw"


class Passwords:
    """Verifies passwords, few at once."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def is_right(self, stored: str | None, password: str) -> bool:
        """Whether a password has this hash. Takes as long for a user that does not exist (None): names stay unknown."""
        if len(password) > LONGEST:
            return False
        with self._turns:
            try:
                return self._hasher.verify(stored or NOBODY, password) and stored is not None
            except (VerificationError, InvalidHashError):
                return False


def hashed(password: str) -> str:
    """The hash of a password, for `[web.users.NAME] password`."""
    return PasswordHasher().hash(password)
