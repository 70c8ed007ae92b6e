"""The addresses in a text: a name in a link, a domain or an e-mail address is not a mention. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right

from alerts.recognition.language.tokens import SPACELESS
from alerts.recognition.tables import words

# The usual endings of domains that are also written with capital letters. The others, which may be words after a full
# stop without a space, count only in small letters: "Acme.Taxi" is a product.
PLAIN = words("plain_domains")
TOPS = words("domains")
# Countries whose codes are words, with which the beginning of a sentence is glued to the end of another one.
WORDS = words("domains_like_words")


_TOKEN = rf"""[^\s<>"'«»“”()\[\]{{}}|{SPACELESS}]+"""
_POSSIBLE = re.compile(r"[:.](?://|[^\W\d_]|(?<=[Ww]{3}\.))")  # what every address has, and few texts
_SCHEME = re.compile(r"[a-z0-9+.-]*\Z", re.IGNORECASE)
_HOST = re.compile(r"(?:[^@]*@)?(?P<name>[\w-]+(?:\.[\w-]+)*)\.(?P<top>[^\W\d_]{2,18})(?::\d+)?")
_HANDLE = re.compile(rf"(?<![^\W{SPACELESS}])@\w+")

Span = tuple[int, int]


class Addresses:
    """The addresses of one text. Linear in its length, as the text is foreign."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [token.span() for token in re.finditer(_TOKEN, text)] if _POSSIBLE.search(text) else []
        self._known: dict[int, Span | None] = {}
        self._handles = [handle.span() for handle in _HANDLE.finditer(text)] if "@" in text else []

    def hold(self, span: Span) -> bool:
        """Whether a span is a part of an address; a name that is the whole address ("Booking.com") is not."""
        if not self._tokens:
            return False
        index = bisect_right(self._tokens, span[0], key=lambda token: token[0]) - 1
        if index not in self._known:  # one token may contain many names
            self._known[index] = self._address(self._tokens[index]) if index >= 0 else None
        address = self._known[index]
        return address is not None and address != span and address[0] <= span[0] and span[1] <= address[1]

    def is_handle(self, span: Span) -> bool:
        """Whether a span is, or is part of, a handle: @name."""
        if not self._handles:
            return False
        index = bisect_right(self._handles, span[0], key=lambda handle: handle[0]) - 1
        return index >= 0 and span[0] < self._handles[index][1]

    def _address(self, token: Span) -> Span | None:
        """The span of the address in a run of text without spaces, if there is one."""
        start, end = token
        text = self._text[start:end].rstrip(".,;:!?…")
        end = start + len(text)
        scheme, found, _ = text.partition("://")
        if found:
            shorter = scheme[-32:]  # no scheme is longer
            return start + len(scheme) - len(shorter) + _SCHEME.search(shorter).start(), end  # type: ignore[union-attr]
        host = text.partition("/")[0]
        return (start, end) if text[:4].lower() == "www." or _is_host(host, has_path="/" in text) else None


def _is_host(text: str, *, has_path: bool) -> bool:
    """Whether a run of text is a domain or an e-mail address."""
    found = _HOST.fullmatch(text)
    if not found:
        return False
    top = found["top"]
    if top.lower() in PLAIN:
        return True
    if not top.islower():
        return False
    if "@" in text:
        return True
    told = has_path or "-" in found["name"]
    return top in TOPS or (len(top) == 2 and top.isascii() and (told or top not in WORDS))
