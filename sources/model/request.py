"""A request, as a kind asks for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Get:
    """One request, as a kind asks for it. The scheduler decides when it goes out.

    `reader` names the kind's method that parses the answer, `carry` is JSON data for it, `after` the seconds to wait
    before the request. `form` and `json` make a body; only requests without one are conditional.
    """

    url: str
    method: str = "GET"
    query: Mapping[str, str | int] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reader: str = "parse"
    carry: Mapping[str, Any] = field(default_factory=dict)
    after: float = 0

    @property
    def conditional(self) -> bool:
        """Whether the request may carry validators: a GET without a body."""
        return self.method == "GET" and self.form is None and self.json is None

    @property
    def identity(self) -> str:
        """The request as one string, by which a stored answer is found again. Headers and `after` do not count."""
        return self.said(self.reader)

    def said(self, reader: str = "") -> str:
        """As `identity`, with another `reader`."""
        return _encode([self.method, self.url, dict(self.query), self.form and dict(self.form), self.json, reader])
