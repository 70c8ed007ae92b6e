"""`watch add` on every HTML, JSON and feed capture, served over loopback: does it propose what a person would choose?

`-s` prints the table. There is no browser, so that the table is the same on every machine. A proposal is right if it has as many entries as a person counts, among them one that a person
named, and a key that distinguishes all of them, but for one in a hundred: some documents are linked twice. If there is no
list, none must be proposed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.captures import CAPTURES, needed
from watcher.config.load import load

pytestmark = [
    needed,
    pytest.mark.timeout(600),
]


class Named(NamedTuple):
    """What a person would name: how many entries, at least and at most, and words of one of them."""

    least: int
    most: int
    words: str


class One(NamedTuple):
    """What a person would name of a page about one: a label, and how its value begins."""

    label: str
    value: str


Wanted = Named | One | None
NONE = None  # no list on it: prose, one record, one entry of a list, an error, a challenge

HTML: dict[str, Wanted] = {
    "blocked-pages/*.html": NONE,
    "feeds-legacy-cyrillic/*.html": NONE,
    "il-nbctf-crypto-orders/*.html": Named(615, 640, "TJFA3AqnkgM55rvRCpZgy7fb4MX7UjyHrh"),
    "jp-meti-russia/*.html": NONE,
    "lt-fiu-freezes/*.html": Named(17, 17, "INTER RAO Lietuva"),
    "my-bnm-consumer-alert/*.html": Named(495, 505, "Aneka Construction"),
    "news-article-pages/*.html": NONE,
    "ru-court-press/*.html": Named(6, 6, "Житель города Кинешма"),
    "ru-gov-other/fragment-mintrud-*": Named(2, 2, "Приказ Минтруда России № 312"),
    "ru-gov-other/fragment-msupport_dszn-*": Named(2, 2, "онлайн-консультации"),
    "ru-gov-other/fragment-sfr-*": Named(2, 2, "Соцфонд направил россиянам"),
    "ru-government-docs/*.html": NONE,
    "ru-kremlin-acts/*.html": NONE,
    "ru-pravo-publication/*.html": NONE,
    "ru-rkn-site/*.html": Named(7, 12, "Открытые данные"),
    "sg-mas-tfs/*.html": NONE,
    "tg-preview/*fragment-*.html": NONE,
    "tg-preview/t.me_s_durov-*.html": Named(2, 2, "The UK government wants to ban"),
    "tg-preview/t.me_s_topwar_2023-full.html": Named(12, 12, "Подземные тоннели"),
    "us-blm/*.html": Named(30, 70, "Q1 2026 Lease Sale"),
    "us-court-opinion-lists/ca2_p_example.html": Named(14, 14, "Townsquare Media"),
    "us-court-opinion-lists/ca2_p_example_2.html": Named(10, 10, "Amadea"),
    "us-court-opinion-lists/ca2_p_example_3.html": Named(7, 7, "24-961-cr"),
    "us-court-opinion-lists/calag_example.html": Named(12, 12, "15-1202"),
    "us-court-opinion-lists/calag_example_2.html": Named(14, 14, "23-1201"),
    "us-court-opinion-lists/cit_example.html": Named(90, 90, "JBF Rak"),
    "us-court-opinion-lists/cit_example_2.html": Named(95, 95, "Cruzin Cooler"),
    "us-court-opinion-lists/illappct_example.html": Named(1051, 1051, "Strowmatt v. Sentry Insurance"),
    "us-court-opinion-lists/iowa_example*.html": Named(16, 16, "Fenceroy v. Gelita"),
    "us-court-opinion-lists/me_example.html": Named(15, 15, "State of Maine v. Julia Peck"),
    "us-court-opinion-lists/me_example_2.html": Named(111, 111, "James Goggin"),
    "us-court-opinion-lists/minnag_example.html": Named(61, 61, "Op. Atty. Gen 16-b"),
    "us-court-opinion-lists/minnag_example_2.html": Named(64, 64, "Op. Atty. Gen 624c-4"),
    "us-court-opinion-lists/oral_ca6_huge.html": Named(1464, 1464, "24-5546"),
    "us-court-opinion-lists/tex_example.html": Named(10, 10, "Tenaris Bay City"),
    "us-court-opinion-lists/tex_example_2.html": Named(8, 12, "JONATHAN TIMOTHY NOYES"),
    "us-cuba-restricted-list/*.html": Named(200, 280, "Varadero Sol Caribe"),
    "us-fcc-covered-list/*.html": Named(13, 13, "Huawei Technologies Company"),
    "us-ofac-recent-actions/recent-action-2025*": Named(5, 10, "AEZA GROUP LLC"),
    "us-ofac-recent-actions/recent-actions-list-*": Named(10, 10, "Counter Terrorism Designations"),
    "us-sec-edgar-getcurrent/*.html": NONE,
    "us-sec-filing-index/idx-0000000000-*": Named(3, 3, "filename1"),
    "us-sec-filing-index/idx-0001045810-*": Named(3, 9, "nvda-20260302"),
    "us-warn-notices/test_cached_detail_pages-00-*": Named(2, 2, "Chesapeake Energy"),
    "us-warn-notices/test_cached_detail_pages-01-*": One("Notice Date", "Jan 13, 2021"),
    "us-warn-notices/test_cached_detail_pages-02-*": One("Notice Date", "Feb 03, 2021"),
    "us-warn-notices/test_cached_search_results-00-*": Named(25, 25, "Halliburton"),
    "us-warn-notices/test_cached_search_results-01-*": Named(2, 2, "Uncle Julio"),
    "us-warn-notices/test_missing_detail_page_values-00-*": Named(1, 1, "WARN"),
    "us-warn-notices/test_missing_detail_page_values-01-*": One("Number of Employees Affected", "1100"),
    "us-warn-notices/test_scrape_integration-00-*": Named(2, 2, "Chesapeake Energy"),
    "us-warn-notices/test_scrape_integration-01-*": One("Notice Date", "Jan 13, 2021"),
    "us-warn-notices/test_scrape_integration-02-*": One("Notice Date", "Feb 03, 2021"),
}

# Pages about one, lists of links, results of a search: said before anything was made to read them. Where a page about
# one has the list of what happens to it, that list is what is new on it.
FIRMS_AND_LINKS: dict[str, Wanted] = {
    "aspnet-lists/asbca_example.html": Named(52, 52, "MLSUSA Corp."),
    "aspnet-lists/il_elections_agenda.html": Named(12, 12, "Springfield"),
    "aspnet-lists/illappct_1st_dist_example.html": Named(10, 10, "Hidalgo v. Village of Romeoville"),
    "aspnet-lists/ohioctapp_9_example.html": Named(50, 50, "Phillips v. Thompson"),
    "link-lists/chi_boardofethics*.html": Named(110, 155, "noticeofmeetings-2010"),
    "link-lists/chi_community_development.html": Named(110, 125, "Minutes"),
    "link-lists/chi_human_relations.html": Named(50, 60, "September 2023"),
    "link-lists/chi_plan_commission*.html": Named(150, 200, "CPC_July_2019_Minutes"),
    "link-lists/cle_landmarks--2020-05-20.html": Named(5, 5, "Agenda"),
    "link-lists/cle_landmarks.html": Named(40, 46, "CLC-1-14-2021-AGENDA"),
    "link-lists/cle_planning_commission--2020-05-20.html": Named(25, 28, "Agenda"),
    "link-lists/cle_planning_commission.html": Named(100, 150, "pdf"),
    "link-lists/texag_example.html": Named(14, 14, "Greg Abbott"),
    "search-result-pages/civplus_*.html": Named(28, 28, "Airport Advisory Board Meeting Agenda"),
    "search-result-pages/handelsregister-*.html": NONE,
    "sec-edgar-company-pages/cik_not_found.html": NONE,
    "sec-edgar-company-pages/single_cik_*.html": Named(28, 28, "0000320193-19-000119"),
    "single-entity-pages/15-25-00230-CV.html": Named(20, 24, "Reporters record filed"),
    "single-entity-pages/16A982.html": Named(4, 4, "May 15 2017"),
    "single-entity-pages/C-2303.html": One("Case Type", "App Writ of Error"),
}
_ALSO = ("us-court-opinion-lists/", "us-warn-notices/", "us-sec-filing-index/", "us-ofac-recent-actions/")

JSON: dict[str, Wanted] = {
    "blocked-snapshot-metadata/*.json": NONE,
    "ru-minjust-inoagent-json/*.json": Named(831, 866, "Евразийская антимонопольная ассоциация"),
    "uk-gazette/*.json": Named(1, 1, "Warrants Under the Royal Sign Manual"),
    "us-ca-fire-incidents/incidents-2022*.json": Named(149, 149, "Colorado Fire"),
    "us-ca-fire-incidents/incidents-2023*.json": NONE,
    "us-congress-api/*.json": Named(3, 3, "land exchange in San Juan County"),
    "us-court-opinion-lists/calag_example.expected.json": Named(12, 12, "15-1202"),
    "us-court-opinion-lists/calag_example_2.expected.json": Named(14, 14, "23-1201"),
    "us-court-opinion-lists/cit_example.expected.json": Named(90, 90, "JBF Rak"),
    "us-court-opinion-lists/iowa_example*.expected.json": Named(16, 16, "Fenceroy v. Gelita"),
    "us-court-opinion-lists/tex_example.expected.json": Named(10, 10, "Tenaris Bay City"),
    "us-court-opinion-lists/nh_p_example.json": Named(14, 14, "Michael Greenberg"),
    "us-court-opinion-lists/nh_p_example_2.json": Named(15, 15, "In re Estate of Colanton"),
    "us-federal-register/*.json": Named(5, 5, "Hunting and Shooting Sports"),
    "us-pacer-rss/ca4_1.expected.json": Named(20, 20, "Alden Harden"),
    "us-pacer-rss/cadc.expected.json": Named(13, 13, "Food & Water Watch"),
    "us-regulations-gov/*.json": Named(25, 25, "Resource Management Plan for Bears Ears"),
    "us-sec-submissions/CIK0001009672-2*.json": Named(100, 1500, "0001"),
    "us-sec-submissions/CIK0001009672-sub*.json": Named(205, 205, "0001"),
    "us-sec-submissions/CIK0001462356-*.json": Named(50, 1500, "0001"),
    "us-sec-submissions/CIK0001881551-*.json": Named(50, 1500, "000"),
}

FEEDS = (
    "feeds-*/*.xml",
    "feeds-awkward/*.atom",
    "feeds-awkward/*.rss",
    "google-news-rss/*.xml",
    "ru-outlets-rss/*.xml",
    "uk-gazette/*.atom",
    "us-pacer-rss/*.xml",
    "us-sec-edgar-getcurrent/*.atom",
    "us-sec-errors/*.xml",
    "us-sec-trading-suspensions/*.xml",
)


# Feeds in name: their only item has neither id nor link nor title nor text, or they break off in the middle of one.
NO_FEEDS = ("geo__georss_point_no_coords.xml", "geo__gml_point.xml", "rss_incomplete_cdata.xml")


# Captures of outlets, of which nothing is a register's own word, and of channels, on which a party speaks.
NO_RECORDS = ("feeds-", "google-news-rss", "news-article-pages", "ru-outlets-rss")
STATEMENTS = ("tg-preview",)


class Verdict(NamedTuple):
    """What was made of a capture. `doubt` is what is wrong with its authority or its dates."""

    file: Path
    named: Wanted
    what: str
    fault: str
    doubt: str = ""

    @property
    def line(self) -> str:
        return f"{self.file.relative_to(CAPTURES)!s:<80} {self.what:<34} {self.fault}"


Judge = Callable[[Path, Wanted, str], Verdict]
LOOPBACK = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[browser]\ncommand = "there-is-none"\n'


@pytest.fixture(scope="module")
def judged() -> dict[Path, Verdict]:
    """Of the captures that one of the tests has looked at, as two look at some."""
    return {}


@pytest.fixture
def judge(site: Any, configure: Callable[..., Path], watch: Callable[..., Any], judged: dict[Path, Verdict]) -> Judge:
    """Serves a capture, adds it, and reads it with what was written down; once, as what is wanted of each is said once."""

    def judge(file: Path, named: Wanted, kind: str) -> Verdict:
        if file not in judged:
            judged[file] = look(file, named, kind)
        assert judged[file].named is named
        return judged[file]

    def look(file: Path, named: Wanted, kind: str) -> Verdict:
        site.page("/page", file.read_bytes(), type=kind)
        written = configure(LOOPBACK)
        added = watch("add", site.url("/page"), "--yes", "--name", "it")
        assert "Traceback" not in added.err
        assert added.code in (0, 1)
        if added.code == 1:
            return Verdict(file, named, "nothing", f"not found: {named}" if named else "")
        chosen = re.search(r'^kind = "(\w+)"', written.read_text("utf-8"), re.MULTILINE)
        assert chosen
        entries = json.loads(watch("try", "it", "--json").out)["entries"]
        fault = _fault(named, chosen[1], entries)
        (source,) = load(written).sources.values()
        doubt = _authority_fault(file, source.authority) or _date_fault(chosen[1], entries)
        return Verdict(file, named, f"{chosen[1]} of {len(entries)}", fault, doubt)

    return judge


def _fault(named: Wanted, kind: str, entries: list[dict[str, Any]]) -> str:
    if named is None:
        return "" if kind == "text" else f"no list on it, but e.g. {entries[0]['title'][:40]!r}"
    if isinstance(named, One):
        value = entries[0]["fields"].get(named.label, "") if kind == "record" else ""
        return "" if value.startswith(named.value) and len(entries) == 1 else f"a person reads {named.label}"
    if not named.least <= len(entries) <= named.most or kind == "text":
        return f"a person counts {named.least} to {named.most}"
    if not any(named.words in json.dumps(entry, ensure_ascii=False) for entry in entries):
        return f"no {named.words!r} among them"
    # a row's own link makes no change
    compared = [{**entry, "url": None} if kind == "table" else entry for entry in entries]
    different = len({json.dumps(entry, sort_keys=True) for entry in compared})
    shared = different - len({entry["key"] for entry in entries})
    return f"{shared} of {different} keys are not unique" if shared * 100 > different else ""


def _authority_fault(file: Path, authority: str) -> str:
    folder = file.relative_to(CAPTURES).parts[0]
    outlet = folder.startswith(NO_RECORDS) and not (folder.startswith("feeds-") and file.suffix == ".html")
    right = {"statement"} if folder in STATEMENTS else {"report", "statement"} if outlet else None
    return f"authority {authority}" if right and authority not in right else ""


def _date_fault(kind: str, entries: list[dict[str, Any]]) -> str:
    """A date to come that was guessed: a feed says itself which date is which."""
    limit = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    later = [entry["published"] for entry in entries if (entry["published"] or "") > limit]
    return f"published {later[0]}" if later and kind != "feed" else ""


def captures(patterns: dict[str, Wanted]) -> Iterator[tuple[Path, Wanted]]:
    for pattern, named in patterns.items():
        found = sorted(file for file in CAPTURES.glob(pattern))
        assert found, pattern
        yield from ((file, named) for file in found)


def list_unnamed(patterns: dict[str, Wanted], every: str) -> None:
    """Print the captures for which nothing is said above; none is said twice."""
    seen = [file for file, _ in captures(patterns)]
    assert len(seen) == len(set(seen))
    unnamed = sorted(set(CAPTURES.glob(every)) - set(seen))
    print(f"\nnothing is said of {len(unnamed)}: {', '.join(sorted({file.parent.name for file in unnamed}))}")


def report(title: str, verdicts: list[Verdict]) -> tuple[int, int]:
    """Prints what is wrong, and returns how many are right: of those with a list, of those without one."""
    wrong = [verdict for verdict in verdicts if verdict.fault]
    lists = [verdict for verdict in verdicts if verdict.named]
    right = sum(not verdict.fault for verdict in lists), sum(not v.fault for v in verdicts if not v.named)
    print(f"\n{title}: {right[0]} of {len(lists)} lists, {right[1]} of {len(verdicts) - len(lists)} pages without one")
    print("\n".join(verdict.line for verdict in wrong))
    doubtful = [f"{verdict.line} {verdict.doubt}" for verdict in verdicts if verdict.doubt]
    assert not doubtful, "\n".join(doubtful)
    return right


def test_every_page_of_html(judge: Judge) -> None:
    list_unnamed(HTML, "*/*.html")
    verdicts = [judge(file, named, "text/html") for file, named in captures(HTML)]
    lists, others = report("HTML", verdicts)
    assert lists >= 51
    assert others >= 49


def test_pages_about_one_and_lists_of_links(judge: Judge) -> None:
    """Every page about a firm, a case, a notice, every list of links, and the registers beside them."""
    wanted = FIRMS_AND_LINKS | {pattern: named for pattern, named in HTML.items() if pattern.startswith(_ALSO)}
    verdicts = [judge(file, named, "text/html") for file, named in captures(wanted)]
    print()
    for verdict in verdicts:
        print(f"{verdict.line or 'right'}   wanted: {verdict.named or 'its text'}")
    right = sum(not verdict.fault for verdict in verdicts)
    print(f"{right} of {len(verdicts)} right")
    assert right >= 0.9 * len(verdicts)


def test_every_json_document(judge: Judge) -> None:
    list_unnamed(JSON, "*/*.json")
    verdicts = [judge(file, named, "application/json") for file, named in captures(JSON)]
    lists, others = report("JSON", verdicts)
    assert lists >= 27
    assert others >= 26


def test_every_feed(judge: Judge) -> None:
    verdicts = []
    for file in sorted({file for pattern in FEEDS for file in CAPTURES.glob(pattern)}):
        items = len(re.findall(rb"<(?:\w+:)?(?:item|entry)[\s>]", file.read_bytes()))
        named = Named(items, items, "") if items and file.name not in NO_FEEDS else NONE
        verdicts.append(judge(file, named, "application/xml"))
    lists, others = report("feeds", verdicts)
    assert lists >= 67
    assert others >= 24


PAIRS = [
    ("chi_boardofethics--2018-06-04", "chi_boardofethics--2020-01-06"),
    ("chi_boardofethics--2020-01-06", "chi_boardofethics"),
    ("chi_plan_commission--2020-02-05", "chi_plan_commission--2021-01-06"),
    ("cle_landmarks--2020-05-20", "cle_landmarks"),
    ("cle_planning_commission--2020-05-20", "cle_planning_commission"),
]


def test_lists_of_links_before_and_after_with_the_message_as_sent(
    site: Any, configure: Callable[..., Path], watch: Callable[..., Any], post_office: Any
) -> None:
    """Months lie between the two, and sometimes a new design: that is a failure or held, and never removals."""
    lines = list[str]()
    channel = f'[channels.desk]\nurl = "{post_office.url("a@example.org")}"\n'
    for number, (before, after) in enumerate(PAIRS):
        pages = [(CAPTURES / "link-lists" / f"{name}.html").read_bytes() for name in (before, after)]
        site.page(f"/{number}", pages[0], type="text/html")
        configure(
            f'state = "sqlite:///{number}.db"\n{LOOPBACK}{channel}'
            '[[alerts]]\nto = ["desk"]\n[[alerts]]\nto = ["desk"]\nhealth = true\n'
        )
        assert watch("add", site.url(f"/{number}"), "--yes", "--anyway", "--name", "it").code == 0
        assert watch("--once").code == 0
        sent = len(post_office.mails)
        site.page(f"/{number}", pages[1], type="text/html")
        (source,) = json.loads(watch("--once", "--json").out)["sources"]
        kinds = Counter(change["change"] for change in source["changes"])
        lines.append(f"\n== {before} → {after}: {source['status']} {source['reason'] or ''} {dict(kinds)}")
        for mail in post_office.mails[sent:]:
            lines.append(f"Subject: {mail['subject']}\n{mail.get_body(('plain',)).get_content()[:700]}")
        assert source["status"] in ("failing", "suspicious", "unchanged", "ok")
        assert kinds["removed"] <= 20
        assert post_office.mails[sent:] or source["status"] in ("unchanged", "failing")  # told when it fails again
    print(*lines, sep="\n")
