"""Fingerprints of a body, of a source's reading options, and of its address."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from sources import Source
from sources.reading.fingerprints import text_fingerprint
from state.compare.reader_fingerprint import reader_fingerprint
from state.model import Difference, SourceState

# The options of every kind that do not affect parsing; of a kind's own options, all count.
_NOT_READING = set(Source.model_fields) - {"ignore", "encoding"}
_TERMS = {"min_entries", "max_lost", "max_new", "max_changed", "expect", "listing", "ignore"}


def body_fingerprint(body: bytes) -> bytes:
    """The fingerprint of a page's body (32 bytes)."""
    return blake2b(body, digest_size=32).digest()


def held_fingerprint(body: bytes, source: Source) -> bytes:
    """The fingerprint of a suspicious page, and of the terms by which it was judged: if they change, it is judged
    again.
    """
    terms = source.model_dump_json(include=_TERMS)
    return text_fingerprint(f"{body_fingerprint(body).hex()}\n{terms}")


def snapshot_id(state: SourceState, difference: Difference) -> str:
    """What a snapshot that is held is called: 12 digits, which say what is in it and what it is compared with."""
    return text_fingerprint(f"{state.revision} {difference.digest.hex()}").hex()[:12]


def reading_fingerprint(source: Source, hide: Callable[[str], str] = str) -> str:
    """The fingerprint of how a source is read: the options that affect parsing, and the kind's code.

    `hide` replaces secrets by references, so that a new password does not change the fingerprint.
    """
    options = source.model_dump_json(exclude=_NOT_READING)
    return text_fingerprint(f"{hide(options)}\n{reader_fingerprint(type(source))}").hex()


def place_fingerprint(source: Source, hide: Callable[[str], str] = str) -> str:
    """The fingerprint of a source's address: its kind and the first request of its list. `hide` as in
    `reading_fingerprint`.
    """
    first = source.requested().said()  # the reader's name does not matter
    if source.steps:  # a search for something else is another list
        first += source.model_dump_json(include={"steps"})
    return text_fingerprint(f"{source.kind}\n{hide(first)}").hex()
