"""A register at an earlier time, by the command line: what was accepted then, and what nobody can know of it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from state.store import Store

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


class Watched:
    """A list on loopback that is checked at times of the test's choice, hours and minutes after noon."""

    def __init__(self, site: Any, configure: Callable[..., Path], watch: Callable[..., Any]) -> None:
        self.site, self.watch, self._configure = site, watch, configure
        self.configure()

    def configure(self, more: str = "", *, name: str = "list", path: str = "/list", top: str = "") -> None:
        self._configure(
            f'{top}\n[evidence]\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
            f'[sources.{name}]\nkind = "json"\nurl = "{self.site.url(path)}"\nitems = "@"\nkey = "name"\n{more}'
        )

    def show(self, *rows: tuple[str, str], path: str = "/list", **page: Any) -> None:
        self.site.page(path, [{"name": name, "value": value} for name, value in rows], **page)

    def check(self, minutes: int, *rows: tuple[str, str]) -> str:
        """Check once; the source's status."""
        if rows:
            self.show(*rows)
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            status: str = json.loads(self.watch("--once", "--json").out)["sources"][0]["status"]
        return status

    def ask(self, *argv: str, minutes: int = 600, code: int = 0) -> Any:
        """What a command prints with --json, some minutes after noon."""
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            ran = self.watch(*argv, "--json")
        assert ran.code == code, ran.err
        return json.loads(ran.out)

    def say(self, *argv: str, minutes: int = 600) -> str:
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            ran = self.watch(*argv)
        return str(ran.out + ran.err)

    def at(self, time: int, **rest: Any) -> dict[str, str]:
        """The values at a time, by name."""
        said = self.ask("entries", "list", "--at", at(time), **rest)
        return {entry["key"]: entry["fields"]["value"] for entry in said["entries"]}

    def gaps(self, minutes: int) -> list[tuple[str | None, str | None, str]]:
        """What is not known of a time: from, to (hours and minutes) and why."""
        said = self.ask("entries", "list", "--at", at(minutes))["gaps"]
        return [(_clock(gap["from"]), _clock(gap["to"]), gap["why"]) for gap in said]


def at(minutes: int) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


def _clock(text: str | None) -> str | None:
    return datetime.fromisoformat(text).strftime("%H:%M") if text else None


@pytest.fixture
def watched(site: Any, configure: Callable[..., Path], watch: Callable[..., Any]) -> Watched:
    return Watched(site, configure, watch)


def test_the_answer_is_what_was_accepted_at_that_time(watched: Watched) -> None:
    watched.check(0, ("a", "1"), ("b", "1"))
    watched.check(15, ("a", "2"), ("b", "1"))
    watched.check(30, ("a", "2"), ("c", "1"))
    seen = [watched.at(minutes) for minutes in (0, 14, 15, 29, 30, 600)]
    first, second, third = {"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "2", "c": "1"}
    assert seen == [first, first, second, second, third, third]


def test_each_entry_says_between_which_checks_it_became_so(watched: Watched) -> None:
    watched.check(0, ("a", "1"), ("b", "1"))
    watched.check(15)
    watched.check(30, ("a", "2"), ("b", "1"))
    a, b = watched.ask("entries", "list")["entries"]
    assert (_clock(a["checked_before"]), _clock(a["since"])) == ("12:15", "12:30")
    assert (b["checked_before"], _clock(b["since"])) == (None, "12:00")
    assert "since between 2026-03-03 12:15 and 2026-03-03 12:30" in watched.say("entries", "list")


def test_before_the_first_snapshot_nothing_is_known(watched: Watched) -> None:
    watched.check(0, ("a", "1"))
    said = watched.ask("entries", "list", "--at", at(-1), code=1)
    assert said["entries"] == []
    assert said["gaps"][0] == {"from": None, "to": at(0), "why": "first", "reason": None}
    assert "nothing is known before 2026-03-03 12:00" in watched.say("entries", "list", "--at", at(-1))


def test_a_time_without_a_reading_is_said_and_not_filled_in(watched: Watched) -> None:
    watched.check(0, ("a", "1"))
    watched.show(status=500)
    assert watched.check(15) == "failing"
    watched.check(150, ("a", "2"))
    assert watched.gaps(100) == [("12:00", "14:30", "failing")]
    assert watched.at(100) == {"a": "1"}
    assert watched.gaps(151) == [("14:30", None, "not_checked")]
    assert "not read from 2026-03-03 12:00 to 2026-03-03 14:30: failing (at last http_500)" in watched.say(
        "entries", "list", "--at", at(100)
    )


def test_a_source_that_nobody_checked_was_not_read(watched: Watched) -> None:
    watched.check(0, ("a", "1"))
    watched.check(15)
    watched.check(300)
    watched.check(315)
    assert watched.gaps(60) == [("12:15", "17:00", "not_checked")]
    assert watched.gaps(307) == []


def test_what_is_failing_now_is_not_known(watched: Watched) -> None:
    watched.check(0, ("a", "1"))
    watched.show(status=404)
    watched.check(15)
    assert watched.ask("entries", "list", minutes=20)["gaps"] == [
        {"from": at(0), "to": None, "why": "failing", "reason": "http_404"}
    ]


def test_a_snapshot_that_was_held_counts_from_when_it_was_read_and_is_said_to_have_been_held(watched: Watched) -> None:
    many = [(f"{number}", "1") for number in range(40)]
    watched.check(0, *many)
    assert watched.check(15, *many[:3]) == "suspicious"
    snapshot = watched.ask("status", "list", minutes=20, code=1)["sources"][0]["held"]["snapshot"]
    assert len(watched.at(20, minutes=25)) == 40
    watched.say("accept", "list", "--yes", snapshot, minutes=45)
    assert [len(watched.at(minutes)) for minutes in (14, 15, 20)] == [40, 3, 3]
    assert watched.gaps(20) == [("12:00", "12:45", "suspicious")]
    assert "12:45: what was read was held" in watched.say("entries", "list", "--at", at(20))


def test_an_edited_option_is_another_reading_and_no_change(watched: Watched) -> None:
    watched.check(0, ("a", "1"), ("b", "1"))
    watched.configure('title = "value"')
    watched.check(15)
    titles = {
        minutes: watched.ask("entries", "list", "--at", at(minutes))["entries"][0]["title"] for minutes in (1, 16)
    }
    assert titles == {1: "a", 16: "1"}
    assert watched.gaps(1) == [("12:15", None, "reread")]
    life = watched.ask("entry", "list", "a")
    assert [(value["kind"], value["title"], value["change"]) for value in life["values"]] == [
        ("first", "a", None),
        ("reread", "1", None),
    ]
    assert [gap["why"] for gap in life["gaps"]] == ["reread", "not_checked"]


def test_another_address_keeps_what_the_old_one_said(watched: Watched) -> None:
    watched.check(0, ("a", "1"))
    watched.configure(path="/other")
    watched.show(("z", "9"), path="/other")
    assert watched.check(15) == "baseline"
    assert [watched.at(minutes) for minutes in (1, 16)] == [{"a": "1"}, {"z": "9"}]
    assert watched.gaps(1) == [("12:15", None, "moved")]


def test_a_renamed_source_goes_on(watched: Watched) -> None:
    watched.check(0, ("a", "1"))
    watched.check(15, ("a", "2"))
    watched.configure('was = ["list"]', name="register")
    watched.check(30)
    said = watched.ask("entries", "register", "--at", at(1))
    assert [entry["fields"]["value"] for entry in said["entries"]] == ["1"]


def test_the_life_of_an_entry_has_each_value_with_its_change_and_proof(watched: Watched) -> None:
    watched.check(0, ("a", "1"), ("b", "1"))
    watched.check(15, ("a", "2"), ("b", "1"))
    watched.check(30, ("b", "1"))
    watched.check(45, ("a", "2"), ("b", "1"))
    values = watched.ask("entry", "list", "a", minutes=50)["values"]
    changes = {change["id"]: change for change in watched.ask("log")["changes"]}
    assert [value["kind"] for value in values] == ["first", "changed", "removed", "reappeared"]
    assert [value["fields"] and value["fields"]["value"] for value in values] == ["1", "2", None, "2"]
    assert [_clock(value["until"]) for value in values] == ["12:15", "12:30", "12:45", None]
    for value in values[1:]:
        assert changes[value["change"]]["proof"] == value["proof"]
        assert value["checked_before"] < value["since"]


def test_an_entry_that_got_another_key_is_followed(watched: Watched) -> None:
    watched.check(0, ("No 1", "bread"), ("No 2", "salt"))
    watched.check(15, ("No 1", "bread"), ("No 2", "sea salt"))
    watched.check(30, ("No 1", "bread"), ("NO-2", "sea salt"))
    values = watched.ask("entry", "list", "NO-2")["values"]
    assert [(value["key"], value["kind"], value["fields"]["value"]) for value in values] == [
        ("No 2", "first", "salt"),
        ("No 2", "changed", "sea salt"),
        ("NO-2", "rekeyed", "sea salt"),
    ]
    last = watched.ask("entry", "list", "No 2")["values"][-1]
    assert (last["became"], last["kind"], last["change"]) == ("NO-2", "rekeyed", values[-1]["change"])


def test_a_key_that_was_never_there_is_refused_in_a_line(watched: Watched) -> None:
    watched.check(0, ("a", "1"))
    assert watched.ask("entry", "list", "q", code=1)["values"] == []
    assert watched.say("entry", "list", "q").strip().count("\n") == 0


def test_two_times_are_one_difference(watched: Watched) -> None:
    watched.check(0, ("a", "1"), ("b", "1"), ("c", "1"))
    watched.check(15, ("a", "2"), ("b", "1"), ("d", "1"), ("e", "1"))
    watched.check(30, ("a", "3"), ("b", "1"), ("d", "1"))
    said = watched.ask("diff", "list", "--from", at(1), "--to", at(31))
    keys = {kind: [entry["key"] for entry in said[kind]] for kind in ("added", "removed", "changed")}
    assert keys == {"added": ["d"], "removed": ["c"], "changed": ["a"]}
    assert said["changed"][0]["fields"] == {"value": {"before": "1", "after": "3"}}
    assert "1 added, 1 removed, 1" in watched.say("diff", "list", "--from", at(1), "--to", at(31))


def test_what_left_the_end_of_a_rolling_list_is_not_removed(watched: Watched) -> None:
    watched.configure('listing = "window"')
    watched.check(0, *[(f"{number}", "1") for number in (3, 2, 1)])
    watched.check(15, *[(f"{number}", "1") for number in (4, 3, 2)])
    said = watched.ask("diff", "list", "--from", at(1), "--to", at(16))
    assert ([entry["key"] for entry in said["scrolled"]], said["removed"]) == (["1"], [])
    assert set(watched.at(1)) == {"1", "2", "3"}
    assert watched.ask("entry", "list", "1")["values"][-1]["kind"] == "scrolled"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["entries", "lost"], 'there is no source "lost"'),
        (["entries", "list", "--at", "yesterday"], '--at: "yesterday" is not a time'),
        (["entries", "list", "--at", "2030-01-01"], "in the future"),
        (["diff", "list", "--from", "2026-03-03T12:30", "--to", "2026-03-03T12:00"], "it is later than --to"),
        (["entries", "list", "--csv", "watch.toml"], "--force writes over it"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(argv: list[str], words: str, watched: Watched) -> None:
    watched.check(0, ("a", "1"))
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        ran = watched.watch(*argv)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert words in ran.err


def test_a_time_is_in_the_configured_zone_and_a_date_is_its_midnight(watched: Watched) -> None:
    watched.configure(top='timezone = "Europe/Moscow"')
    watched.check(0, ("a", "1"))
    watched.check(600, ("a", "2"))  # 22:00 UTC, 1:00 in Moscow
    value = [
        watched.ask("entries", "list", "--at", when, minutes=700)["entries"][0]["fields"]["value"]
        for when in ("2026-03-04", "2026-03-04T01:00")
    ]
    assert value == ["1", "2"]


def test_words_are_looked_for_in_the_values_of_that_time(watched: Watched) -> None:
    watched.check(0, ("a", "Реестр"), ("b", "other"))
    watched.check(15, ("a", "2"), ("b", "other"))
    found = watched.ask("entries", "list", "--find", "реестр", "--at", at(1))["entries"]
    assert [entry["key"] for entry in found] == ["a"]
    assert watched.ask("entries", "list", "--find", "реестр")["entries"] == []
    said = watched.say("entries", "list", "--find", "реестр")
    assert "list, with “реестр”, 2026" in said  # the number that follows is none of the list itself


DANGEROUS = [("=1+2", "+7 495"), ("@SUM(A1)", "-5"), ("plain", 'a,b "c"'), ("x", "'ok")]


def test_no_cell_of_a_csv_acts_as_a_formula(watched: Watched, folder: Path) -> None:
    watched.check(0, *DANGEROUS)
    watched.say("entries", "list", "--csv", "out.csv", minutes=1)
    rows = list(csv.DictReader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8"), newline="")))
    assert [row["key"] for row in rows] == ["'=1+2", "'@SUM(A1)", "plain", "x"]
    assert [row["value"] for row in rows] == ["'+7 495", "'-5", 'a,b "c"', "'ok"]
    assert {row["since"] for row in rows} == {at(0)}


def test_what_is_not_known_is_in_the_file_too(watched: Watched, folder: Path) -> None:
    watched.check(0, ("a", "1"))
    watched.check(300, ("a", "2"))
    watched.say("entries", "list", "--at", at(60), "--csv", "out.csv")
    (row,) = csv.DictReader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8")))
    assert row["not_known"] == "not checked from 2026-03-03 12:00 to 2026-03-03 17:00"


def test_a_workbook_has_texts_alone(watched: Watched, folder: Path) -> None:
    from python_calamine import CalamineWorkbook

    watched.check(0, *DANGEROUS)
    watched.say("entries", "list", "--xlsx", "out.xlsx", minutes=1)
    book = CalamineWorkbook.from_path(folder / "out.xlsx")
    heads, *rows = book.get_sheet_by_name("entries").to_python()
    assert heads[:4] == ["key", "title", "url", "published"]
    assert [row[0] for row in rows][:3] == [key for key, _ in DANGEROUS][:3]
    assert [row[heads.index("value")] for row in rows] == [value for _, value in DANGEROUS]
    assert ["source", "list"] in book.get_sheet_by_name("about").to_python()


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
def test_libreoffice_reads_the_workbook_as_the_csv_says_it(watched: Watched, folder: Path) -> None:
    watched.check(0, *DANGEROUS[:3], ("date", "03/03/2026"), ("number", "007"), ("long", "x" * 1000))
    watched.say("entries", "list", "--xlsx", "out.xlsx", minutes=1)
    watched.say("entries", "list", "--csv", "plain.csv", minutes=1)
    assert OFFICE
    command = [OFFICE, "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "out.xlsx"]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=100)
    ours = list(csv.reader(io.StringIO((folder / "plain.csv").read_text(encoding="utf-8"), newline="")))
    theirs = list(csv.reader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in ours] == theirs


def test_what_was_deleted_for_its_age_is_not_known(watched: Watched, store: Store) -> None:
    watched.check(0, ("a", "1"))
    watched.check(15, ("a", "2"))
    watched.check(30, ("a", "3"))
    store.retention.expire(NOON + timedelta(minutes=20), 100)
    assert watched.ask("entries", "list", "--at", at(19), code=1)["gaps"][0]["why"] == "retention"
    assert [watched.at(minutes) for minutes in (21, 31)] == [{"a": "2"}, {"a": "3"}]
    assert [value["since"] for value in watched.ask("entry", "list", "a")["values"]] == [None, at(30)]


def test_a_change_without_room_in_the_log_ends_what_is_known_before_it(watched: Watched) -> None:
    watched.configure(top='max_log = "1 MB"')
    watched.check(0, ("a", "1"))
    watched.check(15, ("a", "x" * 900_000))
    watched.check(30, ("a", "y" * 900_000))
    watched.check(45, ("a", "z" * 900_000))
    assert watched.at(46)["a"][0] == "z"
    gaps = watched.ask("entries", "list", "--at", at(1), code=1)["gaps"]
    assert (gaps[0]["why"], gaps[0]["to"]) == ("max_log", at(45))
