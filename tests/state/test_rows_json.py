from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.db.rows import json_text, json_texts


@given(st.dictionaries(st.text(), st.text()))
def test_tables_of_texts_are_written_as_json_writes_them(value: dict[str, str]) -> None:
    assert json_text(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("value", [{}, [], None, {"a": 1}, {"a": "b", "c": [None]}, {1: "x"}, "text"])
def test_so_is_everything_else(value: Any) -> None:
    assert json.loads(json_text(value)) == json.loads(json.dumps(value))


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5)), max_size=5))
def test_a_table_column_by_column_is_written_as_each_of_its_records_is(records: list[tuple[str, str, str]]) -> None:
    names = ("No", 'a "name"', "строка")
    columns = {name: [record[at] for record in records] for at, name in enumerate(names)}
    each = [{name: text for name, text in zip(names, record, strict=True) if text} for record in records]
    assert json_texts(columns) == list(map(json_text, each))


@pytest.mark.parametrize("sign", ['"', "\\", "\n", "\x00", "\x1f", "\x7f", "/", "é", "\u2028", "\ud800"])
def test_one_odd_sign_in_a_column_leaves_the_others_as_they_are(sign: str) -> None:
    columns = {"No": ["1", "2", "3"], "Name": ["Alpha", f"B{sign}", ""]}
    assert json_texts(columns) == [
        json_text(record) for record in ({"No": "1", "Name": "Alpha"}, {"No": "2", "Name": f"B{sign}"}, {"No": "3"})
    ]
