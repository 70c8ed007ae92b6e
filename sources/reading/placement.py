"""Where a page is parsed: in the calling thread, or in a subprocess that can be killed. Pure.

A small page of a built-in kind is parsed in the calling thread, which is faster than the hand-over.
"""

from functools import cache

from sources.loader import KindError
from sources.loader import kind as named
from sources.model import Page, Source

SMALL = 64_000  # bytes of a body: the worst input found of this size took a second, and held the GIL for 0.6 s
_PACKED = (b"PK", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0")


def needs_subprocess(source: Source, page: Page) -> bool:
    """Whether a page is to be parsed in a subprocess."""
    heavy = len(page.body) > SMALL or page.body.startswith(_PACKED) or not is_ours(type(source))
    return heavy and _can_be_handed_over(reading_kind(type(source)))


def is_light(source: Source, page: Page) -> bool:
    """Whether a page for a subprocess may also be parsed in the calling thread. Only built-in kinds are asked."""
    return is_ours(type(source)) and source.light(page)


def is_ours(kind: type[Source]) -> bool:
    """Whether it is a kind of this program."""
    return kind.__module__.startswith("sources.kinds.")


def reading_kind(kind: type[Source]) -> type[Source]:
    """The kind that parses: for a preset its base, since a user's preset is unknown in the subprocess."""
    return kind.rests_on or kind


@cache
def _can_be_handed_over(kind: type[Source]) -> bool:
    """Whether the subprocess finds the same class by its name: false for one defined in a test."""
    try:
        return bool(kind.kind) and named(kind.kind) is kind
    except KindError:
        return False
