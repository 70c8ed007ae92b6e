"""XPath as CSS, after which pages are made: steps of names, attributes, words, positions; the rest is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MOST_TEXT = 2_000  # characters of a path
_NAME = r"[A-Za-z_][\w-]*"
_STRING = r"\"[^\"]*\"|'[^']*'"
_SPACE = r"\s*(?:\" \"|' ')\s*"
_CLASS = r"\s*(?:normalize-space\(\s*)?@(class)\s*\)?\s*"
_STEP = re.compile(rf"({_NAME}|\*)(?![\w(:-])")
_TESTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), css)
    for pattern, css in (
        (rf"@({_NAME})\s*=\s*({_STRING})", "[{0}={1}]"),
        (rf"@({_NAME})", "[{0}]"),
        (rf"contains\(\s*@({_NAME})\s*,\s*({_STRING})\s*\)", "[{0}*={1}]"),
        (rf"starts-with\(\s*@({_NAME})\s*,\s*({_STRING})\s*\)", "[{0}^={1}]"),
        (rf"contains\(\s*concat\({_SPACE},{_CLASS},{_SPACE}\)\s*,\s*({_STRING})\s*\)", "[{0}~={1}]"),
        (rf"contains\(\s*(\.|text\(\)|normalize-space\(\s*\.?\s*\))\s*,\s*({_STRING})\s*\)", ":contains({1})"),
    )
)
_COUNT = r"\s*(?:position\(\)\s*(?:[<>!]?=|[<>])\s*)?(?:[1-9]\d*|last\(\)(?:\s*-\s*\d+)?)\s*"
_PLACE = re.compile(rf"\s*\[{_COUNT}(?:(?:and|or){_COUNT})?\]")
_POSITION = re.compile(r"(?:position\(\)\s*=\s*)?([1-9]\d*)")


class NoCss(ValueError):
    """The path says what CSS cannot say; the message names the part."""


def to_css(path: str) -> tuple[str, int | None]:
    """The selector of the same elements, and which of them the path takes by its place in the result, which no
    selector says: 0 for all, 1 for the first, -1 for the last, None for several. Raises NoCss.
    """
    if len(path) > _MOST_TEXT:
        raise NoCss("it is longer than any path that a person wrote")
    parts, place = _parts(path)
    return ", ".join(parts), place


def _parts(path: str) -> tuple[list[str], int | None]:
    found = [_union_part(part.strip()) for part in _split(path, "|")]
    places = [place for _, place in found]
    place = places[0] if len(found) == 1 else 0 if not any(place != 0 for place in places) else None
    return [css for parts, _ in found for css in parts], place


def _union_part(path: str) -> tuple[list[str], int | None]:
    end = _end(path, "()") if path.startswith("(") else None
    if end is None:
        return [_path(path)], 0
    placed = _PLACE.match(path, end + 1)
    rest = path[placed.end() if placed else end + 1 :].strip()
    inner, place = _parts(path[1:end])
    if placed:
        place = _place(placed[0].strip(" []")) if place == 0 else None
    tail = _path(f"*{rest}").removeprefix("*") if rest else ""
    return [part + tail for part in inner], place


def _place(test: str) -> int | None:
    """The place that a condition names; None for several."""
    one = _POSITION.fullmatch(test)
    return int(one[1]) if one else -1 if test == "last()" else None


def _end(text: str, pair: str) -> int | None:
    """Where the parenthesis or bracket at the beginning is closed."""
    depth = 0
    for at, char in _outside_quotes(text):
        depth += (char == pair[0]) - (char == pair[1])
        if depth == 0:
            return at
    return None


def _path(path: str) -> str:
    css = ""
    rest = path.removeprefix(".")
    while rest:
        axis = re.match(r"//?", rest)
        if not axis and css:
            raise NoCss(f"{rest[:40]!r} is not understood")
        rest = rest[axis.end() :] if axis else rest
        if re.fullmatch(r"(text|node|string)\(\)", rest.strip()) and css:
            return css
        step, rest = _step(rest)
        css += (" > " if axis and axis[0] == "/" else " ") + step if css else step
    if not css:
        raise NoCss("it selects the whole document")
    return css


def _step(text: str) -> tuple[str, str]:
    """One step as CSS, and the rest of the path."""
    name = _STEP.match(text)
    if not name:
        what = "an attribute is selected" if text.startswith("@") else f"{text[:40]!r} has no counterpart in CSS"
        raise NoCss(what)
    css, rest = name[1], text[name.end() :].lstrip()
    while rest.startswith("["):
        end = _end(rest, "[]")
        if end is None:
            raise NoCss("a bracket is not closed")
        css += _predicate(rest[1:end].strip(), any_name=name[1] == "*", filtered=css != name[1])
        rest = rest[end + 1 :].lstrip()
    return (css.removeprefix("*") or "*"), rest


def _predicate(test: str, *, any_name: bool, filtered: bool) -> str:
    """A condition in brackets as CSS. A position counts among the elements that are left by the conditions before it,
    which CSS can say only where there are none.
    """
    position = _POSITION.fullmatch(test)
    if (position or test == "last()") and filtered:
        raise NoCss(f"[{test}] counts among elements that another condition left")
    if position:
        return f":nth-child({position[1]})" if any_name else f":nth-of-type({position[1]})"
    if test == "last()":
        return ":last-child" if any_name else ":last-of-type"
    return "".join(_condition(part.strip()) for part in _split(test, " and "))


def _condition(test: str) -> str:
    negated = re.fullmatch(r"not\(\s*(.*)\s*\)", test, re.DOTALL)
    if negated:
        return f":not({_condition(negated[1].strip())})"
    for pattern, css in _TESTS:
        found = pattern.fullmatch(test)
        if found:
            return css.format(found[1], _string(found[2], css) if found.re.groups > 1 else "")
    raise NoCss(f"[{test[:60]}] has no counterpart in CSS")


def _string(quoted: str, css: str) -> str:
    text = quoted[1:-1]
    if "~=" in css:
        text = text.strip()
        if not text or " " in text:
            raise NoCss(f"{quoted} is no single class")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ") + '"'


def _split(text: str, sign: str) -> list[str]:
    """The parts between a sign that stands outside quotes, brackets and parentheses."""
    parts, depth, start = list[str](), 0, 0
    for at, char in _outside_quotes(text):
        depth += (char in "([") - (char in ")]")
        if depth == 0 and at >= start and text.startswith(sign, at):
            parts.append(text[start:at])
            start = at + len(sign)
    return [*parts, text[start:]]


def _outside_quotes(text: str) -> Iterator[tuple[int, str]]:
    quote = ""
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        else:
            yield at, char
