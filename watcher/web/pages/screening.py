"""Screening: by the API, which entries may be about somebody; and clearing: somebody says once, with the reason, that
an entry is not about an entity, at the page of the entry or of one of its changes, or by the API. Until that ends, no
check alerts about the entity because of it.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, HTTPException, Query
from pydantic import Field
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from alerts.event.change_json import ClearingJson, HitJson, clearing_json
from alerts.language import phrase
from state.model import Clearing, Event
from state.storage.browsing import ChangeFilter, SeenEntry
from watcher.config.arguments import parse_time
from watcher.web.api import ACTIONS, RESPONSES, NoParameters, Number, Parameters
from watcher.web.desk import AGAIN, Desk, turn
from watcher.web.pages.discussion import Said
from watcher.web.queries import IdInPath, find_change, find_entry
from watcher.web.viewers import FOR_TOKENS, SIGNED_IN, TheDesk, TheEditor, Viewer

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN])
api = APIRouter(prefix="/api/v1", dependencies=FOR_TOKENS)

CLEAR = "/entries/{number}/clear"
LONGEST = 2.0  # seconds of one request for reading the names of new entries


class MatchRequest(Parameters):
    """Who is looked for. Several countries, dates and numbers are joined by ";"; a date may be a year."""

    name: str = Field(min_length=2, max_length=1000)
    birth_date: str = Field("", max_length=200)
    country: str = Field("", max_length=1000)
    identifiers: str = Field("", max_length=1000)
    limit: int = Field(10, ge=1, le=100, description="hits at most")


class MatchJson(TypedDict):
    """The entries that may be about somebody, with 70 points or more, the likest first."""

    items: list[HitJson]


class ClearRequest(Parameters):
    """Whom an entry is not about, and why; until when that holds: null or left out, for good."""

    entity: str = Field(max_length=200, description="the id of a watched entity")
    why: Said
    until: datetime | None = None


class EndQuery(Parameters):
    """Which clearings of an entry."""

    entity: str | None = Field(default=None, max_length=200, description="that for this entity; left out: all")


@api.post("/match", responses=RESPONSES, tags=["screening"])
def match(desk: TheDesk, wanted: MatchRequest, _: NoParameters) -> MatchJson:
    """Screen one name against the entries that are there now. The first request after a large change, or ever, reads
    their names: it is answered with 503 until all are read, and each further one goes on with it.
    """
    from watcher.reports.screening import Customer, Customers, Screener, bring_up_to_date  # only where somebody asks

    customer = Customer(1, wanted.name, wanted.birth_date, wanted.country, wanted.identifiers)
    facts, error = customer.facts()
    if error:
        raise HTTPException(422, error)
    with turn(desk.list_turns):
        ends = time.monotonic() + LONGEST
        for left in bring_up_to_date(desk.whole.store, desk.whole.config):
            if left and time.monotonic() > ends:
                raise HTTPException(503, "the names of entries are still to be read: try again", AGAIN)
        cleared = Customers(desk.config, desk.store).cleared(customer)
        return {"items": Screener(desk.store).hits(facts, most=wanted.limit, cleared=cleared)}


class ClearableEntry(NamedTuple):
    """An entry of a source that can be cleared, and the page at which that is done."""

    source: str
    key: str
    page: str


def of_entry(desk: TheDesk, number: IdInPath) -> ClearableEntry:
    """The entry in an address. Raises HTTPException (404)."""
    return subject_of(find_entry(desk, number))


def subject_of(seen: SeenEntry) -> ClearableEntry:
    """An entry as a page shows it."""
    return ClearableEntry(seen.source, seen.entry.key, f"/entries/{seen.id}")


def of_change(desk: TheDesk, number: IdInPath) -> ClearableEntry:
    """The entry of the change in an address. Raises HTTPException (404)."""
    event = find_change(desk, number)
    return ClearableEntry(event.source, event.data["key"], f"/changes/{number}")


def clearings_of(desk: Desk, subject: ClearableEntry, events: Iterable[Event]) -> dict[str, Any]:
    """What the part of a page about clearings shows: all that were made of an entry, the newest first; whom it may be
    cleared for, as these changes of it mention them; and the last change that whoever looks at it knows of.
    """
    made = desk.store.clearings.of_keys(subject.source, [subject.key])[::-1]
    found = {entity for event in events for entity in (*event.entities, *event.data.get("cleared", ()))}
    found -= {each.entity for each in made if each.holds(desk.clock())}
    entities = sorted(found & desk.config.entities.keys())
    return {"subject": subject, "made": made, "entities": entities, "last": _last_change(desk, subject)}


def _last_change(desk: Desk, subject: ClearableEntry) -> int:
    """The number of the last change of an entry, 0 where none is known."""
    found = desk.store.browse.changes(ChangeFilter(source=subject.source, key=subject.key), limit=1).events
    return found[0].id if found else 0


def clear(
    desk: Desk, editor: Viewer, subject: ClearableEntry, entity: str, why: str, until: datetime | None
) -> Clearing:
    """Clear an entry for an entity. Raises HTTPException (404) for who is not watched, and what the source never had;
    UsageError for a time that is over.
    """
    from watcher.check import cleared  # only where somebody decides

    if entity not in desk.config.entities:
        raise HTTPException(404, phrase("there is no such entity"))
    until = until.replace(tzinfo=desk.config.timezone) if until and not until.tzinfo else until
    made = Clearing(entity, subject.source, subject.key, why, editor.name, desk.clock(), until)
    done = cleared.clear(desk.whole.store, desk.config.entities, made)
    if done is None:
        raise HTTPException(404, phrase("there is no such entry any more"))
    return done


def end(desk: Desk, editor: Viewer, subject: ClearableEntry, entity: str | None) -> None:
    """End what holds of an entry: for an entity, or for all. Raises HTTPException (404) where nothing does."""
    made = desk.store.clearings.of_keys(subject.source, [subject.key])
    held = [each for each in made if each.ended is None and entity in {None, each.entity}]
    if not held:
        raise HTTPException(404, phrase("it is not cleared, or not any more"))
    for each in held:
        desk.whole.store.clearings.end(each.entity, each.source, each.key, editor.name, desk.clock())


def _add_forms(prefix: str, find: Callable[..., ClearableEntry]) -> None:
    """The forms of one kind of page."""
    About = Annotated[ClearableEntry, Depends(find)]  # noqa: N806 - it is a type

    @router.post(f"{prefix}/clear")
    def clear_shown(
        desk: TheDesk,
        editor: TheEditor,
        about: About,
        entity: Annotated[str, Form()],
        why: Annotated[Said, Form()],
        last: Annotated[int, Form()],
        until: Annotated[str, Form()] = "",
    ) -> Response:
        if last != _last_change(desk, about):
            raise HTTPException(409, phrase("the entry has changed since it was shown: look at it again, then decide"))
        time = parse_time(until, "until", desk.config.timezone) if until else None
        clear(desk, editor, about, entity, why, time)
        return RedirectResponse(f"{about.page}#cleared", 303)

    @router.post(f"{prefix}/clear/end")
    def end_shown(desk: TheDesk, editor: TheEditor, about: About, entity: Annotated[str, Form()]) -> Response:
        end(desk, editor, about, entity)
        return RedirectResponse(f"{about.page}#cleared", 303)


_add_forms("/entries/{number}", of_entry)
_add_forms("/changes/{number}", of_change)


@api.post(CLEAR, responses=ACTIONS, name="clear", tags=["entries"])
def clear_entry(
    desk: TheDesk, editor: TheEditor, number: Number, wanted: ClearRequest, _: NoParameters
) -> ClearingJson:
    """Say that an entry is not about an entity: it raises no alert about it until what identifies it changes."""
    return clearing_json(clear(desk, editor, of_entry(desk, number), wanted.entity, wanted.why, wanted.until))


@api.delete(CLEAR, responses=ACTIONS, status_code=204, name="end clearing", tags=["entries"])
def end_clearing(desk: TheDesk, editor: TheEditor, number: Number, wanted: Annotated[EndQuery, Query()]) -> None:
    """End it: the entry raises alerts about the entity again."""
    end(desk, editor, of_entry(desk, number), wanted.entity)
