"""Parses the SEC's indexes of filings: text in columns below a line of headings and a line of dashes.

The form and company indexes have fixed widths in different orders, the master index has "|" between values; the
headings decide which it is. Long names and forms overflow their column, so a row is parsed from both ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urljoin

from sources.errors import BadDocument, NotFound
from sources.formats.archives import content
from sources.formats.dates import read_date
from sources.model import Entry, Page
from sources.text import clean, listing

_RULE = re.compile(r"-{20,}\s*")
_NAMES = {"formtype": "form", "companyname": "company", "cik": "cik", "datefiled": "filed", "filename": "file"}
_ROW = re.compile(r"(?P<text>.*\S)\s+(?P<cik>\d{1,10})\s+(?P<filed>\d{4}-?\d\d-?\d\d)\s+(?P<file>\S+/\S+)\s*")
_ARCHIVES = "https://www.sec.gov/Archives/"
_MOST_LINES = 50  # lines above the headings, at most

_Cut = Callable[[str], Mapping[str, str]]


def read_index(page: Page, limit: int | None = None) -> Iterator[Entry]:
    """One entry per row. Raises NotFound when there are no headings, BadDocument for a row that does not fit them."""
    with content(page, limit=limit).text() as lines:
        cut = _headings(lines, page.url)
        for line in lines:
            if line.strip():
                yield _entry(page.url, cut(line), line)


def _headings(lines: Iterator[str], where: str) -> _Cut:
    above = [""]
    for line in lines:
        if _RULE.fullmatch(line):
            return _columns(above[-1], where)
        above.append(line)
        if len(above) > _MOST_LINES:
            break
    raise NotFound(f"{where} has no headings with a line of dashes below; it begins {clean(' '.join(above))[:80]!r}")


def _columns(heading: str, where: str) -> _Cut:
    divided = heading.split("|") if "|" in heading else re.split(r"\s{2,}", heading.strip())
    names = [_NAMES.get("".join(name.split()).casefold(), clean(name)) for name in divided]
    absent = set(_NAMES.values()).difference(names)
    if absent:
        raise NotFound(f"{where} has no column for {listing(sorted(absent))}; its headings are {listing(divided)}")
    if "|" in heading:
        return lambda line: dict(zip(names, map(clean, line.split("|")), strict=False))
    form_first = names.index("form") < names.index("company")
    width = re.search(r"\S\s{2,}", heading)
    return lambda line: _fixed(line, form_first=form_first, width=width.end() if width else 0)


def _fixed(line: str, *, form_first: bool, width: int) -> dict[str, str]:
    """Parse a row of fixed widths. Two spaces end a form; where a long form leaves only one, the width decides."""
    row = _ROW.fullmatch(line)
    if not row:
        return {}
    one, sign, other = row["text"].partition("  ") if form_first else row["text"].rpartition("  ")
    one, other = (one, other) if sign else (row["text"][:width], row["text"][width:])
    form, company = (one, other) if form_first else (other, one)
    return row.groupdict() | {"form": clean(form), "company": clean(company)}


def _entry(where: str, row: Mapping[str, str], line: str) -> Entry:
    if not row.get("cik", "").isdecimal() or "/" not in row.get("file", ""):
        raise BadDocument(f"{where}: a row does not fit the headings: {clean(line)[:120]!r}")
    filed = read_date(re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", row["filed"]))
    fields = {"form": row["form"], "company": row["company"], "cik": row["cik"]}
    key = f"{row['file']} {row['form']} {row['cik']}"
    return Entry(key, f"{row['form']}: {row['company']}", fields, urljoin(_ARCHIVES, row["file"]), filed)
