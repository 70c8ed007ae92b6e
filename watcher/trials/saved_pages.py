"""Saved pages: read in place of a site, with the headers that a server would have sent; those of a folder in the
order in which they were saved, by names and times; and those of a proof.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import NamedTuple

from alerts.proof import PAGE, WARC
from sources import FetchError, Get, Page, Source
from sources.formats.unpack import too_large
from sources.options import largest_page
from watcher.errors import UsageError

_BY_NAME = {
    "atom": "application/atom+xml",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "idx": "text/plain",
    "json": "application/json",
    "md": "text/plain",
    "pdf": "application/pdf",
    "rdf": "application/rdf+xml",
    "rss": "application/rss+xml",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "xhtml": "application/xhtml+xml",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
_HTML = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)

EVERY_NAME = "*"
_CLOCK = r"(?P<hour>\d{2})[-:._]?(?P<minute>\d{2})(?:[-:._]?(?P<second>\d{2}))?"
_ZONE = r"(?P<zone>Z|\+\d{4}|[+-]\d{2}:\d{2})?"  # after a minus, four digits may be any number
_TIME = rf"(?:[T _-]?{_CLOCK}{_ZONE}(?![0-9A-Za-z]))?(?!\d)"
_YEAR_FIRST = (
    re.compile(rf"(?<!\d)(?P<year>\d{{4}})(?P<gap>[-_.])(?P<month>\d{{2}})(?P=gap)(?P<day>\d{{2}}){_TIME}"),
    re.compile(rf"(?<!\d)(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TIME}"),
)
_DAY_FIRST, _MONTH_FIRST = (
    re.compile(rf"(?<!\d)(?P<{one}>\d{{2}})(?P<gap>[-_.]?)(?P<{two}>\d{{2}})(?P=gap)(?P<year>\d{{4}})(?!\d)")
    for one, two in (("day", "month"), ("month", "day"))
)
_YEARS = range(1980, 2101)  # other numbers of four digits are not years of web pages
_PAGE = re.compile(r"page-(?P<side>before|after)(?:-(?P<number>\d{1,6}))?\.(?P<ending>\w{1,9}(?:\.txt)?)")


def content_type(name: str, body: bytes) -> str:
    """The media type that a server would have sent with a saved page.

    The content decides if it is clear, as an error page may be saved under any name; else the name does.
    """
    head = body[:4096].removeprefix(b"\xef\xbb\xbf")  # bytes in which a document shows its type
    *_, before, last = ("", "", *PurePath(name).suffixes)
    as_text = last == ".txt" and before[1:] in _BY_NAME  # `page.html.txt`: so a proof calls what a browser would run
    named = _BY_NAME.get((before if as_text else last).lower().removeprefix("."), "")
    if _HTML.match(head):
        return "application/xhtml+xml" if named == "application/xhtml+xml" else "text/html"
    if head.lstrip().startswith(b"<?xml"):
        return named if "xml" in named else "application/xml"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return named if "sheet" in named else "application/zip"
    if named:
        return named
    start = head.lstrip()[:1]
    return "application/json" if start in (b"{", b"[") else "text/html" if start == b"<" else "text/plain"


def read_saved_page(source: Source, get: Get, file: Path, fetched: datetime) -> Page:
    """A file as the response to any request of the source.

    Raises FetchError if it cannot be read, and TooLarge if it is longer than `max_bytes`.
    """
    most = largest_page(source)
    try:
        with file.open("rb") as opened:
            body = opened.read(most + 1)
    except OSError as error:
        raise FetchError(f"cannot read {file}: {error.strerror}", code="unreadable_file") from None
    if len(body) > most:
        raise too_large(most, str(file))
    return as_response(source, get, file.name, body, fetched)


def as_response(source: Source, get: Get, name: str, body: bytes, fetched: datetime) -> Page:
    """What was kept under a name as the response to any request of the source."""
    headers = {"content-type": content_type(name, body)}
    return Page(replace(get, reader="parse"), get.url, 200, headers, body, fetched, source.encoding)


class DatedPage(NamedTuple):
    """A saved page, and the time when it was saved, if known."""

    file: Path
    at: datetime | None


def find_pages(folder: Path, *, match: str = EVERY_NAME, by_time: bool = False) -> list[DatedPage]:
    """The files of a folder whose names match, oldest first, without hidden files.

    They are sorted by the dates in their names. If one has none, all are sorted by name, with numbers by value.
    `by_time` sorts by the time of modification. Raises UsageError if there are no files.
    """
    if folder.is_file():
        one = "one page is read by `watch try NAME --file`"
        raise UsageError(f"{folder} is a file, not a folder of saved pages; {one}")
    try:
        found = [file for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")]
    except OSError as error:
        raise UsageError(f"cannot read the folder {folder}: {error.strerror}") from None
    files = sorted((file for file in found if fnmatch(file.name, match)), key=_by_name)
    if not files:
        seen = f'; no name of its {len(found)} files matches "{match}"' if found else ""
        raise UsageError(f"there are no saved pages in {folder}{seen}")
    times = find_dates([file.name for file in files])
    if by_time:
        times = [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in files]
    dated = [DatedPage(file, at) for file, at in zip(files, times, strict=True)]
    return sorted(dated, key=lambda page: page.at or datetime.max.replace(tzinfo=UTC)) if all(times) else dated


def find_dates(names: Sequence[str]) -> list[datetime | None]:
    """The date in each name: 2024-07-07, 20240707, 20221027T1910Z, 20221027T1910+0200; other times are UTC.

    07.12.2024 is read if the other names show whether the day is first: if one of them has a number above 12 there.
    """
    found = [_find_date(name, _YEAR_FIRST) for name in names]
    doubtful = [at for at, date in enumerate(found) if date is None and _DAY_FIRST.search(names[at])]
    readings = [[_find_date(names[at], [form]) for at in doubtful] for form in (_DAY_FIRST, _MONTH_FIRST)]
    sound = [reading for reading in readings if all(reading)]
    if sound and all(reading == sound[0] for reading in sound):
        for at, date in zip(doubtful, sound[0], strict=True):
            found[at] = date
    return found


def _find_date(name: str, forms: Iterable[re.Pattern[str]]) -> datetime | None:
    for match in (match for form in forms for match in form.finditer(name)):
        said = match.groupdict()
        zone = said.pop("zone", None) or "Z"
        parts = {part: int(digits or 0) for part, digits in said.items() if part != "gap"}
        day = {part: parts[part] for part in ("year", "month", "day")}
        for given, its in ((parts, zone), (day, "Z")) if parts["year"] in _YEARS else ():
            with suppress(ValueError):  # the groups are called as the parts are
                return datetime(**given, tzinfo=datetime.strptime(its, "%z").tzinfo).astimezone(UTC)
    return None


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
    whole = [page for page in pages if len(page) == 2]
    differing = (page for page in whole if page["before"].read_bytes() != page["after"].read_bytes())
    chosen = next(differing, pages[0] if pages else {})
    return [chosen[side] for side in ("before", "after") if side in chosen]
