"""How far the checks under way are with what is large, for whoever watches: the bytes of a body, then its entries."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypedDict

_LARGE = 4_000_000  # bytes
_under_way: dict[str, "Course"] = {}


class CourseJson(TypedDict):
    """How far one check is: bytes, of how many if that is known, and by second; seconds left; entries read."""

    received: int
    whole: int | None
    rate: int
    left: int | None
    entries: int


class Course:
    """How far the check of this task is: bytes `received` of its last body, and `entries` read."""

    def __init__(self) -> None:
        self.entries = 0
        self.begin(0, None)

    def begin(self, kept: int, whole: int | None) -> None:
        """A body comes, of which some bytes are here."""
        self.received = self._kept = kept
        self._whole, self._began = whole, time.monotonic()

    def told(self) -> CourseJson:
        """As it stands."""
        rate = (self.received - self._kept) / max(time.monotonic() - self._began, 0.1)
        left = round((self._whole - self.received) / rate) if self._whole and rate else None
        return {
            "received": self.received,
            "whole": self._whole,
            "rate": round(rate),
            "left": left,
            "entries": self.entries,
        }

    @classmethod
    @contextmanager
    def of(cls, name: str) -> Iterator[None]:
        """The block is the check of a source."""
        _under_way[name] = made = cls()
        course.set(made)
        try:
            yield
        finally:
            _under_way.pop(name, None)


course: ContextVar[Course] = ContextVar("course", default=Course())  # noqa: B039 - for code outside a check


def large_courses() -> dict[str, CourseJson]:
    """Those with a large body, by source."""
    return {name: told for name, each in [*_under_way.items()] if (told := each.told())["received"] > _LARGE}
