"""Fingerprints: of an entry, of a whole snapshot, of a body, of how a source is read and of where it is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC
from hashlib import blake2b

from sources import Entry, Source
from state.reader import reader_mark

_SIZE = 16  # bytes; two of a hundred million entries share a mark with a chance below 1 in 10^22
SPECIALS = ("title", "url", "published", "text")

# Of the options that all sources have, these decide how pages are read; of a kind's own options, all do.
_NOT_READING = set(Source.model_fields) - {"ignore", "encoding"}


def _hash(text: str, size: int = _SIZE) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def special_text(entry: Entry, name: str) -> str | None:
    """`title`, `url`, `published` or `text` of an entry as a field's value, or None where it has none."""
    if name == "published":
        return entry.published.astimezone(UTC).isoformat() if entry.published else None
    value: str | None = getattr(entry, name)
    return value or None


def entry_mark(entry: Entry, ignore: Collection[str] = ()) -> bytes:
    """The fingerprint of an entry's key and content, less what `ignore` names: 16 bytes."""
    title = "" if "title" in ignore else entry.title
    url = "" if "url" in ignore else entry.url
    text = "" if "text" in ignore else entry.text
    published = entry.published and "published" not in ignore and special_text(entry, "published")
    parts = [entry.key, *(f"={value}" if value else "" for value in (title, url, published, text))]
    for name in sorted(entry.fields):
        if name not in ignore:
            parts += (name, entry.fields[name])
    # Each part stands behind its length, so that no two entries are written alike.
    return _hash("".join([f"{len(part)}:{part}" for part in parts]))


class Digest:
    """The fingerprint of a set of entries, whatever their order. Each distinct mark is to be added once."""

    def __init__(self) -> None:
        self._sum = 0
        self.count = 0

    def add(self, mark: bytes) -> None:
        """Count one more entry in."""
        self._sum += int.from_bytes(mark, "big")
        self.count += 1

    def value(self) -> bytes:
        """The fingerprint: the sum of the marks and their number (24 bytes)."""
        return (self._sum % (1 << 8 * _SIZE)).to_bytes(_SIZE, "big") + self.count.to_bytes(8, "big")


def body_mark(body: bytes) -> bytes:
    """The fingerprint of a page's body (32 bytes)."""
    return blake2b(body, digest_size=32).digest()


def held_mark(body: bytes, source: Source) -> bytes:
    """The fingerprint of a page that is not believed, and of what it was judged by: under other terms, judge again."""
    terms = source.model_dump_json(include={"min_entries", "max_lost", "expect", "listing", "ignore"})
    return _hash(f"{body_mark(body).hex()}\n{terms}")


def reading_mark(source: Source, hide: Callable[[str], str] = str) -> str:
    """The fingerprint of how a source is read: the options that decide it, and the code of its kind.

    `hide` replaces secrets by references, so that a new password is no new way of reading.
    """
    said = source.model_dump_json(exclude=_NOT_READING)
    return _hash(f"{hide(said)}\n{reader_mark(type(source))}").hex()


def place_mark(source: Source, hide: Callable[[str], str] = str) -> str:
    """The fingerprint of where a source is: its kind and its first request. `hide` as in `reading_mark`."""
    first = source.start().said()  # a reader method under another name is the same place
    return _hash(f"{source.kind}\n{hide(first)}").hex()
