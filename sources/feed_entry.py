"""One entry of a well-formed feed, by feedparser's rules of which link, title and text count."""

from __future__ import annotations

import html
import re

from sources.elements import Element
from sources.feed_items import Parts
from sources.feed_markup import HTML, PLAIN, TYPES, Markup, UnsureError, mended
from sources.feed_names import (
    CONTENTS,
    DATES,
    IDS,
    IN_SOURCE,
    KNOWN,
    OPEN,
    PASSED_OVER,
    RDF,
    READ,
    SUMMARIES,
    TAG_LISTS,
    TAGS,
    TITLES,
    VALUES,
)

_OF_A_PERSON = ("x-name", "x-email", "uri")
_NOT_IN_SOURCE = KNOWN - PASSED_OVER
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")


def read_entry(markup: Markup, element: Element) -> Parts:
    """What an entry says. Raises UnsureError when there is something in it that is left to feedparser."""
    return _Entry(markup, element).parts()


def about(element: Element) -> str:
    """What RDF says that an element is about. Raises UnsureError for attributes of a format that nobody uses."""
    said = ""
    for key in map(str, element.attrib):
        uri, _, name = key.lower().rpartition("}")
        if f"{uri}}}" == RDF and name == "about":
            said = element.get(key, "")
        elif name in ("href", "lastmod") or f"{uri}}}" == RDF:
            raise UnsureError(element.tag)
    return said


class _Entry:
    """An entry while it is read: values by the names that feedparser gives them, and how deep each was found."""

    def __init__(self, markup: Markup, element: Element) -> None:
        self._markup, self._names = markup, markup.names
        self._values: dict[str, str] = {}
        self._depths: dict[str, int] = {}
        self._links: list[tuple[str, str]] = []
        self._tags: list[tuple[str | None, str | None, str | None]] = []
        self._content: str | None = None
        self._source = ""
        self._title_depth = -1
        if said := about(element):
            self._values["id"] = said
        self._walk(element, 0)

    def parts(self) -> Parts:
        """What was found."""
        get = self._values.get
        alternate = next((href for rel, href in self._links if rel == "alternate" and href), "")
        return Parts(
            id=html.unescape(get("id", "")),
            link=get("pdalink") or alternate or get("link", ""),
            title=get("title", ""),
            summary=get("summary", ""),
            content=self._content or "",
            dates=[get("published", ""), get("updated", ""), get("created", "")],
            authors=[get("x-name") or get("x-author", ""), get("dc_x-creator", "")],
            categories=[term or label or "" for term, _, label in self._tags],
            source=self._source,
        )

    def _walk(self, parent: Element, depth: int) -> None:
        for element in parent:
            name = self._names[element.tag]
            if name in DATES:
                self._put(DATES[name], self._markup.date(element), depth)
            elif name in TITLES:
                self._title(element, name, depth)
            elif name in SUMMARIES or name in CONTENTS:
                self._text(element, name, depth)
            elif name in READ:
                self._more(element, name, depth)
            elif name in PASSED_OVER:
                self._markup.text(element)
            elif name in KNOWN and name not in OPEN:
                raise UnsureError(name)
            else:
                if name in VALUES:
                    self._put(name, self._value(element), depth)
                self._walk(element, depth + 1)

    def _more(self, element: Element, name: str, depth: int) -> None:
        if name == "link":
            self._link(element, depth)
        elif name in IDS:
            self._id(element, depth)
        elif name in TAGS:
            self._category(element, TAGS[name])
        elif name in TAG_LISTS:
            self._keywords(element, TAG_LISTS[name])
        elif name == "source":
            self._origin(element, depth)
        else:  # an image
            self._markup.text(element)
            self._title_depth = -1

    def _put(self, name: str, value: str, depth: int) -> None:
        """The last one counts, but none that is deeper in the entry."""
        if depth <= self._depths.get(name, depth):
            self._depths[name] = depth
            self._values[name] = value

    def _value(self, element: Element) -> str:
        """The text of an element that feedparser knows nothing about; a person's, once taken apart, has none."""
        if element.attrib:
            raise UnsureError(element.tag)
        if not len(element):
            return self._markup.text(element)
        text = element.text or ""
        for child in element:
            own = self._names[child.tag] in _OF_A_PERSON and not child.attrib
            text += ("" if own else _all_text(child)) + (child.tail or "")
        if text.strip():
            raise UnsureError(element.tag)
        return ""

    def _title(self, element: Element, name: str, depth: int, *, of_source: bool = False) -> None:
        """The first one that says something counts, unless a source, an image or a deeper one stands between."""
        value, counts = self._markup.markup(element, PLAIN), not -1 < self._title_depth <= depth
        if counts and of_source:
            self._source = value
        elif counts:
            self._put("title", value, depth)
        if value and name != "media_title":
            self._title_depth = depth

    def _text(self, element: Element, name: str, depth: int) -> None:
        """A summary, or a content, which is the summary too as long as there is none; a second summary is one."""
        if name in SUMMARIES and ("summary" not in self._values or self._content is not None):
            self._put("summary", self._markup.markup(element, SUMMARIES[name]), depth)
            return
        value = self._markup.markup(element, CONTENTS.get(name, PLAIN))
        self._content = value if self._content is None else self._content
        self._values.setdefault("summary", value)

    def _id(self, element: Element, depth: int) -> None:
        is_link = self._markup.attributes(element).get("ispermalink", "true") == "true"
        value = self._markup.address(element) if is_link else self._markup.text(element)
        self._put("id", value, depth)
        if is_link:
            self._values.setdefault("link", value)

    def _link(self, element: Element, depth: int) -> None:
        """An address in an attribute or, when there is none, as text."""
        get = self._markup.attributes(element).get
        rel, href = get("rel", "alternate").lower(), get("url", get("uri", get("href"))) or get("href")
        if href is None:
            text = _REFERENCE.sub(r"&\1", self._markup.address(element).replace("&amp;", "&"))
            self._values["link"] = text
            self._links.append((rel, text))
            return
        self._links.append((rel, self._markup.link(href)))
        if rel == "alternate" and TYPES.get(get("type", HTML).lower(), PLAIN) != PLAIN:
            self._values["link"] = self._links[-1][1]
        self._walk(element, depth + 1)

    def _category(self, element: Element, vocabulary: str | None) -> None:
        get = self._markup.attributes(element).get
        self._tag(get("term"), get("scheme", vocabulary or get("domain")), get("label"))
        value = self._markup.text(element)
        if value and self._tags and not self._tags[-1][0]:
            self._tags[-1] = (value, *self._tags[-1][1:])
        elif value:
            self._tag(value, None, None)

    def _keywords(self, element: Element, vocabulary: str | None) -> None:
        if element.attrib:
            raise UnsureError(element.tag)
        for term in filter(None, map(str.strip, self._markup.text(element).split(","))):
            self._tag(term, vocabulary, None)

    def _tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        if (term or scheme or label) and (term, scheme, label) not in self._tags:
            self._tags.append((term, scheme, label))

    def _origin(self, element: Element, depth: int) -> None:
        """Where the entry is from: the name of a feed or, in Atom, that feed's title."""
        self._title_depth, self._source = -1, ""
        stray = element.text or ""
        for child in element:
            name = self._names[child.tag]
            if name in TITLES:
                self._title(child, name, depth + 1, of_source=True)
            elif name in DATES:
                self._markup.date(child)
            elif name in IN_SOURCE:
                self._markup.text(child)
            elif any(self._names[inner.tag] in _NOT_IN_SOURCE for inner in child.iter()):
                raise UnsureError(name)
            elif child.attrib:
                stray += _all_text(child)
            stray += (_all_text(child) if name == "link" else "") + (child.tail or "")
        if len(element) and stray.strip():
            raise UnsureError(element.tag)
        self._source = mended(stray.strip()) or self._source


def _all_text(element: Element) -> str:
    return "".join(map(str, element.itertext()))
