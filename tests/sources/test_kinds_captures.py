"""Each kind with `proven = "captures"`: all saved pages of its site, with its own options.

`python -m pytest tests/sources/test_kinds_captures.py -s` prints the table of all kinds, and one of all captures: their
entries, names of fields, and the changes since the capture before, where the two have entries in common.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from sources import Entry, Page
from sources.loader import kind, kinds
from sources.reading.engine import read_page
from sources.reading.entry_fingerprints import entry_fingerprint
from tests.captures import CAPTURES, needed
from watcher.trials.saved_pages import content_type

pytestmark = needed

ROOT = Path(__file__).parents[2]
NO_SITE = {
    "csv",
    "feed",
    "json",
    "list",
    "pdf_table",
    "pdf_text",
    "record",
    "sanctions_list",
    "table",
    "text",
    "xlsx",
    "xml",
}  # test_kinds_every_capture.py has theirs


class Reads(NamedTuple):
    """Saved pages of a kind's site, as a glob; how many entries each has; and the options that the kind needs."""

    kind: str
    files: str
    entries: int | Sequence[int]
    options: dict[str, Any] | None = None


def house(company: str, resource: str, **more: Any) -> dict[str, Any]:
    return {"auth": "key:", "company": company, "resource": resource, **more}


EVENTS = "https://example.org/events.ndjson"


LIST = "https://example.org/list"
READS = [
    Reads("companies_house", "uk-companies-house-api/filing-history-*", 47, house("07310390", "filing-history")),
    Reads("companies_house", "uk-companies-house-api/officers-*", 7, house("04475590", "officers")),
    Reads("companies_house", "uk-companies-house-api/insolvency*", 1, house("04475590", "insolvency")),
    Reads("companies_house", "uk-companies-house-api/company-*", 1, house("08957400", "profile")),
    Reads("companies_house", "uk-companies-house-stream/*", 1, house("10676322", "stream", url=EVENTS)),
    Reads("companies_house", "uk-companies-house-stream/*", 1, house("03743582", "stream", url=EVENTS)),
    # Answers to three questions, so none is the one before of another.
    *(
        Reads("duma_bills", f"ru-duma-api/search-{name}*", count, {"token": "user", "app_token": "program"})
        for name, count in (("empty", 0), ("laws", 20), ("sud", 20))
    ),
    Reads("au_sanctions", "au-dfat-rows/*", 3),
    Reads("ca_sanctions", "ca-sema-xml/*", [685, 2]),
    Reads("ch_sanctions", "ch-seco-xml/*", 2),
    Reads("eu_sanctions", "eu-fsf-current/*", 1),
    Reads("uk_sanctions", "uk-fcdo-xml/*", 1),
    Reads("uk_sanctions", "uk-ofsi-conlist-2018/*", 263),
    Reads("app_store", "itunes-lookup/lookup-slack-2019.json", 1, {"app": 803453959}),
    Reads("app_store", "itunes-lookup/search-bbedit-2020.json", 1, {"app": "com.barebones.bbedit"}),
    Reads("egrul", "ru-egrul-search/[!t]*.json", 1, {"query": "ТЕЛЕГРАМ"}),
    Reads("feed", "coindesk-rss/rss-2026-09-25.xml", 2, {"url": "https://example.org/rss"}),
    Reads("cointelegraph", "cointelegraph-rss/*", 4),
    Reads("fara", "us-fara-register/*Registrants*", 6715),
    Reads("fara_principals", "us-fara-register/*ForeignPrincipals*", 16943),
    Reads("federal_register", "us-federal-register/*", 5),
    Reads("gleif", "gleif-api/multi_lei_records-2025-05-[01][41].json", [10, 12], {"search": "Telegram"}),
    Reads("gleif", "gleif-api/single-*.json", 1, {"url": "https://mirror.example/lei-records"}),
    Reads("gleif", "gleif-api/field-modifications-*.json", 15, {"url": "https://mirror.example/lei-records"}),
    Reads("gleif", "gleif-golden-copy/lei-data.xml", 13, {"url": "https://mirror.example/lei.xml"}),
    Reads("kommersant", "ru-outlets-rss/*kommersant*", 1),
    Reads("kremlin", "ru-kremlin-acts/*", 1),
    Reads("lenta", "ru-outlets-rss-more/lenta-*", 3),
    Reads("meduza", "ru-outlets-rss/*meduza*", 3),
    Reads("minjust_registry", "ru-minjust-inoagent-xlsx/export-2025-08-12.xlsx", 1045),
    Reads("ofac_actions", "us-ofac-recent-actions/*list*", 10),
    Reads("ofac_sdn", "us-ofac-sdn/sdn-*", 7379),
    Reads("ofac_sdn", "us-ofac-sdn/cons_prim-*", 442),
    *(
        Reads("opensanctions", f"opensanctions-{files}", entries, {"dataset": "default"})
        for files, entries in (
            ("exports/*-entities.ftm.json", [67, 17]),
            ("exports/*-targets.*", 10),
            ("ransomwhere/*", [627, 674]),
            ("interpol-simple/*", 120),
            ("simple-2022/*", 60),
        )
    ),
    Reads("pacer_rss", "us-pacer-rss/*.xml", [6, 4, 20, 9, 13, 2, 2, 1, 162, 3], {"court": "nysb"}),
    Reads("pravo", "ru-pravo-api/documents-*.json", 3),
    Reads("pravo", "ru-pravo-api/documents-*.json", 10, {"block": "all"}),
    Reads("rbc", "ru-outlets-rss/*rbc*", 1),
    Reads("ria", "ru-outlets-rss/*ria*", 1),
    Reads("rkn_blocklist", "ru-rkn-eais-dumpcsv/*", [47, 51, 413, 412, 2147, 2150, 2150, 2150]),
    Reads("rkn_news", "ru-rkn-site/*", 5),
    Reads("sec_current", "us-sec-edgar-getcurrent/*http200.atom", [*[100] * 8, 40, *[100] * 4]),
    Reads("sec_daily_index", "us-sec-daily-index/*", [10, 0, 4084]),
    Reads("sec_filings", "us-sec-submissions/*Z.json", [1000, 205, 268, 211], {"cik": 1009672}),
    Reads("tass", "ru-outlets-rss/*tass*", 1),
    Reads("telegram", "tg-preview/t.me_s_*", [2, 2, 12], {"channel": "example"}),
    Reads("uk_gazette", "uk-gazette/*.atom", 1),
    Reads("fr_gels", "fr-registre-gels-json/*", 3),
    Reads("iadb_sanctions", "iadb-sanctions-xlsx/*", [2125, 882, 876], {"url": LIST}),
    Reads("il_seized_wallets", "il-nbctf-crypto-orders/*", 626),
    Reads("interpol_notices", "interpol-red-notices-json/*", 10),
    Reads("jp_meti_end_users", "jp-meti-xlsx/*", 835, {"url": LIST}),
    Reads("lt_fiu_freezes", "lt-fiu-freezes/*", 17, {"url": LIST}),
    Reads("my_bnm_alerts", "my-bnm-consumer-alert/*", [498, 502]),
    Reads("ofac_consolidated", "us-ofac-consolidated-xml/*", [412, 426, 231, 231, 236, 230]),
    Reads("ofac_consolidated", "us-csl-source-lists/*.xml", [16, 17]),
    Reads("sg_mas_sanctions", "sg-mas-tfs/*", 1),
    Reads("us_csl", "us-csl-csv/*", [11, 12, 115]),
    Reads("us_cuba_restricted", "us-cuba-restricted-list/*", 247),
    Reads("us_dpl", "us-bis-dpl/*", 546),
    Reads("us_entity_list", "us-csl-source-lists/*.csv", 18, {"url": LIST}),
    Reads("us_fcc_covered", "us-fcc-covered-list/*", 13),
    Reads("worldbank_debarred", "wb-debarment-json/*", [285, 285, 1210, 1211, 292, 346, 344, 329, 345, 345]),
    Reads("un_sanctions", "un-consolidated/*", 1003),
    Reads("vedomosti", "ru-outlets-rss/*vedomosti*", 1),
]


def files(pattern: str) -> list[Path]:
    found = sorted(CAPTURES.glob(pattern))
    assert found, f"no capture is {pattern}"
    return found


def read(reads: Reads, path: Path) -> list[Entry]:
    source = kind(reads.kind).model_validate(reads.options or {})
    body = path.read_bytes()
    headers = {"content-type": content_type(path.name, body)}
    get = source.start()
    page = Page(get.__class__(get.url), get.url, 200, headers, body, datetime(2026, 1, 1, tzinfo=UTC), source.encoding)
    return [item for item in read_page(source, page) if isinstance(item, Entry)]


def compare(before: Sequence[Entry], now: Sequence[Entry], ignored: Sequence[str]) -> str:
    """The changes from one capture to the next, "" for two that have nothing in common."""
    old, new = ({entry.key: entry_fingerprint(entry, ignored) for entry in found} for found in (before, now))
    if both := old.keys() & new.keys():
        changed = sum(old[key] != new[key] for key in both)
        return f"{len(new.keys() - old)} added, {len(old.keys() - new)} removed, {changed} changed"
    return ""


def test_every_kind_reads_the_saved_pages_of_its_site() -> None:
    rows, captures, wrong = [], [], []
    for name, found in kinds().items():
        count = entries = 0
        began = time.perf_counter()
        for reads in (each for each in READS if each.kind == name):
            before: Sequence[Entry] = ()
            for at, path in enumerate(files(reads.files)):
                want = reads.entries if isinstance(reads.entries, int) else reads.entries[at]
                got = read(reads, path)
                count, entries = count + 1, entries + len(got)
                wrong += [f"{name}: {path.name}: {len(got)} entries, not {want}"] if len(got) != want else []
                fields = len({field for entry in got for field in entry.fields})
                place = f"{path.parent.name}/{path.name}"
                right = "right" if len(got) == want else "WRONG"
                captures.append(
                    (name, place, len(got), fields, right, compare(before, got, found.model_fields["ignore"].default))
                )
                before = got
        rows.append((name, found.proven, count, entries, f"{time.perf_counter() - began:.2f} s"))
    print()
    for row in rows:
        print("{:<17} {:<10} {:>3} captures {:>7} entries {:>8}".format(*row))
    for row in captures:
        print("{:<17} {:<75} {:>6} entries {:>3} fields {} {}".format(*row))
    assert not wrong


def test_what_captures_prove_has_captures() -> None:
    proven = {name for name, found in kinds().items() if found.proven == "captures"} - NO_SITE
    assert proven <= {reads.kind for reads in READS if files(reads.files)}


def entries_of(name: str) -> list[list[Entry]]:
    (reads,) = [each for each in READS if each.kind == name]
    return [read(reads, path) for path in files(reads.files)]


def test_keys_tell_entries_of_one_page_apart() -> None:
    """Where ids do not: the parties to one filing, the entries of one docket."""
    shared = {}
    for name in ("sec_current", "pacer_rss", "ofac_actions", "sec_filings", "sec_daily_index", "un_sanctions"):
        titles = Counter(key for page in entries_of(name) for key, _ in {(entry.key, entry.title) for entry in page})
        repeats = Counter(key for page in entries_of(name) for key in {entry.key for entry in page})
        shared[name] = sum(titles[key] > repeats[key] for key in titles)
    # One company that the index has under its old and its new name: entries of their own, told apart by content.
    assert shared == dict.fromkeys(shared, 0) | {"sec_daily_index": 3}


def test_the_noise_of_the_blocklist_is_no_change() -> None:
    """Between dumps the addresses of names change; the decisions, and nothing else, are news."""
    days = [{entry.key for entry in page} for page in entries_of("rkn_blocklist")]
    added = [len(after - before) for before, after in pairwise(days)]
    removed = [len(before - after) for before, after in pairwise(days)]
    assert (added[0], removed[0]) == (4, 0)  # 2012-11-17 to 18
    assert (added[2], removed[2]) == (0, 1)  # 2013-08-30 to 09-04
    assert added[4:] == [3, 0, 0]  # 2014-04-21 14:05 to 18:17, to the next morning, to noon
    assert removed[4:] == [0, 0, 0]
