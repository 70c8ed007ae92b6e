"""Sources: how each one fares, and its entries; an entry with its history; check one now, accept what is held."""

import sqlite3
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any, NotRequired, Self

from fastapi import APIRouter, Body, HTTPException, Query
from pydantic import Field
from typing_extensions import TypedDict

from alerts.event.change_json import ChangeJson, change_json
from state.model import SourceStatus, Standing, Status
from state.storage.browsing import EntryPage, SeenEntry
from watcher.config.arguments import parse_past_time
from watcher.reports import Time
from watcher.reports.past import DifferenceReport, EntryReport, GapReport, ValueReport, find_past
from watcher.reports.status import SourceReport, source_fields
from watcher.terminal.change_lines import changes_of
from watcher.web import actions
from watcher.web.api.parameters import (
    ACTIONS,
    CONFLICT,
    MOST,
    RESPONSES,
    Listing,
    NoParameters,
    Number,
    NumberedPaging,
    Paging,
    Parameters,
)
from watcher.web.desk import Desk
from watcher.web.errors import AGAIN
from watcher.web.queries import times_of
from watcher.web.search import LONGEST_QUERY
from watcher.web.viewers import TheDesk, TheEditor

router = APIRouter()

_EVER = datetime.min.replace(tzinfo=UTC)


class SeenEntryReport(EntryReport):
    """An entry as it was last seen; `left` is when it was seen to be absent, null while it is present."""

    id: int
    source: str
    present: bool
    left: Time | None

    @classmethod
    def of_seen(cls, found: SeenEntry, **more: object) -> Self:
        """An entry as the state has it, and what a report of it has `more`."""
        present = found.standing is Standing.PRESENT
        return cls.of(found.entry, id=found.id, source=found.source, present=present, left=found.left, **more)


class EntryHistory(SeenEntryReport):
    """An entry with its last changes, the newest first, and with its values, the earliest first, as `watch entry` gives
    them; `gaps` say what is not known of them.
    """

    changes: list[ChangeJson]
    values: list[ValueReport]
    gaps: list[GapReport]


class ConfiguredSource(SourceReport):
    """A source as it is configured, and how it fares. The first four are null for one that is not configured."""

    kind: str | None
    label: str | None
    authority: str | None
    every: float | None  # seconds
    wait_until: Time | None  # the server's Retry-After
    revision: int


class SourceWithHeld(ConfiguredSource):
    """A source, and its held snapshot as `watch status NAME --json` shows it, or null."""

    held: dict[str, Any] | None


class EntryAt(SeenEntryReport):
    """An entry; for a time that was asked for, as it was then. `since` is when a check found it so, `checked_before`
    the last check before that could read the source: both only for a time.
    """

    since: Time | None = None
    checked_before: Time | None = None


class EntryList(TypedDict):
    """A part of a source's entries, in the order of their numbers. `at` and `gaps` are there for a time that was asked
    for: the time, and what is not known of it.
    """

    items: list[EntryAt]
    next: int | None
    at: NotRequired[Time]
    gaps: NotRequired[list[GapReport]]


class CheckJson(TypedDict):
    """A check that was asked for; `daemon` is whether one reported lately, which will make it."""

    source: str
    requested: str
    daemon: bool


class AcceptRequest(Parameters):
    """Which snapshot to take as the new truth, and whether its changes are alerted."""

    snapshot: str = Field(max_length=100, description="the id of the held snapshot that was looked at")
    alert: bool | None = Field(
        None,
        description="whether its changes are alerted: all, none; left out, those that mention what is watched",
    )


class AcceptedJson(TypedDict):
    """What was taken."""

    source: str
    snapshot: str
    entries: int
    changes: int


class PauseRequest(Parameters):
    """Until when a source rests; null or left out: until somebody resumes it."""

    until: datetime | None = None


class PauseJson(TypedDict):
    """Whether a source rests, and until when."""

    source: str
    paused: bool
    until: str | None


class EntryQuery(NumberedPaging):
    """Which entries."""

    find: str = Field(
        default="", max_length=LONGEST_QUERY, description="words, or their beginnings, as the page /entries finds them"
    )
    at: str = Field(default="", max_length=100, description="as they were at this time, ISO 8601")


class DifferenceQuery(Parameters):
    """Two times, in ISO 8601; in the configured zone where they have none."""

    since: str = Field(alias="from", max_length=100, description="the earlier time")
    until: str = Field(default="", alias="to", max_length=100, description="the later time; now if it is empty")


@router.get("/sources", tags=["sources"], responses=RESPONSES)
def sources(desk: TheDesk, wanted: Annotated[Paging, Query()]) -> Listing[ConfiguredSource]:
    """All sources that are configured, or in the state, by name."""
    known = desk.statuses()
    names = sorted(name for name in known if name > wanted.cursor)
    items = [ConfiguredSource(**_fields(desk, known[name])) for name in names[: wanted.limit]]
    return {"items": items, "next": names[wanted.limit - 1] if len(names) > wanted.limit else None}


@router.get("/sources/{name:path}/entries", tags=["sources"], responses=RESPONSES, response_model_exclude_unset=True)
def entries(desk: TheDesk, name: str, wanted: Annotated[EntryQuery, Query()]) -> EntryList:
    """The present entries of a source, with `find` those that the search of the pages finds; or of an earlier time."""
    _status(desk, name)
    if wanted.at:
        return _entries_at(desk, name, wanted)
    if wanted.find.strip():
        found = _search(desk, name, wanted)
    else:
        found = desk.store.entries.page(name, above=wanted.cursor or 0, limit=wanted.limit)
    return {"items": list(map(EntryAt.of_seen, found.entries)), "next": found.next}


@router.get("/sources/{name:path}/diff", tags=["sources"], responses=RESPONSES)
def diff(desk: TheDesk, name: str, wanted: Annotated[DifferenceQuery, Query()]) -> DifferenceReport:
    """A source between two times, as one difference."""
    _status(desk, name)
    past = find_past(desk.store, desk.config, name, desk.clock())
    return past.difference(*times_of(desk, past, wanted.since, wanted.until))


def _entries_at(desk: Desk, name: str, wanted: EntryQuery) -> EntryList:
    past = find_past(desk.store, desk.config, name, desk.clock())
    at = parse_past_time(wanted.at, "at", desk.config.timezone, past.now)
    found = list(islice(past.entries(at, wanted.find, above=wanted.cursor or 0), wanted.limit + 1))
    shown = found[: wanted.limit]
    items = [
        EntryAt.of(
            each.entry,
            id=each.row,
            source=name,
            present=True,
            left=None,
            since=each.since,
            checked_before=each.checked_before,
        )
        for each in shown
    ]
    more = shown[-1].row if len(found) > wanted.limit else None
    return {"items": items, "next": more, "at": at, "gaps": past.gaps_at(at)}


@router.post("/sources/{name:path}/check", tags=["sources"], status_code=202, responses=ACTIONS)
def check(desk: TheDesk, editor: TheEditor, name: str, _: NoParameters) -> CheckJson:
    """Have a source checked now: a daemon or a worker does it within seconds, as soon as its host has room."""
    now = desk.clock()
    alive = actions.check(desk, editor, name)
    return {"source": name, "requested": now.isoformat(), "daemon": alive}


@router.post("/sources/{name:path}/pause", tags=["sources"], responses=ACTIONS)
def pause(
    desk: TheDesk,
    editor: TheEditor,
    name: str,
    _: NoParameters,
    wanted: Annotated[PauseRequest, Body()] = PauseRequest(),  # noqa: B008 - an empty one, which nobody changes
) -> PauseJson:
    """Have a source rest until a time, or until somebody resumes it. A check that is asked for by name is made."""
    until = actions.pause(desk, editor, [name], wanted.until)
    return {"source": name, "paused": True, "until": until.isoformat() if until else None}


@router.post("/sources/{name:path}/resume", tags=["sources"], responses=ACTIONS)
def resume(desk: TheDesk, editor: TheEditor, name: str, _: NoParameters) -> PauseJson:
    """End a source's rest."""
    actions.pause(desk, editor, [name], paused=False)
    return {"source": name, "paused": False, "until": None}


@router.post("/sources/{name:path}/accept", tags=["sources"], responses=CONFLICT)
def accept(desk: TheDesk, editor: TheEditor, name: str, wanted: AcceptRequest, _: NoParameters) -> AcceptedJson:
    """Take the held snapshot with this id as the new truth, and no other one. `GET /sources/NAME` shows it."""
    held, events = actions.accept(
        desk, editor, name, wanted.snapshot, "watched" if wanted.alert is None else "all" if wanted.alert else "none"
    )
    number = held.found.difference.count
    return {"source": name, "snapshot": held.id, "entries": number, "changes": changes_of(events)}


@router.get("/sources/{name:path}", tags=["sources"], responses=RESPONSES)
def source(desk: TheDesk, name: str, _: NoParameters) -> SourceWithHeld:
    """One source, and what the snapshot that is held of it would bring."""
    status = _status(desk, name)
    held = None
    if name in desk.config.sources and status.status == Status.SUSPICIOUS:
        from watcher.trials.held import held_json  # what compares it takes memory that most servers never need

        found = actions.held(desk, name)
        held = held_json(found, desk.config.web.base_url) if found else None
    return SourceWithHeld(**_fields(desk, status), held=held)


def _search(desk: Desk, name: str, wanted: EntryQuery) -> EntryPage:
    """What the index finds. Raises HTTPException (503) where it lacks something: an answer has no place to say so."""
    later = {"Retry-After": str(AGAIN)}
    if desk.search is None:
        raise HTTPException(503, "this server keeps no search index")
    if not desk.search.is_ready:
        raise HTTPException(503, "the search index is being built, or cannot be used: try again", later)
    try:
        return desk.search.find(wanted.find, source=name, present=True, above=wanted.cursor or 0, limit=wanted.limit)
    except sqlite3.Error as error:
        raise HTTPException(503, f"the search index cannot be used: {error}", later) from None


def _status(desk: Desk, name: str) -> SourceStatus:
    found = desk.statuses().get(name)
    if found is None:
        raise HTTPException(404, "there is no such source")
    return found


def _fields(desk: Desk, status: SourceStatus) -> dict[str, Any]:
    """The fields of a ConfiguredSource."""
    source = desk.config.sources.get(status.name)
    return {
        **source_fields(status, source, desk.config, desk.clock()),
        "kind": type(source).kind if source else None,
        "label": desk.label(status.name) if source else None,
        "authority": source.authority if source else None,
        "every": source.every.total_seconds() if source else None,
    }


@router.get("/entries/{number}", tags=["entries"], responses=RESPONSES, response_model_exclude_unset=True)
def entry(desk: TheDesk, number: Number, _: NoParameters) -> EntryHistory:
    """An entry by its number, as `/sources/NAME/entries` gives it, with its last changes."""
    found = desk.store.entries.entry(number)
    if found is None:
        raise HTTPException(404, f"there is no entry {number}")
    key = found.entry.key
    events = desk.store.log.history(found.source, [key], _EVER).get(key, [])
    marked = desk.store.discussion.along(reversed(events[-MOST:]))
    changes = [change_json(event, desk.config.web.base_url, marks=marks) for event, marks in marked]
    life = find_past(desk.store, desk.config, found.source, desk.clock()).life(key)
    return EntryHistory.of_seen(found, changes=changes, values=life.values, gaps=life.gaps)
