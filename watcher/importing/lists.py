"""A file that somebody else wrote: its bytes up to a limit, its text, its format, and its jobs.

Lists of feeds (OPML), CSV files of addresses, and plain lists of them are read here.
"""

import io
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from lxml import etree

from alerts.message.wording import cut
from sources.errors import BadDocument
from sources.formats.delimited import read_loosely
from sources.formats.xml import SAFE, local_name
from sources.options import parse_duration
from watcher.errors import UsageError
from watcher.importing.changedetection import read_archive, read_json
from watcher.importing.job import WORDS, ImportedJob, JobList, LeftOut, hide_login, left_out, set_address
from watcher.importing.targets import is_feed
from watcher.importing.urlwatch import read_jobs

MOST_BYTES = 20_000_000


def jobs_in(path: Path) -> JobList:
    """The jobs of a file, in the format that its content shows. Raises UsageError."""
    content = _read(path)
    if content.startswith(b"PK"):
        return read_archive(path)
    begin = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if begin.startswith(b"<"):
        return read_opml(content)
    text = _as_text(content, path)
    if begin.startswith(b"{") and (found := read_json(text)):
        return found
    ending = path.suffix.lower()
    if ending in {".csv", ".tsv", ".txt", ".list"}:
        return read_addresses(text, plain=ending in {".txt", ".list"})
    try:
        return read_jobs(text)
    except UsageError:
        if ending in {".yaml", ".yml"}:
            raise
        return read_addresses(text, plain=False)  # the name does not say what it is


def text_in(path: Path) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark. Raises UsageError."""
    return _as_text(_read(path), path)


def _read(path: Path) -> bytes:
    """A file, or the beginning of an archive, which has a limit of its own."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder; give a file in it") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES and not content.startswith(b"PK"):
        raise UsageError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB, the most that is read of such a file")
    return content


def _as_text(content: bytes, path: Path) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


_MOST_OUTLINES = 50_000
_LONGEST_GROUP = 300  # characters of the names of all outlines around a feed


def read_opml(content: bytes) -> JobList:
    """The feeds and pages of a list; the outlines around one are its group. Raises UsageError for what is no OPML, is
    nested too deeply, or declares entities.
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        raise UsageError(f"this is not well-formed OPML: {error}") from None
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():  # a few of them may stand for gigabytes
        raise UsageError("this XML declares entities; no feed reader writes such a list, so it is not read")
    if local_name(root.tag).lower() != "opml":
        raise UsageError("this XML is not OPML: its first element is not opml")
    jobs, groups = list[ImportedJob](), dict[etree._Element | None, str]()  # noqa: SLF001 - lxml has no public name
    for element in (each for each in root.iter("*") if local_name(each.tag).lower() == "outline"):
        given = {str(name).lower(): str(value) for name, value in element.items()}
        title, group = given.get("title") or given.get("text") or "", groups.get(element.getparent(), "")
        url = given.get("xmlurl") or given.get("url") or given.get("htmlurl")
        groups[element] = group if url else cut(" / ".join(filter(None, [group, title])), _LONGEST_GROUP)
        if url:
            job = ImportedJob(f"outline {len(jobs) + 1}: {hide_login(title or url)}", label=title, group=group)
            with left_out(job):
                set_address(job, url)
            job.look = not (given.get("xmlurl") or is_feed(url))
            job.kind = job.kind if job.look else "feed"
            jobs.append(job)
            if len(jobs) > _MOST_OUTLINES:
                raise UsageError(f"it has more than {_MOST_OUTLINES:,} feeds".replace(",", " "))
    return "OPML", jobs or [ImportedJob("the list", left="it has no feed and no page")]


MOST_ROWS = 50_000


def rows(text: str) -> list[list[str]]:
    """The rows of a CSV file with commas, semicolons, tabs or "|". Raises UsageError."""
    try:
        found = [list(map(str.strip, row)) for row in islice(read_loosely(io.StringIO(text)), MOST_ROWS + 1)]
    except BadDocument as error:
        raise UsageError(f"this CSV cannot be read: {error.message}") from None
    if len(found) > MOST_ROWS:
        raise UsageError(f"it has more than {MOST_ROWS:,} rows".replace(",", " "))
    return found


def name_cells(row: list[str], of: str) -> list[str]:
    """What each cell of a heading stands for in a list `of` addresses or entities; "" for a name that is not known."""
    columns = {word: name for name, words in WORDS["columns"][of].items() for word in words}
    return [columns.get(cell.casefold().lstrip("\ufeff"), "") for cell in row]


def read_addresses(text: str, *, plain: bool) -> JobList:
    """The addresses of a file. Raises UsageError when it has none. `plain` is a file without columns, in which a comma
    is part of an address.
    """
    lines = [[line.strip()] for line in text.splitlines() if line.strip()][:MOST_ROWS] if plain else rows(text)
    names = name_cells(lines[0], "addresses") if lines else []
    first = 2 if "url" in names else 1
    table = [dict(zip(names, row, strict=False)) for row in lines[1:]] if first > 1 else list(map(_guess_row, lines))
    if not any("://" in row.get("url", "") for row in table):
        raise UsageError("this is not a list of addresses: no row has one, and no column is called url")
    return "a list of addresses", [_row_job(number, row) for number, row in enumerate(table, first)]


def _guess_row(row: list[str]) -> dict[str, str]:
    """A row without headings: its address, and the first of the other cells as the name."""
    if len(row) == 1 and " " in row[0] and "://" in row[0].split()[0]:  # "https://... tag": another program's list
        url, _, rest = row[0].partition(" ")
        return {"url": url, "group": rest.strip("[]' ")}
    url = next((cell for cell in row if "://" in cell), row[0])
    others = [cell for cell in row if cell and cell != url]
    return {"url": url, "label": others[0] if others else ""}


def _row_job(number: int, row: Mapping[str, str]) -> ImportedJob:
    url, label = row.get("url", ""), row.get("label", "")
    job = ImportedJob(f"row {number}: {hide_login(label or url)}", label=label, group=row.get("group", ""), look=True)
    with left_out(job):
        set_address(job, url)
        try:
            if every := row.get("every"):
                parse_duration(every)
                job.options["every"] = every
        except ValueError as error:
            raise LeftOut(f"every: {error}") from None
    if is_feed(job.url):
        job.kind, job.look = "feed", False
    return job
