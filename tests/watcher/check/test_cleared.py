"""What was cleared is quiet, until what identifies the entry is another; with each database."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from alerts.options import Entity
from sources import Entry
from state.compare.changes import field_changes
from state.model import Change, ChangeKind, Clearing, Mention
from state.store import Store
from tests.watcher.conftest import Desk
from watcher.check.cleared import Judge, identifier
from watcher.check.log_limit import SingleChange

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
LISTED = Entry("17", "Ivan Petrov", {"names": "Ivan Petrov; Iwan Petrow", "birth_date": "1960-03-12", "programme": "X"})
FOUND = [Mention("petrov", "Ivan Petrov", "Ivan Petrov", field) for field in ("title", "names")]
identify = identifier(Entity(names=("Ivan Petrov",)))
CLEARED = Clearing("petrov", "list", "17", "another man", "anna", NOON, facts=identify([LISTED]), id=1)


def became(entry: Entry, mentions: Sequence[Mention] = FOUND, clearing: Clearing = CLEARED) -> tuple[list[str], str]:
    """Whom a change of the listed entry mentions, and why that ends the clearing."""
    kind = ChangeKind.CHANGED if entry.key == LISTED.key else ChangeKind.REKEYED
    return decided(Change(kind, LISTED, entry, field_changes(LISTED, entry)), mentions, clearing)


def decided(change: Change, mentions: Sequence[Mention] = FOUND, clearing: Clearing = CLEARED) -> tuple[list[str], str]:
    judge = Judge([clearing], NOON + timedelta(days=1))
    told = judge.settle(SingleChange(change, mentions))
    assert bool(told.cleared) is not bool(told.was_cleared)
    assert [each.why_ended for each in judge.outcome.values() if each.ended] == [
        each.why_ended for each in told.was_cleared
    ]
    return [mention.field for mention in told.mentions], "".join(each.why_ended or "" for each in told.was_cleared)


def other(**fields: str) -> Entry:
    return replace(LISTED, fields={**LISTED.fields, **fields})


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (other(programme="Y"), ""),
        (other(birth_date="12.03.1960"), ""),  # only written otherwise
        (other(birth_date="1957"), "birth_date changed"),
        (other(country="RU"), "country changed"),
        (other(identifiers="Passport 12"), "identifiers changed"),
        (other(names="Ivan Petrov"), "names changed"),
        (replace(LISTED, title="Ivan PETROV"), ""),
        (replace(LISTED, title="Ivan Petrov Jr"), "title changed"),
        (replace(LISTED, text="An article"), ""),
        (replace(LISTED, title="Iwan", fields={**LISTED.fields, "birth_date": ""}), "title, birth_date changed"),
    ],
)
def test_what_identifies_an_entry_ends_a_clearing_and_nothing_else(entry: Entry, why: str) -> None:
    assert became(entry) == (["title", "names"] if why else [], why)


def test_a_name_that_is_found_in_a_field_that_changed_ends_it() -> None:
    found = [*FOUND, Mention("petrov", "Ivan Petrov", "Petrov", "remarks")]
    assert became(other(remarks="Petrov"), found) == (["title", "names", "remarks"], "remarks changed")


def test_a_removal_ends_nothing_and_a_return_what_came_back_otherwise() -> None:
    assert decided(Change(ChangeKind.REMOVED, LISTED, None, field_changes(LISTED, None))) == ([], "")
    assert decided(Change(ChangeKind.REAPPEARED, LISTED, LISTED, {})) == ([], "")
    back = other(birth_date="1957")
    told = decided(Change(ChangeKind.REAPPEARED, LISTED, back, field_changes(LISTED, back)))
    assert told == (["title", "names"], "birth_date changed")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (LISTED, ""),
        (other(programme="Y"), ""),
        (other(birth_date="1957"), "birth_date changed"),
        (replace(LISTED, fields={}), "birth_date, names changed"),
    ],
)
def test_an_entry_that_comes_anew_is_compared_with_what_was_cleared(entry: Entry, why: str) -> None:
    mentions = [mention for mention in FOUND if mention.field == "title" or mention.field in entry.fields]
    assert decided(Change(ChangeKind.ADDED, None, entry, {}), mentions)[1] == why


def test_of_several_entries_of_one_key_each_is_known() -> None:
    twin = other(birth_date="1961-01-01")
    both = CLEARED._replace(facts=identify([LISTED, twin]))
    for entry, why in ((LISTED, ""), (twin, ""), (other(birth_date="1957"), "birth_date changed")):
        assert decided(Change(ChangeKind.ADDED, None, entry, {}), clearing=both)[1] == why


def test_the_title_is_the_entrys_own_also_where_a_field_is_called_so() -> None:
    assert identify([other(title="Director")])["title"] == ["Ivan Petrov"]


def test_a_long_value_is_kept_as_its_fingerprint() -> None:
    long = replace(LISTED, text="Ivan Petrov " * 1000)
    facts = identify([long])
    assert len(json.dumps(facts)) < 500
    again = CLEARED._replace(facts=facts)
    mentions = [*FOUND, Mention("petrov", "Ivan Petrov", "Ivan Petrov", "text")]
    assert decided(Change(ChangeKind.ADDED, None, long, {}), mentions, again) == ([], "")
    longer = replace(long, text=long.text + "!")
    assert decided(Change(ChangeKind.ADDED, None, longer, {}), mentions, again)[1] == "text changed"


def test_after_its_time_the_next_change_says_so_whatever_it_is() -> None:
    late = CLEARED._replace(until=NOON + timedelta(hours=1))
    assert became(other(programme="Y"), clearing=late) == (["title", "names"], "its time has passed")
    removed = Change(ChangeKind.REMOVED, LISTED, None, field_changes(LISTED, None))
    assert decided(removed, clearing=late)[1] == "its time has passed"


def test_a_clearing_goes_on_with_an_entry_that_got_another_key() -> None:
    moved, judge = replace(LISTED, key="A-17"), Judge([CLEARED], NOON)
    told = judge.settle(SingleChange(Change(ChangeKind.REKEYED, LISTED, moved, {}), FOUND))
    assert (told.mentions, told.cleared) == ([], ["petrov"])
    assert judge.outcome == {1: CLEARED._replace(key="A-17")}
    assert became(replace(moved, title="Pyotr Ivanov"))[1] == "title changed"


def test_the_mention_of_another_entity_stays() -> None:
    change = Change(ChangeKind.CHANGED, LISTED, other(programme="Y"), {})
    told = Judge([CLEARED], NOON).settle(SingleChange(change, [*FOUND, Mention("iwan", "Iwan", "Iwan", "names")]))
    assert [mention.entity for mention in told.mentions] == ["iwan"]
    assert told.cleared == ["petrov"]


# The same, with a register on loopback and the command line.

SABLE = {"name": "Sable Capital", "birth_date": "1960", "status": "listed"}
OTHERS = [{"name": f"Company {number}", "status": "listed"} for number in range(20)]


@pytest.fixture
def cleared(desk: Desk) -> Desk:
    """A register that was read once, with an entry that was cleared."""
    desk.check(SABLE, *OTHERS)
    done = desk.watch("clear", "sable", "list", "Sable Capital", "--why", "another firm")
    assert (done.code, done.out) == (0, "sable: Sable Capital (list) is cleared\n"), done.err
    return desk


def read(desk: Desk, *rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The changes that one check of the register finds, with these rows before the others."""
    found: list[dict[str, Any]] = desk.check(*map(dict, rows), *OTHERS)["changes"]
    return found


def told(desk: Desk) -> list[str]:
    return [text for text in desk.heard("desk") if not text.startswith("Watching")]


def clearings(desk: Desk) -> list[Clearing]:
    with Store.open(desk.state) as store:
        assert store.desk.find_broken_link() is None
        return store.clearings.all()


def test_a_cleared_entry_is_quiet_and_its_changes_say_so(cleared: Desk) -> None:
    (change,) = read(cleared, SABLE | {"status": "suspended"})
    assert (change["change"], change["entities"], change["cleared"]) == ("changed", [], ["sable"])
    assert "was_cleared" not in change
    (removed,) = read(cleared)
    assert (removed["change"], removed["cleared"]) == ("removed", ["sable"])
    (back,) = read(cleared, SABLE | {"status": "suspended"})
    assert (back["change"], back["cleared"]) == ("reappeared", ["sable"])
    assert told(cleared) == []
    assert "cleared: sable" in cleared.watch("log").out
    assert clearings(cleared)[0].ended is None


def test_a_rule_for_every_change_has_those_of_a_cleared_entry_which_is_about_nobody_there(cleared: Desk) -> None:
    """Who wants every change of a register is not to miss a removal because a customer was ruled out."""
    hook = cleared.site.url("").rstrip("/").replace("http", "json") + "/all"
    cleared.configure(more=f'[channels.all]\nurl = "{hook}"\n[[alerts]]\nsources = ["list"]\nto = ["all"]\n')
    cleared.site.page("/all")
    read(cleared)
    (message,) = cleared.heard("all")
    assert message.startswith("Sable Capital: removed")
    assert "sable:" not in message
    assert told(cleared) == []


def test_another_fact_ends_it_and_the_alert_says_by_whom_it_was_cleared(cleared: Desk) -> None:
    (change,) = read(cleared, SABLE | {"birth_date": "1957"})
    (was,) = change["was_cleared"]
    who, why = getpass.getuser(), "another firm"
    assert (was["entity"], was["who"], was["why"]) == ("sable", who, why)
    assert (was["because"], change["entities"]) == ("birth_date changed", ["sable"])
    (text,) = told(cleared)
    assert f"It had been cleared for sable by {who}" in text
    assert "another firm. This no longer holds: birth_date changed." in text
    logged = f"had been cleared for sable by {who} (another firm), ended: birth_date changed"
    assert logged in " ".join(cleared.watch("log").out.split())
    (ended,) = clearings(cleared)
    assert (ended.why_ended, ended.who_ended) == ("birth_date changed", None)
    assert ended.ended is not None
    read(cleared, SABLE | {"birth_date": "1957", "status": "suspended"})
    assert len(told(cleared)) == 2
    assert "had been cleared" not in told(cleared)[1]


def test_an_entry_that_comes_back_otherwise_is_told(cleared: Desk) -> None:
    read(cleared)
    (back,) = read(cleared, SABLE | {"birth_date": "1957"})
    assert back["was_cleared"][0]["because"] == "birth_date changed"
    assert len(told(cleared)) == 1


def test_its_time_passes_in_silence_and_the_next_change_says_so(desk: Desk) -> None:
    desk.check(SABLE, *OTHERS)
    until = datetime.now(UTC) + timedelta(days=1)
    desk.watch("clear", "sable", "list", "Sable Capital", "--why", "x", "--until", until.isoformat())
    with time_machine.travel(until + timedelta(hours=1)):
        assert read(desk, SABLE) == []
        assert told(desk) == []
        read(desk, SABLE | {"status": "suspended"})
    assert "This no longer holds: its time has passed." in told(desk)[0]
    assert clearings(desk)[0].why_ended == "its time has passed"


def test_an_entry_that_is_no_longer_cleared_is_told_as_any_other(cleared: Desk) -> None:
    assert cleared.watch("clear", "--end", "sable", "list", "Sable Capital").code == 0
    (change,) = read(cleared, SABLE | {"status": "suspended"})
    assert (change["entities"], "was_cleared" in change) == (["sable"], False)
    assert len(told(cleared)) == 1


def test_an_edited_source_ends_nothing(cleared: Desk) -> None:
    cleared.configure('title = "status"')
    assert read(cleared, SABLE) == []
    (change,) = read(cleared, SABLE | {"note": "x"})
    assert (change["title"], change["cleared"]) == ("listed", ["sable"])
    assert told(cleared) == []


def hold(desk: Desk, *rows: Mapping[str, Any]) -> None:
    """A check whose snapshot is not believed, as most of its entries are gone."""
    assert desk.check(*map(dict, rows), *OTHERS[:5])["status"] == "suspicious"


def test_a_held_change_of_a_cleared_entry_is_quiet_too(cleared: Desk) -> None:
    hold(cleared, SABLE | {"status": "suspended"})
    assert told(cleared) == []
    assert cleared.status()["held"]["mentions"] == {}
    assert "mentions sable" not in cleared.heard("ops")[0]


def test_a_held_change_that_would_end_it_is_told_and_ends_it_once_it_is_accepted(cleared: Desk) -> None:
    hold(cleared, SABLE | {"birth_date": "1957"})
    assert cleared.status()["held"]["mentions"] == {"sable": 1}
    (text,) = told(cleared)
    assert "This would no longer hold: birth_date changed." in text
    assert clearings(cleared)[0].ended is None
    assert cleared.watch("accept", "list", "--yes", cleared.held()).code == 0
    cleared.check()
    assert "This no longer holds: birth_date changed." in told(cleared)[-1]
    assert clearings(cleared)[0].why_ended == "birth_date changed"


def test_what_is_cleared_while_its_change_is_held_stays_quiet_when_that_is_accepted(desk: Desk) -> None:
    desk.check(SABLE, *OTHERS)
    hold(desk, SABLE | {"status": "suspended"})
    before = len(told(desk))
    desk.watch("clear", "sable", "list", "Sable Capital", "--why", "x")
    desk.watch("accept", "list", "--yes", desk.held())
    desk.check()
    assert len(told(desk)) == before
    assert clearings(desk)[0].ended is None


def move(desk: Desk, *rows: Mapping[str, Any]) -> str:
    """Read the register at another address; what the readers of the rule are told of it."""
    desk.site.page("/moved", [*rows, *OTHERS])
    file = Path("watch.toml")
    file.write_text(file.read_text("utf-8").replace("/list", "/moved"), "utf-8")
    assert desk.check()["status"] == "baseline"
    return desk.heard("desk")[-1]


def test_a_source_that_moved_sums_up_what_is_not_cleared(cleared: Desk) -> None:
    assert "No entry mentions sable." in move(cleared, SABLE)
    assert clearings(cleared)[0].ended is None


def test_a_source_that_moved_tells_of_what_is_another_there(cleared: Desk) -> None:
    text = move(cleared, SABLE | {"birth_date": "1957"})
    assert "1 already mentions sable:" in text
    assert "Entry Sable Capital had been cleared for sable by" in text
    assert "This no longer holds: birth_date changed." in text
    assert clearings(cleared)[0].why_ended == "birth_date changed"
