"""A finding of an examination."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

Level = Literal["ok", "warning", "error"]


class Diagnosis(NamedTuple):
    """What was looked at (`area`), how it is, and what to do: "" where nothing has to be done."""

    area: str
    level: Level
    says: str
    do: str = ""


Findings: TypeAlias = Iterator[Diagnosis]


def ok(area: str, says: str) -> Diagnosis:
    """Nothing has to be done."""
    return Diagnosis(area, "ok", says)


def warning(area: str, says: str, do: str) -> Diagnosis:
    """It works, and hardly as it is meant, or not for long."""
    return Diagnosis(area, "warning", says, do)


def error(area: str, says: str, do: str) -> Diagnosis:
    """It does not work."""
    return Diagnosis(area, "error", says, do)
