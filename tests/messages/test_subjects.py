"""The table of subjects: who, what, where, how many more; the news in the first 45 characters, no address in any."""

from __future__ import annotations

import re

import pytest

from alerts.message.citations import Background
from alerts.message.compose import compose
from tests.messages.cases import LONDON, PLACES
from tests.messages.subjects import Subject, subjects

TABLE = subjects()


def test_the_table_has_at_least_25_events() -> None:
    assert len({row.what for row in TABLE}) == len(TABLE) >= 25


@pytest.mark.parametrize("row", TABLE, ids=[row.what for row in TABLE])
def test_a_subject(row: Subject) -> None:
    known = Background(places=PLACES)
    made = compose(
        row.events, timezone=LONDON, body_limit=32_768, title_limit=250, known=known, recipient=row.recipient
    )
    assert made.title == row.subject
    assert len(made.title) <= 78
    assert not re.search(r"://|www\.", made.title)


@pytest.mark.parametrize("row", TABLE, ids=[row.what for row in TABLE])
def test_whom_one_watches_stands_in_the_first_45_characters(row: Subject) -> None:
    if any(event.mentions and "change" in event.data for event in row.events):
        assert "Sable Capital" in row.subject[:45]
