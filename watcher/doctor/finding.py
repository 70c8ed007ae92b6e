"""A finding of an examination."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

Level = Literal["ok", "warning", "error"]


class Finding(NamedTuple):
    """What was looked at (`area`), how it is, and what to do: "" where nothing has to be done."""

    area: str
    level: Level
    says: str
    do: str = ""


Findings: TypeAlias = Iterator[Finding]


def ok(area: str, says: str) -> Finding:
    """Nothing has to be done."""
    return Finding(area, "ok", says)


def warning(area: str, says: str, do: str) -> Finding:
    """It works, and hardly as it is meant, or not for long."""
    return Finding(area, "warning", says, do)


def error(area: str, says: str, do: str) -> Finding:
    """It does not work."""
    return Finding(area, "error", says, do)
