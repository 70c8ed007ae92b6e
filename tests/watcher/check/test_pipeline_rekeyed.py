"""A register on loopback gives its records other keys: what a reader gets is one event for each, with both keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
SETTINGS = """
[http]
private_addresses = "allow"
spacing = "0s"
[web]
base_url = "https://watch.example.org"
[entities.ngp]
names = ["Northgate Payments"]
[channels.desk]
url = "{hook}/desk"
[channels.gone]
url = "{hook}/gone"
[channels.values]
url = "{hook}/values"
[channels.form]
url = "{hook}/form"
[[alerts]]
entities = ["ngp"]
to = ["desk"]
[[alerts]]
entities = ["ngp"]
changes = ["removed"]
to = ["gone"]
[[alerts]]
entities = ["ngp"]
changes = ["changed"]
to = ["values"]
[[alerts]]
name = "form"
entities = ["ngp"]
form = true
to = ["form"]
[sources.psp]
kind = "json"
url = "{site}/list"
items = "@"
key = "id"
title = "firm"
link = "page"
{options}
"""
FIRMS = ["Northgate Payments Ltd", *(f"Firm {chr(65 + number)}" for number in range(9))]


def rows(prefix: str = "P", **changed: Any) -> list[dict[str, Any]]:
    """Ten firms with keys of a prefix; `changed` are fields of the first one."""
    found = [
        {"id": f"{prefix}{number}", "firm": firm, "status": "Active", "no": f"{prefix}{number}",
         "page": f"https://a.example/{prefix}{number}", "since": f"2020-01-{number + 10}"}
        for number, firm in enumerate(FIRMS)
    ]  # fmt: skip
    found[0] |= changed
    return found


class Reader:
    """The register, the command line, and what the channels got."""

    def __init__(self, site: Any, configure: Callable[..., Any], watch: Callable[..., Any]) -> None:
        self.site, self.watch, self._configure, self.now = site, watch, configure, NOON
        self.options("max_lost = 100")
        for channel in ("desk", "gone", "values", "form"):
            site.page(f"/{channel}")

    def options(self, options: str) -> None:
        address = self.site.url("").rstrip("/")
        self._configure(SETTINGS.format(site=address, hook=address.replace("http", "json"), options=options))

    def check(self, found: list[dict[str, Any]], minutes: int = 15) -> dict[str, Any]:
        self.site.page("/list", found)
        self.now += timedelta(minutes=minutes)
        return dict(self.ask("--once", "--json")["sources"][0])

    def ask(self, *argv: str) -> Any:
        with time_machine.travel(self.now, tick=False):
            return json.loads(self.watch(*argv).out)

    def say(self, *argv: str) -> str:
        with time_machine.travel(self.now, tick=False):
            return str(self.watch(*argv).out)

    def heard(self, who: str) -> list[str]:
        asked = [json.loads(each.body) for each in self.site.requests if each.path == f"/{who}"]
        texts = [f"{each['title']}\n{each['message']}" for each in asked]
        return [text for text in texts if not text.startswith("Watching")]

    def log(self) -> list[dict[str, Any]]:
        return list(self.ask("log", "--source", "psp", "--json")["changes"])


@pytest.fixture
def reader(site: Any, configure: Callable[..., Any], watch: Callable[..., Any]) -> Iterator[Reader]:
    return Reader(site, configure, watch)


def kinds(changes: list[dict[str, Any]]) -> dict[str, int]:
    found = [change["change"] for change in changes]
    return {kind: found.count(kind) for kind in found}


def test_each_record_of_a_renumbered_register_is_told_once_with_both_keys(reader: Reader) -> None:
    reader.check(rows())
    assert reader.check(rows("UK-P"))["status"] == "ok"
    logged = {change["key"]: change for change in reader.log()}
    assert kinds(list(logged.values())) == {"rekeyed": 10}
    told = logged["UK-P0"]
    assert (told["former_key"], told["changed"]) == ("P0", {})
    assert told["before"]["status"] == told["after"]["status"] == "Active"
    assert told["interval"] == {"after": told["previous"], "before": told["at"]}
    title, _, text = reader.heard("desk")[-1].partition("\n")
    assert title.startswith("Northgate Payments Ltd: under another key (")
    assert "REKEYED: Northgate Payments Ltd\nkey\nwas: P0\nnow: UK-P0" in text
    assert (reader.heard("gone"), reader.heard("values")) == ([], [])  # nothing is gone, and no value is another one


def test_a_value_that_is_another_one_is_told_with_the_new_key_and_alone(reader: Reader) -> None:
    reader.check(rows())
    reader.check(rows("UK-P", status="Suspended"))
    told = next(change for change in reader.log() if change["key"] == "UK-P0")
    assert told["changed"] == {"status": {"before": "Active", "after": "Suspended"}}
    title, _, text = reader.heard("values")[-1].partition("\n")
    assert title.startswith("Northgate Payments Ltd: Active → Suspended (")
    assert "was: P0\nnow: UK-P0" in text
    assert reader.heard("gone") == []


def test_what_is_really_gone_when_the_register_is_renumbered_is_gone(reader: Reader) -> None:
    reader.check(rows())
    reader.check(rows("UK-P")[1:])
    assert kinds(reader.log()) == {"rekeyed": 9, "removed": 1}
    assert [text.splitlines()[0] for text in reader.heard("gone")] == ["Northgate Payments Ltd: removed (psp)"]


def test_a_removal_after_other_keys_is_never_said_to_be_as_it_was_before(reader: Reader) -> None:
    reader.check(rows())
    reader.check(rows("UK-P"))
    reader.check(rows("UK-P")[1:])
    assert "removed" in reader.heard("desk")[-1].splitlines()[0]
    reader.check(rows("UK-P"))
    reader.check(rows("UK-P")[1:])
    assert "back to what it was" not in "\n".join(reader.heard("desk"))


def test_other_keys_twice_in_a_row_and_the_first_ones_again_are_one_life(reader: Reader) -> None:
    reader.check(rows())
    for prefix in ("UK-P", "GB-", "P"):
        reader.check(rows(prefix))
    assert kinds(reader.log()) == {"rekeyed": 30}
    values = reader.ask("entry", "psp", "P0", "--json")["values"]
    assert [(value["key"], value["kind"]) for value in values] == [
        ("P0", "first"), ("UK-P0", "rekeyed"), ("GB-0", "rekeyed"), ("P0", "rekeyed"),
    ]  # fmt: skip


def test_the_case_tells_a_rekeyed_entry_as_one_step(reader: Reader) -> None:
    reader.check(rows())
    reader.check(rows("UK-P"))
    story = reader.ask("case", "ngp", "--json")["items"]
    assert [(item["change"], item.get("former_key")) for item in story] == [("standing", None), ("rekeyed", "P0")]
    assert "key: P0 → UK-P0" in reader.say("case", "ngp")


def test_the_log_the_feed_and_the_report_have_both_keys(reader: Reader, tmp_path: Any) -> None:
    reader.check(rows())
    reader.check(rows("UK-P"))
    assert "key: P0 → UK-P0" in reader.say("log", "--source", "psp")
    reader.say("feed", "--out", str(tmp_path / "feeds"))
    assert "<p>key: P0 → UK-P0</p>" in (tmp_path / "feeds/entities/ngp.atom").read_text("utf-8").replace("html:", "")
    reader.now += timedelta(minutes=1)
    reader.say("report", "--since", "2026-03-01", "--csv", str(tmp_path / "report.csv"))
    assert ",rekeyed,UK-P0,Northgate Payments Ltd," in (tmp_path / "report.csv").read_text("utf-8")
    assert ",key,P0,UK-P0," in (tmp_path / "report.csv").read_text("utf-8")
    found = reader.ask("report", "--since", "2026-03-01", "--json")["sources"][0]
    assert found["changes"] == {"rekeyed": 10}


def test_a_held_renumbering_that_is_accepted_is_one_event_for_each(reader: Reader) -> None:
    reader.options("")
    reader.check(rows())
    assert reader.check(rows("UK-P"))["reason"] == "mass_rekey"
    assert reader.check(rows("GB-"))["reason"] == "mass_rekey"  # another one, while the first is held
    held = reader.ask("status", "psp", "--json")["sources"][0]["held"]
    assert (held["rekeyed"], held["added"], held["removed"]) == (10, 0, 0)
    reader.now += timedelta(minutes=90)
    reader.say("accept", "psp", "--yes", held["snapshot"])
    assert [(change["former_key"], change["key"]) for change in reader.log()][:1] in (
        [("P0", "GB-0")],
        [("P9", "GB-9")],
    )
    assert kinds(reader.log()) == {"rekeyed": 10}


def test_a_held_renumbering_is_told_anew_once_its_entry_has_changed(reader: Reader) -> None:
    reader.options("")
    reader.check(rows())
    for status in ("Active", "Active", "Suspended"):
        reader.check(rows(status=status))
        assert reader.check(rows("UK-P", status=status))["reason"] == "mass_rekey"
    assert [text.partition(" (")[0] for text in reader.heard("desk")] == [
        "Not believed yet: Northgate Payments Ltd: under another key",
        "Northgate Payments Ltd: Active → Suspended",
        "Not believed yet: Northgate Payments Ltd: under another key",
    ]


def test_a_few_records_of_many_under_other_keys_are_no_removals(reader: Reader) -> None:
    reader.options("")
    reader.check(rows())
    some = [*rows("UK-P")[:3], *rows()[3:]]
    assert reader.check(some)["status"] == "ok"
    assert kinds(reader.log()) == {"rekeyed": 3}


def test_a_renewed_licence_is_another_one(reader: Reader) -> None:
    """The same holder under another number, with another date: that happens to a few at any time."""
    reader.check(rows())
    renewed = [{**row, "since": "2026-03-01"} for row in rows("R")[:3]]
    reader.check([*renewed, *rows()[3:]])
    assert kinds(reader.log()) == {"added": 3, "removed": 3}


def test_one_record_whose_key_is_only_spelled_otherwise_is_the_same_record(reader: Reader) -> None:
    reader.check(rows())
    reader.check([rows("p-")[0], *rows()[1:]])
    assert [(each["change"], each["former_key"], each["key"]) for each in reader.log()] == [("rekeyed", "P0", "p-0")]
    assert reader.heard("gone") == []


def test_one_record_with_another_number_and_the_same_content_may_be_another_licence(reader: Reader) -> None:
    reader.check(rows())
    reader.check([rows("Q")[0], *rows()[1:]])
    assert kinds(reader.log()) == {"added": 1, "removed": 1}


def test_a_clock_that_goes_back_leaves_the_beginning_open(reader: Reader) -> None:
    reader.check(rows(), minutes=60)
    reader.check(rows(status="Suspended"), minutes=-30)
    told = reader.log()[0]
    assert told["previous"] > told["at"]
    assert told["interval"] == {"after": None, "before": told["at"]}


@pytest.mark.parametrize(
    ("before", "after", "form"),
    [
        ({"fee": 340000}, {"fee": 340000.0}, "numbers rewritten"),
        ({"firm": "Northgate Payments Ltd"}, {"firm": "Northgate Payments LTD"}, "case"),
        ({"since": "2020-01-10"}, {"since": "10.01.2020"}, "dates rewritten"),
    ],
)
def test_a_value_that_is_only_written_otherwise_is_logged_and_no_news(
    reader: Reader, before: dict[str, Any], after: dict[str, Any], form: str
) -> None:
    reader.check(rows(**before))
    reader.check(rows(**after))
    assert [change["form"] for change in reader.log()] == [form]
    assert reader.heard("desk") == []
    assert len(reader.heard("form")) == 1
    reader.check(rows(**after, status="Suspended"))
    assert "Active → Suspended" in reader.heard("desk")[-1]


def test_dates_that_are_rewritten_everywhere_are_one_line_that_says_so(reader: Reader) -> None:
    reader.options("")
    reader.check(rows())
    reader.check([{**row, "since": f"{row['since'][-2:]}.01.2020"} for row in rows()])
    held = reader.ask("status", "psp", "--json")["sources"][0]["held"]["snapshot"]
    reader.say("accept", "psp", "--yes", held)
    (told,) = reader.log()
    assert (told["title"], told["form"]) == ("10 entries written otherwise: dates rewritten", "dates rewritten")
    assert "changed  10 entries written otherwise: dates rewritten\n" in reader.say("log")


def test_a_recovery_lasts_until_somebody_accepts(reader: Reader) -> None:
    hook = reader.site.url("").rstrip("/").replace("http", "json")
    reader.options(f'[channels.ops]\nurl = "{hook}/ops"\n[[alerts]]\nhealth = true\nto = ["ops"]')
    reader.site.page("/ops")
    reader.check(rows())
    reader.check(rows("UK-P"))
    held = reader.ask("status", "psp", "--json")["sources"][0]["held"]["snapshot"]
    reader.now += timedelta(minutes=90)
    reader.say("accept", "psp", "--yes", held)
    reader.check(rows("UK-P"), minutes=1)
    recovered = next(text for text in reader.heard("ops") if text.startswith("RECOVERED"))
    assert "its held snapshot was accepted after 1 h 30 min" in recovered
    assert "It lasted: 1 h 30 min, from 2026-03-03 12:30:00 UTC to 2026-03-03 14:00:00 UTC" in recovered
