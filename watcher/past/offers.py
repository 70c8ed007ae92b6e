"""What a witness offers of the past of a source: captures, and what of it cannot be one; which of these are read; and
the simplest witness, a folder of dated files, named as for `watch replay`.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sources import Get, Page, Source
from watcher.trials.saved_pages import find_pages, read_saved_page


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


def choose_captures(offers: Sequence[Offer], span: Span, most: int | None, end: datetime) -> list[Offer]:
    """What is of a time, or of no known one; with `most` so many of the captures before `end`, spread evenly."""
    since, until = span
    within = [each for each in offers if not each.at or (since or each.at) <= each.at <= (until or each.at)]
    captures = [each for each in within if isinstance(each, OfferedCapture)]
    captures.sort(key=lambda each: (each.at, each.where))
    if most is not None:
        captures = _spread([each for each in captures if each.at < end], most)
    return [*captures, *(each for each in within if isinstance(each, SkippedCapture))]


def _spread(captures: list[OfferedCapture], most: int) -> list[OfferedCapture]:
    """So many captures, in order: those that are nearest to times at equal distances."""
    if len(captures) <= most:
        return captures
    found, low, first = list[OfferedCapture](), 0, captures[0].at
    distance = (captures[-1].at - first) / max(most - 1, 1)
    for number in range(most):
        time, last = first + number * distance, len(captures) - most + number  # those to come need one, too
        at = bisect_left(captures, time, low, last, key=lambda each: each.at)
        at -= at > low and time - captures[at - 1].at < captures[at].at - time
        found.append(captures[at])
        low = at + 1
    return found


def offer_folder(source: Source, folder: Path) -> Iterator[Offer]:
    """The files of a folder, each as a capture of the time in its name. Raises UsageError where there are none."""
    for page in find_pages(folder):
        if page.at is None:
            yield SkippedCapture(None, page.file.name, "undated", "its name has no date, such as 2024-07-07")
        else:
            answer = partial(read_saved_page, source, file=page.file, fetched=page.at)
            yield OfferedCapture(page.at, page.file.name, answer)
