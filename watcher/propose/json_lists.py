"""Proposals for a JSON document: its lists of objects."""

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
from watcher.propose.proposal import Proposal, Sketch, propose_columns

_BARE = re.compile(r"[A-Za-z_]\w*")
_DEEPEST = 6
_LEVELS = 3  # depth of members that may be a key or a title
_RICH = 8  # least number of members that makes an object an entry rather than a pair
_DAY_NAMES = ("publi", "posted", "filed", "issued", "date", "created", "time")
_PAGE_NAMES = ("html_url", "url", "link", "href", "web")


class _ListFound(NamedTuple):
    """Items in a document: their path, their length in characters of JSON, and further options for the kind."""

    path: str
    items: Sequence[Any]
    size: int
    options: Mapping[str, bool] = {}


def propose_json(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """All proposals for the document, unordered. Raises WrongContent if it is not JSON."""
    lines: Mapping[str, bool] = {}
    try:
        document = page.json()
    except WrongContent:
        document, lines = json_lines(page), {"lines": True}
    whole = max(1, len(json.dumps(document)))
    for found in _find_lists(document, ""):
        objects = [item for item in found.items if isinstance(item, dict)]
        if objects and len(objects) == len(found.items):
            # the values of the members by their path, also of nested ones and of lists with one item
            flat = [dict(_flatten(item, "", 1)) for item in objects]
            names = dict.fromkeys(name for row in flat for name in row)
            columns = {name: [row.get(name, "") for row in flat] for name in names}
            rich = math.sqrt(min(1.0, len(columns) / _RICH))
            value = 2 * math.sqrt(found.size / whole) * (len(objects) / (len(objects) + 1)) * rich
            work_out = partial(_work_out, found.path or "@", columns, {**found.options, **lines}, page.fetched)
            yield Sketch(value, work_out)


def _find_lists(value: Any, path: str, depth: int = 0) -> Iterator[_ListFound]:
    """The lists in a document, also those in columns, or as an object of objects."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        yield _ListFound(path, value, len(json.dumps(value)))
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _find_lists(member, _join(path, name), depth + 1)
        inner = [member for member in value.values() if isinstance(member, dict)]
        if len(inner) == len(value) > 2:
            common = set(inner[0]).intersection(*inner[1:])
            if len(common) * 2 > len(set().union(*inner)) and len(common) > 1:
                yield _ListFound(f"values({path or '@'})", inner, len(json.dumps(inner)))
        if _is_columns(value):
            rows = [dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True)]
            yield _ListFound(path, rows, len(json.dumps(value)), {"columns": True})


def _is_columns(value: Mapping[str, Any]) -> bool:
    """Whether it is an object of lists of the same length, with plain values."""
    lists = [member for member in value.values() if isinstance(member, list)]
    plain = not any(isinstance(item, dict | list) for member in lists for item in member)
    return len(lists) == len(value) > 1 and len(set(map(len, lists))) == 1 and len(lists[0]) > 1 and plain


def _join(path: str, name: str) -> str:
    step = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    return f"{path}.{step}" if path else step


def _flatten(item: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        place = _join(path, name)
        if isinstance(value, dict):
            if depth < _LEVELS:
                yield from _flatten(value, place, depth + 1)
        elif isinstance(value, list):
            if len(value) == 1 and isinstance(value[0], dict) and depth < _LEVELS:
                yield from _flatten(value[0], f"{place}[0]", depth + 1)
        else:
            yield place, value_text(value)


def _work_out(path: str, columns: dict[str, list[str]], further: Mapping[str, bool], now: datetime) -> Proposal | None:
    links = [  # an entry's own page
        name
        for name, values in columns.items()
        if looks.share(values, looks.is_link) > 0.9
        and looks.filled_share(values) > 0.5
        and looks.distinct(values) > 0.9
    ]
    dates = [  # the time of publication: by its name, and without future dates
        name
        for name, values in columns.items()
        if looks.is_called_a_date(name.rpartition(".")[2])
        and looks.filled_share(values) > 0.8
        and looks.are_days_past(values, now)
    ]
    where = "the document itself" if path == "@" else path
    what = f"a JSON list of {len(next(iter(columns.values()), ()))} objects ({where})"
    made = propose_columns("json", {"items": path, **further}, what, columns)
    own = {"link": min(links, key=partial(_rank, _PAGE_NAMES), default=None)}
    own["published"] = min(dates, key=partial(_rank, _DAY_NAMES), default=None)
    return made and made.adding({option: name for option, name in own.items() if name and (name,) != made.key})


def _rank(wanted: Sequence[str], name: str) -> int:
    lower = name.rpartition(".")[2].lower()
    return next((at for at, part in enumerate(wanted) if part in lower), len(wanted))
