"""Numbers and times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from state.model import Event, EventKind
from watcher.terminal.words import change_line, field_lines, moment

NOON = datetime(2025, 7, 14, 12, 0, 5, tzinfo=UTC)


def test_the_log_says_of_a_line_that_it_was_moved() -> None:
    fields = {"text": {"before": "Fees: 1.\nTerms.\nScope.", "after": "Terms.\nScope, new.\nFees: 1."}}
    lines = field_lines({"change": "changed", "title": "Rules", "fields": fields})
    assert lines == ["text:", "- Scope.", "+ Scope, new.", "moved in the text: Fees: 1."]


def test_in_one_line_a_text_stands_behind_its_name() -> None:
    fields = {"text": {"before": "Terms.\nScope.", "after": "Terms.\nScope, new."}, "b": {"before": "1", "after": "2"}}
    data = {"change": "changed", "title": "Rules", "fields": fields}
    event = Event(EventKind.CHANGE, "a", "A", "record", NOON, None, data)
    assert change_line(event) == "changed Rules: text: - Scope.; + Scope, new.; b: 1 → 2"


def test_two_times_in_one_minute_are_told_to_the_second() -> None:
    soon, later = NOON + timedelta(seconds=20), NOON + timedelta(minutes=1)
    assert moment(NOON, UTC, soon) == "2025-07-14 12:00:05"
    assert {moment(NOON, UTC, beside) for beside in (None, NOON, later)} == {"2025-07-14 12:00"}
