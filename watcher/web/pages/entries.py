"""Entries: search over all sources, and one entry with its history from the log; those of a source now, at an earlier
time, and between two: what stood there, and what nobody can know of it.
"""

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, NotRequired, Self

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from alerts.event.change_json import ChangeJson, ClearingJson, change_json, clearing_json
from alerts.language import mark_many, phrase, phrase_many
from state.history.history import CAPTURES
from state.model import Standing
from state.storage.browsing import ChangeFilter, EntryPage, SeenEntry
from watcher.config.arguments import parse_past_time
from watcher.delivery.following import LONGEST_QUERY
from watcher.errors import UsageError
from watcher.reports import Time
from watcher.reports.past import (
    DifferenceReport,
    EntryReport,
    GapReport,
    LifeReport,
    PastEntryReport,
    SourcePast,
    ValueReport,
    find_past,
)
from watcher.web.api import MOST, RESPONSES, NoParameters, Number, NumberedPaging, Parameters
from watcher.web.desk import A_PART, AGAIN, Desk
from watcher.web.pages.screening import clearings_of, subject_of
from watcher.web.queries import IdInPath, IdInQuery, find_entry, find_source, query, times_of
from watcher.web.render import page
from watcher.web.search import SearchStatus
from watcher.web.viewers import FOR_TOKENS, SIGNED_IN, TheDesk

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN])
api = APIRouter(prefix="/api/v1", dependencies=FOR_TOKENS)

PAGE = 50  # entries
HISTORY = 50  # changes of one entry; the others are pages of Changes
VALUES = 100  # of one entry, the last ones; `watch entry` has all
DIFFERENCES = 200  # of each kind
_TEXT = 300  # characters of a text in a list
_EVER = datetime.min.replace(tzinfo=UTC)
NO_INDEX = SearchStatus(ready=False, entries=0, trouble="this server keeps no index")


@router.get("/entries")
def search(
    request: Request, desk: TheDesk, find: str = "", source: str = "", present: bool = False, below: IdInQuery = None
) -> Response:
    """The entries that have all words of a text; without one, those that were stored last."""
    if len(find) > LONGEST_QUERY:
        one, many = mark_many(
            "a search may have {number} character at most", "a search may have {number} characters at most"
        )
        raise UsageError(phrase_many(one, many, LONGEST_QUERY))
    searched = bool(find.strip() or source or present)
    found = EntryPage((), None)
    if not searched:
        newest = desk.store.entries.newest(below=below, limit=PAGE + 1, longest=_TEXT)
        found = EntryPage(newest[:PAGE], newest[PAGE - 1].id if len(newest) > PAGE else None)
    elif desk.search is not None:
        with suppress(sqlite3.Error):  # nothing is found then, and the page says why
            found = desk.search.find(find, source=source, present=present, below=below, limit=PAGE, longest=_TEXT)
    given = {"find": find, "source": source, "present": "1" if present else ""}
    return page(
        request,
        "entries.html",
        entries=found.entries,
        given=given,
        searched=searched,
        index=desk.search.status() if desk.search else NO_INDEX,
        sources=sorted(desk.config.sources),
        more=query({**given, "below": str(found.next)}) if found.next else None,
    )


@router.get("/entries/{number}")
def show(request: Request, desk: TheDesk, number: IdInPath) -> Response:
    """One entry as it is, and its changes, the newest first."""
    seen = find_entry(desk, number)
    history = desk.store.browse.changes(ChangeFilter(source=seen.source, key=seen.entry.key), limit=HISTORY)
    configured = desk.config.sources.get(seen.source)
    life = life_of(desk, seen)
    unknown = [gap for gap in life.gaps if gap.why != CAPTURES]  # the others are times of which somebody else knows
    return page(
        request,
        "entry.html",
        seen=seen,
        label=desk.label(seen.source),
        authority=configured.authority if configured else "",
        history=history,
        life=sorted([*life.values[-VALUES:], *unknown], key=lambda each: each.since or _EVER),
        others=any(each.witness for each in life.values),
        all=query({"source": seen.source, "key": seen.entry.key}),
        marks=desk.store.discussion.of_changes([event.id for event in history.events], last=0),
        clearings=clearings_of(desk, subject_of(seen), history.events),
    )


@router.get("/sources/{name:path}/past")
def past(request: Request, desk: TheDesk, name: str, at: str = "", find: str = "", above: IdInQuery = None) -> Response:
    """The register as it was at a time."""
    asked = past_of(desk, name)
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
    asked = past_of(desk, name)
    first, last = times_of(desk, asked, since, until)
    found = asked.difference(first, last)
    return page(
        request,
        "between.html",
        name=name,
        label=desk.label(name),
        times=(first, last),
        given={"since": _local(desk, first), "until": _local(desk, last)},
        found=None if asked.find_unknown(first) else found,
        shown=DIFFERENCES,
        gaps=[gap.words(desk.config.timezone) for gap in found.gaps],
    )


def _local(desk: Desk, at: datetime) -> str:
    """A time as a field of a form has it."""
    return at.astimezone(desk.config.timezone).strftime("%Y-%m-%dT%H:%M")


def past_of(desk: Desk, name: str) -> SourcePast:
    """What is known of a source over time. Raises HTTPException: 404, and 403 for who sees some entities of it."""
    find_source(desk, name)
    if desk.sight.entities:
        raise HTTPException(403, phrase(A_PART))
    return find_past(desk.store, desk.config, name, desk.clock())


def life_of(desk: Desk, seen: SeenEntry) -> LifeReport:
    """An entry through all its values, which are of the past of its whole source: none for who sees a part of it."""
    if desk.sight.entities:
        return LifeReport(source=seen.source, key=seen.entry.key, values=[], gaps=[])
    return find_past(desk.store, desk.config, seen.source, desk.clock()).life(seen.entry.key)


class SeenEntryReport(EntryReport):
    """An entry as it was last seen; `left` is when it was seen to be absent, null while it is present. `id` is null for
    one of a time of which only others know.
    """

    id: int | None
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
    them; `gaps` say what is not known of them. `clearings` are all that were made of it, the earliest first.
    """

    changes: list[ChangeJson]
    values: list[ValueReport]
    gaps: list[GapReport]
    clearings: list[ClearingJson]


class EntryAt(SeenEntryReport, PastEntryReport):
    """An entry; for a time that was asked for, as it was then: only then with what `watch entries --at` says more."""


class EntryList(TypedDict):
    """A part of a source's entries, in the order of their numbers. `at` and `gaps` are there for a time that was asked
    for: the time, and what is not known of it.
    """

    items: list[EntryAt]
    next: int | None
    at: NotRequired[Time]
    gaps: NotRequired[list[GapReport]]


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


@api.get("/sources/{name:path}/entries", tags=["sources"], responses=RESPONSES, response_model_exclude_unset=True)
def entries(desk: TheDesk, name: str, wanted: Annotated[EntryQuery, Query()]) -> EntryList:
    """The present entries of a source, with `find` those that the search of the pages finds; or of an earlier time."""
    find_source(desk, name)
    if wanted.at:
        return _entries_at(desk, name, wanted)
    if wanted.find.strip():
        found = _search(desk, name, wanted)
    else:
        found = desk.store.entries.page(name, above=wanted.cursor or 0, limit=wanted.limit)
    return {"items": list(map(EntryAt.of_seen, found.entries)), "next": found.next}


@api.get("/sources/{name:path}/diff", tags=["sources"], responses=RESPONSES)
def diff(desk: TheDesk, name: str, wanted: Annotated[DifferenceQuery, Query()]) -> DifferenceReport:
    """A source between two times, as one difference."""
    past = past_of(desk, name)
    return past.difference(*times_of(desk, past, wanted.since, wanted.until))


def _entries_at(desk: Desk, name: str, wanted: EntryQuery) -> EntryList:
    past = past_of(desk, name)
    at = parse_past_time(wanted.at, "at", desk.config.timezone, past.now)
    found = list(islice(past.entries(at, wanted.find, above=wanted.cursor or 0), wanted.limit + 1))
    shown = found[: wanted.limit]
    items = [
        EntryAt.of_past(each, id=None if each.witness else each.row, source=name, present=True, left=None)
        for each in shown
    ]
    more = shown[-1].row if len(found) > wanted.limit else None
    return {"items": items, "next": more, "at": at, "gaps": past.gaps_at(at)}


def _search(desk: Desk, name: str, wanted: EntryQuery) -> EntryPage:
    """What the index finds. Raises HTTPException (503) where it lacks something: an answer has no place to say so."""
    if desk.search is None:
        raise HTTPException(503, "this server keeps no search index")
    if not desk.search.is_ready:
        raise HTTPException(503, "the search index is being built, or cannot be used: try again", AGAIN)
    try:
        return desk.search.find(wanted.find, source=name, present=True, above=wanted.cursor or 0, limit=wanted.limit)
    except sqlite3.Error as error:
        raise HTTPException(503, f"the search index cannot be used: {error}", AGAIN) from None


@api.get("/entries/{number}", tags=["entries"], responses=RESPONSES, response_model_exclude_unset=True)
def entry(desk: TheDesk, number: Number, _: NoParameters) -> EntryHistory:
    """An entry by its number, as `/sources/NAME/entries` gives it, with its last changes."""
    found = find_entry(desk, number)
    key = found.entry.key
    events = desk.store.log.history(found.source, [key], _EVER).get(key, [])
    marked = desk.store.discussion.along(reversed(events[-MOST:]))
    changes = [change_json(event, desk.config.web.base_url, marks=marks) for event, marks in marked]
    life = life_of(desk, found)
    clearings = list(map(clearing_json, desk.store.clearings.of_keys(found.source, [key])))
    return EntryHistory.of_seen(found, changes=changes, values=life.values, gaps=life.gaps, clearings=clearings)
