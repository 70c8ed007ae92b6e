"""Fingerprints: of a body, of how a source is read and of where it is."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from sources import Source
from sources.reading.fingerprints import text_fingerprint
from state.compare.reader_fingerprint import reader_fingerprint

# Of the options that all sources have, these decide how pages are read; of a kind's own options, all do.
_NOT_READING = set(Source.model_fields) - {"ignore", "encoding"}


def body_fingerprint(body: bytes) -> bytes:
    """The fingerprint of a page's body (32 bytes)."""
    return blake2b(body, digest_size=32).digest()


def held_fingerprint(body: bytes, source: Source) -> bytes:
    """The fingerprint of a page that is not believed, and of what it was judged by: under other terms, judge again."""
    terms = source.model_dump_json(include={"min_entries", "max_lost", "max_new", "expect", "listing", "ignore"})
    return text_fingerprint(f"{body_fingerprint(body).hex()}\n{terms}")


def reading_fingerprint(source: Source, hide: Callable[[str], str] = str) -> str:
    """The fingerprint of how a source is read: the options that decide it, and the code of its kind.

    `hide` replaces secrets by references, so that a new password is no new way of reading.
    """
    said = source.model_dump_json(exclude=_NOT_READING)
    return text_fingerprint(f"{hide(said)}\n{reader_fingerprint(type(source))}").hex()


def place_fingerprint(source: Source, hide: Callable[[str], str] = str) -> str:
    """The fingerprint of where a source is: its kind and its first request. `hide` as in `reading_fingerprint`."""
    first = source.start().said()  # a reader method under another name is the same place
    return text_fingerprint(f"{source.kind}\n{hide(first)}").hex()
