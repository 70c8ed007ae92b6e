"""Today: what changed since the last visit, what mentions whom you watch, what is held, what fails, what comes next."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from state.model import Status
from state.storage.browsing import ChangeFilter
from watcher.web.desk import TheDesk
from watcher.web.render import page
from watcher.web.viewers import TheViewer

router = APIRouter(include_in_schema=False)

FIRST_VISIT = timedelta(days=7)  # what a first visit shows
MOST = 20  # changes, and sources, of each part of the page
BEFORE = 5  # changes that are shown where nothing is new


@router.get("/")
def today(request: Request, desk: TheDesk, viewer: TheViewer) -> Response:
    """The page."""
    now = desk.clock()
    visited = desk.store.desk.visit(viewer.name, now)
    since = visited or now - FIRST_VISIT
    mentioning = desk.store.browse.changes(ChangeFilter(after=since, entity="*"), limit=MOST)
    changes = desk.store.browse.changes(ChangeFilter(after=since), limit=MOST)
    before = () if changes.events else desk.store.browse.changes(ChangeFilter(), limit=BEFORE).events
    enabled = {name for name, source in desk.config.sources.items() if source.enabled}
    watched = [each for each in desk.store.source_statuses() if each.name in enabled]
    return page(
        request,
        "today.html",
        since=since,
        visited=visited,
        mentioning=mentioning,
        others=[event for event in changes.events if not event.mentions],
        changes=changes,
        before=before,
        handled=desk.store.desk.find_handled([event.id for event in (*mentioning.events, *changes.events, *before)]),
        held=[each for each in watched if each.status == Status.SUSPICIOUS],
        failing=[each for each in watched if each.status == Status.FAILING],
        next_checks=sorted((each for each in watched if each.due), key=lambda each: each.due or now)[:MOST],
        deliveries=desk.store.outbox.counts(now),
    )
