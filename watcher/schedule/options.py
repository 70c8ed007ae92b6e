"""The table `[schedule]` of watch.toml: how many requests are made, and how sources share them."""

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sources.options import Duration, OptionTable, at_least
from watcher.schedule.budget import Terms

_BUDGET = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[x×]?\s*")
_LEAST, _MOST = 0.1, 10.0  # times the requests of fixed intervals
_SHORTEST = timedelta(seconds=1)


def _parse_budget(value: object) -> float:
    match = _BUDGET.fullmatch(value) if isinstance(value, str) else None
    times = float(match[1]) if match else 0.0
    if not _LEAST <= times <= _MOST:
        raise ValueError(f'has to say how many times the requests of fixed intervals: "1.5x" ({_LEAST:g} to {_MOST:g})')
    return times


Budget = Annotated[
    float,
    BeforeValidator(_parse_budget),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*[x×]?\s*$", "examples": ["1.5x", "2x"]}),
]


class ScheduleOptions(OptionTable):
    """How often sources are looked at, when they change more at some hours than at others."""

    budget: Budget | None = Field(
        default=None,
        description='requests, as a multiple of those of fixed intervals: "1.5x"; absent: each source at its `every`',
    )
    fastest: Annotated[Duration, at_least(_SHORTEST)] | None = Field(
        default=None, description="the shortest interval between two checks; default 2/9 of `every`, at least 1m"
    )
    slowest: Annotated[Duration, at_least(_SHORTEST)] | None = Field(
        default=None,
        description="the longest interval, in place of each shorter `every`; absent: `every` is the longest",
    )
    share: Literal["balanced", "equal", "busy"] = Field(
        default="balanced",
        description="how sources share the requests: equal, each its own; busy, where the sum of delays is least;"
        " balanced, in between, and records equally",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.budget is not None and self.budget < 1 and self.slowest is None:
            raise ValueError('a budget below "1x" breaks the promise of `every`: give `slowest`, too')
        if self.fastest and self.slowest and self.fastest > self.slowest:
            raise ValueError("`fastest` may not be longer than `slowest`")
        return self

    @property
    def terms(self) -> Terms | None:
        """The terms of the budget; None without one."""
        if self.budget is None:
            return None
        fastest, slowest = (each.total_seconds() if each else None for each in (self.fastest, self.slowest))
        return Terms(self.budget, fastest, slowest, self.share)
