"""Long texts, and very many changes, are searched for names in a subprocess, with the same result."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from alerts.matching import in_process
from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry, ReadError
from sources.reading import pool
from state.model import Change, ChangeKind, FieldChange, Mention
from watcher.check.matching import LONG, find_mentions
from watcher.check.matching import __name__ as module

ENTITIES = {"telegram": Entity(names=["Telegram"], **{"not": ["Telegram Bot"]}), "acme": Entity(names=["Acme"])}
LONG_TEXT = "nothing at all\n" * (LONG // 10)


def mentions(target: Any, changes: Any) -> list[Any]:
    return [found for _, found in find_mentions(target, changes)]


def target(kind: str = "entry", entities: Any = ENTITIES) -> Any:
    return SimpleNamespace(name="list", source=SimpleNamespace(mentions_in=kind), watchlist=Watchlist(entities))


def added(key: str, title: str, text: str = "") -> Change:
    return Change(ChangeKind.ADDED, None, Entry(key, title, text=text), {})


CHANGES = [
    added("1", "Telegram"),
    added("2", "Telegram Bot, and Acme", LONG_TEXT + "Telegram"),
    added("3", "nobody", LONG_TEXT),
    Change(ChangeKind.CHANGED, Entry("4", "Acme", text=LONG_TEXT), Entry("4", "Telegram"), {}),
    added("5", "nobody"),
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts another process was asked about, each time."""
    numbers: list[int] = []
    ask = in_process.mentions_apart

    def counting(entities: Any, texts: Any, what: str) -> Any:
        numbers.append(len(texts))
        return ask(entities, texts, what)

    monkeypatch.setattr(in_process, "mentions_apart", counting)
    return numbers


@pytest.mark.parametrize("kind", ["entry", "added_lines"])
def test_a_long_entry_is_looked_through_elsewhere_with_the_same_result(
    asked: list[int], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    there = list(mentions(target(kind), CHANGES))
    number = len(asked)
    monkeypatch.setattr(f"{module}.LONG", 10**9)
    here = list(mentions(target(kind), CHANGES))
    assert there == here
    assert Mention("telegram", "Telegram", "Telegram", "text") in there[1]
    assert (number, len(asked)) == (3 if kind == "entry" else 2, number)


def test_of_very_many_changes_some_hundred_go_together(asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{module}.MANY", 2)
    monkeypatch.setattr(f"{module}._TOGETHER", 3)
    short = [added(str(number), "Acme" if number % 2 else "nobody") for number in range(7)]
    assert [len(found) for found in mentions(target(), short)] == [0, 1, 0, 1, 0, 1, 0]
    assert asked == [3, 3, 1]


def test_nobody_is_asked_where_nobody_is_watched(asked: list[int]) -> None:
    assert list(mentions(target(entities={}), CHANGES)) == [[]] * 5
    assert asked == []


def test_over_its_time_it_is_a_failure_of_that_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "SECONDS", 0.0)
    with pytest.raises(ReadError, match="looking for names in list took longer") as raised:
        list(mentions(target(), CHANGES))
    assert raised.value.code == "matching_too_slow"


LIES = {
    "no list": b"\xc1",
    "nothing": b"",
    "too few": [],
    "somebody nobody asked for": [[("lies", "a", "a", "text")]],
    "three parts": [[("acme", "a", "a")]],
    "an escape code": [[("acme", "a", "\x1b[2J", "text")]],
}


@pytest.mark.parametrize("lie", LIES)
def test_what_the_process_answers_is_checked(monkeypatch: pytest.MonkeyPatch, lie: str) -> None:
    said: Any = LIES[lie]
    answered = said if isinstance(said, bytes) else msgspec.msgpack.encode(said)
    monkeypatch.setattr(in_process, "ask", lambda *_: answered)
    with pytest.raises(ReadError, match="answered what it may not") as raised:
        list(mentions(target(), CHANGES[2:3]))
    assert raised.value.code == "reader_failed"


def test_only_what_is_named_a_job_can_be_asked_for() -> None:
    with pytest.raises(ReadError, match="KeyError"):
        pool.ask(print, b"", in_process.Doing("printing", "", 30.0, ""))  # type: ignore[arg-type]


def edited(before: str, after: str, text: str = "") -> Change:
    sides = [Entry("1", "Order", {"note": note}, text=text) for note in (before, after)]
    return Change(ChangeKind.CHANGED, *sides, {"note": FieldChange(before, after)})


FILL = "The office keeps this register, and answers questions about it on working days. " * 3


@pytest.mark.parametrize("long", [0, LONG])
@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (f"Telegram appealed. {FILL}", f"Telegram appealed. {FILL}Fees are lower.", False),
        (f"Telegram appealed. {FILL}", f"Telegram did not appeal. {FILL}", True),
        (f"Telegram appealed. {FILL}", f"Telegram appealed. {FILL}Telegram paid.", True),
        (f"{FILL}Telegram appealed.", FILL, True),
        ("Telegram appealed. It paid.", "Telegram appealed. It did not pay.", True),
    ],
    ids=["elsewhere", "its sentence", "once more", "gone", "short"],
)
def test_of_a_long_value_that_changed_the_sentences_that_did_count(
    asked: list[int], before: str, after: str, found: bool, long: int
) -> None:
    change = edited(before, after, "x " * long)
    assert [bool(told) for told in mentions(target(), [change])] == [found]
    assert asked == ([2] if long else [])


def test_all_of_an_entry_that_returns_counts() -> None:
    change = edited(f"Telegram appealed. {FILL}", f"Telegram appealed. {FILL}Fees are lower.")
    [told] = mentions(target(), [change._replace(kind=ChangeKind.REAPPEARED)])
    assert [mention.field for mention in told] == ["note"]
