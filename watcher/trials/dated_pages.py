"""Saved pages in a folder, in the order in which they were saved, by names and times; and those of a proof."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from alerts.proof.facts import PAGE, WARC
from watcher.errors import UsageError

EVERY_NAME = "*"
_TIME = r"(?:[T _-]?(?P<hour>\d{2})[-:._]?(?P<minute>\d{2})(?:[-:._]?(?P<second>\d{2}))?Z?(?![0-9A-Za-z]))?(?!\d)"
_YEAR_FIRST = (
    re.compile(rf"(?<!\d)(?P<year>\d{{4}})(?P<gap>[-_.])(?P<month>\d{{2}})(?P=gap)(?P<day>\d{{2}}){_TIME}"),
    re.compile(rf"(?<!\d)(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TIME}"),
)
_YEAR_LAST = re.compile(r"(?<!\d)(\d{2})([-_.]?)(\d{2})\2(\d{4})(?!\d)")
_YEARS = range(1980, 2101)  # other numbers of four digits are not years of web pages
_PAGE = re.compile(r"page-(?P<side>before|after)(?:-(?P<number>\d{1,6}))?\.(?P<ending>\w{1,9}(?:\.txt)?)")


@dataclass(frozen=True, slots=True)
class Capture:
    """A saved page, and the time when it was saved, if known."""

    file: Path
    at: datetime | None


def captures(folder: Path, *, match: str = EVERY_NAME, by_time: bool = False) -> list[Capture]:
    """The files of a folder whose names match, oldest first, without hidden files.

    They are sorted by the dates in their names. If one has none, all are sorted by name, with numbers by value.
    `by_time` sorts by the time of modification. Raises UsageError if there are no files.
    """
    if folder.is_file():
        raise UsageError(
            f"{folder} is a file, not a folder of saved pages; one page is read by `watch try NAME --file`"
        )
    try:
        found = [file for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")]
    except OSError as error:
        raise UsageError(f"cannot read the folder {folder}: {error.strerror}") from None
    files = sorted((file for file in found if fnmatch(file.name, match)), key=_by_name)
    if not files:
        seen = f'; no name of its {len(found)} files matches "{match}"' if found else ""
        raise UsageError(f"there are no saved pages in {folder}{seen}")
    times = [_modified(file) for file in files] if by_time else dates([file.name for file in files])
    dated = [Capture(file, at) for file, at in zip(files, times, strict=True)]
    return sorted(dated, key=lambda capture: capture.at or datetime.max.replace(tzinfo=UTC)) if all(times) else dated


def dates(names: Sequence[str]) -> list[datetime | None]:
    """The date in each name: 2024-07-07, 20240707, 20221027T1910Z; times are UTC.

    07.12.2024 is read if the other names show whether the day is first: if one of them has a number above 12 there.
    """
    found = [_year_first(name) for name in names]
    doubtful = [at for at, date in enumerate(found) if date is None and _YEAR_LAST.search(names[at])]
    readings = [[_year_last(names[at], day_first) for at in doubtful] for day_first in (True, False)]
    sound = [reading for reading in readings if all(reading)]
    if sound and all(reading == sound[0] for reading in sound):
        for at, date in zip(doubtful, sound[0], strict=True):
            found[at] = date
    return found


def _year_first(name: str) -> datetime | None:
    for form in _YEAR_FIRST:
        for match in form.finditer(name):
            day = [int(match[part]) for part in ("year", "month", "day")]
            time = [int(match[part] or 0) for part in ("hour", "minute", "second")]
            date = _date(*day, *time) or _date(*day)
            if date:
                return date
    return None


def _year_last(name: str, day_first: bool) -> datetime | None:
    for match in _YEAR_LAST.finditer(name):
        one, two, year = int(match[1]), int(match[3]), int(match[4])
        date = _date(year, two, one) if day_first else _date(year, one, two)
        if date:
            return date
    return None


def _date(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC) if year in _YEARS else None
    except ValueError:
        return None


def _modified(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _by_name(file: Path) -> list[tuple[int, str]]:
    """A sort key with numbers by value: page2 comes before page10."""
    parts = re.split(r"(\d+)", file.name)
    return [(int(part), part) if part.isdecimal() else (-1, part.casefold()) for part in parts if part]


def proof_pages(folder: Path) -> list[Path]:
    """The page before and after the change, if they exist; empty if the folder is not a proof.

    If the source has several pages, these are the first that differ: each is read alone.
    """
    if not ((folder / PAGE).is_file() and (folder / WARC).is_file()):
        return []
    found: dict[int, dict[str, Path]] = defaultdict(dict)
    for file in sorted(folder.iterdir(), key=lambda file: -len(file.name)):  # the page before its text
        if (match := _PAGE.fullmatch(file.name)) and file.is_file():
            found[int(match["number"] or 1)].setdefault(match["side"], file)
    pages = [found[number] for number in sorted(found)]
    chosen = next((page for page in pages if _differs(page)), pages[0] if pages else {})
    return [chosen[side] for side in ("before", "after") if side in chosen]


def _differs(page: dict[str, Path]) -> bool:
    return len(page) == 2 and page["before"].read_bytes() != page["after"].read_bytes()
