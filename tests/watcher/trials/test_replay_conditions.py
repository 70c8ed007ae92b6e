"""Conditions over all that replayed captures bring: each selects what the same question in Python selects."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.captures import CAPTURES, EAIS, needed

pytestmark = [
    pytest.mark.timeout(600),
    needed,
]

Change = Mapping[str, Any]

# The options of a source, a folder, and the names of its files.
SERIES = [
    ('kind = "csv"\nkey = "Registration_Number"', "us-fara-register", "*Registrants*"),
    (
        'kind = "csv"\nkey = ["Registration_Number", "Foreign_Principal", "Foreign_Principal_Registration_Date"]',
        "us-fara-register",
        "*Principals*",
    ),
    ('kind = "json"\nitems = "@"\nkey = "id"\ntitle = "fullName"', "ru-minjust-inoagent-json", "*"),
    (
        EAIS,
        "ru-rkn-eais-dumpcsv",
        "dump-201[24]-*",
    ),
    ('kind = "table"\nkey = "Name of unauthorised entities/individual"', "my-bnm-consumer-alert", "*"),
    ('kind = "json"\nitems = "AllYearIncidents"\nkey = "UniqueId"', "us-ca-fire-incidents", "*"),
    (
        'kind = "xlsx"\nkey = ["Title", "Entity", "Nationality", "From", "To", "Grounds"]\nmax_lost = "100 %"',
        "iadb-sanctions-xlsx",
        "*",
    ),
    ('kind = "feed"', "feeds-before-after", "*"),
    ('kind = "feed"', "us-sec-edgar-getcurrent", "*count100-start0-http200.atom"),
    ('kind = "text"\nselect = "div.wp-block-classic"', "us-cuba-restricted-list", "*"),
]


def number(text: str | None) -> float:
    """A number as JMESPath reads it; what is none is not more than anything."""
    try:
        return float(text or "")
    except ValueError:
        return float("-inf")


def after(change: Change, name: str) -> str | None:
    return (change["after"] or {}).get(name)


CONDITIONS: dict[str, Callable[[Change], Any]] = {
    "change == 'added'": lambda c: c["change"] == "added",
    "change != 'changed' && after": lambda c: c["change"] != "changed" and c["after"],
    "changed.Name && before.Name != after.Name": lambda c: (
        "Name" in c["changed"] and (c["before"] or {}).get("Name") != after(c, "Name")
    ),
    "length(changed) > `1`": lambda c: len(c["changed"]) > 1,
    "to_number(after.Registration_Number) > `6000`": lambda c: number(after(c, "Registration_Number")) > 6000,
    "contains(keys(changed), 'dateOut')": lambda c: "dateOut" in c["changed"],
    "changed.*.after | [?contains(@, '2023')]": lambda c: any(
        "2023" in sides["after"] for sides in c["changed"].values() if sides["after"] is not None
    ),
    "published && published > '2025-12-12T23:04'": lambda c: c["published"] and c["published"] > "2025-12-12T23:04",
    "url && starts_with(url, 'https://www.sec.gov')": lambda c: c["url"] and c["url"].startswith("https://www.sec.gov"),
    "before && !after": lambda c: c["before"] and not c["after"],
    "after.Nationality == 'Brazil' || before.Nationality == 'Brazil'": lambda c: (
        "Brazil" in {after(c, "Nationality"), (c["before"] or {}).get("Nationality")}
    ),
    "authority == 'report' && ends_with(title, '(Reporting)')": lambda c: (
        c["authority"] == "report" and c["title"].endswith("(Reporting)")
    ),
}


@pytest.fixture
def changes(configure: Callable[..., Path], watch: Callable[..., Any]) -> list[Change]:
    """The changes of all series, each with the numbers of the rules that fire."""
    rules = "".join(f"[[alerts]]\nto = ['desk']\nwhen = {json.dumps(when)}\n" for when in CONDITIONS)
    found: list[Change] = []
    for options, folder, match in SERIES:
        source = f'[sources.capture]\nurl = "https://register.example/all"\n{options}\n'
        configure(f'[channels.desk]\nurl = "json://desk.example"\n{rules}{source}')
        ran = watch("replay", "capture", str(CAPTURES / folder), "--match", match, "--json")
        found += [change for step in json.loads(ran.out)["steps"] for change in step["changes"]]
    return found


def test_each_condition_selects_what_python_selects(changes: list[Change]) -> None:
    table = dict[str, tuple[int, int]]()
    for rule, (when, wanted) in enumerate(CONDITIONS.items(), 1):
        by_rule = [change for change in changes if rule in change["rules"]]
        table[when] = (len(by_rule), sum(bool(wanted(change)) for change in changes))
        assert by_rule == [change for change in changes if wanted(change)], table
    print(len(changes), "changes", *(f"{one:6} {other:6}  {when}" for when, (one, other) in table.items()), sep="\n")
    assert len(changes) > 1000
    assert sum(one > 0 for one, _ in table.values()) >= 10, table
