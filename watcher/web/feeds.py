"""The Atom feeds below /feeds. A feed reader cannot sign in, so each address has a key, which can be renewed.

The address of all changes takes the filters of the page of changes, each with a key of its own.

The ETag has the number of the last change in the log, and what the configuration adds: a reader that has both is
answered without reading a feed's changes.
"""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from alerts.language import mark, phrase, spoken
from watcher.config.settings import EVERYTHING
from watcher.reports.feeds import ALL, address_of, content, feed_of_reader, find_feed, fingerprint_of, is_key, renew_key
from watcher.web.desk import WholeDesk
from watcher.web.queries import feed_of, given_filters
from watcher.web.viewers import ASK_AGAIN, TheDesk, TheEditor, viewer_of

router = APIRouter(include_in_schema=False, dependencies=[ASK_AGAIN])

NO_FEED = mark("there is no such feed, or its address was renewed: the desk shows the new one")
_TYPE = "application/atom+xml; charset=utf-8"
_HEADERS = {"Cache-Control": "private, no-cache"}  # a reader may keep it, and asks each time whether it is new


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
