"""Every pair of captures before and after: which are a mass change, and that no other pair counts as one. Run with `-s`
to see the results.
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

TEXT = 'kind = "text"'


class Pair(NamedTuple):
    """A source, the captures that it is run over, and which of these are held as mass changes."""

    options: str
    folder: str
    match: str = "*"
    held: tuple[tuple[str, str], ...] = ()


EAIS = """kind = "csv"
delimiter = ";"
header = 1
columns = ["ip", "domain", "url", "agency", "number", "date"]
key = ["agency", "number", "date", "domain", "url"]
encoding = "windows-1251" """
PRINCIPALS = '["Registration_Number", "Foreign_Principal", "Foreign_Principal_Registration_Date"]'
COURTS = ("calag", "cit", "iowa", "me", "minnag", "tex")
IADB = 'kind = "xlsx"\nkey = ["Title", "Entity", "Nationality", "From", "To", "Grounds"]\nmax_lost = "100 %"'

PAIRS = {
    "fara registrants": Pair('kind = "csv"\nkey = "Registration_Number"', "us-fara-register", "*Registrants*"),
    "fara principals": Pair(f'kind = "csv"\nkey = {PRINCIPALS}', "us-fara-register", "*Principals*"),
    "eais 2012": Pair(EAIS, "ru-rkn-eais-dumpcsv", "dump-2012*"),
    "eais 2013": Pair(EAIS, "ru-rkn-eais-dumpcsv", "dump-2013*"),
    "eais 2014": Pair(EAIS, "ru-rkn-eais-dumpcsv", "dump-2014*"),
    "cuba text": Pair(f'{TEXT}\nselect = "div.wp-block-classic"', "us-cuba-restricted-list"),
    "cuba page": Pair(TEXT, "us-cuba-restricted-list"),
    "cuba list": Pair(
        'kind = "list"\nitem = "div.wp-block-classic > p"\nlisting = "complete"', "us-cuba-restricted-list"
    ),
    "bnm": Pair('kind = "table"\nkey = "Name of unauthorised entities/individual"', "my-bnm-consumer-alert"),
    "bnm page": Pair(TEXT, "my-bnm-consumer-alert"),
    "fires of the year": Pair('kind = "json"\nitems = "AllYearIncidents"\nkey = "UniqueId"', "us-ca-fire-incidents"),
    "fires": Pair('kind = "json"\nitems = "Incidents"\nkey = "UniqueId"\nmin_entries = 0', "us-ca-fire-incidents"),
    "iadb": Pair(IADB, "iadb-sanctions-xlsx"),
    "nodejs": Pair('kind = "feed"', "feeds-before-after"),
    "minjust": Pair('kind = "json"\nitems = "@"\nkey = "id"\ntitle = "fullName"', "ru-minjust-inoagent-json"),
    "israel addresses": Pair(
        'kind = "table"\nkey = ["Order ID", "Virtual currency address / User ID"]', "il-nbctf-crypto-orders"
    ),
    "israel orders": Pair('kind = "table"\ntable = "table.ms-rteTable-4"\nkey = "File Type"', "il-nbctf-crypto-orders"),
    "israel page": Pair(TEXT, "il-nbctf-crypto-orders"),
    "lithuania page": Pair(TEXT, "lt-fiu-freezes"),
    "meti page": Pair(TEXT, "jp-meti-russia"),
    "mas page": Pair(TEXT, "sg-mas-tfs"),
    "telegram": Pair('kind = "telegram"\nchannel = "durov"', "tg-preview", "t.me_s_durov*"),
    "edgar": Pair('kind = "feed"', "us-sec-edgar-getcurrent", "*start0-http200.atom"),
    "pacer": Pair('kind = "feed"', "us-pacer-rss", "mdb*.xml"),
    # the last one has lost the names of the cases, and with them more than half of its text
    "ca2": Pair(TEXT, "us-court-opinion-lists", "ca2*.html", (("ca2_p_example_3.html", "text_gone"),)),
    **{court: Pair(TEXT, "us-court-opinion-lists", f"{court}_*.html") for court in COURTS},
}


@pytest.fixture
def replay(configure: Callable[..., Path], watch: Callable[..., Any]) -> Callable[..., list[dict[str, Any]]]:
    def run(pair: Pair, more: str = "") -> list[dict[str, Any]]:
        configure(f'[sources.capture]\nurl = "https://register.example/all"\n{pair.options}\n{more}\n')
        ran = watch("replay", "capture", str(CAPTURES / pair.folder), "--match", pair.match, "--json")
        assert "Traceback" not in ran.err
        steps: list[dict[str, Any]] = json.loads(ran.out)["steps"]
        return steps

    return run


def line(step: dict[str, Any]) -> str:
    counts = Counter(change["change"] for change in step["changes"])
    return f"{step['file']}: {step['status']} {step['reason'] or ''} {dict(counts) or ''} {step['message'] or ''}"


@pytest.mark.parametrize("name", PAIRS)
def test_only_what_is_a_mass_change_is_held_as_one(name: str, replay: Callable[..., list[dict[str, Any]]]) -> None:
    pair = PAIRS[name]
    steps, without = replay(pair), replay(pair, 'max_changed = "100 %"')
    print(f"\n{name}", *map(line, steps), sep="\n  ")
    held = [(step["file"], step["reason"]) for step in steps if step["reason"] in {"mass_change", "text_gone"}]
    assert tuple(held) == pair.held
    if not held:
        assert [line(step) for step in steps] == [line(step) for step in without]
