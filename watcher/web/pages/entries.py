"""Entries: search over all sources, and one entry with its history from the log."""

import sqlite3
from contextlib import suppress

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from state.storage.browsing import ChangeFilter, EntryPage
from watcher.errors import UsageError
from watcher.reports.past import find_past
from watcher.web.queries import IdInPath, IdInQuery, query
from watcher.web.render import page
from watcher.web.search import LONGEST_QUERY, SearchStatus
from watcher.web.viewers import TheDesk

router = APIRouter(include_in_schema=False)

PAGE = 50  # entries
HISTORY = 50  # changes of one entry; the others are pages of Changes
VALUES = 100  # of one entry, the last ones; `watch entry` has all
_TEXT = 300  # characters of a text in a list
NO_INDEX = SearchStatus(ready=False, entries=0, trouble="this server keeps no index")


@router.get("/entries")
def entries(
    request: Request, desk: TheDesk, find: str = "", source: str = "", present: bool = False, below: IdInQuery = None
) -> Response:
    """The entries that have all words of a text; without one, those that were stored last."""
    if len(find) > LONGEST_QUERY:
        raise UsageError(f"a search may have {LONGEST_QUERY} characters at most")
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
def entry(request: Request, desk: TheDesk, number: IdInPath) -> Response:
    """One entry as it is, and its changes, the newest first."""
    seen = desk.store.entries.entry(number)
    if seen is None:
        raise HTTPException(404, f"there is no entry {number}, or its time in the state has ended")
    history = desk.store.browse.changes(ChangeFilter(source=seen.source, key=seen.entry.key), limit=HISTORY)
    configured = desk.config.sources.get(seen.source)
    life = find_past(desk.store, desk.config, seen.source, desk.clock()).life(seen.entry.key)
    return page(
        request,
        "entry.html",
        seen=seen,
        label=desk.label(seen.source),
        authority=configured.authority if configured else "",
        history=history,
        life=life.values[-VALUES:],
        gaps=[gap.words(desk.config.timezone) for gap in life.gaps],
        all=query({"source": seen.source, "key": seen.entry.key}),
        marks=desk.store.discussion.of_changes([event.id for event in history.events], last=0),
    )
