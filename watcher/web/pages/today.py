"""Today: first what needs a hand, then what mentions whom you watch and what else changed since the last visit, then
what comes next. Each change stands on the page once, where it is needed most.

While nothing is watched, the first ten minutes: what to watch, whom to look for, where to tell, and a test alert. Each
step is a small form with something that works at once; the forms below /config have all the rest.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from alerts.language import phrase
from state.model import Event, EventKind, Status
from state.storage.browsing import ChangeFilter
from state.storage.objects import NEW, Edit
from watcher.config.edit import EditError, draft
from watcher.config.files import fit_name
from watcher.errors import UsageError
from watcher.reports.feeds import ALL, find_feed
from watcher.web import actions
from watcher.web.queries import query
from watcher.web.render import page
from watcher.web.viewers import ADMIN, SIGNED_IN, TheAdmin, TheDesk, TheViewer

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN])

FIRST_VISIT = timedelta(days=7)  # what a first visit shows
MOST = 20  # changes, messages, and sources, of each part of the page
BEFORE = 5  # changes that are shown where nothing is new
WELCOME = "/welcome"  # the first steps
EXAMPLE = Edit("source", "federal-register", {"kind": "federal_register", "every": "30m"}, NEW)  # of `watch init`


@router.get("/")
def today(request: Request, desk: TheDesk, viewer: TheViewer) -> Response:
    """The page; the first steps while nothing is watched."""
    if viewer.may_configure and desk.config.web.edit and not desk.config.sources:
        return RedirectResponse(WELCOME, 303)
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


class Answers(BaseModel):
    """What the form of a step sends: the names of an entity; a chat or a webhook, or a mail server with two addresses;
    the channel that is tested.
    """

    names: str = ""
    url: str = ""
    server: str = ""
    security: Literal["starttls", "ssl", "none"] = "starttls"
    user: str = ""
    password: str = ""
    sender: str = ""
    to: str = ""
    channel: str = ""


@router.get(WELCOME, dependencies=[ADMIN])
def welcome(request: Request, sent: str = "") -> Response:
    """The steps, and which of them are done; `sent` is the channel that has taken a test alert."""
    return _welcome_page(request, Answers(), sent=sent)


@router.post(f"{WELCOME}/{{step}}", dependencies=[ADMIN])
def take(
    request: Request,
    desk: TheDesk,
    admin: TheAdmin,
    step: Literal["source", "entity", "channel", "test"],
    given: Annotated[Answers, Form()],
) -> Response:
    """Take a step. What is wrong with it is said beside it; where to tell is kept once a test alert was taken there."""
    edits, sent = [EXAMPLE], ""
    try:
        if step == "entity":
            names = list(filter(None, map(str.strip, given.names.splitlines())))
            edits = [Edit("entity", fit_name("".join(names[:1])), {"names": names}, NEW)]
        elif step == "test":
            edits, sent = [], given.channel
            actions.send_test(desk, admin, sent, desk.config)
        elif step == "channel":
            table = _channel(given)
            sent = fit_name(given.to) or f"{table['url'].partition(':')[0]}-{len(desk.config.channels) + 1}"
            edits = [Edit("channel", sent, table, NEW), Edit("rule", f"all to {sent}", {"to": [sent]}, NEW)]
            actions.send_test(desk, admin, sent, draft(desk.config, desk.store, edits[0]))
        if edits:
            actions.configure(desk, admin, edits)
    except (EditError, UsageError) as error:
        return _welcome_page(request, given, wrong=step, trouble=str(error))
    return RedirectResponse(f"{WELCOME}?{query({'sent': sent})}", 303)


def _welcome_page(request: Request, given: Answers, *, wrong: str = "", trouble: str = "", sent: str = "") -> Response:
    told = {"given": given, "wrong": wrong, "trouble": trouble, "sent": sent, "example": EXAMPLE.name}
    return page(request, "welcome.html", status=400 if wrong else 200, headers=None, feed=None, **told)


def _channel(given: Answers) -> dict[str, Any]:
    """The table of a channel. Raises UsageError."""
    if url := given.url.strip():
        return {"url": url} | ({"format": "event"} if url.startswith(("http://", "https://")) else {})
    server, asked = given.server.strip(), {"from": given.sender.strip(), "to": given.to.strip()}
    if not (server and all(asked.values())):
        raise UsageError(phrase("give an address, or a mail server with a sender and a recipient"))
    who = f"{quote(given.user, safe='')}:{quote(given.password, safe='')}@" if given.user else ""
    scheme, mode = ("mailto", {}) if given.security == "none" else ("mailtos", {"mode": given.security})
    return {"url": f"{scheme}://{who}{quote(server, safe=':[]')}?{urlencode(asked | mode)}"}
