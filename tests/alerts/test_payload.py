"""The bodies that are posted to programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from alerts.event.change_json import ChangeJson, change_json
from alerts.event.payload import CUT, MOST_BODY, changes_body, notice_body
from state.model import Event, EventKind
from tests.alerts.conftest import SEEN


def body(*events: Event, related: Any = lambda _: (), hide: Any = str) -> Any:
    return json.loads(changes_body(events, "https://watch.test", related, hide))


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
    text = changes_body([event, event], None, lambda _: (), str)
    assert len(text) <= MOST_BODY * 1.01
    for each in json.loads(text)["data"]:
        assert TypeAdapter(ChangeJson).validate_python(each, strict=True)
        assert length < 10_000 or each["after"]["field 1"].endswith(CUT)


def test_a_failing_source_is_a_notice() -> None:
    data = {"status": "failing", "reason": "http_404", "message": "gone", "since": SEEN.isoformat(), "mentioned": []}
    event = Event(EventKind.HEALTH, "fca", "FCA", "record", SEEN, None, data, id=7)
    told = json.loads(notice_body(event, "FAILING: FCA", "It cannot be read.", str))
    assert (told["type"], told["data"]["source"], told["data"]["reason"]) == ("health", "fca", "http_404")
    assert (told["data"]["title"], told["data"]["text"]) == ("FAILING: FCA", "It cannot be read.")
