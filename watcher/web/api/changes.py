"""Changes: the log with filters, one change with what it cites, its proof; mark as handled."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from alerts.event.change_json import ChangeJson, change_json
from state.model import ChangeKind, Event
from state.storage.browsing import ChangeFilter
from watcher.web import actions
from watcher.web.api.paging import ACTIONS, RESPONSES, NoParameters, Number, Paging
from watcher.web.desk import Desk, TheDesk
from watcher.web.pages.changes import change_of, filter_of, place_of, text_of
from watcher.web.pages.proof import packed
from watcher.web.viewers import TheEditor

router = APIRouter(tags=["changes"])

CITED = 5  # earlier changes about an entity
MOST_ENTITIES = 5  # whose earlier changes are looked for


class HandledJson(TypedDict):
    """Who marked a change as handled, and when."""

    who: str
    at: datetime


class OneChangeJson(ChangeJson):
    """A change, and whether it is handled."""

    handled: HandledJson | None


class Changes(TypedDict):
    """A part of the log, newest first."""

    items: list[ChangeJson]
    next: str | None


class Handle(TypedDict):
    """What became of a change."""

    change: int
    handled: HandledJson | None


class Wanted(Paging):
    """The filters of the log. Times are ISO 8601, in the configured zone where they have none."""

    source: str = Field(default="", description="the name of a source")
    entity: str = Field(default="", description="the id of a watched entity; *: any of them")
    change: Literal["", *ChangeKind] = Field(default="", description="the kind of change")  # type: ignore[valid-type]
    authority: Literal["", "record", "statement", "report"] = Field(default="", description="of the source")
    after: str = Field(default="", description="found after this time")
    before: str = Field(default="", description="found before this time")
    title: str = Field(default="", max_length=1000, description="words in the title")
    key: str = Field(default="", description="the key of an entry, as it is")


@router.get("/changes", responses=RESPONSES, response_model_exclude_unset=True)
def changes(desk: TheDesk, wanted: Annotated[Wanted, Query()]) -> Changes:
    """The log, newest first."""
    chosen = filter_of(wanted.model_dump(), desk.config.timezone)
    found = desk.store.browse.changes(chosen, below=place_of(wanted.cursor), limit=wanted.limit)
    items = [change_json(event, desk.config.web.base_url) for event in found.events]
    return {"items": items, "next": text_of(found.next) if found.next else None}


@router.get("/changes/{number}", responses=RESPONSES, response_model_exclude_unset=True)
def change(desk: TheDesk, number: Number, _: NoParameters) -> OneChangeJson:
    """One change, with the earlier ones about the same entities."""
    event = change_of(desk, number)
    made = change_json(event, desk.config.web.base_url, _related(desk, event))
    return {**made, "handled": _handled(desk, number)}


@router.get(
    "/changes/{number}/proof.zip",
    responses=RESPONSES
    | {200: {"content": {"application/zip": {}}, "description": "docs/evidence.md says what is in"}},
    response_class=Response,
)
def proof(desk: TheDesk, number: Number, _: NoParameters) -> Response:
    """The proof of a change: the pages as they came, their records, the chain."""
    change_of(desk, number)
    if desk.config.evidence is None:
        raise HTTPException(404, "no evidence is kept here: docs/evidence.md says how it is")
    return packed(desk, desk.config.evidence.path, number)


@router.post("/changes/{number}/handled", responses=ACTIONS)
def handle(desk: TheDesk, editor: TheEditor, number: Number, *, undo: bool = False) -> Handle:
    """Mark a change as handled; with `undo=true` take the mark off."""
    change_of(desk, number)
    actions.handle(desk, editor, number, undo=undo)
    return {"change": number, "handled": _handled(desk, number)}


def _handled(desk: Desk, number: int) -> HandledJson | None:
    found = desk.store.desk.handled([number]).get(number)
    return {"who": found.who, "at": found.at} if found else None


def _related(desk: Desk, event: Event) -> list[Event]:
    """The last changes before this one that mention one of its entities, of all sources, newest first."""
    found: dict[int, Event] = {}
    for entity in event.entities[:MOST_ENTITIES]:
        wanted = ChangeFilter(entity=entity, before=event.at)
        found |= {each.id: each for each in desk.store.browse.changes(wanted, limit=CITED).events}
    return sorted(found.values(), key=lambda each: (each.at, each.id), reverse=True)
