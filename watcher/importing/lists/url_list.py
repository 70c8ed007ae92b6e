"""A CSV file of addresses, or a plain list of them, one in a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from sources.options import parse_duration
from watcher.errors import UsageError
from watcher.importing.job import Found, Job, Left
from watcher.importing.translate import targets, wire

MOST_ROWS = 50_000
_COLUMNS = {
    "url": "url", "address": "url", "link": "url", "website": "url", "uri": "url", "feed": "url",
    "name": "label", "title": "label", "label": "label",
    "every": "every", "interval": "every",
    "group": "group", "groups": "group", "tag": "group", "tags": "group", "category": "group", "folder": "group",
}  # fmt: skip


def rows(text: str) -> list[list[str]]:
    """The rows of a CSV file with commas, semicolons, tabs or "|". Raises UsageError."""
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t|", key=first.count) if any(map(first.count, ",;\t|")) else ","
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                found.append([cell.strip() for cell in row])
            if len(found) > MOST_ROWS:
                raise UsageError(f"it has more than {MOST_ROWS:,} rows".replace(",", " "))
    except csv.Error as error:
        raise UsageError(f"this is no CSV that can be read: row {len(found) + 1}: {error}") from None
    return found


def named(row: list[str], columns: Mapping[str, str]) -> list[str]:
    """What each cell of a heading stands for; "" where nothing is known by that name."""
    return [columns.get(cell.casefold().lstrip("\ufeff"), "") for cell in row]


def find(text: str, *, plain: bool) -> Found:
    """The addresses of a file. Raises UsageError when it has none.

    `plain` is a file without columns, in which a comma is part of an address.
    """
    lines = [[line.strip()] for line in text.splitlines() if line.strip()][:MOST_ROWS] if plain else rows(text)
    names = named(lines[0], _COLUMNS) if lines else []
    if "url" in names:
        table = [dict(zip(names, row, strict=False)) for row in lines[1:]]
        first = 2
    else:
        table, first = [_guessed(row) for row in lines], 1
    if not any("://" in row.get("url", "") for row in table):
        raise UsageError("this is no list of addresses: no row has one, and no column is called url")
    return Found("a list of addresses", [_job(number, row) for number, row in enumerate(table, first)])


def _guessed(row: list[str]) -> dict[str, str]:
    """A row without headings: its address, and the first of the other cells as the name."""
    if len(row) == 1 and " " in row[0] and "://" in row[0].split()[0]:  # "https://... tag": another program's list
        url, _, rest = row[0].partition(" ")
        return {"url": url, "group": rest.strip("[]' ")}
    url = next((cell for cell in row if "://" in cell), row[0])
    others = [cell for cell in row if cell and cell != url]
    return {"url": url, "label": others[0] if others else ""}


def _job(number: int, row: Mapping[str, str]) -> Job:
    url, label = row.get("url", ""), row.get("label", "")
    job = Job(f"row {number}: {wire.public(label or url)}", label=label, group=row.get("group", ""), look=True)
    try:
        wire.address(job, url)
        if row.get("every"):
            parse_duration(row["every"])
            job.options["every"] = row["every"]
    except Left as reason:
        job.left = str(reason)
    except ValueError as error:
        job.left = f"every: {error}"
    if targets.is_feed(job.url):
        job.kind, job.look = "feed", False
    return job
