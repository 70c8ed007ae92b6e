"""Hooks: `POST /hooks/NAME?key=SECRET` has a source checked now, by a site, a script or a feed's hub (WebSub).

What is posted is not read: the source itself says what is new. The check goes through the daemon like any other that
somebody asks for, so it heeds the pace of its host.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from watcher.errors import UsageError
from watcher.reports.feeds import is_hook_key
from watcher.service.check_requests import request_check
from watcher.web.desk import Desk, TheDesk
from watcher.web.viewers import TooManyAttemptsError, address_of

router = APIRouter(include_in_schema=False)

_LONGEST = 4096  # characters of a hub's challenge
_MODES = ("subscribe", "unsubscribe")


@router.post("/hooks/{name:path}")
def hook(request: Request, desk: TheDesk, name: str, key: str = "") -> Response:
    """Have a source checked: 202, or 409 with the reason why it must not be checked now."""
    _let_in(request, desk, name, key)
    now = desk.clock()
    try:
        alive = request_check(desk.store, desk.config, name, now)
    except UsageError as error:
        return JSONResponse({"error": desk.config.secrets.hide(str(error))}, 409)
    return JSONResponse({"source": name, "requested": now.isoformat(), "daemon": alive}, 202)


@router.get("/hooks/{name:path}")
def confirm(
    request: Request,
    desk: TheDesk,
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
    """Raises HTTPException (404) for a wrong key and for an unknown source alike, and TooManyAttemptsError."""
    address = address_of(request)
    if wait := desk.throttle.wait(address, together=False):
        raise TooManyAttemptsError(wait)
    if "\0" in name or name not in desk.config.sources or not is_hook_key(name, desk.store, key):
        desk.throttle.failed(address)
        raise HTTPException(
            404, "there is no such hook, or its address was renewed: `watch check --hook NAME` shows it"
        )
