"""Any table becomes a form, and a form the table that was filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from alerts.channel import Channel
from alerts.options import AlertRule, Entity
from sources.loader import kinds
from watcher.config.schema import table_schema
from watcher.web.forms import FormField, FormModel, read_form

KINDS = sorted(kinds().items())
MODELS = [*KINDS, ("channel", Channel), ("entity", Entity), ("rule", AlertRule)]


def sent(fields: Sequence[FormField]) -> dict[str, list[str]]:
    """What a browser sends of a form in which nobody has changed anything."""
    return dict(_sent(fields))


def _sent(fields: Sequence[FormField]) -> Iterator[tuple[str, list[str]]]:
    for field in fields:
        if field.control in {"table", "rows"}:
            yield from _sent(field.fields)
        else:  # a browser ends lines in its own way
            chosen = list(field.chosen) if field.control == "boxes" else [field.text.replace("\n", "\r\n")]
            yield field.name, chosen


def without_null(value: Any) -> Any:
    """A value as TOML has it."""
    held = isinstance(value, dict)
    return {key: without_null(each) for key, each in value.items() if each is not None} if held else value


def field_of(model: FormModel, table: Mapping[str, Any], name: str) -> FormField:
    fields = model.fields(table)
    for part in range(1, name.count(".") + 2):
        found = next(each for each in fields if each.name == ".".join(name.split(".")[:part]))
        fields = list(found.fields)
    return found


@pytest.mark.parametrize("model", [model for _, model in MODELS], ids=[name for name, _ in MODELS])
def test_a_form_that_nobody_changed_gives_back_the_table(model: Any) -> None:
    schema = table_schema(model)
    properties = schema["properties"].items()
    table = without_null({key: spec["default"] for key, spec in properties if "default" in spec})
    assert len(FormModel(schema).fields(table)) == len(schema["properties"])
    assert read_form(schema, sent(FormModel(schema).fields(table)), table) == table
    assert read_form(schema, sent(FormModel(schema).fields({})), {}) == {}


@pytest.mark.parametrize(
    ("model", "table"),
    [
        ("xlsx", {"sheet": "2024"}),
        ("xlsx", {"sheet": 2024}),
        ("csv", {"quote": "", "key": "x", "columns": ["a", " b "], "max_bytes": 12, "enabled": False}),
        ("csv", {"steps": [{"click": "a", "until": "x"}, {"fill": "b", "text": "12"}]}),
        ("csv", {"expect": {"filled": {"a": "95 %", "b": 3}}, "headers": {"A": "b", "C": "d = e"}}),
        ("csv", {"body": {"a": [1, None]}, "headers": {"X": "two\nlines"}}),
        ("table", {"link": False, "key": ["a", "b"]}),
        ("entity", {"names": ["[a]"], "identifiers": {"inn": ["1", "2"]}, "not": []}),
        ("rule", {"authority": "record", "to": ["c"], "escalate": {"after": "1h", "to": ["q"]}}),
        ("channel", {"text": "\n  a\n\n b ", "secret": "********"}),
    ],
)
def test_a_value_stays_what_it_was(model: str, table: dict[str, Any]) -> None:
    schema = table_schema(dict(MODELS)[model])
    assert read_form(schema, sent(FormModel(schema).fields(table)), table) == table


def test_what_is_typed_has_the_type_of_its_option() -> None:
    schema = table_schema(dict(KINDS)["csv"])
    given = {
        "max_bytes": ["12"],
        "max_lost": ["30 %"],
        "max_new": ["30"],
        "enabled": ["false"],
        "ignore": ["a\r\n\r\n b "],
        "key": ["No"],
        "headers": ["Accept = text/csv"],
        "expect.filled": ["Name = 95 %\r\nNo = 3"],
        "steps.3.click": ["#more"],
        "steps.9.click": [""],
        "steps.x.click": ["x"],
        "body": ['{"a": 1}'],
        "label": [" Firms "],
        "url": [""],
    }
    assert read_form(schema, given, {}) == {
        "max_bytes": 12,
        "max_lost": "30 %",
        "max_new": 30,
        "enabled": False,
        "ignore": ["a", "b"],
        "key": "No",
        "headers": {"Accept": "text/csv"},
        "expect": {"filled": {"Name": "95 %", "No": 3}},
        "steps": [{"click": "#more"}],
        "body": {"a": 1},
        "label": "Firms",
    }


def test_what_cannot_be_understood_stays_as_it_was_typed() -> None:
    schema = table_schema(dict(KINDS)["csv"])
    given = {"max_bytes": ["many"], "headers": ["no sign"], "body": ["{" * 100_000], "max_lost": ["x"]}
    assert read_form(schema, given, {}) == {key: text for key, (text,) in given.items()}
    shown = {field.name: field.text for field in FormModel(schema).fields(read_form(schema, given, {}))}
    assert {key: [shown[key]] for key in given} == given


def test_a_problem_stands_beside_its_field() -> None:
    problems = {("to",): ["is missing"], ("escalate", "after"): ["is no duration"], ("changes", 1): ["is none"]}
    model = FormModel(table_schema(AlertRule), problems=problems)
    assert field_of(model, {}, "to").problems == ["is missing"]
    assert field_of(model, {}, "changes").problems == ["is none"]
    assert field_of(model, {}, "escalate.after").problems == ["is no duration"]
    assert field_of(model, {}, "escalate").problems == []
    assert field_of(model, {}, "escalate").first
    assert not field_of(model, {}, "digest").first


def test_names_are_offered_where_an_option_names_another_object() -> None:
    model = FormModel(table_schema(AlertRule), known={"channel-name": ["chat", "mail"]})
    to = field_of(model, {"to": ["gone", "mail"]}, "to")
    assert (to.control, list(to.choices), to.chosen) == ("boxes", ["chat", "mail", "gone"], ["gone", "mail"])
    group = field_of(FormModel(table_schema(dict(KINDS)["csv"]), known={"group-name": ["slow"]}), {}, "group")
    assert (group.control, list(group.choices)) == ("choice", ["", "slow"])
    many = FormModel(model.schema, known={"channel-name": list(map(str, range(1000)))})
    assert field_of(many, {"to": ["7", "8"]}, "to").text == "7\n8"


def test_a_field_says_what_counts_where_it_is_empty() -> None:
    schema = table_schema(dict(KINDS)["csv"])
    assert field_of(FormModel(schema), {}, "every").help.endswith("Default: 15m.")
    assert field_of(FormModel(schema, inherited={"every": "1h"}), {}, "every").help.endswith("Its group: 1h.")
    assert field_of(FormModel(schema), {"min_entries": 0}, "min_entries").text == "0"
    assert field_of(FormModel(schema), {}, "enabled").help.endswith("Default: yes.")
