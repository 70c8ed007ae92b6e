"""Which addresses from outside are shown as links, the addresses of the desk's pages, and signed links. Pure.

A signed link lets whoever has it do one thing at the desk until a time. It opens a page with a button, as programs that
look at mails open every link in them.
"""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from sources.text import clean

_UNSAFE_IN_URL = re.compile(r"""[\s<>"'`|\\^{}]|@(?=(?:everyone|here|channel|all)\b)|(?<=\])\(""", re.IGNORECASE)


def web_address(url: str | None) -> str | None:
    """A URL as it may be shown as a link: what could break out of it is encoded. None when it is not http or https."""
    if not url or not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
        return None
    return _UNSAFE_IN_URL.sub(lambda char: "".join(f"%{byte:02X}" for byte in char[0].encode()), clean(url))


def change_link(base_url: str | None, event: int) -> str | None:
    """The address of a change's page at the desk; None without a desk, or for what is not stored (0)."""
    return f"{base_url}/changes/{event}" if base_url and event else None


def entry_link(base_url: str | None, entry: int) -> str | None:
    """The address of an entry's page at the desk; None without a desk."""
    return f"{base_url}/entries/{entry}" if base_url else None


def changes_link(base_url: str | None, source: str = "") -> str | None:
    """The address of the changes of a source at the desk, or of all; None without a desk."""
    which = f"?source={quote(source, safe='')}" if source else ""
    return f"{base_url}/changes{which}" if base_url else None


def case_link(base_url: str | None, entity: str) -> str | None:
    """The address of a case's page at the desk; None without a desk."""
    return f"{base_url}/cases/{quote(entity, safe='')}" if base_url else None


PATH = "act"
PRESS, VERIFY, UNSUBSCRIBE = "press", "verify", "unsubscribe"
LASTING = timedelta(days=7)  # of a link; where it is for something until a time, longer: then it says what became of it
MAILS_LAST = timedelta(days=3650)  # of a link to unsubscribe: as long as somebody may keep the mail
_LONGEST = 1000  # characters of a token
_MAC = 18  # bytes

Sign = Callable[[str, int, datetime | None], str | None]  # the link to do something with a number, valid until a time


class Claim(NamedTuple):
    """What a link allows: to do `what` (approve, reject, acknowledge, press, verify, unsubscribe) with a number; `who`
    got the link. An address that is verified, or the button that is pressed, is what it is `about`.
    """

    what: str
    number: int
    who: str
    about: str = ""


def no_link(what: str, number: int, until: datetime | None) -> None:
    """A `Sign` for where there is no desk."""


def signer(base_url: str | None, key: bytes, who: str, now: datetime) -> Sign:
    """Makes the links for one recipient."""

    def sign(what: str, number: int, until: datetime | None) -> str | None:
        if base_url is None:
            return None
        return f"{base_url}/{PATH}/{token_of(Claim(what, number, who), key, (until or now) + LASTING)}"

    return sign


def verify_link(base_url: str, key: bytes, who: str, address: str, now: datetime) -> str:
    """The link by which a reader shows that an address is his, which only that address is sent."""
    return f"{base_url}/{PATH}/{token_of(Claim(VERIFY, 0, who, address), key, now + LASTING)}"


def press_link(base_url: str, key: bytes, who: str, now: datetime, button: str) -> str:
    """The link that does what a button of a message is for, by the button's name."""
    return f"{base_url}/{PATH}/{token_of(Claim(PRESS, 0, who, button), key, now + LASTING)}"


def unsubscribe_link(base_url: str, key: bytes, who: str, follow: int, now: datetime) -> str:
    """The link that ends a follow of a reader, or with 0 all that he follows by mail (RFC 8058)."""
    return f"{base_url}/{UNSUBSCRIBE}/{token_of(Claim(UNSUBSCRIBE, follow, who), key, now + MAILS_LAST)}"


def token_of(claim: Claim, key: bytes, until: datetime) -> str:
    """What in a link says what it allows until a time, signed."""
    content = json.dumps([*claim[:3], int(until.timestamp()), *filter(None, claim[3:])], separators=(",", ":")).encode()
    packed = urlsafe_b64encode(content).decode().rstrip("=")
    return f"{packed}.{_mac(key, packed)}"


def claim_of(token: str, key: bytes, now: datetime) -> Claim | None:
    """What a token allows; None if it was not signed with this key, or is not valid any more."""
    packed, _, mac = token.partition(".")
    if len(token) > _LONGEST or not token.isascii() or not hmac.compare_digest(_mac(key, packed), mac):
        return None
    what, number, who, expires, *about = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    return Claim(what, number, who, *about) if now < datetime.fromtimestamp(expires, UTC) else None


def _mac(key: bytes, packed: str) -> str:
    return urlsafe_b64encode(hmac.digest(key, packed.encode(), sha256)[:_MAC]).decode().rstrip("=")
