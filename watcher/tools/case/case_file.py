"""Writes a case's page to a file."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

from alerts.case.story import Story
from alerts.case.view import MARK, page_of
from watcher.errors import UsageError
from watcher.tools.whole_file import write_whole

_MODE = 0o640  # which entities are watched is confidential


def check_place(file: Path) -> None:
    """Check that a page can be written there: an older page of a case is replaced, any other file is not. Raises
    UsageError.
    """
    if file.is_dir():
        raise UsageError(f"{file}: is a folder; name the file in it, such as {file / 'case.html'}")
    if not file.absolute().parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}")
    try:
        other = file.exists() and not _is_page(file)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    if other:
        raise UsageError(f"{file}: already there, and no page of a case, so it is left as it is; name another file")


def write_page(file: Path, story: Story, zone: tzinfo, now: datetime) -> None:
    """Write the page of a story. Raises UsageError."""
    check_place(file)
    try:
        write_whole(file, page_of(story, zone, now).encode(), _MODE)
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from None


def _is_page(file: Path) -> bool:
    with file.open("rb") as opened:
        return MARK.encode() in opened.read(1000)
