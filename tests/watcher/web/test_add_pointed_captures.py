"""Ten captured pages are pointed at, at the desk: what a person wants of each is read after three clicks at most.

The rule, said before anything was made to read them: in the order of MANIFEST.tsv, of each source the first page of HTML
that is whole (no excerpt, no fragment, no error, no challenge, no mail, no shell), until there are ten. A click is a
press of a part, or of what the next part is to be; the first proposal that is shown counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from sources import Get, Page
from sources.loader import kind
from tests.captures import CAPTURES, needed
from tests.watcher.web.pointing import Pointing
from watcher.propose.proposal import read_entries

pytestmark = [needed, pytest.mark.timeout(600)]

MOST_CLICKS = 3


class Wanted(NamedTuple):
    """What a person presses (a role, then beginnings of parts), and what is to be read then: how many entries, words
    that are in them, and words that are not. `titled` begins the title of an entry.
    """

    file: str
    presses: Sequence[str]
    least: int
    most: int
    words: Sequence[str]
    without: Sequence[str]
    titled: str = ""


PAGES = [
    Wanted(  # the orders, and not the table of wallets below them
        "il-nbctf-crypto-orders/source-2025-02-05-445859d.html",
        ["Seizure order (ASO 34/24)", "as:not", "TJFA3AqnkgM55rvRCpZgy7fb4MX7UjyHrh"],
        20,
        24,
        ["ASO 60/23", "ASO 15/22", "Annex of the Seizure Order"],
        ["TJFA3AqnkgM55rvRCpZgy7fb4MX7UjyHrh", "Designation"],
    ),
    Wanted(  # the criteria for an approval, as a text
        "jp-meti-russia/source-2025-07-25-b769059.html",
        ["as:text", "（１）食品・医薬品"],
        1,
        1,
        ["（２）人道支援の目的", "（７）政府間で輸出するもの"],
        ["サイトマップ", "プライバシーポリシー", "申請理由書"],
    ),
    Wanted(
        "lt-fiu-freezes/data-2023-10-27-600d688.html",
        ["UAB SUEK Baltic"],
        17,
        17,
        ["INTER RAO Lietuva", "GTLK Lietuva 01"],
        ["Kontaktai", "Naujienos"],
    ),
    Wanted(
        "my-bnm-consumer-alert/data-2024-04-16-4540152.html",
        ["RaiseFX"],
        495,
        505,
        ["Aneka Construction", "Cryptotech Institution"],
        ["Press Releases"],
    ),
    Wanted(  # the article, without what is around it
        "news-article-pages/APNews_2024_09_03.html",
        ["as:text", "LA CROSSE, Wis.", "Trump was the face of change"],
        1,
        1,
        ["In just 63 days", "The electoral map settles on seven states"],
        ["Fact Check", "Privacy Policy", "Oddities"],
    ),
    Wanted(  # what is asked of institutions and of others, without the page's own menu
        "sg-mas-tfs/targeted-financial-sanctions-2026-06-24-095be24.html",
        ["as:text", "Broadly, the FSM Regulations", "The prohibitions include"],
        1,
        1,
        ["For Non-FIs and Natural Persons in Singapore", "MAS gives effect"],
        ["Decrease font size", "On This Page"],
    ),
    Wanted(  # each sale, with what is said of it
        "us-blm/blm_ut_leases.html",
        ["Q1 2026 Lease Sale", "Q2 2025 Lease Sale"],
        7,
        70,
        ["Q3 2026 Lease Sale", "Q4 2025 Lease Sale"],
        ["Backcountry", "Wild Horse", "Mountain Biking"],
    ),
    Wanted(  # by the name of the case
        "us-court-opinion-lists/ca2_p_example.html",
        ["as:title", "Richardson v. Townsquare"],
        14,
        14,
        ["Powell v. Ocwen", "15-3135-cv"],
        ["Results 1 - 14"],
        titled="Powell v. Ocwen",
    ),
    Wanted(  # of all headings
        "us-cuba-restricted-list/restricted-list-2025-07-14-39e807d.html",
        ["Hotel Florida", "ACERPROT"],
        200,
        280,
        ["Varadero Sol Caribe", "TECNOIMPORT", "Villa Gaviota Santiago"],
        ["Newsroom", "Accessibility Statement"],
    ),
    Wanted(  # what is said of the filing, and not the table of its documents
        "us-sec-filing-index/idx-0000000000-24-003505-index.html",
        ["2024-04-02 12:36:07"],
        1,
        1,
        ["Filing Date", "Accepted", "2024-04-02"],
        ["filename2.txt"],
    ),
]


def test_what_a_person_wants_is_read_after_three_presses(
    site: Any, kept: Any, configure: Callable[..., Any], looking: Callable[[], TestClient]
) -> None:
    lines, right = list[str](), 0
    for wanted in PAGES:
        configure('[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[browser]\ncommand = "there-is-none"\n[web]\n')
        site.page("/page", (CAPTURES / wanted.file).read_bytes(), type="text/html")
        url = site.url("/page")
        pointing, asked = Pointing(looking(), url), len(site.requests)
        for each in wanted.presses:
            pointing.say(each.removeprefix("as:")) if each.startswith("as:") else pointing.press(each)
        assert len(site.requests) == asked
        fault = f"{pointing.presses} presses" if pointing.presses > MOST_CLICKS else _fault(wanted, pointing.tables)
        right += not fault
        lines.append(f"{wanted.file:<70} {pointing.presses} presses  {fault or 'right'}")
    print("", *lines, sep="\n")
    assert right >= 8


def _fault(wanted: Wanted, tables: list[dict[str, Any]]) -> str:
    """What is wrong with the first proposal; "" where nothing is."""
    if not tables:
        return "nothing is proposed"
    source = kind(tables[0]["kind"]).model_validate({name: tables[0][name] for name in tables[0].keys() - {"kind"}})
    body = (CAPTURES / wanted.file).read_bytes()
    page = Page(Get(source.url), source.url, 200, {"content-type": "text/html"}, body, datetime.now(UTC))
    entries, _ = read_entries(source, page)
    if not wanted.least <= len(entries) <= wanted.most:
        return f"{len(entries)} entries"
    told = "\n".join(f"{each.key} {each.title} {each.fields} {each.text}" for each in entries)
    missing = [words for words in wanted.words if words not in told]
    others = [words for words in wanted.without if words in told]
    untitled = wanted.titled and not any(each.title.startswith(wanted.titled) for each in entries)
    return "; ".join(
        f"{what}: {of}" for what, of in (("missing", missing), ("others", others), ("title", untitled)) if of
    )
