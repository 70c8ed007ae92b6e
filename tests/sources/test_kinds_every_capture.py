"""Saved pages are read with keys of the configuration alone, or refused with a reason; those without a case are listed.

`python -m pytest tests/sources/test_kinds_every_capture.py -s` prints the tables.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sources import Blocked, Entry, Get, Page, SourceError
from sources.loader import kind
from sources.reading.engine import read_page
from tests.captures import CAPTURES, needed

pytestmark = needed

TYPES = {".html": "text/html", ".xml": "application/xml", ".atom": "application/atom+xml", ".json": "application/json"}

BLOCKED = "blocked"  # any page in place of the content, or what is missing from such a page


@cache
def matching(pattern: str) -> list[Path]:
    return sorted(CAPTURES.glob(pattern))


@dataclass(frozen=True)
class Case:
    """Files, as a glob; the kind and its keys; and what comes of it, for all files or for each in order: a number of
    entries, the reason for refusing, or `BLOCKED`.
    """

    files: str
    kind: str
    want: int | str | Sequence[int | str]
    keys: dict[str, Any] = field(default_factory=dict)

    @property
    def paths(self) -> list[Path]:
        return matching(self.files)

    def wanted(self, path: Path) -> int | str:
        at = self.paths.index(path)
        return self.want if isinstance(self.want, int | str) else self.want[at] if at < len(self.want) else "not said"


def case(files: str, name: str, want: int | str | Sequence[int | str], **keys: Any) -> Case:
    return Case(files, name, want, keys)


SDN = [
    "number",
    "name",
    "type",
    "program",
    "title",
    "call sign",
    "vessel",
    "tonnage",
    "grt",
    "flag",
    "owner",
    "remarks",
]
CASES = [
    case("blocked-pages/*", "table", BLOCKED, key="Name"),
    case(
        "blocked-snapshot-metadata/*.json", "json", 1, items="[data]", key="uuid", title="title || `null`", link="url"
    ),
    case("blocked-snapshot-metadata/*.keep", "json", "empty_body", items="[data]", key="uuid"),
    case("blocked-snapshot-metadata/erddap-0.0*.body", "csv", BLOCKED, key="Dataset ID"),
    case("blocked-snapshot-metadata/erddap-1.0*.body", "text", "wrong_content_type"),
    case("broken-files/empty.txt", "text", "empty_body"),
    case("broken-files/*.pdf", "text", "wrong_content_type"),
    case("broken-files/poorly*.txt", "text", 1),
    case("feeds-awkward/*", "feed", [10, 1, 30, "wrong_content_type", 10, 2, 20, 10, 15, 20, 1, 79, 40, 1, 1, 0]),
    case("feeds-before-after/*", "feed", 1),
    case(
        "feeds-feedparser-encoding/*",
        "feed",
        ["bad_document", 1, "bad_document", 1, 1, *[0] * 5, *["bad_document"] * 4, 0, 0],
    ),
    case(
        "feeds-feedparser-illformed/*",
        "feed",
        [
            "bad_document",
            0,
            *[1] * 5,
            "bad_document",
            "bad_document",
            0,
            "wrong_content_type",
            "bad_document",
            "bad_document",
        ],
    ),
    case("feeds-legacy-cyrillic/*.xml", "feed", [30, 30, 30, 10, 30, 15, 30]),
    case("feeds-legacy-cyrillic/*.html", "text", 1),
    case("google-news-rss/*", "feed", 92),
    # The sheet ends with an empty row and a note of the filters applied.
    case("iadb-sanctions-xlsx/*", "xlsx", [2125, 882, 876], key=["Title", "Entity", "From", "Source"], title="Title"),
    case(
        "il-nbctf-crypto-orders/*",
        "table",
        626,
        table="table.ms-rteTable-4:has(th:contains('Currency'))",
        key=["Order ID", "Virtual currency address / User ID"],
    ),
    case("jp-meti-russia/*", "text", 1, remove="#wm-ipp-base"),
    case(
        "lt-fiu-freezes/*",
        "table",
        17,
        key="Nr.",
        title="Fizinio ar juridinio asmens, kurio turtas įšaldytas, pavadinimas",
    ),
    case("my-bnm-consumer-alert/*", "table", [498, 502], key="Name of unauthorised entities/individual"),
    case("news-article-pages/*", "text", 1, select="article, main, .doc__body, #__nuxt"),
    case("ru-court-press/*", "list", 6, item="tr:has(a[href*=did])", link="a", title="a", published="td"),
    case("ru-gov-other/*mintrud*", "list", 2, item=".post-list", link="a", title=".post-name", published=".page-date"),
    case("ru-gov-other/*dszn*", "list", 2, item="a[href*='/news/']", link=".", title="p", published=".date"),
    case("ru-gov-other/*sfr*", "list", 2, item="article", link="a", title="h3", published="time"),
    case(
        "ru-government-docs/*",
        "list",
        1,
        item=".headline",
        key="@data-id",
        link=".headline__link",
        title=".headline_title_link",
        published="time",
        fields={"act": ".headline_lead"},
    ),
    case(
        "ru-kremlin-acts/*",
        "list",
        1,
        item=".hentry",
        key="@data-id",
        link="a",
        title="[itemprop=name]",
        published="time",
    ),
    case("ru-minjust-inoagent-json/*", "json", [831, 839, 847, 851, 861, 866], items="@", key="id", title="fullName"),
    case("ru-outlets-rss/*", "feed", [1, 1, 3, 1, 1, 1, 1, 1, 1]),
    case(
        "ru-pravo-publication/*",
        "list",
        1,
        item=".documents-table-row",
        link=".documents-item-name",
        title=".documents-item-name",
        published=".infoindocumentlist",
    ),
    case(
        "ru-rkn-eais-dumpcsv/*",
        "csv",
        [47, 51, 413, 412, 2147, 2150, 2150, 2150],
        header=1,
        columns=["ip", "domain", "url", "agency", "number", "date"],
        key=["agency", "number", "date", "domain", "url"],
        ignore=["ip"],
    ),
    case(
        "ru-rkn-site/*", "list", 5, item=".bxslider li", link="a", title=".bxsliderContent", published=".bxsliderHeader"
    ),
    case("sg-mas-tfs/*", "text", 1, select="main"),
    case("tg-preview/t.me_s_*", "telegram", [2, 2, 12], channel="example"),
    case("tg-preview/t.me_[df]*", "telegram", "preview_disabled", channel="example"),
    case(
        "tg-preview/*fragment-*",
        "list",
        1,
        item=".tgme_widget_message",
        key="@data-post",
        published="time[datetime]@datetime",
        fields={"text": ".tgme_widget_message_text?"},
    ),
    case("uk-gazette/*.atom", "feed", 1),
    case("uk-gazette/*.json", "json", 1, items="entry", key="id", title="title"),
    case(
        "un-consolidated/*",
        "xml",
        1003,
        items=["INDIVIDUALS/INDIVIDUAL", "ENTITIES/ENTITY"],
        key="DATAID",
        title=["FIRST_NAME", "SECOND_NAME", "THIRD_NAME"],
    ),
    case(
        "us-bis-dpl/*",
        "csv",
        546,
        delimiter="\t",
        key=["Name", "Street_Address", "Effective_Date", "FR_Citation"],
        title="Name",
    ),
    case("us-blm/*", "list", 11, item="dl.ckeditor-accordion dt", title=".", fields={"sales": "dt + dd"}),
    case(
        "us-ca-fire-incidents/*",
        "json",
        [149, 149, 149, 0, "empty_body"],
        items="AllYearIncidents",
        key="UniqueId",
        title="Name",
    ),
    case("us-congress-api/*", "json", 3, items="bills", key="[congress, type, number]", title="title"),
    case("us-court-opinion-lists/ca2*", "list", [14, 10, 7], item=".ResultsTable tr", link="a", title="td:last-child"),
    case("us-court-opinion-lists/calag*.html", "table", [12, 14], key="Opinion", title="Question"),
    case(
        "us-court-opinion-lists/cit*.html",
        "table",
        [90, 95],
        table="table:has(> tr > th), table:has(> tbody > tr > th)",
        key="Number",
        title="Caption",
    ),
    case(
        "us-court-opinion-lists/illappct*",
        "table",
        1051,
        table="#decisions",
        key=["Docket #", "Filing Date", "Case Name (PDF)"],
        title="Case Name (PDF)",
    ),
    case(
        "us-court-opinion-lists/iowa*.html",
        "list",
        16,
        item="h3:has(a[href*='/case/'])",
        key="a@href",
        title="em",
        link="h3 + p + p a",
        published="h3 + p",
        fields={"case": "a"},
    ),
    case("us-court-opinion-lists/me*", "list", [19, 115], item="h2 ~ table tr:has(a)", title="a", link="a"),
    case("us-court-opinion-lists/minnag*", "list", [61, 64], item="#op p", title="strong", link="a"),
    case(
        "us-court-opinion-lists/nh*", "json", [14, 15], items="data", key="id", title="title", fields={"title": "title"}
    ),
    case("us-court-opinion-lists/oral_ca6*", "list", 1464, item="tr:has(#playCol)", title="td", link="#playCol a"),
    case(
        "us-court-opinion-lists/tex*.html",
        "list",
        [21, 24],
        item="tr:has(> td > .a50)",
        key=".a50",
        title=".a54",
        fields={"order": "tr + tr .a72?"},
        link="tr + tr a[href*='/media/']?",
    ),
    case(
        "us-court-opinion-lists/*.expected.json",
        "json",
        [12, 14, 90, 16, 16, 10],
        items="@",
        key="[docket_numbers, case_names]",
    ),
    case(
        "us-cuba-restricted-list/*",
        "list",
        277,
        item=".wp-block-classic > p",
        key=".::text",
        fields={"entry": "."},
        listing="complete",
    ),
    case(
        "us-fara-register/*ForeignPrincipals*",
        "csv",
        16943,
        key=["Registration_Number", "Foreign_Principal", "Foreign_Principal_Registration_Date"],
        title="Foreign_Principal",
    ),
    case("us-fara-register/*Registrants*", "csv", 6715, key="Registration_Number", title="Name"),
    case("us-fcc-covered-list/*", "table", 13, key="Covered Equipment or Services*"),
    case(
        "us-federal-register/*",
        "json",
        5,
        items="results",
        key="document_number",
        title="title",
        link="html_url",
        published="publication_date",
        next="next_page_url",
    ),
    case(
        "us-ofac-recent-actions/*list*", "list", 10, item=".views-row", link="a", title="a", published=".font-sans-2xs"
    ),
    case("us-ofac-recent-actions/recent-action-2*", "text", 1, select="article"),
    case("us-ofac-sdn/sdn_comments*", "csv", [3, 13], columns=["number", "remarks"], key="number"),
    case("us-ofac-sdn/cons*", "csv", 442, key="number", title="name", null="-0-", columns=SDN),
    case("us-ofac-sdn/sdn-*", "csv", 7379, key="number", title="name", null="-0-", columns=SDN),
    case(
        "us-ofac-sdn/alt*",
        "csv",
        9682,
        columns=["number", "alias", "type", "name", "remarks"],
        key="alias",
        title="name",
        null="-0-",
    ),
    case("us-pacer-rss/*.xml", "feed", [6, 4, 20, 9, 13, 2, 2, 1, 162, 3]),
    case(
        "us-pacer-rss/*.expected.json",
        "json",
        [20, 13],
        items="@",
        key="[docket_number, docket_entries]",
        title="case_name",
    ),
    case("us-regulations-gov/*", "json", 25, items="data", key="id", title="attributes.title"),
    case(
        "us-sec-daily-index/*",
        "csv",
        [10, 0, 4084],
        widths=[12, 62, 12, 12, 60],
        header=9,
        key=["File Name", "Form Type", "CIK"],
        title="Company Name",
    ),
    case("us-sec-edgar-getcurrent/*http200.atom", "feed", [*[100] * 8, 40, *[100] * 4], key=["id", "title"]),
    case("us-sec-edgar-getcurrent/*http503.html", "feed", BLOCKED),
    case("us-sec-errors/*", "xml", BLOCKED, items="form", key="name"),
    case("us-sec-filing-index/*", "table", [3, 3, 3, 4], key=["Seq", "Document"]),
    case(
        "us-sec-submissions/*Z.json",
        "json",
        [1000, 205, 268, 211],
        items="filings.recent || @",
        columns=True,
        key="accessionNumber",
        title="form",
    ),
    case("us-sec-trading-suspensions/*", "feed", 25),
    case("us-warn-notices/test_cached_detail_pages-0[12]*", "record", 1),
    case("us-warn-notices/test_missing_detail_page_values-01*", "record", 1),
    case("us-warn-notices/test_scrape_integration-0[12]*", "record", 1),
    case("us-warn-notices/*-00-*", "table", [2, 25, 1, 2], key=["Employer", "Notice Date"]),
    case("us-warn-notices/test_cached_search_results-01*", "table", 2, key=["Employer", "Notice Date"]),
]


def read(path: Path, name: str, keys: dict[str, Any]) -> list[Entry | Get]:
    source = kind(name).model_validate({"url": "https://example.org/page", **keys})
    get = source.start()
    headers = {"content-type": TYPES[path.suffix]} if path.suffix in TYPES else {}
    page = Page(get, get.url, 200, headers, path.read_bytes(), datetime(2026, 1, 1, tzinfo=UTC), source.encoding)
    return list(read_page(source, page))


def outcome(path: Path, found: Case) -> tuple[int | str, bool, str]:
    """What comes of a file: the number of entries or the reason, whether that was wanted, and more about it."""
    want = found.wanted(path)
    try:
        entries = [item for item in read(path, found.kind, found.keys) if isinstance(item, Entry)]
    except SourceError as error:
        in_place = isinstance(error, Blocked) or error.code in ("not_found", "wrong_content_type")
        return error.code, want == error.code or (want == BLOCKED and in_place), error.message
    return len(entries), want == len(entries), f"{len({entry.key for entry in entries})} keys"


def files() -> list[Path]:
    """All captures, which are in folders."""
    return sorted(path for path in CAPTURES.glob("*/**/*") if path.is_file())


def show(rows: Sequence[Sequence[object]]) -> None:
    widths = [max(len(str(row[at])) for row in rows) for at in range(len(rows[0]) - 1)]
    for row in rows:
        print("  ".join([*(str(cell).ljust(width) for cell, width in zip(row, widths, strict=False)), str(row[-1])]))


def test_every_file_is_read_or_refused_with_a_reason() -> None:
    rows, wrong, without = [], [], []
    for path in files():
        cases = [each for each in CASES if path in each.paths]
        assert len(cases) <= 1, f"{path.name}: {len(cases)} cases"
        if not cases:
            without.append(path)
            continue
        (found,) = cases
        got, as_wanted, more = outcome(path, found)
        name = str(path.relative_to(CAPTURES))
        rows.append((name, found.kind, got, more[:110]))
        if not as_wanted:
            wrong.append(f"{name}: {got}, not {found.wanted(path)}: {more}")
    print()
    show(rows)
    read_ = sum(isinstance(row[2], int) for row in rows)
    print(f"{len(rows)} files: {read_} read, {len(rows) - read_} refused with a reason")
    folders = Counter(path.relative_to(CAPTURES).parts[0] for path in without)
    print(f"without a case: {', '.join(f'{folder} ({count})' for folder, count in sorted(folders.items()))}")
    assert not wrong
    assert not [each.files for each in CASES if not each.paths]


def plain(text: str) -> str:
    """Letters and digits alone: oracles tidy up capitals, dashes and quotes."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def day(text: str) -> str:
    """MM/DD/YYYY as the oracles write it."""
    month, date, year = text.split("/")
    return f"{year}-{month:0>2}-{date:0>2}"


def path_of(url: str | None) -> str:
    return (url or "").partition("://")[2].partition("/")[2]


# For each court what an entry says, and what the oracle says of it.
COURTS: dict[str, tuple[Callable[[Entry], tuple[str, ...]], Callable[[dict[str, Any]], tuple[str, ...]]]] = {
    "calag": (
        lambda entry: (entry.key, day(entry.fields["Issued"])),
        lambda want: (want["docket_numbers"], want["case_dates"]),
    ),
    "cit": (
        lambda entry: (
            plain(entry.fields["Court No."]),
            day(entry.fields["Date"]),
            plain(entry.fields["Caption"].partition(" v. ")[0]),
        ),
        lambda want: (
            plain(want["docket_numbers"]),
            want["case_dates"],
            plain(want["case_names"].partition(" v. ")[0]),
        ),
    ),
    "iowa": (
        lambda entry: (
            plain(entry.fields["case"].partition(":")[0]).removeprefix("caseno"),
            f"{entry.published:%Y-%m-%d}",
            plain(entry.title),
            path_of(entry.url),
        ),
        lambda want: (
            plain(want["docket_numbers"]),
            want["case_dates"],
            plain(want["case_names"]),
            path_of(want["download_urls"]),
        ),
    ),
    "tex": (
        lambda entry: (entry.key, plain(entry.title.partition(" v. ")[0].partition("; from ")[0])),
        lambda want: (want["docket_numbers"], plain(want["case_names"].partition(" v. ")[0])),
    ),
}
MORE_ON_THE_PAGE = {"tex_example": 11}  # orders without an opinion, which the oracle leaves out


def oracles(folder: str) -> list[tuple[str, Path, list[dict[str, Any]]]]:
    """What another parser read of the pages that come with it."""
    paths = sorted((CAPTURES / folder).glob("*.expected.json"))
    assert paths, f"nothing says what is in {folder}"
    return [(path.name.split(".")[0], path, json.loads(path.read_text("utf-8"))) for path in paths]


def test_courts_lists_say_what_another_parser_read_in_them() -> None:
    agree, rows = [], []
    for name, path, oracle in oracles("us-court-opinion-lists"):
        page = path.with_name(f"{name}.html")
        found = next(each for each in CASES if page in each.paths)
        said, wanted = COURTS[name.split("_")[0]]
        entries = [item for item in read(page, found.kind, found.keys) if isinstance(item, Entry)]
        assert len(entries) == len(oracle) + MORE_ON_THE_PAGE.get(name, 0)
        facts = Counter(map(said, entries))
        missing = [want for want in map(wanted, oracle) if not facts[want]]
        rows += [(name, want) for want in missing]
        agree.append((name, f"{len(oracle) - len(missing)} of {len(oracle)} agree"))
    print()
    show([*agree, *rows])
    assert rows == []


def test_courts_feeds_say_what_another_parser_read_in_them() -> None:
    agree = []
    for name, path, oracle in oracles("us-pacer-rss"):
        entries = [item for item in read(path.with_name(f"{name}.xml"), "feed", {}) if isinstance(item, Entry)]
        pairs = list(zip(entries, oracle, strict=True))
        same = [
            case["docket_number"] in entry.title
            and entry.published == datetime.fromisoformat(case["docket_entries"][0]["date_filed"])
            and case["docket_entries"][0]["short_description"] in entry.text
            for entry, case in pairs
        ]
        agree.append((name, f"{sum(same)} of {len(oracle)} agree"))
        assert all(same), name
    print()
    show(agree)
