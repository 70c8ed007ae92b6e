"""Which place on a screenshot shows a change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sources.model.transcript import Place
from state.evidence.records import mark_changes
from state.model import Event, EventKind

NOW = datetime(2025, 7, 16, tzinfo=UTC)
CELL, ROW, OTHER = (
    Place(0, 40, 100, 20, "Telegram"),
    Place(0, 40, 500, 20, "7 Telegram active"),
    Place(0, 20, 500, 20, "7 MAX active"),
)
TABLE = Place(0, 0, 500, 60, "7 MAX active 7 Telegram active")
PLACES = (TABLE, OTHER, ROW, CELL)


def change(change: str = "changed", title: str = "Telegram", **entry: str) -> Event:
    data: dict[str, Any] = {"change": change, "key": "7", "title": title, "entry": entry}
    return Event(EventKind.CHANGE, "it", "It", "record", NOW, NOW, data, id=3)


def test_the_row_with_most_of_the_values_is_marked_and_not_what_is_around_it() -> None:
    assert mark_changes(PLACES, [change(name="Telegram", status="active")]) == {"3": [0, 40, 500, 20]}


def test_where_no_place_has_the_title_nothing_is_marked() -> None:
    assert mark_changes(PLACES, [change(title="VK", status="active")]) == {}


def test_spaces_of_another_kind_are_the_same() -> None:
    assert mark_changes(PLACES, [change(title="7\u00a0Telegram\n active")]) == {"3": [0, 40, 500, 20]}


@pytest.mark.parametrize("event", [change("removed"), Event(EventKind.TEST, "it", "It", "record", NOW, NOW, {})])
def test_what_is_not_on_the_page_is_not_marked(event: Event) -> None:
    assert mark_changes(PLACES, [event]) == {}
