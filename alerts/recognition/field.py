"""One field of an entry that contains a name, and what speaks for and against a name at its position: links and
addresses mention nobody. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property

from alerts.recognition.finder import Match, Role
from alerts.recognition.guards.match_context import Casing
from alerts.recognition.language.tokens import SPACELESS
from alerts.recognition.names import form_at
from alerts.recognition.tables import words
from alerts.recognition.words import Restored, Span, Words

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


# The greatest distance of a context word from the name, in characters: about two sentences. The fields of a register's
# row belong together, so a context word may also be in another field, if that is short.
NEAR = 200
# What makes a domain a part of another one; letters of a script without spaces may be next to it.
_GOES_ON = re.compile(rf"(?![{SPACELESS}])[\w-]|\.(?![{SPACELESS}])\w")
BESIDE = frozenset({Role.CONTEXT, Role.NOT})
"""The roles of phrases that are no mention themselves."""


class Field:
    """The words of a field, and all phrases in it. `allies`: the entities for which an entity's name is a context."""

    def __init__(
        self, name: str, restored: Restored, words: Words, matches: list[Match], allies: Mapping[str, Sequence[str]]
    ) -> None:
        self.name, self.restored, self.words, self.matches = name, restored, words, matches
        self.casing = Casing(words)
        self.addresses = Addresses(words.text)
        self.masked: dict[str, list[Span]] = {}
        """The words covered by the `not` phrases of each entity, which are not part of a name."""
        for match in matches:
            if match.phrase.role is Role.NOT:
                spans = self.masked.setdefault(match.phrase.entity, [])
                if spans and match.first < spans[-1][1]:
                    spans[-1] = (spans[-1][0], max(spans[-1][1], match.end))
                else:
                    spans.append(match.span)
        self.beside: dict[str, str | None] = {}  # the context of an entity in other fields of the entry
        self._allies = allies

    @cached_property
    def context(self) -> dict[str, list[Span]]:
        """The positions of each entity's context, from left to right, except in addresses: its context words, and the
        names of other entities that are among them.
        """
        found: dict[str, list[Span]] = {}
        for match in self.matches:
            if match.phrase.role not in {Role.CONTEXT, Role.NAME}:
                continue
            span = self.words.span(*match.span)
            if self.addresses.hold(span):
                continue
            # An entity's own context words serve no ally of it.
            own = match.phrase.role is Role.CONTEXT
            for entity in (match.phrase.entity,) if own else self._allies.get(match.phrase.entity, ()):
                found.setdefault(entity, []).append(span)
        return found

    @cached_property
    def named(self) -> frozenset[Span]:
        """The positions of all names, and of context words that are names."""
        return frozenset(
            self.words.span(*match.span)
            for match in self.matches
            if match.phrase.role is Role.NAME or match.phrase.text[:1].isupper()
        )

    def near(self, entity: str, span: Span) -> str | None:
        """The context word of an entity that is nearest to a position; None if none is near."""
        spans = self.context.get(entity, [])
        first = bisect_left(spans, span[0] - NEAR, key=lambda other: other[1])
        beyond = bisect_right(spans, span[1] + NEAR, key=lambda other: other[0])
        others = [other for other in spans[first:beyond] if other != span]
        if not others:
            return None
        start, end = min(others, key=lambda other: max(other[0] - span[1], span[0] - other[1]))
        return self.words.text[start:end]

    def legal_form(self, match: Match) -> str | None:
        """The legal form after a name that begins its field, or a cell of it: no context is needed then."""
        words, first, end = self.words, match.first, match.end
        if not words.words[first][0].isupper() or (first and words.between(first).isspace()):
            return None
        length = form_at(words.folded, end) if re.fullmatch(r",?\s", words.after(end - 1)) else 0
        if not length or words.folded[end : end + length] == ["company"] or not words.words[end][0].isupper():
            return None
        start, stop = words.span(end, end + length)
        return words.text[start:stop]


def wrong_place(match: Match, field: Field) -> str | None:
    """Why a name does not count at its position, whatever it means; None if it does."""
    span = field.words.span(match.first, match.end)
    role = match.phrase.role
    if role is Role.DOMAIN:
        text, (start, end) = field.words.text, span
        more = _GOES_ON.match(text[max(0, start - 1) : start]) or _GOES_ON.match(text[end : end + 2])
        return "it is another domain" if more or text[start:end].lower() != match.phrase.text else None
    if role is Role.NUMBER:
        return None if _is_whole_number(match, field) else "it is a number of another kind"
    masked = field.masked.get(match.phrase.entity, [])
    before_end = bisect_left(masked, match.end, key=lambda span: span[0])
    if before_end > 0 and masked[before_end - 1][1] > match.first:
        return 'it is a part of a phrase in "not"'
    if field.addresses.is_handle(span):
        return "it is somebody's handle"
    return "it is a part of an address" if field.addresses.hold(span) else None


def _is_whole_number(match: Match, field: Field) -> bool:
    """Whether a number is the whole identifier. A CIK is so short that it must be labelled; the others have a fixed
    length and a check digit.
    """
    label = match.phrase.text
    if not label.startswith("CIK ") or match.end - match.first > 1:
        return True
    word = field.words.words[match.first]
    near = field.words.folded[max(0, match.first - 2) : match.first]
    return len(word) == 10 or "cik" in near or "cik" in field.name.lower()
