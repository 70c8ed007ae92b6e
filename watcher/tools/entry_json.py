"""An entry as JSON, wherever one is shown."""

from __future__ import annotations

from typing_extensions import TypedDict

from sources import Entry
from watcher.tools.status_json import iso


class PlainEntryJson(TypedDict):
    """What an entry says. `published` is ISO 8601."""

    key: str
    title: str
    url: str | None
    published: str | None
    fields: dict[str, str]
    text: str


def plain_entry(entry: Entry) -> PlainEntryJson:
    """What an entry says, as JSON."""
    return {
        "key": entry.key,
        "title": entry.title,
        "url": entry.url,
        "published": iso(entry.published),
        "fields": dict(entry.fields),
        "text": entry.text,
    }
