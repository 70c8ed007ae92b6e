"""What the signatures of a mail say (DKIM, and ARC of those who passed it on), found when it comes: keys are withdrawn
later. It is said to people, and nothing is decided by it.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parseaddr
from functools import cache
from typing import Any

import dkim
import dns.exception
import dns.resolver

_MOST_SIGNATURES = 5  # of one mail that are looked at
_LONGEST_LOOK_UP = 3.0  # seconds

KeyLookUp = Callable[[str], bytes]
"""The TXT record of a name, b"" where there is none. Raises OSError where nobody answers."""


def look_up_key(name: str) -> bytes:
    """As the system's name servers say."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=_LONGEST_LOOK_UP)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return b""
    except dns.exception.DNSException as error:
        raise OSError(None, f"{name}: {error}") from None
    return b"".join(next(iter(answer)).strings)


class Signatures:
    """Judges the mails of one page: each key is looked up once, and none after `seconds`."""

    def __init__(self, look_up: KeyLookUp | None, seconds: float) -> None:
        self._look_up, self._ends = cache(look_up or look_up_key), time.monotonic() + seconds
        self._silent = False

    def judge(self, raw: bytes) -> str:
        """In words: "signed by example.org", "not signed", "the signature of example.org does not hold"."""
        said = list[str]()
        with suppress(dkim.DKIMException, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            mail = dkim.DKIM(raw)
            names = [name.lower() for name, _ in mail.headers]
            sender = next((value for name, value in mail.headers if name.lower() == b"from"), b"")
            bears = parseaddr(" ".join(sender.decode("utf-8", "replace").split()))[1].rpartition("@")[2].lower()
            said.append(self._signed(mail, min(names.count(b"dkim-signature"), _MOST_SIGNATURES), bears))
            if b"arc-seal" in names:
                verdict, found, _ = dkim.ARC(raw).verify(self._answer)
                passed = f"passed on by {found[0]['as-domain'].decode()} (ARC)" if found else ""
                said.append(passed if passed and verdict == dkim.CV_Pass else "ARC does not hold")
        return "; ".join(said) or "its signatures cannot be read"

    def _signed(self, mail: Any, count: int, bears: str) -> str:
        good, bad = list[str](), list[str]()
        self._silent = False
        for at in range(count):
            mail.domain, holds = None, False
            with suppress(dkim.DKIMException):
                holds = mail.verify(at, self._answer)
            (good if holds else bad).append((mail.domain or b"").decode().lower())
        if own := next((domain for domain in good if _is_of(domain, bears) or _is_of(bears, domain)), None):
            return f"signed by {own}"
        if good:
            return f"signed by {good[0]}, not by {bears or 'a sender'}, whose name it bears"
        why = "cannot be checked now" if self._silent else "does not hold"
        return f"the signature of {bad[0] or bears} {why}" if count else "not signed"

    def _answer(self, name: bytes, timeout: float = 0) -> bytes:  # noqa: ARG002 - dkimpy's
        with suppress(OSError):
            if time.monotonic() < self._ends:
                return self._look_up(name.decode("ascii").rstrip("."))
        self._silent = True
        return b""


def _is_of(domain: str, above: str) -> bool:
    """Whether a domain is another one or below it: either way round they belong together, as DMARC's relaxed ones."""
    return domain == above or ("." in above and domain.endswith(f".{above}"))
