from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.jsontext import json_text


@given(st.dictionaries(st.text(), st.text()))
def test_tables_of_texts_are_written_as_json_writes_them(value: dict[str, str]) -> None:
    assert json_text(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("value", [{}, [], None, {"a": 1}, {"a": "b", "c": [None]}, {1: "x"}, "text"])
def test_so_is_everything_else(value: Any) -> None:
    assert json.loads(json_text(value)) == json.loads(json.dumps(value))
