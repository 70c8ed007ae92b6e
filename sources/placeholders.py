"""Placeholders in the options of a request: "{page}", "{today:%d.%m.%Y}". Names without a value stay as they are."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(?::([^{}]*))?\}")
NUMBERS = ("page", "offset", "cursor")  # where a list of several pages is continued
DATES = ("today", "since")


def names_in(value: Any) -> set[str]:
    """The names of all placeholders in a text, or in the texts of a JSON value."""
    if isinstance(value, str):
        return {found[1] for found in _PLACE.finditer(value)} if "{" in value else set()
    found: set[str] = set()
    if value:  # of most requests, there is nothing but an address
        for each in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
            found |= names_in(each)
    return found


def fill(value: Any, values: Mapping[str, Any], encode: Callable[[str], str] = str) -> Any:
    """The value with its placeholders replaced by `values`, in all texts of a JSON value; each one is passed through
    `encode`.

    A JSON text that is nothing but a placeholder becomes the value itself, so that numbers stay numbers. A date is
    written as its format says, or as 2025-07-16.
    """
    if isinstance(value, Mapping):
        return {name: fill(each, values, encode) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [fill(each, values, encode) for each in value]
    if not isinstance(value, str) or "{" not in value:
        return value
    whole = _PLACE.fullmatch(value)
    if whole and whole[1] in values and not isinstance(values[whole[1]], str | date):
        return values[whole[1]]
    return fill_text(value, values, encode)


def fill_text(text: str, values: Mapping[str, Any], encode: Callable[[str], str] = str) -> str:
    """As `fill`, for a text that stays one; None becomes ""."""
    if "{" not in text:
        return text

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        given = values[found[1]]
        if isinstance(given, date):
            given = given.strftime(found[2]) if found[2] else given.isoformat()
        return encode("" if given is None else str(given))

    return _PLACE.sub(value, text)


def find_carried(carry: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a request carries for the headers: the dates, and what was taken from an earlier page."""
    return {**carry.get("dates", {}), **carry.get("taken", {})}
