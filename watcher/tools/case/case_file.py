"""Writes a case's page to a file."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

from alerts.case.html import MARK, page_of
from alerts.case.story import Story
from watcher.errors import UsageError
from watcher.tools.new_file import check_place, new_file


def check_page(file: Path) -> None:
    """Check that a page can be written there: an older page of a case is replaced, any other file is not. Raises
    UsageError.
    """
    check_place(file, "case.html")
    try:
        other = file.exists() and not _is_page(file)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    if other:
        raise UsageError(f"{file}: already there, and no page of a case, so it is left as it is; name another file")


def write_page(file: Path, story: Story, zone: tzinfo, now: datetime) -> None:
    """Write the page of a story. Raises UsageError."""
    check_page(file)
    with new_file(file, force=True) as made:
        made.write(page_of(story, zone, now).encode())


def _is_page(file: Path) -> bool:
    with file.open("rb") as opened:
        return MARK.encode() in opened.read(1000)
