"""Values as JSON texts, as both databases keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

from sources.text import is_printable

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_text(value: Any) -> str:
    """The value as compact JSON. Tables of texts, such as an entry's fields, take a way of their own: they are many."""
    if type(value) is dict and value:
        try:
            pairs = [f"{encode_basestring(name)}:{encode_basestring(text)}" for name, text in value.items()]
        except TypeError:  # not all of it is text
            return _encode(value)
        return "{" + ",".join(pairs) + "}"
    return _encode(value)


def json_texts(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """What `json_text` gives for each record of a table, without the fields that are empty: column by column."""
    said = []
    for name, texts in columns.items():
        head = f",{encode_basestring(name)}:"
        if _is_plain("".join(texts)):
            said.append([f'{head}"{text}"' if text else "" for text in texts])
        else:
            said.append([f"{head}{encode_basestring(text)}" if text else "" for text in texts])
    return [f"{{{pairs[1:]}}}" for pairs in map("".join, zip(*said, strict=True))]


def _is_plain(text: str) -> bool:
    """Whether a text stands in JSON as it is."""
    return '"' not in text and "\\" not in text and is_printable(text)
