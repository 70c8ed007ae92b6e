"""Which changes in a message are of one entry, and which of them are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from alerts.grouping import find_common_case, group_by_entry, group_by_message, lead_first, split_repetitions
from state.model import Delivery, DeliveryState, Event, EventKind


class _Counted(dict[str, Any]):
    """The data of an event, which counts how often it is looked at."""

    looks = 0

    def __getitem__(self, name: str) -> Any:
        self.looks += 1
        return super().__getitem__(name)


def test_a_change_that_comes_again_is_told_once(change: Callable[..., Event]) -> None:
    there, back = change(fields={"Status": ("a", "b")}, id=1), change(fields={"Status": ("b", "a")}, id=2)
    again = change(fields={"Status": ("a", "b")}, id=3)
    assert split_repetitions([there, back, again]) == ([there, back], [again])


def test_reminders_are_together_and_what_has_to_be_approved_is_apart(change: Callable[..., Event]) -> None:
    kinds = [EventKind.REMINDER, EventKind.APPROVAL, EventKind.CHANGE, EventKind.APPROVAL, EventKind.REMINDER]
    events = [replace(change(id=number), kind=kind) for number, kind in enumerate(kinds)]
    deliveries = [Delivery(each.id, each, "desk", DeliveryState.PENDING, each.at, each.at) for each in events]
    assert [[each.id for each in group] for group in group_by_message(deliveries)] == [[0, 4], [1], [2], [3]]


def test_a_title_presents_what_overtook_the_first_change(change: Callable[..., Event]) -> None:
    first, back = change(fields={"Status": ("a", "b")}, id=1), change(fields={"Status": ("b", "a")}, id=2)
    other, elsewhere = (
        change(fields={"Address": ("c", "d")}, id=3),
        change(fields={"Status": ("e", "f")}, id=4, key="k"),
    )
    assert lead_first([first, back, other, elsewhere]) == [back, first, other, elsewhere]
    assert lead_first([first, other, elsewhere]) == [first, other, elsewhere]
    gone = change("removed", id=5)
    assert lead_first([first, other, gone])[0] == gone


def test_changes_stand_in_the_order_in_which_they_were_seen_whatever_the_clock_said(
    change: Callable[..., Event],
) -> None:
    first, then = change(fields={"Status": ("a", "b")}, id=1), change(fields={"Status": ("b", "c")}, id=2)
    earlier = replace(then, at=first.at - timedelta(hours=1))
    assert group_by_entry([earlier, first]) == [[first, earlier]]


def test_each_of_many_changes_of_an_entry_is_looked_at_once(change: Callable[..., Event]) -> None:
    made = (change(fields={"Status": (str(number), str(number + 1))}, id=number) for number in range(1, 301))
    events = [replace(each, data=_Counted(each.data)) for each in made]
    told, again = split_repetitions(events)
    assert (told, again) == (events, [])
    assert {each.data.looks for each in events} == {2}  # at what changed, and at its fields


def test_a_summary_is_no_change_of_the_entry_whose_key_it_has(change: Callable[..., Event]) -> None:
    first, summary, later = change(id=1), change(id=2), change(id=3)
    summary = replace(summary, data={**summary.data, "more": {"count": 7, "fields": ["Status"]}})
    assert first.data["key"] == summary.data["key"] == later.data["key"]
    assert group_by_entry([first, summary, later]) == [[first, later], [summary]]
    assert find_common_case([summary])[1] == []
