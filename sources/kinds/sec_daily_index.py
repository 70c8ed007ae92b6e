"""The kind `sec_daily_index`, and its indexes: text in columns below one or two lines of headings and a line of dashes.

The form and company indexes have fixed widths in different orders, the master index has "|" between values; the
headings decide which it is. Long names and forms overflow their column, so a row is parsed from both ends.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Literal
from urllib.parse import urljoin

from pydantic import Field, PositiveInt

from sources.errors import BadDocument, NotFound
from sources.formats.archives import open_content
from sources.formats.dates import read_date
from sources.formats.json_paths import find, list_members
from sources.model import Entry, Get, Imprint, Listing, Page, Source
from sources.options import Duration
from sources.text import clean, listing

_FOLDER = re.compile(r"\d{4}|QTR[1-4]")
_RULE = re.compile(r"-{20,}\s*")
_NAMES = {"form": "form type", "company": "company name", "cik": "cik", "filed": "date filed", "file": "file name"}
_WORD = re.compile(r"\b(?:form|type|company|cik|date|filed|file)|name", re.IGNORECASE)  # also "Filename"
_ROW = re.compile(r"(?P<text>.*\S)\s+(?P<cik>\d{1,10})\s+(?P<filed>\d{4}-?\d\d-?\d\d)\s+(?P<file>\S+/\S+)\s*")
_ARCHIVES = "https://www.sec.gov/Archives/"
_Cut = Callable[[str], Mapping[str, str]]


class SecDailyIndex(Source):
    """All filings at the SEC of the last days that have an index: one entry per filing and company."""

    default_label = "SEC, daily index"
    imprint = Imprint("SEC, United States", "US", ["companies", "finance"], "2020-03-18")
    proven = "captures"
    documented = "https://www.sec.gov/search-filings/edgar-search-assistance/accessing-edgar-data"
    asks = "a contact in the user agent; at most 10 requests a second"
    needs_contact = True

    index: Literal["form", "company", "master"] = Field(
        default="form", description="which of the day's indexes is read"
    )
    days: PositiveInt = Field(default=2, description="how many days; with one, each new day has nothing of the last")
    url: str = Field(
        default="https://www.sec.gov/Archives/edgar/daily-index/index.json",
        description="the folder of the indexes as index.json, or one index file",
    )
    every: Duration = timedelta(hours=1)
    listing: Listing = "window"

    def start(self) -> Get:
        """The request for the folder of years, or for the one index."""
        return Get(self.url, reader="parse" if self.url.endswith((".idx", ".gz")) else "folder")

    def folder(self, page: Page) -> Iterator[Entry | Get]:
        """Requests for the newest indexes in a folder, or for its newest subfolder: of years, then of quarters."""
        names = [str(name) for name in find("directory.item[].name", page.json()) or []]
        name = re.compile(rf"{self.index}\.(\d{{8}})\.idx(\.gz)?")
        days = {found[1]: each for each in sorted(names, reverse=True) if (found := name.fullmatch(each))}
        folders = [each for each in names if _FOLDER.fullmatch(each)]
        if not days and not folders:
            raise NotFound(
                f"{page.url} names neither {self.index} indexes nor folders; seen: {list_members(page.json())}"
            )
        yield from (Get(urljoin(page.url, days[day])) for day in sorted(days, reverse=True)[: self.days])
        if not days:
            yield Get(urljoin(page.url, f"{max(folders)}/index.json"), reader="folder")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per row. Raises NotFound, or BadDocument, for what is no index."""
        yield from read_index(page, self.max_bytes)


def read_index(page: Page, limit: int | None = None) -> Iterator[Entry]:
    """One entry per row. Raises NotFound when there are no headings, BadDocument for a row that does not fit them."""
    with open_content(page, limit=limit).text() as lines:
        cut = _headings(lines, page.url)
        for line in lines:
            if not line.strip():
                continue
            row = cut(line)
            if not row.get("cik", "").isdecimal() or "/" not in row.get("file", ""):
                raise BadDocument(f"{page.url}: a row does not fit the headings: {clean(line)[:120]!r}")
            filed = read_date(re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", row["filed"]))
            fields = {name: row[name] for name in ("form", "company", "cik")}
            key = f"{row['file']} {row['form']} {row['cik']}"
            yield Entry(key, f"{row['form']}: {row['company']}", fields, urljoin(_ARCHIVES, row["file"]), filed)


def _headings(lines: Iterator[str], where: str) -> _Cut:
    above: list[str] = []
    for line in lines:
        if _RULE.fullmatch(line):
            return _columns([each for each in above if each.strip()][-2:], where)
        above.append(line)
        if len(above) >= 50:  # lines above the headings, at most
            break
    raise NotFound(f"{where} has no headings with a line of dashes below; it begins {clean(' '.join(above))[:80]!r}")


def _columns(above: Sequence[str], where: str) -> _Cut:
    """How rows are cut, by the headings: those of the last line, or of the last two together, where the lower one goes
    on with what stands above it: "Date" over "Filed".
    """
    lines = above if _absent(above[-1:]) and not _absent(above) else above[-1:]
    if absent := _absent(lines):
        seen = listing(re.findall(r"[^|\s]+(?: [^|\s]+)*", "".join(lines)))
        raise NotFound(f"{where} has no column for {listing(sorted(absent))}; its headings are {seen}")
    if "|" in above[-1]:
        known = {heading.replace(" ", ""): name for name, heading in _NAMES.items()}
        headings = ["".join(heading.split()).casefold() for heading in " ".join(lines).split("|")]
        names = [known.get(heading, heading) for heading in headings]
        return lambda line: dict(zip(names, map(clean, line.split("|")), strict=False))
    form, company = (lines[0].casefold().find(name) for name in ("form", "company"))
    return lambda line: _cut_fixed(line, form_first=form < company, width=max(form, company))


def _absent(lines: Sequence[str]) -> set[str]:
    words = set(_WORD.findall(" ".join(lines).casefold()))
    return {name for name, heading in _NAMES.items() if not words.issuperset(heading.split())}


def _cut_fixed(line: str, *, form_first: bool, width: int) -> dict[str, str]:
    """Parse a row of fixed widths. Two spaces end a form; where a long form leaves only one, the width decides."""
    row = _ROW.fullmatch(line)
    if not row:
        return {}
    one, sign, other = row["text"].partition("  ") if form_first else row["text"].rpartition("  ")
    one, other = (one, other) if sign else (row["text"][:width], row["text"][width:])
    form, company = (one, other) if form_first else (other, one)
    return row.groupdict() | {"form": clean(form), "company": clean(company)}
