"""What a witness offers of the past of a source: captures, and what of it cannot be one; and the simplest witness, a
folder of dated files, named as for `watch replay`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sources import Get, Page, Source
from watcher.trials.saved_pages import DatedPage, find_pages, read_saved_page


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


def offer_folder(source: Source, folder: Path) -> Iterator[Offer]:
    """The files of a folder, each as a capture of the time in its name. Raises UsageError where there are none."""
    for page in find_pages(folder):
        if page.at is None:
            yield SkippedCapture(None, page.file.name, "undated", "its name has no date, such as 2024-07-07")
        else:
            yield OfferedCapture(page.at, page.file.name, partial(_answer, source, page))


def _answer(source: Source, page: DatedPage, get: Get) -> Page:
    assert page.at  # noqa: S101 - others are not offered
    return read_saved_page(source, get, page.file, page.at)
