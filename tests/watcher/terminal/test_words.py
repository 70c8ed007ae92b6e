"""Numbers and times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from watcher.terminal.words import field_lines, moment

NOON = datetime(2025, 7, 14, 12, 0, 5, tzinfo=UTC)


def test_the_log_says_of_a_line_that_it_was_moved() -> None:
    fields = {"text": {"before": "Fees: 1.\nTerms.\nScope.", "after": "Terms.\nScope, new.\nFees: 1."}}
    lines = field_lines({"change": "changed", "title": "Rules", "fields": fields})
    assert lines == ["text:", "- Scope.", "+ Scope, new.", "moved in the text: Fees: 1."]


def test_two_times_in_one_minute_are_told_to_the_second() -> None:
    soon, later = NOON + timedelta(seconds=20), NOON + timedelta(minutes=1)
    assert moment(NOON, UTC, soon) == "2025-07-14 12:00:05"
    assert {moment(NOON, UTC, beside) for beside in (None, NOON, later)} == {"2025-07-14 12:00"}
