"""Evaluates expressions, with functions of our own, within a bound: what each step makes, as it would stand in JSON,
counts.

An expression of a few words can double a list at each step. JMESPath cannot name the whole from within a part, so a
step works on no more than was made before: the sum of what is made bounds the time, too.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from jmespath.functions import Functions, signature
from jmespath.visitor import Options, TreeInterpreter

from sources.formats.dates import find_date
from sources.options import compile_re2

MOST_MADE = 20_000_000  # characters, values and steps: some ten times the largest change

_MAKING = {"function_expression", "flatten", "slice", "multi_select_list", "multi_select_dict"}
_MAKING |= {"projection", "value_projection", "filter_projection"}

_LONGEST = 200  # characters of an amount
_LARGEST = 1e300  # as an amount
_NUMBER = re.compile(r"((?<!\w)[-\u2212])?[^\w\s.,]?((?:(?<!\w)[.,])?\d+(?:[ '.,]\d+)*)")
_GROUPED = re.compile(r"[1-9]\d{0,2}([ '.,])(?:\d\d\d?\1)*\d{3}")  # also by two: 12,34,567

_compile = lru_cache(maxsize=1024)(compile_re2)


class BoundedFunctions(Functions):
    """The functions, of which `join` alone makes more than it is given: its separator, again for each text. Ours give
    null for a value that is not of their kind. `at` is the time of the change.
    """

    def __init__(self, at: datetime) -> None:
        self._at = at

    @signature({"types": ["string"]}, {"types": ["array-string"]})
    def _func_join(self, separator: str, texts: list[str]) -> str:
        _check_made(len(separator) * len(texts))
        return separator.join(texts)

    @signature({"types": ["string"]}, {"types": []})
    def _func_matches(self, pattern: str, value: object) -> bool | None:
        return bool(_compile(pattern).search(value)) if isinstance(value, str) else None

    @signature({"types": []})
    def _func_amount(self, value: object) -> float | None:
        return read_amount(value)

    @signature({"types": []})
    def _func_date(self, value: object) -> str | None:
        found = find_date(str(value)) if isinstance(value, str | int | float) else None
        return found.date().isoformat() if found else None

    @signature({"types": []})
    def _func_days_since(self, value: object) -> int | None:
        day = self._func_date(value)
        return (self._at.date() - datetime.fromisoformat(day).date()).days if day else None


class BoundedInterpreter(TreeInterpreter):
    """Evaluates one expression once, about a change of the time `at`. Raises ValueError when it makes too much."""

    def __init__(self, at: datetime) -> None:
        super().__init__(Options(custom_functions=BoundedFunctions(at)))
        self._made = 0
        self._sizes: dict[int, tuple[int, object]] = {}  # by identity, with the value, so that it is of no other one

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        """The value of a node of the syntax tree."""
        value = super().visit(node, *args, **kwargs)
        self._made += 1 + (self._size(value) if node["type"] in _MAKING else 0)
        _check_made(self._made)
        return value

    def _size(self, value: object) -> int:
        """The characters and values that a value consists of, however often it holds the same one."""
        if isinstance(value, str):
            return 1 + len(value)
        if not isinstance(value, list | dict):
            return 1
        if id(value) not in self._sizes:
            members = [*value, *value.values()] if isinstance(value, dict) else value
            self._sizes[id(value)] = 1 + sum(map(self._size, members)), value
        return self._sizes[id(value)][0]


def _check_made(made: int) -> None:
    if made > MOST_MADE:
        raise ValueError(f"it makes more than {MOST_MADE:,} characters")


def read_amount(value: object) -> float | None:
    """The one number in a text in any language, with whatever currency: "1 000,50 €" is 1000.5; None where there is
    none, or several.

    A comma or a point before three digits groups thousands, if it may: "1,000" and "1.000" are both a thousand, but
    "0,500" and "1000.500" have decimals, as "1.000,50" has. A word such as "million" is not read.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if -_LARGEST < value < _LARGEST else None
    text = value if isinstance(value, str) and len(value) <= _LONGEST else ""
    found = _NUMBER.findall(normalize("NFKC", text).replace("\u2019", "'"))
    if len(found) != 1:
        return None
    sign, number = found[0]
    whole, point, decimals = number, "", ""
    if not _GROUPED.fullmatch(number) and (last := max(number.rfind(","), number.rfind("."))) >= 0:
        whole, point, decimals = number[:last], ".", number[last + 1 :]
    if not (_GROUPED.fullmatch(whole) or (whole or "0").isdecimal()) or not (decimals or "0").isdecimal():
        return None
    size = float(re.sub(r"\D", "", whole) + point + decimals)
    return -size if sign else size
