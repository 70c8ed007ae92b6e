"""The bodies that are posted to programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from alerts.event.change_json import ChangeJson, change_json
from alerts.event.webhook_body import CUT, MOST_BODY, changes_body, notice_body
from state.model import Event, EventKind, Marks
from tests.alerts.conftest import SEEN


def body(*events: Event, related: Any = lambda _: (), hide: Any = str) -> Any:
    return json.loads(changes_body(events, "https://watch.test", related, hide, {}))


def test_one_change_is_its_object_in_an_envelope(change: Any) -> None:
    event = change(fields={"branch": ("a", "b")})
    assert body(event) == {
        "type": "change",
        "timestamp": SEEN.isoformat(),
        "data": change_json(event, "https://watch.test", []),
    }


def test_several_changes_are_a_list(change: Any) -> None:
    told = body(change(title="one"), change(title="two"))
    assert (told["type"], [each["title"] for each in told["data"]]) == ("changes", ["one", "two"])


def test_what_a_change_cites_goes_along(change: Any) -> None:
    (cited,) = body(change(id=2), related=lambda _: [change(id=1)])["data"]["related"]
    assert (cited["id"], cited["link"]) == (1, "https://watch.test/changes/1")


def test_a_secret_is_taken_out_of_values_and_what_is_left_is_json(change: Any) -> None:
    secret = '","'
    told = body(change(title=f"a{secret}b"), hide=lambda text: text.replace(secret, "${TOKEN}"))
    assert told["data"]["title"] == "a${TOKEN}b"


@pytest.mark.parametrize(("fields", "length"), [(10, 100_000), (100_000, 10), (2_000, 3_000)])
def test_a_body_has_a_bound_and_still_fits_the_schema(change: Any, fields: int, length: int) -> None:
    event = change("added", entry={f"field {number}": "x" * length for number in range(fields)})
    text = changes_body([event, event], None, lambda _: (), str, {})
    assert len(text) <= MOST_BODY * 1.01
    for each in json.loads(text)["data"]:
        assert TypeAdapter(ChangeJson).validate_python(each, strict=True)
        assert length < 10_000 or each["after"]["field 1"].endswith(CUT)


def test_the_difference_in_a_body_has_no_secret_and_gives_the_values_beside_it(change: Any) -> None:
    before = "The key is s3cr3t-17 until the end of the month, as the office of the register says on its page."
    event = change(fields={"text": (before, before.replace("s3cr3t-17", "s3cr3t-18"))})
    sides = body(event, hide=lambda text: text.replace("s3cr3t-17", "${KEY}"))["data"]["changed"]["text"]
    assert "".join(text for sign, text in sides["diff"] if sign != "+") == sides["before"]
    assert ["-", "${KEY}"] in sides["diff"]


def test_of_a_body_that_is_too_large_the_differences_go_first(change: Any) -> None:
    long = "word " * 30_000
    event = change(fields={"text": (long + "before", long + "after"), "diff": ("a field of this", "name")})
    sides = body(event, event)["data"][0]["changed"]
    assert ("diff" in sides["text"], sides["diff"]["after"]) == (False, "name")


def test_a_failing_source_is_a_notice() -> None:
    data = {"status": "failing", "reason": "http_404", "message": "gone", "since": SEEN.isoformat(), "mentioned": []}
    event = Event(EventKind.HEALTH, "fca", "FCA", "record", SEEN, None, data, id=7)
    told = json.loads(notice_body(event, "FAILING: FCA", "It cannot be read.", str))
    assert (told["type"], told["data"]["source"], told["data"]["reason"]) == ("health", "fca", "http_404")
    assert (told["data"]["title"], told["data"]["text"]) == ("FAILING: FCA", "It cannot be read.")


def test_what_machines_translated_goes_along_and_is_cut_with_the_rest(change: Any) -> None:
    told = {"title": "Revoked", "fields": {}, "text": None, "engine": "E"}
    event = change("added", entry={"text": "x" * 2 * MOST_BODY})
    marks = {event.id: Marks(translations={"en": told, "de": {**told, "text": "y" * 2 * MOST_BODY}})}
    text = changes_body([event], None, lambda _: (), lambda value: value.replace("Revoked", "${KEY}"), marks)
    made = json.loads(text)["data"]["translations"]
    assert len(text) <= MOST_BODY
    assert made["en"] == {**told, "title": "${KEY}"}
    assert made["de"]["text"].endswith(CUT)
