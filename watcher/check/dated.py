"""Requests with dates in them: the placeholders {today} and {since} are filled when a request is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar
from urllib.parse import quote

from sources import Get, Page, Source
from sources.http.request import Validators
from sources.placeholders import filled, filled_text
from watcher.check.check_io import CheckIO

P = ParamSpec("P")
R = TypeVar("R")

_OVERLAP = timedelta(days=1)  # a register dates by its own clock, and may enter things late in the day
_FIRST = timedelta(days=30)

_quoted = partial(quote, safe="")


def dated(io: CheckIO, source: Source, now: datetime, last: datetime | None) -> CheckIO:
    """The same interface, but {today} and {since} are filled, if the source has any.

    {since} is the day before the `last` check that could read the source; before the first one, 30 days ago.
    """
    if not source.dated:
        return io
    since = last - _OVERLAP if last else now - _FIRST
    return _Dated(io, {"today": now.date(), "since": since.date()})


class _Dated:
    def __init__(self, io: CheckIO, dates: Mapping[str, date]) -> None:
        self._io, self._dates = io, dates

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        """The page has the request as it was asked for: with a date in it, it would not be found again tomorrow."""
        page = await self._io.fetch(self._filled(get), validators)
        return replace(page, get=get)

    async def offload(self, work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
        return await self._io.offload(work, *args, **options)

    def _filled(self, get: Get) -> Get:
        form = get.form and {name: filled_text(text, self._dates) for name, text in get.form.items()}
        url, body = filled_text(get.url, self._dates, _quoted), filled(get.json, self._dates)
        return replace(get, url=url, form=form, json=body, carry={**get.carry, "dates": self._dates})
