"""The JSON of a change."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from alerts.event.change_json import ChangeJson, change_json, event_schema
from alerts.language import speaking
from state.model import Event, EventKind, Marks, Mention, Proof
from watcher.cli import main

AT = datetime(2025, 7, 14, 12, tzinfo=UTC)
SIDES = {"Status": {"before": "Active", "after": "Revoked"}, "Note": {"before": None, "after": "new"}}


def event(change: str = "changed", **data: Any) -> Event:
    about = {"change": change, "key": "7", "title": "Sable", "url": None, "published": None, "fields": SIDES}
    entry = {"entry": {"Status": "Revoked", "Note": "new", "Town": "Riga"}}
    mentions = [Mention("sable", "Sable", "Sable", "title")]
    return Event(EventKind.CHANGE, "fca", "FCA", "record", AT, None, about | entry | data, mentions, 17, Proof(3, "ab"))


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ("changed", {"Status": "Active", "Town": "Riga"}, {"Status": "Revoked", "Note": "new", "Town": "Riga"}),
        ("added", None, {"Status": "Revoked", "Note": "new", "Town": "Riga"}),
        ("removed", {"Status": "Revoked", "Note": "new", "Town": "Riga"}, None),
    ],
)
def test_both_sides_of_a_change_are_whole(change: str, before: object, after: object) -> None:
    made = change_json(event(change))
    assert (made["before"], made["after"]) == (before, after)


def test_a_change_fits_its_schema() -> None:
    more = {"count": 2, "titles": ["One"], "fields": ["Status"]}
    told = {"title": "Sable", "fields": {"Status": {"before": "aktiv", "after": None}}, "text": None, "engine": "E"}
    said = {language: {"text": f"It rises ({language}).", "engine": "E"} for language in ("de", "fr")}
    marks = Marks(translations={"de": told}, summaries=said)
    for made in (change_json(event()), change_json(event(more=more), "https://watch.test", [event()], marks)):
        assert TypeAdapter(ChangeJson).validate_python(made, strict=True) == made
        assert set(made) - {"more", "translations", "summary"} == set(event_schema()["required"])
    assert (made["translations"], made["summary"]) == ({"de": told}, said["de"])
    with speaking("fr"):
        assert change_json(event(), marks=marks)["summary"] == said["fr"]


def test_a_change_links_to_its_page_where_there_is_a_desk() -> None:
    assert change_json(event())["link"] is None
    assert change_json(event(), "https://watch.test")["link"] == "https://watch.test/changes/17"


def test_a_program_gets_the_address_of_the_register_unless_nobody_could_open_it() -> None:
    assert change_json(event())["register"] is None
    assert change_json(event(register="https://fca.example/list"))["register"] == "https://fca.example/list"
    assert change_json(event(register="https://fca.example/list?key=${KEY}"))["register"] is None


def test_a_program_gets_the_text_of_an_article() -> None:
    made = change_json(event("added", text="The licence is gone."))
    assert made["text"] == "The licence is gone."
    assert TypeAdapter(ChangeJson).validate_python(made, strict=True) == made


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--event"]) == 0
    assert json.loads(capsys.readouterr().out) == event_schema()


STATEMENT = "The authority supervises payment firms in the country, and keeps the register of all that hold a licence."


def test_a_long_value_has_its_difference_by_words() -> None:
    sides = {"before": STATEMENT, "after": STATEMENT.replace("firms", "institutions")}
    made = change_json(
        event(fields={"text": sides, "Status": SIDES["Status"], "Note": {"before": None, "after": "x" * 90}})
    )
    diff = made["changed"]["text"]["diff"]
    assert [each for each in diff if each[0] != "="] == [["-", "firms"], ["+", "institutions"]]
    assert "".join(text for sign, text in diff if sign != "+") == sides["before"]
    assert "".join(text for sign, text in diff if sign != "-") == sides["after"]
    assert made["fields"] == made["changed"]
    assert not [name for name in ("Status", "Note") if "diff" in made["changed"][name]]
    assert TypeAdapter(ChangeJson).validate_python(json.loads(json.dumps(made)), strict=True)


def test_a_mention_says_whether_the_name_stands_in_what_is_new() -> None:
    sides = {"Owner": {"before": "Sable", "after": "Onyx"}, "Note": {"before": "Sable", "after": "Sable, then Sable"}}
    found = [Mention("sable", "Sable", "Sable", field) for field in ("title", "Owner", "Note", "Town")]
    for change, new in (("changed", [False, False, True, False]), ("added", [True] * 4)):
        made = change_json(replace(event(change, fields=sides), mentions=found))
        assert [each["new"] for each in made["mentions"]] == new
