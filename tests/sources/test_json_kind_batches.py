"""Many items of JSON are read column by column, with the entries that one by one they give."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jmespath
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import Get, Page, SourceError
from sources.formats.json_paths import find, json_lines
from sources.kinds import json as json_kind
from sources.loader import kind
from sources.model.entry import Rows, each_alone
from sources.text import clean, value_text, value_texts

URL = "http://a.example"
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.sampled_from("aé \u0301\n\u200b\ud800"), max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["b", "a", " a", ""]), inner),
    max_leaves=5,
)
NAMES = ["id", "a", "a ", "b", "url", "at"]
ITEMS = VALUES | st.lists(st.sampled_from(NAMES), max_size=5).flatmap(
    lambda names: st.fixed_dictionaries(dict.fromkeys(dict.fromkeys(names), VALUES))
)
LISTS = st.lists(ITEMS, max_size=9) | st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)), max_size=9)
KEYED = st.lists(st.fixed_dictionaries({"id": st.integers() | st.just(" "), "a": VALUES, "b": VALUES}), max_size=9)
PATHS = st.sampled_from(
    ["id", "a", "@", "a.b", '"a ".a', "[id, a]", "a[0]", "b || `null`", "to_string(@)", "length(a)"]
)
OPTIONS = st.fixed_dictionaries(
    {"key": st.just("id") | PATHS},
    optional={
        "title": PATHS,
        "link": st.just("url") | PATHS,
        "published": st.just("at"),
        "fields": st.dictionaries(st.sampled_from(["x", "x ", "y"]), PATHS, min_size=1),
    },
)


def page_of(body: str) -> Page:
    return Page(Get(URL), URL, 200, {}, body.encode(), datetime.now(UTC), "utf-8")


def read(body: str, **options: Any) -> list[Any] | str:
    source = kind("json").model_validate({"url": URL, "items": "@", **options})
    try:
        found = list(each_alone(source.parse(page_of(body))))
        return [(each, list(each.fields.items())) for each in found]
    except SourceError as error:
        return f"{error.code}: {error.message}"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(items=LISTS | KEYED, options=OPTIONS, size=st.integers(1, 4), lines=st.booleans())
def test_entries_are_those_that_are_read_one_by_one(items: list[Any], options: Any, size: int, lines: bool) -> None:
    body = "\n".join(map(json.dumps, items)) if lines else json.dumps(items)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_kind, "_BATCH", size)
        quick = read(body, lines=lines, **options)
        patch.setattr(json_kind, "_BATCH", 10**9)
        slow = read(body, lines=lines, **options)
    assert quick == slow or "cannot be applied" in str(quick) + str(slow)


@settings(max_examples=300)
@given(data=ITEMS, path=PATHS)
def test_a_path_of_names_finds_what_jmespath_finds(data: Any, path: str) -> None:
    try:
        expected = jmespath.search(path, data)
    except ValueError:
        return
    assert repr(find(path, data)) == repr(expected)


@given(st.lists(VALUES, max_size=4))
def test_values_are_told_as_canonical_json(values: list[Any]) -> None:
    told = [
        "" if value is None
        else clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))
        for value in values
    ]  # fmt: skip
    assert [*map(value_text, values)] == [*value_texts(values)] == told


def test_many_items_with_the_same_members_are_rows() -> None:
    page = page_of(json.dumps([{"id": at, "n": "x"} for at in range(600)]))
    found = list(kind("json").model_validate({"url": URL, "items": "@", "key": "id"}).parse(page))
    assert [len(each) if isinstance(each, Rows) else each.key for each in found[:3]] == [250, 250, "500"]


def test_a_member_that_no_item_has_is_named_though_items_without_a_key_come_first() -> None:
    body = "\n".join(json.dumps({"id": at, "name": "x"}) for at in range(600))
    assert "no item has 'nr'" in read(body, key="nr", lines=True)
    assert "has no key" in read(body + '\n{"nr": 1}', key="nr", lines=True)


@pytest.mark.parametrize("ends", ["", "\n", "\r\n", "\n\n \n"])
def test_documents_are_read_one_by_one_whatever_ends_the_last(ends: str) -> None:
    assert list(json_lines(page_of(f"1\n\n[2]{ends}"))) == [1, [2]]
