"""Hostile values in every place of a page's template are shown as text: they add no element, attribute or link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from bs4 import BeautifulSoup
from hypothesis import strategies as st

from alerts.case.view import CaseView
from alerts.proof import proof_page
from alerts.templating import render
from sources.text import clean
from tests.fuzzing import fuzz, fuzzed, texts
from tests.hostile import SEEN, event_of, exhibit_of

PAGES = ("case", "proof")
WEB = "https://a.example/"
BEGINS = (WEB, "x", "x javascript:", "x' onclick='", 'x" onclick="', "x</p><script>", "x</style></title><img src=x>")
LINK = re.compile(r"https?://[^\s<>\"'`|\\^{}]+|[\w.~%-]+")  # to the web, or to a file beside the page


def filled(kind: Any, text: str, number: int) -> Any:
    """A value of a type with the text in each of its places; of what can be several things, the one of this number."""
    plain = {str: text, int: number, bool: bool(number % 2), datetime: SEEN, NoneType: None}
    if kind in plain:
        return plain[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[number % len(kind)]
    if of := [each for each in get_args(kind) if each is not Ellipsis]:
        return several(get_origin(kind), of, text, number)
    return kind(**{name: filled(each, text, number) for name, each in get_type_hints(kind).items()})


def several(origin: Any, of: Sequence[Any], text: str, number: int) -> Any:
    """The same for a union, a tuple and a sequence."""
    if origin is UnionType:
        return filled(of[number % len(of)], text, number)
    if origin is tuple:
        return tuple(filled(each, text, number) for each in of)
    return [filled(of[0], text, number + each) for each in range(2)]


def page(name: str, text: str, number: int) -> str:
    """The page with the text everywhere."""
    if name == "proof":
        line = text.replace("\n", " ")  # several lines have other elements
        change = {"id": 1, **event_of(line, line).data, "mentions": [{"entity": line}]}
        return proof_page(replace(exhibit_of(line), change=change)).decode("ascii")
    return render("case.html.j2", case=filled(CaseView, text, number), generator=text)


def skeleton(soup: BeautifulSoup) -> list[tuple[str, list[str]]]:
    """The elements, and the names of their attributes."""
    return [(element.name, sorted(element.attrs)) for element in soup.find_all(True)]


@fuzzed
@pytest.mark.parametrize("parser", ["lxml", "html.parser"])
@pytest.mark.parametrize("name", PAGES)
def test_whatever_a_value_says_the_page_is_the_template_s_own(name: str, parser: str) -> None:
    def check(begin: str, text: str, number: int) -> None:
        soup = BeautifulSoup(page(name, begin + text, number), parser)
        harmless = BeautifulSoup(page(name, f"{WEB}x" if begin == WEB else "x", number), parser)
        assert skeleton(soup) == skeleton(harmless)
        assert all(LINK.fullmatch(str(each["href"])) for each in soup.find_all("a"))
        assert soup.style == harmless.style
        assert clean(begin + text) in clean(soup.main.get_text())

    fuzz(f"{name} template", check, st.sampled_from(BEGINS), texts(200), st.integers(0, 3))
