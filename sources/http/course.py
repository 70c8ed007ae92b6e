"""How far the checks under way are with what is large, for whoever watches: the bytes of a body, then its entries."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sources.formats.download import LARGE


class Course:
    """How far one check is: bytes `received` of its last body, and `entries` read."""

    def __init__(self) -> None:
        self.entries = 0
        self.begin(0, None)

    def begin(self, kept: int, whole: int | None) -> None:
        """A body comes, of which some bytes are here."""
        self.received = self._kept = kept
        self._whole, self._began = whole, time.monotonic()

    def told(self) -> dict[str, Any]:
        """As it stands, with the `rate` in bytes a second, and the seconds that are `left`, None if nobody knows."""
        rate = (self.received - self._kept) / max(time.monotonic() - self._began, 0.1)
        left = round((self._whole - self.received) / rate) if self._whole and rate else None
        told = {"received": self.received, "whole": self._whole, "entries": self.entries}
        return {**told, "rate": round(rate), "left": left}


course: ContextVar[Course] = ContextVar("course", default=Course())  # noqa: B039 - for code outside a check
_under_way: dict[str, Course] = {}


@contextmanager
def following(name: str) -> Iterator[None]:
    """The block is the check of a source."""
    course.set(_under_way.setdefault(name, Course()))
    try:
        yield
    finally:
        _under_way.pop(name, None)


def large_courses() -> dict[str, dict[str, Any]]:
    """How far the checks with a large body are, by source."""
    return {name: each.told() for name, each in [*_under_way.items()] if each.received > LARGE}
