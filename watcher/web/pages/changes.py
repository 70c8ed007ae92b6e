"""Changes: the log with filters, and one change with its fields, its mentions and its proof: its pages before and after
as text in which nothing runs, and all of it as a .zip.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request
from pydantic import Field
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from typing_extensions import TypedDict

from alerts.event.change_json import ChangeJson, HandledJson, change_json, handled_json
from alerts.event.webhook_body import fit
from alerts.language import phrase, phrase_many
from alerts.proof import MARK
from state.errors import StateError
from state.evidence.store import CaptureInfo
from state.model import ChangeKind, Event
from state.storage.browsing import ChangeFilter
from watcher.web import actions
from watcher.web.api import ACTIONS, RESPONSES, Listing, NoParameters, Number, Paging
from watcher.web.desk import Desk, turn
from watcher.web.pages.discussion import change_in, talk_of
from watcher.web.pages.evidence import pack_proof
from watcher.web.pages.screening import clearings_of, of_change
from watcher.web.queries import (
    IdInPath,
    IdInQuery,
    cursor_of,
    feed_of,
    filter_of,
    find_change,
    given_filters,
    place_of,
    query,
)
from watcher.web.render import page
from watcher.web.viewers import FOR_TOKENS, SIGNED_IN, TheDesk, TheEditor, TheViewer

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN])
api = APIRouter(prefix="/api/v1/changes", tags=["changes"], dependencies=FOR_TOKENS)

AUTHORITIES = ("record", "statement", "report")
PAGE = 50  # changes
CITED = 5  # earlier changes about an entity
MOST_ENTITIES = 5  # whose earlier changes are looked for
MOST_ITEM = 2_000_000  # characters of a change; of a larger one values are shortened, as for webhooks
MOST_SHOWN = 10_000_000  # bytes of all pages of a change that are unpacked for a frame
LONGEST = 500_000  # characters of a page in a frame
# In a frame of our own page alone, and nothing runs or loads there, whatever the text is taken for.
_FRAMED = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


@router.get("/changes")
def show_all(request: Request, desk: TheDesk, viewer: TheViewer, below: str = "", key: str = "") -> Response:
    """The log, filtered by what the address says; `key` is another word for `entry`."""
    given = given_filters({"entry": key, **request.query_params})
    if given["assigned"] == "me":
        given["assigned"] = viewer.name
    feed = feed_of(desk, given)
    found = desk.store.browse.changes(feed.wanted, below=place_of(below), limit=PAGE)
    return page(
        request,
        "changes.html",
        given=given,
        wish=_wish(given),
        feed=feed,
        events=found.events,
        marks=desk.store.discussion.of_changes([event.id for event in found.events], last=0),
        more=found.next and query({**given, "below": cursor_of(found.next)}),
        sources=sorted(desk.config.sources),
        entities=sorted(desk.config.entities),
        kinds=[kind.value for kind in ChangeKind],
        authorities=AUTHORITIES,
        people=sorted({viewer.name, *desk.store.discussion.assignees()}),
    )


_FOLLOWED = {"source": "sources", "entity": "entities", "title": "find"}  # filters, as what is followed names them


def _wish(given: Mapping[str, str]) -> dict[str, str]:
    """What somebody can follow of what passes the filters; nothing where they say more than that can."""
    wish = {_FOLLOWED.get(name, ""): value for name, value in given.items() if value}
    return {} if "" in wish or {"sources", "entities"} <= wish.keys() or wish.get("entities") == "*" else wish


@router.get("/changes/{number}")
def show(request: Request, desk: TheDesk, number: int, said: IdInQuery = None) -> Response:
    """One change."""
    event = find_change(desk, number)
    return page(
        request,
        "change.html",
        event=event,
        marks=desk.store.discussion.of_change(number),
        talk=talk_of(desk, change_in(desk, number), said),
        alerted=desk.store.outbox.of_event(number),
        history=query({"source": event.source, "key": event.data["key"]}),
        clearings=clearings_of(desk, of_change(desk, number), [event]),
    )


@router.post("/changes/{number}/handled")
def mark(desk: TheDesk, editor: TheEditor, number: int, undo: Annotated[str, Form()] = "") -> Response:
    """Mark a change as handled, or take the mark off."""
    find_change(desk, number)
    actions.handle(desk, editor, number, undo=bool(undo))
    return RedirectResponse(f"/changes/{number}", 303)


@router.get("/changes/{number}/page/{side}")
def frame(desk: TheDesk, number: IdInPath, side: Literal["before", "after"]) -> Response:
    """The pages of one side as plain text, for the sandboxed frames of the change's page."""
    info = _capture(desk, number)
    try:
        text = _text(desk, info, number, side)
    except StateError:
        text = phrase("(the file of this page is missing, or is not what the chain of hashes says: see Evidence)")
    return PlainTextResponse(text, headers=_FRAMED)


@router.get("/changes/{number}/proof.zip")
def give_proof(desk: TheDesk, number: IdInPath) -> Response:
    """The proof that others can check, as `watch evidence` writes it."""
    _capture(desk, number)
    evidence = desk.config.evidence
    if evidence is None:
        raise HTTPException(404, phrase("the configuration has no table [evidence]"))
    try:
        return pack_proof(desk.store, evidence.path, number, desk.config.timezone, desk.proof_turns)
    except StateError:
        why = phrase("the evidence is not as the chain says, or its file is missing: see Evidence")
        raise HTTPException(409, why) from None


def _capture(desk: Desk, number: int) -> CaptureInfo:
    """The capture of a change. Raises HTTPException (404)."""
    find_change(desk, number)
    info = desk.store.evidence.capture_of(number)
    if info is None or not info.file:
        why = phrase("no page of change {number} was kept, or it was removed for its age", number=number)
        raise HTTPException(404, why)
    return info


def _text(desk: Desk, info: CaptureInfo, number: int, side: str) -> str:
    """Each page with lines that say where it is from, the one with the changed row first; what is no text is only
    named. Raises StateError.
    """
    from state.evidence.reading import recall, recall_about
    from watcher.evidence.proofs import readable  # it loads the readers of certificates and of all formats

    evidence = desk.config.evidence
    if evidence is None:
        return phrase("(the configuration has no table [evidence])")
    about = recall_about(desk.store.evidence, evidence.path, info)
    told = [*about["pages"], *about["before"]["pages"]]
    if sum(page["bytes"] for page in told) > MOST_SHOWN:
        return phrase("(the pages are too large to be shown here: proof.zip has them)")
    recalled = recall(desk.store.evidence, evidence.path, info)
    pages = recalled.pages if side == "after" else recalled.before
    change = next((each for each in about["changes"] if each["id"] == number), None)
    source = desk.config.sources.get(info.source)
    texts = list[str]()
    for shown, text in readable(pages, side, source.encoding if source else None, change):
        size = phrase_many("{number} byte", "{number} bytes", shown.told["bytes"])
        begin = max(0, text.find(MARK) - LONGEST // 2)  # a row far down is shown, too
        said = text[begin:][:LONGEST] or phrase("(it is no text: proof.zip has it)")
        texts.append(f"{shown.told['url']}\n{shown.told['fetched']}, {size}\n\n{said}")
    return "\n\n".join(texts)[:LONGEST] or phrase("(no page: the source was not read before)")


class HandledChange(TypedDict):
    """What became of a change."""

    change: int
    handled: HandledJson | None


class ChangeQuery(Paging):
    """The filters of the log. Times are ISO 8601, in the configured zone where they have none."""

    source: str = Field(default="", description="the name of a source")
    entity: str = Field(default="", description="the id of a watched entity; *: any of them")
    change: Literal["", *map(str, ChangeKind)] = Field(default="", description="the kind of change")  # type: ignore[valid-type]
    authority: Literal["", "record", "statement", "report"] = Field(default="", description="of the source")
    after: str = Field(default="", description="found after this time")
    before: str = Field(default="", description="found before this time")
    title: str = Field(default="", max_length=1000, description="words in the title")
    key: str = Field(default="", description="the key of an entry, as it is")
    assigned: str = Field(default="", description="the name of whom it is assigned to; me: whoever asks")
    importance: Literal["", "high", "normal", "low"] = Field(default="", description="how important it is")


@api.get("", responses=RESPONSES, response_model_exclude_unset=True)
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


@api.get("/{number}", responses=RESPONSES, response_model_exclude_unset=True)
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


@api.get(
    "/{number}/proof.zip",
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


@api.post("/{number}/handled", responses=ACTIONS)
def handle(desk: TheDesk, editor: TheEditor, number: Number, *, undo: bool = False) -> HandledChange:
    """Mark a change as handled; with `undo=true` take the mark off."""
    find_change(desk, number)
    actions.handle(desk, editor, number, undo=undo)
    return {"change": number, "handled": handled_json(desk.store.discussion.of_change(number))}
