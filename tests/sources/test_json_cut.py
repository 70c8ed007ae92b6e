"""Of a large JSON document the items that have altered are read alone."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import SourceError
from sources.formats import records
from tests.altered import Compared, compare, page_of, source_of

ITEMS = [
    {"id": at, "name": f"Żółw {at % 9}", "more": {"a": [at], "b": None}, "x": "a" * (at % 5)} for at in range(5_000)
]
CHANGED = {**ITEMS[500], "name": "other"}
AFTER = [ITEMS[3], *ITEMS[:3], *ITEMS[4:500], CHANGED, *ITEMS[502:], {"id": 9999, "name": "new"}]


def lines(items: list[Any]) -> bytes:
    return "".join(json.dumps(item) + "\n" for item in items).encode()


def document(items: list[Any], **others: Any) -> bytes:
    return json.dumps({"made": 1, "data": {"total": 3, "items": items, "é": [{}]}, **others}, indent=1).encode()


def of_json(before: bytes, after: bytes, **options: object) -> Compared:
    source = source_of("json", **{"items": "data.items", "key": "id", **options})
    return compare(source, page_of(before, "application/json"), page_of(after, "application/json"))


FORMS = [
    (lines, {"items": "@", "lines": True}),
    (document, {}),
    (lambda each: json.dumps(each).encode(), {"items": "@"}),
]
OPTIONS = [{}, {"title": "name", "fields": {"a": "more.a", "name": "name"}}, {"key": "[id, name]", "personal": ["b"]}]


@pytest.mark.parametrize(("form", "where"), FORMS)
@pytest.mark.parametrize("options", OPTIONS)
def test_changed_added_removed_and_moved_items(form: Any, where: dict[str, object], options: dict[str, object]) -> None:
    found = of_json(form(ITEMS), form(AFTER), **where, **options)
    assert found.altered == found.whole
    assert {"added", "removed"} <= {change.kind for change in found.whole["changes"]}


@pytest.mark.parametrize(("form", "where"), FORMS)
def test_items_in_another_order_or_with_members_in_another_one_are_no_change(form: Any, where: Any) -> None:
    mixed = [dict(reversed(item.items())) if item["id"] % 99 == 0 else item for item in ITEMS]
    found = of_json(form(ITEMS), form(random.Random(1).sample(mixed, len(mixed))), **where)
    assert (found.altered, found.whole["changes"]) == (found.whole, [])


def test_other_members_of_the_document_may_change() -> None:
    found = of_json(document(ITEMS), document(AFTER, made=2, other="x"))
    assert found.altered == found.whole


@pytest.mark.parametrize(
    ("after", "options"),
    [
        (document([*ITEMS, ITEMS[0]]), {}),  # an item twice
        (document([*ITEMS, ITEMS[-1]]), {}),  # beside itself
        (document(AFTER, nan=float("nan")), {}),
        (document(AFTER), {"next": "absent"}),
        (document(AFTER), {"items": "data.items[]"}),
        (document(AFTER).decode().encode("utf-16"), {}),
    ],
)
def test_what_is_not_sure_is_read_whole(after: bytes, options: dict[str, object]) -> None:
    assert of_json(document(ITEMS), after, **options).altered is None


def test_a_member_that_only_an_altered_item_lacks_is_one_of_its_witnesses() -> None:
    found = of_json(document(ITEMS), document([*ITEMS, {"id": 9999}]), title="name")
    assert found.altered == found.whole


VALUES = st.none() | st.integers(0, 3) | st.text("aé\n\ud800", max_size=2) | st.lists(st.integers(0, 1), max_size=2)
SOME = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 9)}, optional={"a": VALUES, "b": VALUES}) | VALUES, max_size=6
)
UNIQUE = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 9), "a": VALUES}), max_size=6, unique_by=lambda each: each["id"]
)


@settings(max_examples=150, deadline=None)
@given(before=UNIQUE | SOME, after=UNIQUE | SOME, form=st.sampled_from(FORMS), title=st.sampled_from([None, "a"]))
def test_the_answer_is_that_of_the_whole_page_or_none(before: Any, after: Any, form: Any, title: str | None) -> None:
    write, where = form
    with pytest.MonkeyPatch.context() as patch, suppress(SourceError):
        patch.setattr(records, "_NEAR", 1)
        found = of_json(write(before), write(after), title=title, **where)
        assert found.altered in (None, found.whole)
