"""Addresses with a key of their own, which can be renewed, for programs that cannot sign in: Atom feeds, and hooks.

The address of the feed of all changes takes the filters of the page of changes, each with a key of its own. The ETag
has the number of the last change in the log, and what the configuration adds: a reader that has both is answered
without reading a feed's changes.

`POST /hooks/NAME?key=SECRET` has a source checked now, by a site, a script or a feed's hub (WebSub). What is posted is
not read: the source itself says what is new. The check goes through the daemon like any other that somebody asks for,
so it heeds the pace of its host. With `[web] websub = true` the hubs of feeds are asked to post there at once when
something is new. A hub confirms by a GET to the source's hook. Each day it is asked again, as what it grants ends. That
a hub cannot be reached, or tells nothing, costs only the haste: the source is checked as before.
"""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import aclosing
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from alerts.language import mark, phrase, spoken
from sources import Get, Source, SourceError
from sources.formats.feed_head import find_hub
from sources.formats.links import absolute
from state.errors import StateError
from watcher.config.settings import EVERYTHING
from watcher.errors import UsageError
from watcher.reports.feeds import (
    ALL,
    address_of,
    content,
    feed_of_reader,
    find_feed,
    fingerprint_of,
    hook_address,
    hook_name,
    is_key,
    renew_key,
)
from watcher.service.check_requests import request_check
from watcher.web import viewers
from watcher.web.desk import Desk, WholeDesk
from watcher.web.queries import feed_of, given_filters
from watcher.web.viewers import ASK_AGAIN, TheDesk, TheEditor, check_attempts, viewer_of

router = APIRouter(include_in_schema=False, dependencies=[ASK_AGAIN])
hooks = APIRouter(include_in_schema=False)

_log = logging.getLogger(__name__)

NO_FEED = mark("there is no such feed, or its address was renewed: the desk shows the new one")
_TYPE = "application/atom+xml; charset=utf-8"
_HEADERS = {"Cache-Control": "private, no-cache"}  # a reader may keep it, and asks each time whether it is new
ASK_EVERY = 86_400.0  # seconds between two requests to a hub
_LEASE = 10 * 86_400  # seconds for which a hub is asked
_TIMEOUT, _MOST = timedelta(seconds=30), 1_000_000  # for what a hub answers, and bytes of it
_LONGEST = 4096  # characters of a hub's challenge
_MODES = ("subscribe", "unsubscribe")


@router.get("/feeds/{name:path}.atom")
def feed(
    request: Request, desk: WholeDesk, name: str, key: str = "", who: Annotated[str, Query(alias="for")] = ""
) -> Response:
    """One feed, for whoever has its key or is signed in: with the changes that its reader may see now."""
    viewer, user = None if key else viewer_of(request, desk), desk.config.web.users.get(who)
    if not key and viewer is None:
        raise HTTPException(404, phrase(NO_FEED))
    desk = desk.limited(viewer.sight if viewer else user.sight if user else EVERYTHING)
    found = find_feed(desk.config, name)
    if found is None:
        raise HTTPException(404, phrase(NO_FEED))
    if found.name == ALL:
        found = feed_of(desk, given_filters(request.query_params))
    found = found._replace(who=who if key else "")
    value, last = desk.store.feed_keys.stand(found.secret)
    if key and ((who and user is None) or not is_key(found.secret + found.query, value, key)):
        raise HTTPException(404, phrase(NO_FEED))
    base_url = desk.config.web.base_url
    tag = f'W/"{last}-{fingerprint_of(found, base_url)}-{spoken()}"'
    headers = _HEADERS if found.wanted.is_about_marks else _HEADERS | {"ETag": tag}  # a mark makes no change
    if "ETag" in headers and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = content(found, desk.store, base_url)
    return Response(body, media_type=_TYPE, headers=headers)


@router.get("/me/feed.atom")
def feed_of_follows(
    request: Request, desk: WholeDesk, key: str = "", who: Annotated[str, Query(alias="for")] = ""
) -> Response:
    """What one reader follows in this way and may see, for whoever has its key, and for himself."""
    viewer = None if key else viewer_of(request, desk)
    found = feed_of_reader(desk.store, viewer.name if viewer else who)
    sight = viewer.sight if viewer else desk.config.web.sight_of(who)
    if sight is None or not (viewer or is_key(found.secret, desk.store.feed_keys.value(found.secret), key)):
        raise HTTPException(404, phrase(NO_FEED))
    body = content(found, desk.limited(sight).store, desk.config.web.base_url)
    return Response(body, media_type=_TYPE, headers=_HEADERS)


@router.post("/feeds/{name:path}.atom/renew")
def renew(desk: TheDesk, editor: TheEditor, name: str) -> Response:
    """Make another key for a feed; leads to its new address. Who is limited has one of his own."""
    found = find_feed(desk.config, name)
    if found is None:
        raise HTTPException(404, phrase("there is no such feed"))
    found = found if editor.sees_all else found._replace(who=editor.name)
    renew_key(found.secret, desk.store)
    desk.record(editor.name, "renew", f"feed {found.name}")
    return RedirectResponse(address_of(found, desk.store, ""), 303)


@hooks.post("/hooks/{name:path}")
def hook(request: Request, desk: WholeDesk, name: str, key: str = "") -> Response:
    """Have a source checked: 202, or 409 with the reason why it must not be checked now."""
    _let_in(request, desk, name, key)
    now = desk.clock()
    try:
        if name in desk.config.paused:
            raise UsageError(f"{name}: it is paused, and checked only when somebody asks for it")
        alive = request_check(desk.store, desk.config, name, now)
    except UsageError as error:
        return JSONResponse({"error": desk.config.secrets.hide(str(error))}, 409)
    return JSONResponse({"source": name, "requested": now.isoformat(), "daemon": alive}, 202)


@hooks.get("/hooks/{name:path}")
def confirm(
    request: Request,
    desk: WholeDesk,
    name: str,
    mode: Annotated[str, Query(alias="hub.mode")] = "",
    topic: Annotated[str, Query(alias="hub.topic")] = "",
    challenge: Annotated[str, Query(alias="hub.challenge", max_length=_LONGEST)] = "",
    key: str = "",
) -> Response:
    """Confirm to a hub that somebody here wants the feed (WebSub, section 5.3); 404 for any other feed."""
    _let_in(request, desk, name, key)
    if mode not in _MODES or not challenge or topic not in topics(desk, name):
        raise HTTPException(404, "nobody here has asked for that")
    return PlainTextResponse(challenge, headers={"X-Content-Type-Options": "nosniff"})


def topics(desk: Desk, name: str) -> set[str]:
    """The addresses by which a hub may name a source's feed: the configured one, and what the feed calls its own."""
    return {each for each in (desk.config.sources[name].url, desk.websub.get(name)) if each}


def _let_in(request: Request, desk: Desk, name: str, key: str) -> None:
    """Raises HTTPException: 404 for a wrong key and for an unknown source alike, 429 after too many."""
    hook = hook_name(name)
    if name not in desk.config.sources or not is_key(hook, desk.store.feed_keys.value(hook), key):
        check_attempts(request, desk.hook_throttle, together=False)
        desk.hook_throttle.count_failure(viewers.address_of(request))
        raise HTTPException(
            404, "there is no such hook, or its address was renewed: `watch check --hook NAME` shows it"
        )


def keep_subscribing(desk: Desk, stopped: threading.Event) -> None:
    """Ask the hubs once a day, until the event; a request under way is not waited for."""
    while not stopped.is_set():
        try:
            asyncio.run(subscribe(desk))
        except StateError as error:
            _log.warning("no hub was asked: %s", error)
        stopped.wait(ASK_EVERY)


async def subscribe(desk: Desk) -> int:
    """Ask each hub once; how many took the request. Raises StateError."""
    from sources.http.session import Fetcher  # 10 MB that a desk without hubs does not need

    taken = 0
    async with aclosing(Fetcher(desk.config.http, clock=desk.clock)) as fetcher:
        for source, hub, topic in _find_hubs(desk):
            desk.websub[source] = topic
            form = {
                "hub.mode": "subscribe",
                "hub.topic": topic,
                "hub.callback": hook_address(source, desk.store, desk.config.web.base_url or ""),
                "hub.lease_seconds": str(_LEASE),
            }
            try:
                await fetcher.session(Source(timeout=_TIMEOUT, max_bytes=_MOST)).fetch(Get(hub, "POST", form=form))
                taken += 1
            except SourceError as error:
                _log.info("%s: its hub was not asked: %s", source, desk.config.secrets.hide(error.message))
    return taken


def _find_hubs(desk: Desk) -> Iterator[tuple[str, str, str]]:
    """The feeds that offer a hub, by their accepted pages: the source, the hub's address, and what the feed is called
    there. Raises StateError.
    """
    for name, source in desk.config.sources.items():
        if source.enabled and source.listing == "window":
            page = next((stored.page for stored in desk.store.pages(name)), None)
            found = find_hub(page) if page else None
            if page and found:
                yield name, absolute(page.url, found[0]), absolute(page.url, found[1])
