"""Numbered links to the pages of a list, "1 2 3": how their addresses count."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from sources.formats.markup.links import absolute
from sources.model import Page
from sources.pagination.list_links import Link, list_links

_MOST_PAGES = 100_000
_MOST_PARAMETERS = 50
_LAST_NUMBER = re.compile(r"\d{1,6}(?=\D*$)")


class Counted(NamedTuple):
    """Numbered links: which address has which page. The option `pages`, and the numbers that are linked to.

    `parameter` or `url` say where the number stands, as in the option `pages`; the first page's is `first`, each
    further one's more by `step`.
    """

    parameter: str
    url: str
    first: int
    step: int
    later: Mapping[int, str]

    @property
    def last(self) -> int:
        """The highest page that is linked to."""
        return max(self.later)


def counted(base: str, links: Sequence[Link]) -> Counted | None:
    """What the numbered links say of how pages are counted: of several ways, that which has most pages."""
    ways: defaultdict[tuple[str, str], dict[int, tuple[int, str]]] = defaultdict(dict)
    for link in links:
        if re.fullmatch(r"\d{1,6}", link.text) and 0 < (number := int(link.text)) <= _MOST_PAGES:
            for way, value in _places(base, link.url):
                ways[way].setdefault(number, (value, link.url))
    found = [way_on for way, values in ways.items() if (way_on := _fitted(base, *way, values))]
    return max(found, key=lambda way_on: (len(way_on.later), bool(way_on.parameter)), default=None)


def is_last(page: Page, parameter: str, url: str, now: int) -> bool:
    """Whether the page links back to earlier pages, by the numbers in their addresses, and on to none.

    `parameter` or `url` say where the numbers stand, as in the option `pages`; `now` is the page's own.
    """
    numbers = {number for link in list_links(page) if (number := _number_at(link.url, parameter, url)) is not None}
    return bool(numbers) and max(numbers) <= now and min(numbers) < now


def _places(base: str, url: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Where in an address a page's number may stand (parameter, or address with {}), and the number there."""
    one, other = urlsplit(base), urlsplit(url)
    if one.path.rstrip("/") == other.path.rstrip("/"):
        own = parse_qsl(one.query, keep_blank_values=True)
        for name, value in islice(parse_qsl(other.query, keep_blank_values=True), _MOST_PARAMETERS):
            if value.isascii() and value.isdigit() and len(value) < 10 and (name, value) not in own:
                yield (name, ""), int(value)
    elif (number := _LAST_NUMBER.search(other.path)) and "{" not in url:
        path = f"{other.path[: number.start()]}{{}}{other.path[number.end() :]}"
        yield ("", f"{path}?{other.query}" if other.query else path), int(number[0])


def _fitted(base: str, parameter: str, url: str, values: Mapping[int, tuple[int, str]]) -> Counted | None:
    """The way of counting that fits the linked pages' numbers; None where none does, or no later page follows."""
    numbers = sorted(values)
    low, high = numbers[0], numbers[-1]
    if low == high:
        step = 1 if values[low][0] in (low, low - 1) else values[low][0] // max(1, low - 1)
    else:
        step = (values[high][0] - values[low][0]) // (high - low)
    if step < 1:
        return None
    first = values[low][0] - (low - 1) * step
    if first < 0 or any(values[number][0] != first + (number - 1) * step for number in numbers):
        return None
    now = _number_at(base, parameter, url)
    at = 1 if now is None else (now - first) // step + 1
    later = {number: address for number, (_, address) in sorted(values.items()) if number > at}
    return Counted(parameter, url, first, step, later) if at + 1 in later or (later and at > 1) else None


def _number_at(address: str, parameter: str, url: str) -> int | None:
    """The number in an address, where an option `pages` has it; None where there is none."""
    parts = urlsplit(address)
    if parameter:
        value = dict(parse_qsl(parts.query)).get(parameter, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
    before, _, after = urlsplit(absolute(address, url)).path.partition("{}")
    inner = parts.path[len(before) : len(parts.path) - len(after) if after else None]
    sound = parts.path.startswith(before) and parts.path.endswith(after) and inner.isascii() and inner.isdigit()
    return int(inner) if sound and len(inner) < 10 else None
