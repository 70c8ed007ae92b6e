"""Clearings: decisions and their ends, in one transaction with the record of actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sources import Entry
from state.db.limited import VisibleNames
from state.model import Clearing, Commit
from state.storage.clearings import BY_CHECK
from state.store import Store

KEYS = ("17", "18", "19")
NAMESAKE = Entry("17", "Ivan Petrov", {"birth_date": "1960-03-12"})


@pytest.fixture
def wanted(noon: datetime) -> Clearing:
    return Clearing("petrov", "list", "17", "another birth date", "anna", noon)


@pytest.fixture
def listed(desk: Any, store: Store) -> Store:
    desk.check("list", [NAMESAKE, Entry("18", "Other")])
    return store


def identify(entries: Sequence[Entry]) -> Mapping[str, Sequence[str | None]]:
    return {"title": [entry.title for entry in entries]}


def test_a_decision_is_stored_with_what_identified_the_entry_and_an_action(listed: Store, wanted: Clearing) -> None:
    cleared = listed.clearings.clear(wanted, identify)
    assert cleared
    assert cleared == wanted._replace(id=cleared.id, facts={"title": ["Ivan Petrov"]})
    assert listed.clearings.all() == listed.clearings.standing("list", KEYS) == [cleared]
    (action,) = listed.desk.actions()
    told = "petrov, entry 17 of source list: another birth date"
    assert (action.who, action.what, action.subject) == ("anna", "clear", told)
    assert listed.desk.find_broken_link() is None


def test_nothing_is_stored_about_an_entry_that_never_was(listed: Store, wanted: Clearing) -> None:
    assert listed.clearings.clear(wanted._replace(key="19"), identify) is None
    assert listed.clearings.clear(wanted._replace(source="lists"), identify) is None
    assert (listed.clearings.all(), listed.desk.actions()) == ([], [])


def test_an_entry_that_was_removed_can_be_cleared(desk: Any, listed: Store, wanted: Clearing) -> None:
    desk.check("list", [Entry("18", "Other")])
    cleared = listed.clearings.clear(wanted, identify)
    assert cleared
    assert cleared.facts == {"title": ["Ivan Petrov"]}


def test_all_present_entries_of_one_key_are_cleared_together(desk: Any, listed: Store, wanted: Clearing) -> None:
    desk.check("list", [NAMESAKE, Entry("17", "Petrov, I.")])
    cleared = listed.clearings.clear(wanted, identify)
    assert cleared
    assert sorted(cleared.facts["title"]) == ["Ivan Petrov", "Petrov, I."]


def test_a_second_decision_takes_the_place_of_the_first(listed: Store, wanted: Clearing, noon: datetime) -> None:
    listed.clearings.clear(wanted, identify)
    later = wanted._replace(why="another country", who="bob", at=noon + timedelta(days=1))
    listed.clearings.clear(later, identify)
    second, first = listed.clearings.all()
    assert (second.why, second.ended) == ("another country", None)
    assert (first.ended, first.why_ended, first.who_ended) == (later.at, "cleared again", "bob")
    assert listed.clearings.standing("list", KEYS) == [second]
    assert listed.clearings.of_keys("list", ["17", "99"]) == [first, second]


def test_a_clearing_is_ended_once(listed: Store, wanted: Clearing, noon: datetime) -> None:
    listed.clearings.clear(wanted, identify)
    assert listed.clearings.end("petrov", "list", "17", "bob", noon)
    assert not listed.clearings.end("petrov", "list", "17", "bob", noon)
    assert not listed.clearings.end("petrov", "list", "18", "bob", noon)
    (ended,) = listed.clearings.all()
    assert (ended.ended, ended.why_ended, ended.who_ended) == (noon, "ended by hand", "bob")
    assert listed.clearings.standing("list", KEYS) == listed.clearings.active(noon) == []
    assert [each.what for each in listed.desk.actions()] == ["end clearing", "clear"]


def test_one_whose_time_has_passed_no_longer_holds_and_is_still_to_be_told(
    listed: Store, wanted: Clearing, noon: datetime
) -> None:
    until = noon + timedelta(days=1)
    listed.clearings.clear(wanted._replace(until=until), identify)
    assert len(listed.clearings.active(noon)) == 1
    assert listed.clearings.active(until) == []
    assert len(listed.clearings.standing("list", KEYS)) == 1
    assert listed.clearings.count() == {"list": 1}


def test_a_check_ends_a_clearing_in_its_own_transaction(listed: Store, wanted: Clearing, noon: datetime) -> None:
    cleared = listed.clearings.clear(wanted, identify)
    assert cleared
    ended = cleared._replace(ended=noon, why_ended="birth_date changed")
    with pytest.raises(AttributeError):
        listed.commit("list", lambda state: Commit(state, clearings=[ended], validators=[None]))  # type: ignore[list-item]
    assert listed.clearings.standing("list", KEYS) == [cleared]
    listed.commit("list", lambda state: Commit(state, clearings=[ended]))
    assert listed.clearings.all() == [ended]
    action = listed.desk.actions(1)[0]
    told = "petrov, entry 17 of source list: birth_date changed"
    assert (action.who, action.what, action.subject) == (BY_CHECK, "end clearing", told)
    assert listed.desk.find_broken_link() is None


def test_a_clearing_goes_on_under_the_new_key_of_its_entry(listed: Store, wanted: Clearing) -> None:
    cleared = listed.clearings.clear(wanted, identify)
    assert cleared
    moved = cleared._replace(key="A-17")
    listed.commit("list", lambda state: Commit(state, clearings=[moved]))
    assert listed.clearings.all() == [moved]
    assert len(listed.desk.actions()) == 1


def test_what_somebody_has_ended_a_check_does_not_end_again(listed: Store, wanted: Clearing, noon: datetime) -> None:
    cleared = listed.clearings.clear(wanted, identify)
    assert cleared
    listed.clearings.end("petrov", "list", "17", "bob", noon)
    late = cleared._replace(ended=noon + timedelta(days=1), why_ended="title changed")
    listed.commit("list", lambda state: Commit(state, clearings=[late]))
    assert [each.why_ended for each in listed.clearings.all()] == ["ended by hand"]
    assert [each.what for each in listed.desk.actions()] == ["end clearing", "clear"]


def test_a_renamed_source_keeps_its_clearings(listed: Store, wanted: Clearing) -> None:
    listed.commit("list", lambda state: Commit(replace(state, revision=state.revision + 1)))
    listed.clearings.clear(wanted, identify)
    assert listed.adopt("register", ["list"]) == "list"
    assert [each.source for each in listed.clearings.all()] == ["register"]
    assert listed.clearings.standing("list", KEYS) == []


def test_a_secret_in_an_entry_is_not_kept(desk: Any, url: str, wanted: Clearing) -> None:
    with Store.open(url, hide=lambda text: text.replace("hunter2", "${TOKEN}")) as store:
        desk.check("list", [NAMESAKE])
        store.clearings.clear(wanted, lambda _: {"title": ["about hunter2"]})
        assert store.clearings.all()[0].facts == {"title": ["about ${TOKEN}"]}


def test_a_limited_reader_sees_what_was_cleared_of_his_sources_and_entities(listed: Store, wanted: Clearing) -> None:
    listed.clearings.clear(wanted, identify)
    for names, number in (
        (VisibleNames(("list",)), 1),
        (VisibleNames(("list",), ("petrov",)), 1),
        (VisibleNames(("list",), ("other",)), 0),
        (VisibleNames(("lists",)), 0),
    ):
        assert len(listed.limited(names).clearings.all()) == number
