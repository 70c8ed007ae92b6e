"""The past in a folder of dated files, named as for `watch replay`."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sources import Get, Page, Source
from watcher.past.offers import Offer, OfferedCapture, SkippedCapture
from watcher.trials.saved_pages import DatedPage, find_pages, read_saved_page


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
