"""The entries that the summary of a first snapshot keeps."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from alerts.message.lines import source_line
from sources import Entry
from sources.loader import kinds
from state.model import Change, ChangeKind, Difference, Event, FieldChange, Mention, SourceState
from watcher.check.event_factory import MOST_STANDING, EventFactory
from watcher.check.log_limit import SingleChange
from watcher.check.outcome import Accepted, Mentioning

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)


def baseline(*entities: str) -> Event:
    """The summary of a register in which each entry mentions one entity."""
    mentioning = [
        Mentioning(Entry(number, f"row {number}", published=NOON), [Mention(entity, entity, entity, "title")])
        for number, entity in enumerate(entities)
    ]
    difference = Difference((), (), {}, {}, b"", len(entities), ())
    source = kinds()["table"](url="https://register.example/", key="No")
    return EventFactory("licences", source, NOON, None).baseline(
        Accepted(difference, (), baseline=True, mentioning=mentioning), SourceState("licences")
    )


def test_an_entity_whose_entry_comes_after_a_thousand_others_is_not_forgotten() -> None:
    event = baseline(*["quillon"] * 1000, "brightwater")
    assert event.entities == ["quillon", "brightwater"]
    assert event.data["mentioned"][1]["title"] == "row 1000"
    assert (len(event.data["mentioned"]), event.data["mentioning"]) == (MOST_STANDING, 1001)
    assert sum(number for _, number in event.data["whom"]) == 1001


def test_a_few_entries_are_kept_in_their_order_with_what_they_are_found_again_by() -> None:
    event = baseline("quillon", "quillon", "brightwater")
    assert [item["key"] for item in event.data["mentioned"]] == ["0", "1", "2"]
    assert event.data["mentioned"][0]["published"] == "2025-03-03T12:00:00+00:00"


def test_an_event_of_many_long_values_keeps_the_beginning_of_each() -> None:
    """300 fields of 99,000 characters made an event of 90 MB, and three of them an answer of the desk without end."""
    before, after = (Entry("1", "one", {f"field {at}": letter * 99_000 for at in range(300)}) for letter in "ab")
    fields = {name: FieldChange(before.fields[name], after.fields[name]) for name in after.fields}
    source = kinds()["table"](url="https://register.example/", key="No")
    event = EventFactory("licences", source, NOON, None).change(
        SingleChange(Change(ChangeKind.CHANGED, before, after, fields), ())
    )
    assert len(json.dumps(event.data)) < 10_000_000
    assert event.data["fields"]["field 299"]["after"].startswith("bbb")
    assert set(event.data["fields"]) == set(fields)


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("eu_sanctions", {}, "the authority itself"),
        ("opensanctions", {}, "republished by others, not the authority itself"),
        ("us_csl", {}, "republished by others, not the authority itself"),
        ("courtlistener", {"search": "x"}, "republished by others, not the authority itself"),
        ("rkn_blocklist", {}, "republished by others, not the authority itself"),
        ("opensanctions", {"authority": "report"}, "press report"),
    ],
)
def test_whose_word_it_is_that_others_publish(kind: str, options: dict[str, str], words: str) -> None:
    came = SingleChange(Change(ChangeKind.ADDED, None, Entry("1", "one"), {}), ())
    event = EventFactory("list", kinds()[kind].model_validate(options), NOON, None).change(came)
    assert source_line(event, named=False).text == words
