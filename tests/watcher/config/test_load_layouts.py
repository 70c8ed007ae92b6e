"""`[[sources.NAME.before]]`: how pages of earlier times are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from sources.kinds.csv import Csv
from sources.kinds.table import Table
from state.compare.reader_fingerprints import reading_fingerprint
from state.storage.objects import Edit
from tests.watcher.config.conftest import Desk
from watcher.config.edit import RefusedEdit
from watcher.config.exchange import read_objects, write_objects
from watcher.config.load import load
from watcher.config.schema import object_schema
from watcher.web.forms import FormModel, read_form

Configure = Callable[..., Path]
REGISTER = """
[sources.register]
kind = "csv"
url = "https://register.example/list.csv"
key = "No"
min_entries = 5
"""
LAYOUTS = """
[[sources.register.before]]
until = 2021-06-01
key = "Number"
[[sources.register.before]]
until = "2019-03-01T12:00"
kind = "table"
key = ["Nr", "Jahr"]
"""


def test_a_layout_has_the_options_of_today_with_its_own_in_their_place(configure: Configure) -> None:
    config = load(configure(f'timezone = "Europe/Moscow"\n{REGISTER}{LAYOUTS}'))
    first, second = config.layouts["register"]
    assert first.until == datetime(2019, 3, 1, 9, tzinfo=UTC)
    assert isinstance(first.source, Table)
    assert (first.source.key, first.source.url) == (("Nr", "Jahr"), "https://register.example/list.csv")
    assert second.until == datetime(2021, 5, 31, 21, tzinfo=UTC)
    assert isinstance(second.source, Csv)
    assert (second.source.key, second.source.min_entries) == (("Number",), 5)


def test_it_does_not_change_how_the_source_itself_is_read(configure: Configure) -> None:
    plain, with_layouts = (load(configure(text)).sources["register"] for text in (REGISTER, REGISTER + LAYOUTS))
    assert plain == with_layouts
    assert reading_fingerprint(plain) == reading_fingerprint(with_layouts)


def test_a_group_has_the_layouts_of_its_members(configure: Configure) -> None:
    group = '[groups.old]\n[[groups.old.before]]\nuntil = 2020-01-01\nkey = "Number"\n'
    config = load(configure(f'{group}{REGISTER}group = "old"\n'))
    assert [each.source.key for each in config.layouts["register"]] == [("Number",)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[[sources.register.before]]\nkey = "Number"', "watch.toml:7: sources.register.before #1.until: has to be the"),
        ('[[sources.register.before]]\nuntil = "soon"', "watch.toml:8: sources.register.before #1.until: has to be the"),
        (f"{LAYOUTS}[[sources.register.before]]\nuntil = 2021-06-01", "before #3.until: is that of an earlier layout"),
        ('[[sources.register.before]]\nuntil = 2020-01-01\nkeey = "a"', 'before #1.keey: is not an option here; did you'),
        ("[[sources.register.before]]\nuntil = 2020-01-01\nevery = '1m'", "watch.toml:9: sources.register.before #1.every"),
        ("[[sources.register.before]]\nuntil = 2020-01-01\nurl = 'a'", "before #1.url: is not an option here"),
        ("[[sources.register.before]]\nuntil = 2020-01-01\nkind = 'cvs'", 'before #1.kind: there is no kind "cvs"'),
        ("[[sources.register.before]]\nuntil = 2020-01-01\nmin_entries = -1", "before #1.min_entries: has to be at least"),
        ("[sources.register.before]\nuntil = 2020-01-01", "has two brackets: [[sources.register.before]]"),
        ("before = [1]", "sources.register.before #1: has to be a table"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(configure: Configure, watch: Any, table: str, said: str) -> None:
    configure(REGISTER + table)
    ran = watch("check-config")
    assert ran.code == 2
    assert said in ran.err


def test_a_mistake_of_a_group_is_told_where_it_stands(configure: Configure, watch: Any) -> None:
    configure(f'[groups.old]\n[[groups.old.before]]\nuntil = 2020-01-01\nkeey = "a"\n{REGISTER}group = "old"\n')
    assert "watch.toml:4: groups.old.before #1.keey" in watch("check-config").err


def test_a_table_is_the_option_of_the_kind(configure: Configure) -> None:
    config = load(configure(f'{REGISTER}before = {{ url = "https://register.example/form" }}\n'))
    assert config.sources["register"].start().url == "https://register.example/form"
    assert config.layouts == {}


def test_it_goes_to_the_desk_and_back(desk: Desk) -> None:
    (edit,) = read_objects(REGISTER + LAYOUTS, "more.toml")
    (revision,) = desk.apply(edit)
    assert [each.until.year for each in desk.load().layouts["register"]] == [2019, 2021]
    written, _ = write_objects([revision])
    (again,) = read_objects(written, "out.toml")
    assert again.document == edit.document


def test_the_desk_refuses_a_mistake(desk: Desk) -> None:
    document = {"kind": "csv", "url": "https://register.example/a.csv", "key": "No", "before": [{"until": "soon"}]}
    with pytest.raises(RefusedEdit) as refused:
        desk.apply(Edit("source", "register", document))
    assert refused.value.problems[0][0] == ("before", 0, "until")


def test_a_form_keeps_what_it_shows() -> None:
    document = {
        "kind": "csv",
        "url": "https://register.example/a.csv",
        "key": "No",
        "before": [{"until": "2021-06-01"}],
    }
    form = object_schema("source", document, None)
    (shown,) = (each.text for each in FormModel(form).fields(document) if each.name == "before")
    assert json.loads(shown) == document["before"]
    assert read_form(form, {"before": [shown]}, document)["before"] == document["before"]


def test_a_form_shows_the_times_of_a_file() -> None:
    document = {"kind": "csv", "before": [{"until": date(2021, 6, 1)}]}
    (shown,) = (
        each.text
        for each in FormModel(object_schema("source", document, None)).fields(document)
        if each.name == "before"
    )
    assert json.loads(shown) == [{"until": "2021-06-01"}]


def test_the_schema_has_both(watch: Any) -> None:
    kinds = json.loads(watch("schema").out)["$defs"]
    assert kinds["kind.telegram"]["properties"]["before"] == {"$ref": "#/$defs/option.before"}
    assert [each["type"] for each in kinds["kind.csv"]["properties"]["before"]["anyOf"]] == ["object", "array"]
