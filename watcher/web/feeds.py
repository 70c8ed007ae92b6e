"""The Atom feeds below /feeds. A feed reader cannot sign in, so each address has a key, which can be renewed.

The address of all changes takes the filters of the page of changes, each with a key of its own.

The ETag has the number of the last change in the log, and what the configuration adds: a reader that has both is
answered without reading a feed's changes.
"""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from watcher.reports.feeds import ALL, content, find_feed, fingerprint_of, is_key, renew_key
from watcher.web.desk import WholeDesk
from watcher.web.queries import feed_of, given_filters
from watcher.web.viewers import TheEditor, viewer_of

router = APIRouter(include_in_schema=False)

NO_FEED = "there is no such feed, or its address was renewed: the desk shows the new one"
_HEADERS = {"Cache-Control": "private, no-cache"}  # a reader may keep it, and asks each time whether it is new


@router.get("/feeds/{name:path}.atom")
def feed(request: Request, desk: WholeDesk, name: str, key: str = "") -> Response:
    """One feed, for whoever has its key or is signed in."""
    found = find_feed(desk.config, name)
    if found is None:
        raise HTTPException(404, NO_FEED)
    if found.name == ALL:
        found = feed_of(desk, given_filters(request.query_params))
    value, last = desk.store.feed_keys.stand(name)
    if not (is_key(found.name + found.query, value, key) if key else viewer_of(request, desk)):
        raise HTTPException(404, NO_FEED)
    base_url = desk.config.web.base_url
    tag = f'W/"{last}-{fingerprint_of(found, base_url)}"'
    headers = _HEADERS if found.wanted.handled is not None else _HEADERS | {"ETag": tag}  # a mark makes no change
    if "ETag" in headers and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = content(found, desk.store, base_url)
    return Response(body, media_type="application/atom+xml; charset=utf-8", headers=headers)


@router.post("/feeds/{name:path}.atom/renew")
def renew(desk: WholeDesk, editor: TheEditor, name: str) -> Response:
    """Make another key for a feed; leads to its new address."""
    found = find_feed(desk.config, name)
    if found is None:
        raise HTTPException(404, "there is no such feed")
    address = f"/{found.path}?key={renew_key(found.name, desk.store)}"
    desk.record(editor.name, "renew", f"feed {found.name}")
    return RedirectResponse(address, 303)
