"""Real captures through `watch replay`, with configuration alone: the alerts are those that STRUCTURE.md expects."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.captures import CAPTURES, EAIS, needed

pytestmark = needed

Steps = list[dict[str, Any]]
Replay = Callable[..., Steps]

IADB = """kind = "xlsx"
key = ["Title", "Entity", "Nationality", "From", "To", "Grounds"] """


@pytest.fixture
def replay(configure: Callable[..., Path], watch: Callable[..., Any]) -> Replay:
    """Replays the captures of a folder as a source with these options."""

    def run(options: str, folder: str, match: str = "*") -> Steps:
        configure(f'[sources.capture]\nurl = "https://register.example/all"\n{options}\n')
        ran = watch("replay", "capture", str(CAPTURES / folder), "--match", match, "--json")
        assert "Traceback" not in ran.err
        steps: Steps = json.loads(ran.out)["steps"]
        return steps

    return run


def seen(steps: Steps) -> list[str]:
    """What each step came to: its status, and how many entries were added, changed and removed."""
    counts = [Counter(change["change"] for change in step["changes"]) for step in steps]
    kinds = ("added", "reappeared", "changed", "removed")
    return [
        " ".join([step["status"], *(f"{count[kind]} {kind}" for kind in kinds if count[kind])])
        for step, count in zip(steps, counts, strict=True)
    ]


def test_registrants_are_edited_and_never_added(replay: Replay) -> None:
    steps = replay('kind = "csv"\nkey = "Registration_Number"', "us-fara-register", "*Registrants*")
    assert seen(steps) == ["baseline", "ok 1 changed", "ok 1 changed"]
    assert {step["entries"] for step in steps} == {6715}
    assert steps[1]["changes"][0]["fields"]["Name"]["after"] == "Resolute Public Affairs"


def test_a_foreign_principal_gets_its_date_of_termination(replay: Replay) -> None:
    key = '["Registration_Number", "Foreign_Principal", "Foreign_Principal_Registration_Date"]'
    steps = replay(f'kind = "csv"\nkey = {key}', "us-fara-register", "*Principals*")
    assert seen(steps) == ["baseline", "ok 1 changed"]
    (change,) = steps[1]["changes"]
    assert change["fields"] == {"Foreign_Principal_Termination_Date": {"before": None, "after": "06/30/2023"}}


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("dump-2012-11-*", ["baseline", "ok 4 added"]),
        ("dump-2013-0*", ["baseline", "ok 1 removed"]),
        ("dump-2014-04-*", ["baseline", "ok 3 added", "unchanged", "unchanged"]),
    ],
)
def test_addresses_that_come_and_go_in_the_dump_are_no_news(match: str, expected: list[str], replay: Replay) -> None:
    assert seen(replay(EAIS, "ru-rkn-eais-dumpcsv", match)) == expected


def test_eight_dates_are_corrected_on_a_page_without_structure(replay: Replay) -> None:
    steps = replay('kind = "text"\nselect = "div.wp-block-classic"', "us-cuba-restricted-list")
    assert seen(steps) == ["baseline", "ok 1 changed", "unchanged"]
    text = steps[1]["changes"][0]["fields"]["text"]
    before, after = (text[side].splitlines() for side in ("before", "after"))
    corrected = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(corrected) == 8
    assert all(old.replace("July 14, 2024", "July 14, 2025") == new for old, new in corrected)


def test_eight_dates_are_corrected_in_a_list_of_paragraphs(replay: Replay) -> None:
    steps = replay('kind = "list"\nitem = "div.wp-block-classic > p"\nlisting = "complete"', "us-cuba-restricted-list")
    assert seen(steps)[::2] == ["baseline", "unchanged"]
    assert {change["title"].partition(" Effective")[0] for change in steps[1]["changes"]} >= {"Varadero Sol Caribe"}
    assert len({change["title"].rpartition(",")[0] for change in steps[1]["changes"]}) == 8


def test_the_alert_list_gains_four_names_and_two_are_edited(replay: Replay) -> None:
    steps = replay('kind = "table"\nkey = "Name of unauthorised entities/individual"', "my-bnm-consumer-alert")
    assert seen(steps) == ["baseline", "ok 4 added 2 changed"]
    assert [step["entries"] for step in steps] == [498, 502]


def test_a_new_year_and_an_empty_file_never_remove_a_season(replay: Replay) -> None:
    steps = replay('kind = "json"\nitems = "AllYearIncidents"\nkey = "UniqueId"', "us-ca-fire-incidents")
    assert seen(steps) == ["baseline", "ok 5 changed", "ok 1 changed", "suspicious", "failing"]
    assert [step["reason"] for step in steps[3:]] == ["too_few_entries", "empty_body"]
    assert {step["entries"] for step in steps} == {149}


@pytest.mark.parametrize(
    ("min_entries", "expected"),
    [(1, ["suspicious", "suspicious", "suspicious"]), (0, ["ok 5 removed", "unchanged", "unchanged"])],
)
def test_the_end_of_a_season_is_asked_about_unless_the_list_may_be_empty(
    min_entries: int, expected: list[str], replay: Replay
) -> None:
    options = f'kind = "json"\nitems = "Incidents"\nkey = "UniqueId"\nmin_entries = {min_entries}'
    assert seen(replay(options, "us-ca-fire-incidents")) == ["baseline", *expected, "failing"]


def test_an_export_that_shrinks_is_suspicious_and_the_next_one_is_compared_with_what_was_believed(
    replay: Replay,
) -> None:
    steps = replay(IADB, "iadb-sanctions-xlsx")
    assert [step["status"] for step in steps] == ["baseline", "suspicious", "suspicious"]
    assert {step["entries"] for step in steps} == {2125}  # of 2128 rows three are there twice, word for word
    assert not any(step["changes"] for step in steps)


def test_an_export_that_may_shrink_is_believed(replay: Replay) -> None:
    steps = replay(f'{IADB}\nmax_lost = "100 %"', "iadb-sanctions-xlsx")
    assert [step["status"] for step in steps] == ["baseline", "ok", "ok"]
    assert len(steps[1]["changes"]) > 1000
    assert len(steps[2]["changes"]) < 30


def test_an_edited_item_of_a_feed_is_changed_once(replay: Replay) -> None:
    steps = replay('kind = "feed"', "feeds-before-after")
    assert seen(steps) == ["baseline", "ok 1 changed", "ok 1 changed"]
    assert [sorted(step["changes"][0]["fields"]) for step in steps[1:]] == [["published", "text"], ["text"]]


def test_the_registers_versions_come_in_the_order_of_their_dates(replay: Replay) -> None:
    steps = replay('kind = "json"\nitems = "@"\nkey = "id"\ntitle = "fullName"', "ru-minjust-inoagent-json")
    assert [step["entries"] for step in steps] == [831, 839, 847, 851, 861, 866]
    assert steps[0]["status"] == "baseline"


def test_a_month_without_a_poll_is_a_gap_that_is_reported(
    configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    configure('[sources.capture]\nkind = "feed"\nurl = "https://register.example/current"\n')
    folder = str(CAPTURES / "us-sec-edgar-getcurrent")
    said = watch("replay", "capture", folder, "--match", "*count100-start0-http200.atom").out
    assert said.count("GAP: capture: ") == 1
    assert said.index("2026-01-12") < said.index("GAP: capture: ")


def test_a_heading_read_as_an_entry_is_a_fault_under_a_contract(replay: Replay) -> None:
    options = 'kind = "json"\nitems = "@"\nkey = "id"\n[sources.capture.expect]\nkey_pattern = "[0-9]+"'
    steps = replay(options, "ru-minjust-inoagent-json")
    assert [(step["status"], step["reason"]) for step in steps] == [
        ("baseline", None),
        *[("suspicious", "odd_key")] * 4,
        ("ok", None),
    ]
