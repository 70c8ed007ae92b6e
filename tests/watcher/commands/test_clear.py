"""Clear a hit at the command line: the pair has to be known, and whoever asks later reads why."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from state.store import Store
from tests.watcher.conftest import Desk, rows

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def register(desk: Desk) -> Desk:
    desk.check(*rows())
    return desk


def listed(register: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(register.watch("clear", "--list", "--json").out)
    return found


def test_a_pair_is_cleared_and_ended_with_all_that_somebody_asks_later(register: Desk) -> None:
    pair, until = ("sable", "list", "Sable Capital"), TOMORROW.isoformat()
    said = json.loads(register.watch("clear", *pair, "--why", " another firm ", "--until", until, "--json").out)
    assert said == listed(register)[0]
    assert [said[name] for name in ("entity", "source", "key", "why", "who")] == [
        *pair,
        "another firm",
        getpass.getuser(),
    ]
    assert list(said) == ["entity", "source", "key", "why", "who", "at", "until", "ended"]
    assert datetime.fromisoformat(said["until"]) == TOMORROW
    assert abs(datetime.now(UTC) - datetime.fromisoformat(said["at"])) < timedelta(hours=1)
    assert said["ended"] is None
    assert f"by {getpass.getuser()}: another firm" in register.watch("clear", "--list").out
    assert register.watch("clear", "--end", *pair).out == "sable: Sable Capital (list) is no longer cleared\n"
    assert listed(register)[0]["ended"] is not None
    assert f"by {getpass.getuser()}: ended by hand" in register.watch("clear", "--list").out
    with Store.open(register.state) as store:
        actions = [(each.who, each.what) for each in store.desk.actions()]
        assert actions == [(getpass.getuser(), "end clearing"), (getpass.getuser(), "clear")]
        assert store.desk.find_broken_link() is None


def test_the_status_counts_what_is_cleared(register: Desk) -> None:
    assert "cleared" not in json.loads(register.watch("status", "--json").out)
    for key in ("Sable Capital", "Company 7"):
        register.watch("clear", "sable", "list", key, "--why", "x")
    assert json.loads(register.watch("status", "--json").out)["cleared"] == {"list": 2}
    assert "cleared hits: list 2; see `watch clear --list`" in register.watch("status").out


def test_the_list_is_of_what_is_named(register: Desk) -> None:
    for key in ("Sable Capital", "Company 7"):
        register.watch("clear", "sable", "list", key, "--why", "x")
    for named, keys in (
        (("sable",), ["Company 7", "Sable Capital"]),
        (("sable", "list", "Company 7"), ["Company 7"]),
        (("sable", "other"), []),
    ):
        found = json.loads(register.watch("clear", *named, "--list", "--json").out)
        assert [each["key"] for each in found] == keys


def test_without_a_clearing_the_list_is_empty(register: Desk) -> None:
    assert listed(register) == []
    assert register.watch("clear", "--list").out == "nothing is cleared\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "say which: watch clear ENTITY SOURCE KEY --why TEXT"),
        (("sable", "list"), "say which: watch clear ENTITY SOURCE KEY --why TEXT"),
        (("sable", "list", "Sable Capital"), "say why, for whoever asks later"),
        (("sable", "list", "Sable Capital", "--why", "  "), "say why, for whoever asks later"),
        (("sabel", "list", "Sable Capital", "--why", "x"), 'there is no entity "sabel"; did you mean "sable"?'),
        (("sable", "lists", "Sable Capital", "--why", "x"), 'there is no source "lists"; did you mean "list"?'),
        (("sable", "list", "Sable", "--why", "x"), "`watch entries list --find TEXT` shows its keys"),
        (("sable", "list", "Sable Capital", "--why", "x", "--until", "2020-01-01"), "until: that is over already"),
        (("sable", "list", "Sable Capital", "--why", "x", "--until", "soon"), '"soon" is not a time'),
        (("--end", "sable", "list", "Sable Capital"), "nothing is cleared for sable, list, Sable Capital"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_stored(register: Desk, argv: tuple[str, ...], said: str) -> None:
    done = register.watch("clear", *argv)
    assert (done.code, said in " ".join(done.err.split())) == (2, True), done.err
    assert listed(register) == []
