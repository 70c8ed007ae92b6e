"""What a witness offers of the past of a source: captures, and what of it cannot be one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sources import Get, Page


@dataclass(frozen=True, slots=True)
class OfferedCapture:
    """A capture that a witness offers: when it was made (UTC), where it lies there, and what answers a request of the
    source as the site did then, which raises SourceError. A capture that is `alone` can answer the first request only.
    """

    at: datetime
    where: str
    answer: Callable[[Get], Page]
    alone: bool = True


class SkippedCapture(NamedTuple):
    """What is no part of the past: its time, None if that is unknown, its place, and why: a stable code, and one line
    for people.
    """

    at: datetime | None
    where: str
    reason: str
    message: str


Offer = OfferedCapture | SkippedCapture
Span = tuple[datetime | None, datetime | None]
"""The first and the last moment of a time; None where it has no such end."""
