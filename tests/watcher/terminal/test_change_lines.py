"""Events in a few words, for lists of alerts in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from alerts.language import Language, speaking
from state.model import EventKind
from tests.storing import came
from watcher.terminal.change_lines import describe_event

ADDED = came("Acme", datetime(2025, 7, 17, tzinfo=UTC), source="list")
FAILING = replace(ADDED, kind=EventKind.HEALTH, data={"status": "failing", "message": "answered 500"})


@pytest.mark.parametrize(
    ("language", "added", "failing"),
    [
        ("en", "list: added Acme", "list: failing: answered 500"),
        ("fr", "list\u00a0: ajout\u00a0: Acme", "list\u00a0: en échec\u00a0: answered 500"),
    ],
)
def test_an_event_is_said_as_the_language_writes_it(language: Language, added: str, failing: str) -> None:
    with speaking(language):
        assert (describe_event(ADDED), describe_event(FAILING)) == (added, failing)


def test_foreign_values_keep_their_own_direction() -> None:
    with speaking("ar"):
        assert describe_event(ADDED).count("\u2068") == describe_event(ADDED).count("\u2069") > 0
        assert "\u2068Acme\u2069" in describe_event(ADDED)
