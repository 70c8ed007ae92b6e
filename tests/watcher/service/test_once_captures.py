"""Real captures, served over loopback and read by `watch --once --json`: the alerts are those that STRUCTURE.md
expects.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.captures import CAPTURES, needed

pytestmark = needed


class Series(NamedTuple):
    """A source, the captures that its site serves one after the other, and what each check comes to:
    status, entries, and how many entries were added, removed, changed and reappeared."""

    options: str
    files: str
    steps: list[tuple[str, int, str]]
    type: str = "text/html"


SERIES = {
    # The address is what a seizure is about, but one address stands in several orders: together they are the row's name, and
    # stay when a person's details are corrected. One row is repeated word for word. The cells span up to 93 rows.
    "il addresses": Series(
        """kind = "table"
        key = ["Order ID", "Virtual currency address / User ID"]""",
        "il-nbctf-crypto-orders/*.html",
        [("baseline", 625, ""), ("unchanged", 625, ""), ("unchanged", 625, "")],
    ),
    "il orders": Series(
        """kind = "table"
        table = "table.ms-rteTable-4"
        key = "File Type" """,
        "il-nbctf-crypto-orders/*.html",
        [("baseline", 22, ""), ("unchanged", 22, ""), ("ok", 23, "added 1")],
    ),
    "fcc": Series(
        """kind = "table"
        key = "Covered Equipment or Services*" """,
        "us-fcc-covered-list/*.html",
        [("baseline", 13, "")],
    ),
    "minjust": Series(
        """kind = "json"
        items = "@"
        key = "id"
        title = "fullName" """,
        "ru-minjust-inoagent-json/*.json",
        [
            ("baseline", 831, ""),
            ("ok", 839, "added 9, removed 1, changed 3"),
            ("ok", 847, "added 8, changed 6"),
            ("ok", 851, "added 4, changed 10"),
            ("ok", 861, "added 10, changed 6"),
            ("ok", 866, "added 6, reappeared 1, removed 2, changed 8"),
        ],
        "application/json",
    ),
    "telegram, a full page": Series(
        """kind = "telegram"
        channel = "topwar_official" """,
        "tg-preview/t.me_s_topwar_2023-full.html",
        [("baseline", 12, "")],
    ),
    "telegram, other counters": Series(
        """kind = "telegram"
        channel = "durov" """,
        "tg-preview/t.me_s_durov-*.html",
        [("baseline", 2, ""), ("unchanged", 2, "")],
    ),
    "pacer, several entries with one guid": Series(
        'kind = "feed"', "us-pacer-rss/nysb_1.xml", [("baseline", 162, "")], "application/rss+xml"
    ),
    "google news": Series('kind = "feed"', "google-news-rss/*.xml", [("baseline", 92, "")], "application/xml"),
    "edgar, two polls 14 s apart": Series(
        'kind = "feed"',
        "us-sec-edgar-getcurrent/*20251212T23034*count100-start5000*200.atom;"
        "us-sec-edgar-getcurrent/*20251212T23035*count100-start5000*200.atom",
        [("baseline", 100, ""), ("unchanged", 100, "")],
        "application/atom+xml",
    ),
}


@pytest.fixture
def read(site: Any, configure: Any, watch: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Serves a file as the source's page, checks once, and says what that came to."""

    def read(options: str, file: Path, kind: str) -> dict[str, Any]:
        site.page("/page", file.read_bytes(), type=kind)
        configure(
            f'[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[sources.capture]\nurl = "{site.url("/page")}"\n{options}'
        )
        ran = watch("--once", "--json")
        assert "Traceback" not in ran.err
        said: dict[str, Any] = json.loads(ran.out)["sources"][0]
        return said

    return read


@pytest.mark.parametrize("name", SERIES)
def test_a_series_of_captures(name: str, read: Callable[..., dict[str, Any]]) -> None:
    series = SERIES[name]
    files = [file for pattern in series.files.split(";") for file in sorted(CAPTURES.glob(pattern))]
    assert len(files) == len(series.steps)
    seen = []
    for file in files:
        said = read(series.options, file, series.type)
        counts = Counter(change["change"] for change in said["changes"])
        order = ("added", "reappeared", "removed", "changed")
        seen.append(
            (said["status"], said["entries"], ", ".join(f"{what} {counts[what]}" for what in order if counts[what]))
        )
    assert seen == series.steps, said


def test_the_entry_of_every_party_to_a_filing_is_there(read: Callable[..., dict[str, Any]]) -> None:
    """Ids are shared by the parties of a filing; a window that moved on brings what is new and removes nothing."""
    first, second, third = (
        CAPTURES / "us-sec-edgar-getcurrent" / f"getcurrent-20251212T230331Z-typeALL-count100-start{start}-http200.atom"
        for start in (200, 100, 0)
    )
    counts = []
    for file in (first, second, third):
        said = read('kind = "feed"', file, "application/atom+xml")
        counts.append((said["entries"], Counter(change["change"] for change in said["changes"])))
    assert [entries for entries, _ in counts] == [100, 99, 100]  # one party is listed twice, word for word
    assert {what for _, changes in counts for what in changes} == {"added"}


FEEDS = ("feeds-*/*.*", "ru-outlets-rss/*.xml", "us-pacer-rss/*.xml", "us-sec-trading-suspensions/*.xml")


def test_every_captured_feed_gives_entries_or_a_typed_failure(
    read: Callable[..., dict[str, Any]], folder: Path
) -> None:
    files = [file for pattern in FEEDS for file in sorted(CAPTURES.glob(pattern))]
    assert len(files) > 60
    for file in files:
        (folder / "state.db").unlink(missing_ok=True)
        said = read('kind = "feed"', file, "application/xml")
        what = (file.name, said["status"], said["reason"])
        assert said["status"] == "baseline" or said["reason"] in {
            "bad_document",
            "wrong_content_type",
            "too_few_entries",
        }, what
        assert (said["status"] == "baseline") == (said["entries"] > 0), what
