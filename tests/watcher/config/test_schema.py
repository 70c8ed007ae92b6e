from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from sources.loader import kinds
from watcher.config.schema import schema

# every table and key that the documentation shows in its example
EXAMPLE = """
state = "sqlite:///state.db"
timezone = "UTC"
include = ["sources.d/*.toml"]
[http]
user_agent = "registry-watch (+mailto:desk@example.org)"
private_addresses = "refuse"
per_host = 2
spacing = "1s"
[entities.max]
names = ["MAX", "Max"]
context = ["VK"]
not = ["Max Verstappen", "Pro Max"]
[sources.rkn-landing]
kind = "rkn_landing"
every = "1m"
label = "236-FZ"
was = ["landing"]
max_lost = "30 %"
[sources.tass]
kind = "feed"
url = "https://tass.ru/rss/v2.xml"
authority = "report"
[sources.durov]
kind = "telegram"
channel = "durov"
timeout = "10s"
headers = { Accept = "text/html" }
[channels.desk]
url = "ntfys://topic"
give_up = "1d"
[[alerts]]
entities = ["max"]
sources = ["*"]
changes = ["added", "changed", "removed", "reappeared"]
authority = "record"
fields = ["branch"]
to = ["desk"]
[[alerts]]
health = true
to = ["desk"]
"""


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return schema(kinds())


def resolved(whole: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    return whole["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def source_table(whole: dict[str, Any], kind: str) -> dict[str, Any]:
    choices = [resolved(whole, choice) for choice in whole["properties"]["sources"]["additionalProperties"]["oneOf"]]
    [table] = [choice for choice in choices if choice["properties"]["kind"]["const"] == kind]
    return table


def test_every_key_of_the_example_is_in_the_schema(whole: dict[str, Any]) -> None:
    example = tomllib.loads(EXAMPLE)
    properties = whole["properties"]
    assert example.keys() <= properties.keys()
    assert example["http"].keys() <= properties["http"]["properties"].keys()
    for source in example["sources"].values():
        assert source.keys() <= source_table(whole, source["kind"])["properties"].keys()
    for table, items in (("channels", "channel"), ("entities", "entity")):
        for item in example[table].values():
            assert item.keys() <= whole["$defs"][items]["properties"].keys()
    for rule in example["alerts"]:
        assert rule.keys() <= resolved(whole, properties["alerts"]["items"])["properties"].keys()


def test_unknown_keys_are_refused_everywhere(whole: dict[str, Any]) -> None:
    tables = [whole, whole["properties"]["http"]]
    tables += [value for name, value in whole["$defs"].items() if not name.startswith("option.")]
    assert all(table["additionalProperties"] is False for table in tables)


def test_every_kind_is_a_choice_with_its_required_options(whole: dict[str, Any]) -> None:
    choices = whole["properties"]["sources"]["additionalProperties"]["oneOf"]
    assert [choice["$ref"] for choice in choices] == [f"#/$defs/kind.{name}" for name in sorted(kinds())]
    assert source_table(whole, "telegram")["required"] == ["kind", "channel"]
    assert source_table(whole, "rkn_landing")["required"] == ["kind"]


def test_a_duration_is_a_text_and_its_default_too(whole: dict[str, Any]) -> None:
    spacing = whole["properties"]["http"]["properties"]["spacing"]
    assert (spacing["type"], spacing["default"]) == ("string", "1s")
    every = resolved(whole, source_table(whole, "feed")["properties"]["every"])
    assert (every["type"], every["default"]) == ("string", "15m")


def test_options_are_described_and_names_are_those_of_the_file(whole: dict[str, Any]) -> None:
    options = source_table(whole, "feed")["properties"]
    assert all(resolved(whole, option).get("description") for option in options.values())
    assert "not" in whole["$defs"]["entity"]["properties"]
    assert "not_" not in json.dumps(whole["$defs"]["entity"])


def test_every_reference_leads_somewhere(whole: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [ref for value in part.values() for ref in references(value)]
        return [ref for value in part for ref in references(value)] if isinstance(part, list) else []

    found = references(whole)
    assert found
    assert {ref.removeprefix("#/$defs/") for ref in found} <= whole["$defs"].keys()


def test_the_command_prints_it(watch: Callable[..., Any], whole: dict[str, Any]) -> None:
    ran = watch("schema")
    assert ran.code == 0
    assert json.loads(ran.out) == whole
    assert json.loads(ran.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
