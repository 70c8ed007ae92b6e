"""Pages made after what sources select: whatever a selector or a path finds is there. For lists that nobody wrote pages for."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cssselect import parser as css
from cssselect.parser import Selector, parse

from tests.watcher.importing.stand_ins import RSS, document
from tests.watcher.importing.xpath_as_css import to_css

Body = str | bytes | dict[str, Any] | list[Any]
_VOID = {"img", "input", "link", "meta", "br", "hr", "source", "embed"}
_STEP = re.compile(r'\.?"([^"]+)"|\.?([A-Za-z_]\w*)|\[(-?\d+)\]|\[(?:\?([\w.]+) (\S+) `(.*?)`|-?\d*:?-?\d*)\]|(\.\*)')


def body_for(kind: str, options: Mapping[str, Any]) -> tuple[Body, str]:
    """A page that the source can read, and its media type."""
    if kind == "feed":
        return RSS, "application/rss+xml"
    if kind == "pdf_text":
        return document("A document"), "application/pdf"
    if kind == "json":
        return document_for(str(options["items"]), options.get("fields", {})), "application/json"
    wanted = options.get("select") or options.get("item") or "p"
    return page_for(str(wanted)), "text/html; charset=utf-8"


def document_for(path: str, fields: Mapping[str, str]) -> Any:
    """A JSON document in which a path finds something, with these members."""
    whole = re.fullmatch(r"\[(.*)\] \| .*", path)
    value: Any = "a value"
    for member in reversed(list(fields.values())):
        value = _merged(value, _along(member, "a value"))
    return _along(whole[1] if whole else path, value)


def _merged(one: Any, two: Any) -> Any:
    if not isinstance(one, dict) or not isinstance(two, dict):
        return two
    return {**one, **{name: _merged(one.get(name), value) for name, value in two.items()}}


def _along(path: str, value: Any) -> Any:
    for step in reversed(list(_STEP.finditer(path)) if path != "@" else []):
        quoted, name, index, member, _, wanted, star = step.groups()
        if quoted or name:
            value = {quoted or name: value}
        elif star:
            value = {"one": value}
        elif index:
            value = [value] * (abs(int(index)) + 1)
        elif member:
            value = [_merged(value, _along(member, wanted.strip('"')))]
        else:
            value = [value]
    return value


@dataclass
class _Made:
    """An element to make: its tag, attributes and words, and how many stand before it."""

    tag: str = "div"
    attributes: dict[str, str] = field(default_factory=dict)
    words: str = ""
    before: int = 0
    combinator: str = " "  # between the one around it and itself

    def markup(self, inside: str) -> str:
        given = "".join(f' {name}="{html.escape(value)}"' for name, value in self.attributes.items())
        if self.tag in _VOID:
            return f"<{self.tag}{given}>"
        return f"<{self.tag}></{self.tag}>" * self.before + f"<{self.tag}{given}>{self.words} {inside}</{self.tag}>"


def page_for(selector: str) -> str:
    """A page on which each selector of a list finds an element with a text."""
    if selector.startswith("xpath:"):
        selector, _ = to_css(selector.removeprefix("xpath:"))
    parts = [_chain(each.parsed_tree) for each in parse(selector)]
    roots = {"html": "", "body": ""}
    inner = ""
    for chain in parts:
        while chain and chain[0].tag in roots:
            root = chain.pop(0)
            roots[root.tag] += "".join(f' {name}="{html.escape(value)}"' for name, value in root.attributes.items())
        made = "some text"
        for element in reversed(chain):
            made = element.markup(made)
        inner += made
    return f"<!doctype html><html{roots['html']}><title>A page</title><body{roots['body']}>{inner}</body></html>"


def _chain(tree: Any) -> list[_Made]:
    """The elements around each other that a selector wants, the outermost first."""
    if isinstance(tree, css.CombinedSelector):
        inner = _compound(tree.subselector)
        inner.combinator = tree.combinator
        outer = _chain(tree.selector)
        if tree.combinator in {"+", "~"}:  # a neighbour: made before it, and empty
            neighbour = outer.pop()
            inner.words = inner.words or ""
            return [*outer, _Beside(**vars(inner), neighbour=neighbour)]
        return [*outer, inner]
    return [_compound(tree)]


@dataclass
class _Beside(_Made):
    neighbour: _Made = field(default_factory=_Made)

    def markup(self, inside: str) -> str:
        return self.neighbour.markup("") + super().markup(inside)


def _compound(tree: Any) -> _Made:
    if isinstance(tree, css.Element):
        return _Made(tree.element or "div")
    made = _compound(tree.selector)
    match tree:
        case css.Class():
            made.attributes["class"] = f"{made.attributes.get('class', '')} {tree.class_name}".strip()
        case css.Hash():
            made.attributes["id"] = tree.id
        case css.Attrib():
            value = tree.value.value if tree.value else "x"
            made.attributes[tree.attrib] = f"{made.attributes.get(tree.attrib, '')} {value}".strip()
        case css.Function(name="nth-child" | "nth-of-type"):
            numbers = [int(token.value) for token in tree.arguments if token.type == "NUMBER"]
            made.before = max(numbers[-1] - 1, 0) if numbers and "n" not in str(tree.arguments[0].value) else 0
        case css.Function(name="contains"):
            made.words += " " + tree.arguments[0].value
        case css.Relation():
            made.words += _chain(
                tree.subselector.parsed_tree if isinstance(tree.subselector, Selector) else tree.subselector
            )[-1].markup("inside")
    return made
