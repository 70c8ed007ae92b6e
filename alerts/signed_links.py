"""Links that let whoever has them do one thing at the desk: signed, and valid until a time. Pure.

A link opens a page with a button, as programs that look at mails open every link in them.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

PATH = "act"
LASTING = timedelta(days=7)  # of a link to something without a time of its own
_LONGEST = 1000  # characters of a token
_MAC = 18  # bytes

Sign = Callable[[str, int, datetime | None], str | None]  # the link to do something with a number, valid until a time


class Claim(NamedTuple):
    """What a link allows: to do `what` (approve, reject, acknowledge) with a number; `who` got the link."""

    what: str
    number: int
    who: str


def no_link(what: str, number: int, until: datetime | None) -> None:
    """A `Sign` for where there is no desk."""


def signer(base_url: str | None, key: bytes, who: str, now: datetime) -> Sign:
    """Makes the links for one recipient."""

    def sign(what: str, number: int, until: datetime | None) -> str | None:
        if base_url is None:
            return None
        expires = int((until or now + LASTING).timestamp())
        content = json.dumps([what, number, who, expires], separators=(",", ":")).encode()
        packed = urlsafe_b64encode(content).decode().rstrip("=")
        return f"{base_url}/{PATH}/{packed}.{_mac(key, packed)}"

    return sign


def claim_of(token: str, key: bytes, now: datetime) -> Claim | None:
    """What a token allows; None if it was not signed with this key, or is not valid any more."""
    packed, _, mac = token.partition(".")
    if len(token) > _LONGEST or not token.isascii() or not hmac.compare_digest(_mac(key, packed), mac):
        return None
    what, number, who, expires = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    return Claim(what, number, who) if now < datetime.fromtimestamp(expires, UTC) else None


def _mac(key: bytes, packed: str) -> str:
    return urlsafe_b64encode(hmac.digest(key, packed.encode(), sha256)[:_MAC]).decode().rstrip("=")
