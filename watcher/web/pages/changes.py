"""Changes: the log with filters, and one change with its fields, its mentions and its proof."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from state.model import ChangeKind, Event, EventKind
from state.storage.browsing import ChangeFilter, Place
from watcher.errors import UsageError
from watcher.web import actions
from watcher.web.addresses import LARGEST, query
from watcher.web.desk import Desk, TheDesk
from watcher.web.rendering.render import page
from watcher.web.viewers import TheEditor

router = APIRouter(include_in_schema=False)

AUTHORITIES = ("record", "statement", "report")
PAGE = 50  # changes
_STATES = {"": None, "new": False, "handled": True}


@router.get("/changes")
def changes(request: Request, desk: TheDesk, state: str = "", below: str = "") -> Response:
    """The log, filtered by what the address says."""
    given = {name: request.query_params.get(name, "").strip() for name in _FILTERS} | {"state": state}
    wanted = filter_of(given, desk.config.timezone)._replace(handled=_STATES.get(state))
    found = desk.store.browse.changes(wanted, below=place_of(below), limit=PAGE)
    return page(
        request,
        "changes.html",
        given=given,
        events=found.events,
        handled=desk.store.desk.handled([event.id for event in found.events]),
        more=found.next and query({**given, "below": text_of(found.next)}),
        sources=sorted(desk.config.sources),
        entities=sorted(desk.config.entities),
        kinds=[kind.value for kind in ChangeKind],
        authorities=AUTHORITIES,
    )


@router.get("/changes/{number}")
def change(request: Request, desk: TheDesk, number: int) -> Response:
    """One change."""
    event = change_of(desk, number)
    return page(
        request,
        "change.html",
        event=event,
        handled=desk.store.desk.handled([number]).get(number),
        alerted=desk.store.outbox.of_event(number),
        history=query({"source": event.source, "key": event.data["key"]}),
    )


@router.post("/changes/{number}/handled")
def handle(desk: TheDesk, editor: TheEditor, number: int, undo: Annotated[str, Form()] = "") -> Response:
    """Mark a change as handled, or take the mark off."""
    change_of(desk, number)
    actions.handle(desk, editor, number, undo=bool(undo))
    return RedirectResponse(f"/changes/{number}", 303)


def change_of(desk: Desk, number: int) -> Event:
    """The change with this number. Raises HTTPException (404)."""
    event = desk.store.log.event(number) if 0 < number <= LARGEST else None
    if event is None or event.kind is not EventKind.CHANGE:
        raise HTTPException(404, f"there is no change {number}")
    return event


_FILTERS = ("source", "entity", "change", "authority", "after", "before", "title", "key")


def filter_of(given: Mapping[str, str], zone: tzinfo) -> ChangeFilter:
    """The filter that an address asks for; empty texts ask for nothing. Raises UsageError for a bad time."""
    return ChangeFilter(
        source=given["source"] or None,
        entity=given["entity"] or None,
        change=given["change"] or None,
        authority=given["authority"] or None,
        after=_time(given["after"], "after", zone),
        before=_time(given["before"], "before", zone),
        title=given["title"] or None,
        key=given["key"] or None,
    )


def _time(text: str, name: str, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{name}: that is no time, such as 2026-03-01 or 2026-03-01T09:30") from None


def place_of(text: str) -> Place | None:
    """The place that a cursor (`2026-03-01T09:30:00+00:00~17`) stands for. Raises UsageError."""
    if not text:
        return None
    at, _, number = text.partition("~")
    try:
        place = Place(datetime.fromisoformat(at).astimezone(UTC), int(number))
        if not 0 <= place.id <= LARGEST:
            raise ValueError(number)
    except (ValueError, OverflowError):
        raise UsageError("the address of this page is broken: begin again without a cursor") from None
    return place


def text_of(place: Place) -> str:
    """A place as a cursor in an address."""
    return f"{place.at.isoformat()}~{place.id}"
