"""Feeds that are well formed, by lxml: what feedparser makes of them, ten times as fast.

feedparser walks a document with rules of its own: the last link counts, but the first title, unless a source stood
before the second; a description after a summary is a content; and so on. Here the same rules are kept for what feeds
are made of. Whatever else stands in a document is a reason to leave all of it to feedparser: being the same comes
before being fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from sources.elements import SAFE, Element
from sources.feed_entry import about, read_entry
from sources.feed_items import Parts
from sources.feed_markup import PLAIN, Markup, Names, UnsureError, join
from sources.feed_names import (
    ANY_RSS,
    ATOM,
    BESIDE,
    DATES,
    KNOWN,
    NAMESPACES,
    RDF_FEEDS,
    SUMMARIES,
    WITH_CHILDREN,
    XML,
)

_ROOTS = ("rss", "rdf_rdf", "feed")
_ENTRIES = ("item", "entry")
_NEVER_BESIDE = frozenset(("channel", *_ROOTS, *_ENTRIES))
_DOCTYPE = re.compile(r"(?:<!--[^<]*-->|\s)*+(<!DOCTYPE[^<>\[]*>)")  # feedparser takes it out, too
_STRANGE = re.compile(r"<!(?!\[CDATA\[|--)")  # document types that say more
_INSTRUCTION = re.compile(r"<\?(?!xml-stylesheet\s)")  # or a second declaration
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+|")
_BASE = re.compile(r"base\s*=\s*[\"']")
_NAMESPACE = re.compile(r"xmlns(?::([^\s=]{1,99}))?\s*=\s*([\"'])(.*?)\2", re.DOTALL)
_XLINK = "http://www.w3.org/1999/xlink"
_USUAL = frozenset(filter(None, NAMESPACES.values()))  # prefixes that mean something


def read(text: str, content_type: str) -> list[Parts] | None:
    """The items of a feed, its declaration taken off; None when feedparser has to read it, as when there are none."""
    text = _without_doctype(text)
    if _is_strange(text) or not _TYPE.fullmatch(content_type):
        return None
    # Comments and instructions gone, so that the text around them is one.
    parser = etree.XMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, **SAFE)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        return list(_entries(root, _markup(root, text))) or None
    except (etree.XMLSyntaxError, UnsureError):
        return None


def _without_doctype(text: str) -> str:
    found = _DOCTYPE.match(text)
    if not found or text[: found.start(1)].rpartition("\n")[2].strip():
        return text
    return text[: found.start(1)] + text[found.end() :]


def _is_strange(text: str) -> bool:
    """Whether there is more in it than elements; feedparser looks in a style sheet for the document's encoding."""
    misleading = text.startswith("<?") and "encoding=" in text.partition("\n")[0]
    return misleading or bool(_STRANGE.search(text) or _INSTRUCTION.search(text))


def _markup(root: Element, text: str) -> Markup:
    declared = {uri.lower() for uri in root.nsmap.values()}
    names, ascii_only = Names(), text.isascii()
    kind = names[root.tag]
    mixed = kind == "feed" and declared & RDF_FEEDS
    if kind not in _ROOTS or mixed or _XLINK in text or _is_confusing(text):
        raise UnsureError(kind)
    if not ascii_only and not all(str(name).isascii() for element in root.iter() for name in _names(element)):
        raise UnsureError(kind)
    return Markup(kind, _base(root, text), ATOM in declared, names)


def _names(element: Element) -> Iterator[object]:
    """An element's and its attributes': libxml2 takes some that expat does not."""
    yield element.tag
    yield from element.attrib


def _base(root: Element, text: str) -> str | None:
    """What links are relative to: what the root says or nothing, None when other elements say something, too."""
    said = root.get(f"{XML}base")
    base = join("", said or "")
    stable = not base or (base.startswith(("http://", "https://")) and join(base, base) == base)
    return base if stable and len(_BASE.findall(text.lower())) == (said is not None) else None


def _is_confusing(text: str) -> bool:
    """Whether namespaces are declared in a way in which prefixes mean something else to feedparser."""
    bound: dict[str, str] = {}
    if re.search(r"xmlns:[^\s=]{100}", text):
        return True
    for prefix, _, uri in _NAMESPACE.findall(text):
        low, usual = prefix.lower(), NAMESPACES.get(uri.lower())
        odd = (usual is None and ANY_RSS in uri.lower()) or "&" in uri or not prefix.isascii()
        misused = low in _USUAL and usual != low
        unknown = not prefix and uri and usual is None
        if odd or misused or unknown or (prefix and bound.setdefault(low, uri) != uri):
            return True
    return False


def _entries(root: Element, markup: Markup) -> Iterator[Parts]:
    """The entries, which are children of the root or of a channel."""
    beside: list[Element] = []
    for child in root:
        channel = markup.kind != "feed" and markup.names[child.tag] == "channel"
        if channel:
            about(child)
        for element in child if channel else (child,):
            if markup.names[element.tag] in _ENTRIES:
                yield read_entry(markup, element)
            else:
                beside.append(element)
    _check_beside(markup, beside)


def _check_beside(markup: Markup, beside: Iterable[Element]) -> None:
    """What stands beside the entries must leave no trace in them."""
    summary = False
    for element in (inner for outer in beside for inner in outer.iter()):
        name = markup.names[element.tag]
        if name in _NEVER_BESIDE or (name in KNOWN and not _leaves_no_trace(element, name)):
            raise UnsureError(name)
        if name in SUMMARIES and summary:  # feedparser takes it for a content, and may take the first entry's for one
            raise UnsureError(name)
        summary |= SUMMARIES.get(name) == PLAIN


def _leaves_no_trace(element: Element, name: str) -> bool:
    odd_date = name in DATES and "/" in (element.text or "")
    return name in BESIDE and not odd_date and (name in WITH_CHILDREN or not len(element))
