"""Values as JSON text, as both databases store them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

from sources.text import is_printable

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_text(value: Any) -> str:
    """The value as compact JSON. Mappings of texts, such as an entry's fields, have a fast path."""
    if type(value) is dict and value:
        try:
            pairs = [f"{encode_basestring(name)}:{encode_basestring(text)}" for name, text in value.items()]
        except TypeError:  # not all values are texts
            return _encode(value)
        return "{" + ",".join(pairs) + "}"
    return _encode(value)


def json_texts(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """As `json_text` for each record of a table, without empty fields: column by column."""
    members = []
    for name, texts in columns.items():
        head = f",{encode_basestring(name)}:"
        if _is_plain("".join(texts)):
            members.append([f'{head}"{text}"' if text else "" for text in texts])
        else:
            members.append([f"{head}{encode_basestring(text)}" if text else "" for text in texts])
    return [f"{{{pairs[1:]}}}" for pairs in map("".join, zip(*members, strict=True))]


def _is_plain(text: str) -> bool:
    """Whether JSON needs no escapes in a text."""
    return '"' not in text and "\\" not in text and is_printable(text)
