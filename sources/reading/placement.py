"""Where a page is parsed: in the calling thread, or in a subprocess that can be killed.

A small page of a built-in kind is parsed in the calling thread, which is faster than the hand-over. Functions of upper
layers may run in the subprocess, too: a layer registers its own with `job`, and a caller names one by its module and
name (`pool.ask`). Request and answer are bytes in the job's own format; the caller validates the answer.

Of a large page only the altered records are parsed where that is enough (`sources.reading.records`).
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module

from sources.loader import KindError
from sources.loader import kind as named
from sources.model import Page, Source

SMALL = 64_000  # bytes of a body: the worst input found of this size took a second, and held the GIL for 0.6 s
LEAST_CUT = 500_000  # bytes of a body: what is smaller is read whole at once
_PACKED = (b"PK", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"%PDF", b"\xd0\xcf\x11\xe0")


def needs_subprocess(source: Source, page: Page) -> bool:
    """Whether a page is to be parsed in a subprocess."""
    heavy = len(page.content) > SMALL or page.content[:8].startswith(_PACKED) or not is_ours(type(source))
    return heavy and _can_be_handed_over(reading_kind(type(source)))


def is_light(source: Source, page: Page) -> bool:
    """Whether a page for a subprocess may also be parsed in the calling thread. Only built-in kinds are asked."""
    return is_ours(type(source)) and source.light(page)


def can_be_cut(source: Source, page: Page) -> bool:
    """Whether to try: the page is large, and its kind may know how to cut it."""
    plain = page.get.reader == "parse" and not page.carry and not page.adds
    able = type(source).cut is not Source.cut and is_ours(type(source)) and source.listing == "complete"
    return able and plain and len(page.content) >= LEAST_CUT and not source.expect.key_pattern


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


_JOBS: dict[tuple[str, str], Callable[[bytes], bytes]] = {}


def job(function: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Register a function as a job, under its own name."""
    _JOBS[function.__module__, function.__name__] = function
    return function


def find_job(module: str, name: str) -> Callable[[bytes], bytes]:
    """The job of that name; imports its module. Raises KeyError, ImportError."""
    import_module(module)
    return _JOBS[module, name]
