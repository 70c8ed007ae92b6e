"""A source at an earlier time, and between two: what stood there, and what nobody can know of it."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from watcher.config.arguments import parse_past_time
from watcher.errors import UsageError
from watcher.reports.past import Past, find_past
from watcher.web.addresses import IdInQuery, query
from watcher.web.desk import Desk, TheDesk
from watcher.web.rendering.render import page

router = APIRouter(include_in_schema=False)

PAGE = 50  # entries
_DIFFERENCES = 200  # of each kind


@router.get("/sources/{name:path}/past")
def past(request: Request, desk: TheDesk, name: str, at: str = "", find: str = "", above: IdInQuery = None) -> Response:
    """The register as it was at a time."""
    asked = _asked(desk, name)
    when = parse_past_time(at, "at", desk.config.timezone, asked.now) if at else asked.now
    found = list(islice(asked.entries(when, find, above=above or 0), PAGE + 1))
    return page(
        request,
        "past.html",
        name=name,
        label=desk.label(name),
        at=when,
        given={"at": _local(desk, when), "find": find},
        entries=found[:PAGE],
        gaps=[gap.words(desk.config.timezone) for gap in asked.gaps_at(when)],
        more=query({"at": at, "find": find, "above": str(found[PAGE - 1].row)}) if len(found) > PAGE else None,
    )


@router.get("/sources/{name:path}/between")
def between(request: Request, desk: TheDesk, name: str, since: str = "", until: str = "") -> Response:
    """Two times side by side: what differs."""
    asked = _asked(desk, name)
    first, last = times_of(desk, asked, since, until)
    found = asked.difference(first, last)
    return page(
        request,
        "between.html",
        name=name,
        label=desk.label(name),
        times=(first, last),
        given={"since": _local(desk, first), "until": _local(desk, last)},
        found=found,
        shown=_DIFFERENCES,
        gaps=[gap.words(desk.config.timezone) for gap in found.gaps],
    )


def times_of(desk: Desk, past: Past, since: str, until: str) -> tuple[datetime, datetime]:
    """The earlier and the later time; "" is now. Raises UsageError for what is no time, or the wrong way round."""
    zone = desk.config.timezone
    first = parse_past_time(since, "from", zone, past.now) if since else past.now
    last = parse_past_time(until, "to", zone, past.now) if until else past.now
    if first > last:
        raise UsageError("from: it is later than to")
    return first, last


def _asked(desk: Desk, name: str) -> Past:
    if name not in desk.config.sources and desk.store.history.horizon(name) is None:
        raise HTTPException(404, "there is no such source")
    return find_past(desk.store, desk.config, name, desk.clock())


def _local(desk: Desk, at: datetime) -> str:
    """A time as a field of a form has it."""
    return at.astimezone(desk.config.timezone).strftime("%Y-%m-%dT%H:%M")
