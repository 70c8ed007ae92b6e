"""Single elements of a well-formed feed as feedparser reads them: its names for them, their texts, links and markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from sources.elements import Element
from sources.feed_names import NAMESPACES

PLAIN, HTML, XHTML = "text/plain", "text/html", "application/xhtml+xml"
TYPES = {"text": PLAIN, "plain": PLAIN, "html": HTML, "xhtml": XHTML} | {known: known for known in (PLAIN, HTML, XHTML)}

# Attributes that tell something; feedparser takes those of unknown namespaces for them.
_TELLING = frozenset(("rel", "href", "url", "uri", "type", "mode", "ispermalink", "term", "scheme", "domain", "label"))
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")
_CP1252 = {code: char for code in range(128, 160) if (char := bytes([code]).decode("cp1252", "ignore"))}


class UnsureError(Exception):
    """Something in the feed that is left to feedparser."""


class Names(dict[Any, str]):
    """feedparser's names of elements, by lxml's; "?name" where it knows nothing about the namespace."""

    def __missing__(self, tag: str) -> str:
        uri, _, own = tag.rpartition("}")
        prefix = NAMESPACES.get(uri[1:].lower()) if uri else ""
        name = own if prefix == "" else f"?{own}" if prefix is None else f"{prefix}_{own}"
        return self.setdefault(tag, name.lower())


@dataclass(frozen=True, slots=True)
class Markup:
    """How the elements of one feed are read.

    `base` is what its links are relative to, None when that depends on the place; `unwraps` is whether the one <div>
    around XHTML is left out.
    """

    kind: str
    base: str | None
    unwraps: bool
    names: Names = field(default_factory=Names)

    def attributes(self, element: Element) -> dict[str, str]:
        """The attributes that tell something, by name."""
        found: dict[str, str] = {}
        for key in map(str, element.attrib):  # lxml takes its time for their values
            uri, _, name = key.lower().rpartition("}")
            if name in _TELLING and uri:
                raise UnsureError(element.tag)
            if name in _TELLING:
                found[name] = element.get(key, "")
        return found

    def text(self, element: Element) -> str:
        """The text of an element that has no others in it."""
        return mended(_inner(element))

    def date(self, element: Element) -> str:
        """The text of a date, which feedparser reads as one, too; where there is a slash in it, it may stumble."""
        text = self.text(element)
        if "/" in text:
            raise UnsureError(text)
        return text

    def address(self, element: Element) -> str:
        """The text of an element as a link."""
        text = _inner(element)
        return mended(self.link(text) if text else text)

    def link(self, uri: str) -> str:
        """A link made absolute, as far as the feed says what it is relative to."""
        if self.base is not None:
            return join(self.base, uri)
        scheme, colon, _ = uri.partition(":")
        if not colon or join(f"{scheme}://base.invalid/", uri) != uri:
            raise UnsureError(uri)
        return uri

    def markup(self, element: Element, usual: str) -> str:
        """HTML or text, of the type `usual` where none is said: in an element as its text, or as elements of XHTML."""
        attributes = self.attributes(element)
        said = TYPES.get(attributes.get("type", usual).lower())
        if said is None or attributes.get("mode", "xml") not in ("xml", "escaped"):
            raise UnsureError(element.tag)
        if said != XHTML:
            return self.text(element)
        if self.kind != "feed":
            raise UnsureError(element.tag)
        pieces = list(self._pieces(element))
        return mended("".join(_unwrapped(pieces) if self.unwraps else pieces).strip())

    def _pieces(self, element: Element) -> Iterator[str]:
        """XHTML without its attributes, which are no text."""
        if element.text:
            yield escape(element.text)
        for child in element:
            namespaced = self.names[child.tag]
            name = namespaced.removeprefix("xhtml_")
            if name == namespaced or name in ("body", "svg", "math"):
                raise UnsureError(name)
            yield f"<{name}>"
            yield from self._pieces(child)
            yield f"</{name}>"
            if child.tail:
                yield escape(child.tail)


def mended(text: str) -> str:
    """UTF-8 that was taken for ISO 8859-1, and Windows' own characters that were: as feedparser mends them."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_CP1252)


def join(base: str, uri: str) -> str:
    """A link made absolute, as feedparser does it."""
    try:
        return urljoin(base, _SLASHES.sub(r"\1\3", uri))
    except ValueError:
        return ""


def _inner(element: Element) -> str:
    if len(element):
        raise UnsureError(element.tag)
    return (element.text or "").strip()


def _unwrapped(pieces: list[str]) -> list[str]:
    """The pieces of XHTML without the one <div> that all of them are in."""
    said = [at for at, piece in enumerate(pieces) if piece.strip()]
    pieces = pieces[said[0] : said[-1] + 1] if said else []
    if not pieces or (pieces[0], pieces[-1]) != ("<div>", "</div>"):
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        depth += -1 if piece.startswith("</") else piece.startswith("<")
        if depth == 0:
            return pieces
    return pieces[1:-1]
