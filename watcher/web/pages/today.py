"""Today: first what needs a hand, then what mentions whom you watch and what else changed since the last visit, then
what comes next. Each change stands on the page once, where it is needed most.
"""

from collections.abc import Iterable
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from state.model import Event, EventKind, Status
from state.storage.browsing import ChangeFilter
from watcher.reports.feeds import ALL, find_feed
from watcher.web.pages.welcome import HERE
from watcher.web.render import page
from watcher.web.viewers import TheDesk, TheViewer

router = APIRouter(include_in_schema=False)

FIRST_VISIT = timedelta(days=7)  # what a first visit shows
MOST = 20  # changes, messages, and sources, of each part of the page
BEFORE = 5  # changes that are shown where nothing is new


@router.get("/")
def today(request: Request, desk: TheDesk, viewer: TheViewer) -> Response:
    """The page; the first steps while nothing is watched."""
    if viewer.may_configure and desk.config.web.edit and not desk.config.sources:
        return RedirectResponse(HERE, 303)
    now, store, seen = desk.clock(), desk.store, dict[int, Event]()

    def once(events: Iterable[Event]) -> list[Event]:
        found = [event for event in events if event.kind is EventKind.CHANGE and event.id not in seen]
        seen.update((event.id, event) for event in found)
        return found

    visited = store.desk.visit(viewer.name, now)
    since = visited or now - FIRST_VISIT
    approvals = [(held, once(store.approvals.events(held.deliveries))) for held in store.approvals.waiting()[:MOST]]
    reminders = once(store.reminders.waiting(MOST))
    mentioning = store.browse.changes(ChangeFilter(after=since, entity="*"), limit=MOST)
    others = store.browse.changes(ChangeFilter(after=since, entity=""), limit=MOST)
    before = () if mentioning.events or others.events else store.browse.changes(limit=BEFORE).events
    watched = [each for each in store.source_statuses() if each.name in desk.config.checked]
    return page(
        request,
        "today.html",
        feed=find_feed(desk.config, ALL),
        since=since,
        visited=visited,
        held=[each for each in watched if each.status == Status.SUSPICIOUS],
        failing=[each for each in watched if each.status == Status.FAILING],
        troubles=store.channels.troubles(),
        approvals=approvals,
        reminders=reminders,
        mentioning=once(mentioning.events),
        others=once(others.events),
        before=once(before),
        more=(mentioning.next, others.next),
        marks=store.discussion.of_changes(seen, last=0),
        next_checks=sorted((each for each in watched if each.due), key=lambda each: each.due or now)[:MOST],
        deliveries=store.outbox.counts(now),
    )
