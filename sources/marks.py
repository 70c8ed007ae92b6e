"""Fingerprints of entries, and of a whole set of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC
from hashlib import blake2b

from sources.model import Entry

SIZE = 16  # bytes; two of a hundred million entries share a mark with a chance below 1 in 10^22
SPECIALS = ("title", "url", "published", "text")


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
    return text_mark("".join([f"{len(part)}:{part}" for part in parts]))


def text_mark(text: str, size: int = SIZE) -> bytes:
    """The fingerprint of a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


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
        return (self._sum % (1 << 8 * SIZE)).to_bytes(SIZE, "big") + self.count.to_bytes(8, "big")
