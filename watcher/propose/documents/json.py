"""Proposals for a JSON document: its lists of objects."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sources import Page, WrongContent
from sources.formats.json_paths import json_lines
from sources.text import value_text
from watcher.propose import looks
from watcher.propose.keys import choose_key, naming
from watcher.propose.proposal import Proposal, Sketch

_BARE = re.compile(r"[A-Za-z_]\w*")
_DEEPEST = 6
_LEVELS = 3  # depth of members that may be a key or a title
_RICH = 8  # least number of members that makes an object an entry rather than a pair
_DAY_NAMES = ("publi", "posted", "filed", "issued", "date", "created", "time")
_PAGE_NAMES = ("html_url", "url", "link", "href", "web")


class _Found(NamedTuple):
    """Items in a document: their path, their length in characters of JSON, and further options for the kind."""

    path: str
    items: Sequence[Any]
    size: int
    told: Mapping[str, bool] = {}


def propose(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """All proposals for the document, unordered. Raises WrongContent if it is not JSON."""
    try:
        document, lines = page.json(), False
    except WrongContent:
        document, lines = json_lines(page), True
    whole = max(1, len(json.dumps(document)))
    for found in _lists(document, ""):
        objects = [item for item in found.items if isinstance(item, dict)]
        if objects and len(objects) == len(found.items):
            columns = _columns(objects)
            rich = math.sqrt(min(1.0, len(columns) / _RICH))
            value = 2 * math.sqrt(found.size / whole) * (len(objects) / (len(objects) + 1)) * rich
            told = {**found.told, "lines": True} if lines else found.told
            yield Sketch(value, partial(_proposal, found.path or "@", columns, told, page.fetched))


def _lists(value: Any, path: str, depth: int = 0) -> Iterator[_Found]:
    """The lists in a document, also those in columns, or as an object of objects."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        yield _Found(path, value, len(json.dumps(value)))
        return
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _lists(member, _joined(path, name), depth + 1)
        inner = [member for member in value.values() if isinstance(member, dict)]
        if len(inner) == len(value) > 2 and _resemble(inner):
            yield _Found(f"values({path or '@'})", inner, len(json.dumps(inner)))
        if _is_columns(value):
            rows = [dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True)]
            yield _Found(path, rows, len(json.dumps(value)), {"columns": True})


def _is_columns(value: Mapping[str, Any]) -> bool:
    """Whether it is an object of lists of the same length, with plain values."""
    lists = [member for member in value.values() if isinstance(member, list)]
    plain = not any(isinstance(item, dict | list) for member in lists for item in member)
    return len(lists) == len(value) > 1 and len(set(map(len, lists))) == 1 and len(lists[0]) > 1 and plain


def _resemble(objects: Sequence[Mapping[str, Any]]) -> bool:
    common = set(objects[0]).intersection(*objects[1:])
    return len(common) * 2 > len(set().union(*objects)) and len(common) > 1


def _joined(path: str, name: str) -> str:
    step = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    return f"{path}.{step}" if path else step


def _proposal(path: str, columns: dict[str, list[str]], told: Mapping[str, bool], now: datetime) -> Proposal | None:
    key = choose_key(columns)
    if not key:
        return None
    options: dict[str, Any] = {
        "items": path,
        "key": key.names[0] if len(key.names) == 1 else f"[{', '.join(key.names)}]",
    }
    options |= told
    for option, place in (
        ("title", naming(columns)),
        ("link", _link(columns)),
        ("published", _published(columns, now)),
    ):
        if place and place != options["key"]:
            options[option] = place
    number = len(next(iter(columns.values())))
    where = "the document itself" if path == "@" else path
    return Proposal("json", options, f"a JSON list of {number} objects ({where})", key, columns)


def _columns(items: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The values of the members by their path, also of nested ones and of lists with one item."""
    names: dict[str, None] = {}
    flat = [dict(_flat(item, "", 1)) for item in items]
    for row in flat:
        names |= dict.fromkeys(row)
    return {name: [row.get(name, "") for row in flat] for name in names}


def _flat(item: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        place = _joined(path, name)
        if isinstance(value, dict):
            if depth < _LEVELS:
                yield from _flat(value, place, depth + 1)
        elif isinstance(value, list):
            if len(value) == 1 and isinstance(value[0], dict) and depth < _LEVELS:
                yield from _flat(value[0], f"{place}[0]", depth + 1)
        else:
            yield place, value_text(value)


def _link(columns: Mapping[str, Sequence[str]]) -> str | None:
    """The column with the address of an entry's own page."""
    links = [
        name
        for name, values in columns.items()
        if looks.share(values, looks.is_link) > 0.9 and looks.filled(values) > 0.5 and looks.distinct(values) > 0.9
    ]
    return min(links, key=lambda name: _rank(name, _PAGE_NAMES), default=None)


def _published(columns: Mapping[str, Sequence[str]], now: datetime) -> str | None:
    """The column with the time of publication: by its name, and without future dates."""
    dated = [
        name
        for name, values in columns.items()
        if looks.is_called_a_date(name.rpartition(".")[2])
        and looks.filled(values) > 0.8
        and looks.are_days_past(values, now)
    ]
    return min(dated, key=lambda name: _rank(name, _DAY_NAMES), default=None)


def _rank(name: str, wanted: Sequence[str]) -> int:
    lower = name.rpartition(".")[2].lower()
    return next((at for at, part in enumerate(wanted) if part in lower), len(wanted))
