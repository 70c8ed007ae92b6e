"""Changes: the log with filters, one change with what it cites, its proof; mark as handled; an entity's case."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from alerts.event.change_json import ChangeJson, HandledJson, change_json, handled_json
from alerts.event.payload import fit
from state.model import ChangeKind, Event
from state.storage.browsing import ChangeFilter
from watcher.reports.case import story_json, story_of
from watcher.web import actions
from watcher.web.api.parameters import ACTIONS, MOST, RESPONSES, Listing, NoParameters, Number, Paging
from watcher.web.discussing import case_in
from watcher.web.evidence import pack_proof, turn
from watcher.web.queries import cursor_of, filter_of, find_change, place_of
from watcher.web.viewers import TheDesk, TheEditor, TheViewer

router = APIRouter()

CITED = 5  # earlier changes about an entity
MOST_ENTITIES = 5  # whose earlier changes are looked for
MOST_ITEM = 2_000_000  # characters of a change; of a larger one values are shortened, as for webhooks


class HandledChange(TypedDict):
    """What became of a change."""

    change: int
    handled: HandledJson | None


class ChangeQuery(Paging):
    """The filters of the log. Times are ISO 8601, in the configured zone where they have none."""

    source: str = Field(default="", description="the name of a source")
    entity: str = Field(default="", description="the id of a watched entity; *: any of them")
    change: Literal["", *ChangeKind] = Field(default="", description="the kind of change")  # type: ignore[valid-type]
    authority: Literal["", "record", "statement", "report"] = Field(default="", description="of the source")
    after: str = Field(default="", description="found after this time")
    before: str = Field(default="", description="found before this time")
    title: str = Field(default="", max_length=1000, description="words in the title")
    key: str = Field(default="", description="the key of an entry, as it is")
    assigned: str = Field(default="", description="the name of whom it is assigned to; me: whoever asks")
    importance: Literal["", "high", "normal", "low"] = Field(default="", description="how important it is")


@router.get("/changes", tags=["changes"], responses=RESPONSES, response_model_exclude_unset=True)
def changes(desk: TheDesk, viewer: TheViewer, wanted: Annotated[ChangeQuery, Query()]) -> Listing[ChangeJson]:
    """The log, newest first: fewer than `limit` where they are large, as is said by `next`."""
    given = wanted.model_dump()
    given["assigned"] = viewer.name if wanted.assigned == "me" else wanted.assigned
    chosen = filter_of(given, desk.config.timezone)
    with turn(desk.list_turns):
        found = desk.store.browse.changes(chosen, below=place_of(wanted.cursor), limit=wanted.limit)
        marked = desk.store.discussion.along(found.events)
        items = [fit(change_json(each, desk.config.web.base_url, marks=marks), MOST_ITEM) for each, marks in marked]
    return {"items": items, "next": cursor_of(found.next) if found.next else None}


@router.get("/changes/{number}", tags=["changes"], responses=RESPONSES, response_model_exclude_unset=True)
def change(desk: TheDesk, number: Number, _: NoParameters) -> ChangeJson:
    """One change, with the earlier ones about the same entities."""
    with turn(desk.list_turns):
        event = find_change(desk, number)
        # The last changes before this one that mention one of its entities, of all sources, newest first
        found: dict[int, Event] = {}
        for entity in event.entities[:MOST_ENTITIES]:
            wanted = ChangeFilter(entity=entity, before=event.at)
            found |= {each.id: each for each in desk.store.browse.changes(wanted, limit=CITED).events}
        earlier = sorted(found.values(), key=lambda each: (each.at, each.id), reverse=True)
        marks = desk.store.discussion.of_change(number)
        made: ChangeJson = fit(change_json(event, desk.config.web.base_url, earlier, marks), MOST_ITEM)
        return made


@router.get(
    "/changes/{number}/proof.zip",
    tags=["changes"],
    responses=RESPONSES
    | {200: {"content": {"application/zip": {}}, "description": "docs/evidence.md says what is in"}},
    response_class=Response,
)
def proof(desk: TheDesk, number: Number, _: NoParameters) -> Response:
    """The proof of a change: the pages as they came, their records, the chain."""
    find_change(desk, number)
    if desk.config.evidence is None:
        raise HTTPException(404, "no evidence is kept here: docs/evidence.md says how it is")
    return pack_proof(desk.store, desk.config.evidence.path, number, desk.config.timezone, desk.proof_turns)


@router.post("/changes/{number}/handled", tags=["changes"], responses=ACTIONS)
def handle(desk: TheDesk, editor: TheEditor, number: Number, *, undo: bool = False) -> HandledChange:
    """Mark a change as handled; with `undo=true` take the mark off."""
    find_change(desk, number)
    actions.handle(desk, editor, number, undo=undo)
    return {"change": number, "handled": handled_json(desk.store.discussion.of_change(number))}


@router.get("/cases/{entity:path}", tags=["cases"], responses=RESPONSES)
def case(desk: TheDesk, entity: str, _: NoParameters) -> dict[str, Any]:
    """The story of an entity as `watch case --json` gives it, from the last 500 events that mention it."""
    case_in(desk, entity)
    events = desk.store.log.events(entity=entity, limit=MOST)
    return story_json(story_of(desk.config, desk.store, entity, events))
