"""What others kept of a register, as the commands tell it beside the own history."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
KEPT = {"2019-04-01": ["b1"], "2019-04-02": ["a1", "b1"], "2019-04-04": ["a2", "b1"]}


class Kept:
    """A list on loopback, and a folder of its pages of earlier years; `a1` has the name a and the value 1."""

    def __init__(self, site: Any, configure: Callable[..., Path], watch: Callable[..., Any], folder: Path) -> None:
        self.site, self.watch, self.folder = site, watch, folder
        configure(
            f'[evidence]\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
            f'[entities.firm]\nnames = ["Sable"]\n[sources.list]\nkind = "json"\nurl = "{site.url("/list")}"\nitems = "@"\nkey = "name"\n'
        )
        folder.mkdir()
        for day, rows in KEPT.items():
            (folder / f"{day}.json").write_text(json.dumps(_rows(*rows)))
        self.ask("past", "list", "--folder", str(folder))

    def check(self, *rows: str, minutes: int = 0) -> None:
        self.site.page("/list", _rows(*rows))
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            assert self.watch("--once").code == 0

    def ask(self, *argv: str, code: int = 0) -> Any:
        ran = self.say(*argv, "--json", code=code)
        return json.loads(ran)

    def say(self, *argv: str, code: int = 0) -> str:
        with time_machine.travel(NOON + timedelta(minutes=30), tick=False):
            ran = self.watch(*argv)
        assert ran.code == code, ran.err
        return str(ran.out)


def _rows(*rows: str) -> list[dict[str, str]]:
    return [{"name": each[0], "value": each[1:]} for each in rows]


@pytest.fixture
def kept(site: Any, configure: Callable[..., Path], watch: Callable[..., Any], tmp_path: Path) -> Kept:
    return Kept(site, configure, watch, tmp_path / "saved")


def day(number: int, **more: Any) -> str:
    return datetime(2019, 4, number, tzinfo=UTC, **more).isoformat()


def witness(number: int) -> dict[str, str]:
    return {"kind": "folder", "where": f"2019-04-0{number}.json", "at": day(number)}


def test_a_life_begins_with_what_others_kept(kept: Kept) -> None:
    kept.check("a2", "c1")
    told = kept.ask("entry", "list", "a")
    names = ("kind", "since", "until", "checked_before", "witness", "disputes")
    assert [tuple(value[name] for name in names) for value in told["values"]] == [
        ("added", day(2), day(4), day(1), witness(2), False),
        ("changed", day(4), NOON.isoformat(), day(2), witness(4), False),
        ("first", NOON.isoformat(), None, day(4), None, False),
    ]
    assert told["gaps"] == [{"from": day(1), "to": NOON.isoformat(), "why": "captures", "reason": None}]
    said = kept.say("entry", "list", "a")
    assert (
        "added  since between 2019-04-01 00:00 and 2019-04-02 00:00\n    seen by others (a folder of saved pages)"
        in said
    )
    assert "saved pages): 2019-04-02.json, that day, at 00:00 or later" in " ".join(said.split())
    assert "first  since 2026-03-03 12:00 or before\n" in said
    assert "first  since between 2019-04-04 00:00 and 2026-03-03 12:00\n" in kept.say("entry", "list", "c")
    assert "known only from captures of others from 2019-04-01 00:00 to 2026-03-03 12:00" in said


def test_a_time_between_two_captures_is_answered_and_says_between_which(kept: Kept) -> None:
    told = kept.ask("entries", "list", "--at", day(3))
    assert [(each["key"], each["since"], each["checked_before"], each["witness"]) for each in told["entries"]] == [
        ("b", day(1), None, witness(2)),
        ("a", day(2), day(1), witness(2)),
    ]
    assert told["gaps"] == [{"from": day(2), "to": day(4), "why": "captures", "reason": None}]
    assert kept.ask("entries", "list", "--at", day(2))["gaps"] == []
    before = kept.ask("entries", "list", "--at", "2019-03-31", code=1)
    assert (before["entries"], [each["why"] for each in before["gaps"]]) == ([], ["first_capture"])


def test_a_difference_leads_from_a_capture_to_today(kept: Kept) -> None:
    kept.check("a3", "b1", "c1")
    told = kept.ask("diff", "list", "--from", day(2))
    assert [each["key"] for each in told["added"]] == ["c"]
    assert [each["fields"]["value"] for each in told["changed"]] == [{"before": "1", "after": "3"}]
    assert told["removed"] == []
    assert "known only from captures of others" in kept.say("diff", "list", "--from", day(2))


def test_the_own_answers_are_the_same_when_the_past_is_forgotten(kept: Kept) -> None:
    kept.check("a2", "c1")
    kept.ask("past", "list", "--forget")
    told = kept.ask("entry", "list", "a")
    assert [(value["kind"], value["checked_before"]) for value in told["values"]] == [("first", None)]
    assert kept.ask("entries", "list", "--at", day(3), code=1)["entries"] == []


def test_the_log_lists_past_changes_only_when_asked_for(kept: Kept) -> None:
    kept.check("a3", "b1")
    kept.check("a3", "b2", minutes=20)
    assert [each["change"] for each in kept.ask("log")["changes"]] == ["changed"]
    own, *past = kept.ask("log", "--past")["changes"]
    assert (own["id"], own["witness"], own["key"]) == (2, None, "b")
    assert [(each["change"], each["key"], each["id"], each["witness"]) for each in past] == [
        ("changed", "a", None, None),
        ("changed", "a", None, witness(4)),
        ("added", "a", None, witness(2)),
    ]
    assert [each["interval"] for each in past] == [
        {"after": day(4), "before": NOON.isoformat()},
        {"after": day(2), "before": day(4)},
        {"after": day(1), "before": day(2)},
    ]
    assert past[1]["changed"] == {"value": {"before": "1", "after": "2"}}
    assert len(kept.ask("log", "--past", "--since", "2019-04-03")["changes"]) == 3
    assert len(kept.ask("log", "--past", "--limit", "2")["changes"]) == 2
    said = " ".join(kept.say("log", "--past", "--limit", "3").split())
    assert "list (record), between 2019-04-02 00:00 and 2019-04-04 00:00, seen by others (a folder" in said
    assert "there are more: --limit" in said


def test_the_log_of_an_entity_has_its_past_changes_alone(kept: Kept) -> None:
    for number, rows in ((5, ["a2", "b1", "dSable"]), (6, ["a3", "b1", "dSable", "e1"]), (7, ["a3", "b1", "e1"])):
        (kept.folder / f"2019-04-0{number}.json").write_text(json.dumps(_rows(*rows)))
    kept.ask("past", "list", "--folder", str(kept.folder))
    told = kept.ask("log", "--past", "--entity", "firm")["changes"]
    assert [(each["change"], each["key"], each["entities"]) for each in told] == [
        ("removed", "d", ["firm"]),
        ("added", "d", ["firm"]),
    ]
    assert [each["witness"] for each in told] == [witness(7), witness(5)]


def test_an_entry_that_one_of_two_witnesses_saw_is_new_to_the_own_history(kept: Kept) -> None:
    other = kept.folder.parent / "other"
    other.mkdir()
    (other / "seen-2019-04-02.json").write_text(json.dumps(_rows("a9", "b1", "c1")))
    kept.ask("past", "list", "--folder", str(other))
    kept.check("a2", "c1")
    assert [value["disputes"] for value in kept.ask("entry", "list", "c")["values"]] == [True, False]
    assert "first  since between 2019-04-04 00:00 and 2026-03-03 12:00" in kept.say("entry", "list", "c")
    assert "value: 1 → 2" in kept.say("entry", "list", "a")
