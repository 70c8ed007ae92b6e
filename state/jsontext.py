"""Values as JSON texts, as both databases keep them."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any

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
