"""Where a text holds addresses: a name in a link, a domain or an e-mail address is nobody's mention. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right

# Scripts without spaces between words: Thai to Burmese, Khmer, kana, Han. An address ends where they begin, and a name
# that touches their letters is not inside another word.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"""[^\s<>"'«»“”()\[\]{{}}|{SPACELESS}]+""")
_SCHEME = re.compile(r"[a-z0-9+.-]*\Z")
# Bare domains only with endings that no word of a sentence has, for a missing space after a full stop makes a "domain".
_HOST = re.compile(
    r"(?:[^@]*@)?[\w-]+(?:\.[\w-]+)*\.(?:app|by|com|de|dev|eu|gov|info|io|kz|me|net|org|ru|su|ua|uk|рф)(?::\d+)?"
)

Span = tuple[int, int]


class Addresses:
    """The addresses of one text in lower case. Linear in the text, which may be anything that a site sends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [token.span() for token in _TOKEN.finditer(text)]
        self._known: dict[int, Span | None] = {}

    def hold(self, span: Span) -> bool:
        """Whether a span is a part of an address; a name that is the whole address ("Booking.com") is none."""
        index = bisect_right(self._tokens, span[0], key=lambda token: token[0]) - 1
        if index not in self._known:  # one token may hold many names
            self._known[index] = self._address(self._tokens[index]) if index >= 0 else None
        address = self._known[index]
        return address is not None and address != span and address[0] <= span[0] and span[1] <= address[1]

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
        return (start, end) if text.startswith("www.") or _HOST.fullmatch(host) else None
