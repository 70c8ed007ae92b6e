"""The item of a feed: its parts as marked up there, converted to plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sources.formats.dates import read_date
from sources.formats.markup.html import plain
from sources.formats.markup.links import absolute
from sources.text import clean

_TRACKING = re.compile(r"(?<=[?&])(?:utm_\w+=[^&#]*|from=rss[^&#]*)&?")
_EXCERPT = 80  # characters: a summary that begins as the content does is an excerpt


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed. `link` is absolute, or "" when there is none.

    `fields` has the other stable values: author, categories, source. The time of update is left out: in many feeds it
    changes at each load.
    """

    id: str
    link: str
    title: str
    text: str
    published: datetime | None
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Parts:
    """The raw parts of an item, "" for those that are missing. `link` may be relative to the feed.

    `dates` are the texts of published, updated and created.
    """

    id: str
    link: str
    title: str
    summary: str
    content: str
    dates: Sequence[object]
    authors: Sequence[str]
    categories: Sequence[str]
    source: str = ""


def from_markup(parts: Parts, base: str) -> Item:
    """The item of a feed in which all texts may be HTML."""
    plain_parts = replace(
        parts,
        title=plain(parts.title),
        summary=plain(parts.summary),
        content=plain(parts.content),
        authors=list(map(plain, parts.authors)),
        categories=list(map(plain, parts.categories)),
        source=plain(parts.source),
    )
    return from_text(plain_parts, base)


def from_text(parts: Parts, base: str) -> Item:
    """The item of a feed at `base` in which all texts are plain."""
    link, summary, content = parts.link.strip(), parts.summary, parts.content
    same = clean(summary)[:_EXCERPT] in clean(content)
    fields = {
        "author": ", ".join(_distinct(parts.authors)),
        "categories": "; ".join(sorted(_distinct(parts.categories))),  # sorted: feeds change their order
        "source": clean(parts.source),
    }
    return Item(
        clean(parts.id),
        _TRACKING.sub("", absolute(base, link)).rstrip("?&") if link else "",
        clean(parts.title),
        content if same else f"{summary}\n{content}".strip(),
        next(filter(None, map(read_date, parts.dates)), None),
        {name: value for name, value in fields.items() if value},
    )


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(clean, values))))
