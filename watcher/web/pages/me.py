"""A person's own page: what he follows, his address for mails, the browsers that show him alerts, his tokens."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from state.storage.readers import Interest, Reader
from watcher.config.arguments import parse_time
from watcher.reports.feeds import address_of, feed_of_reader
from watcher.web import personal
from watcher.web.desk import Desk
from watcher.web.queries import IdInPath
from watcher.web.render import page
from watcher.web.search import LONGEST_QUERY
from watcher.web.viewers import SCOPES, TheDesk, TheOwner, TheViewer, Viewer, least, present_role

router = APIRouter(include_in_schema=False)

Way = Annotated[Literal["mail", "atom", "push"], Form()]
Time = Annotated[Literal["at once", "hourly", "daily"], Form()]
Name = Annotated[str, Form()]
OfBrowser = Annotated[str, Form(max_length=4096)]  # what a browser says of itself


@router.get("/me")
def me(request: Request, desk: TheDesk, viewer: TheViewer) -> Response:
    """All of it."""
    return _page(request, desk, viewer)


def _page(request: Request, desk: Desk, viewer: Viewer, token: str = "") -> Response:
    """The page; with a token that was just made, which is not shown again."""
    role, mine = present_role(desk, viewer.name), feed_of_reader(desk.store, viewer.name)
    return page(
        request,
        "me.html",
        token=token,
        tokens=desk.store.tokens.of(viewer.name),
        scopes=[scope for scope, needs in SCOPES.items() if role and least(viewer.role, needs) == needs],
        follows=desk.store.readers.follows(viewer.name),
        own_feed=address_of(mine, desk.store, "") if mine.interests else "",
        reader=desk.store.readers.reader(viewer.name) or Reader(viewer.name),
        browsers=desk.store.readers.pushes(viewer.name),
        configured=personal.configured_address(desk, viewer),
        can_mail=personal.can_mail(desk),
    )


@router.post("/me/follows")
def follow(
    desk: TheDesk,
    owner: TheOwner,
    by: Way,
    when: Time,
    entities: Name = "",
    sources: Name = "",
    find: Annotated[str, Form(max_length=LONGEST_QUERY)] = "",
) -> Response:
    """Follow what a page shows; leads to what is followed."""
    wish = Interest([entities] if entities else [], [sources] if sources else [], find, by, when)
    personal.follow(desk, owner, wish)
    return RedirectResponse("/me", 303)


@router.post("/me/follows/{number}")
def change(desk: TheDesk, owner: TheOwner, number: IdInPath, by: Way, when: Time) -> Response:
    """Change how a follow comes, and how soon."""
    personal.change(desk, owner, number, by, when)
    return RedirectResponse("/me", 303)


@router.post("/me/follows/{number}/end")
def unfollow(desk: TheDesk, owner: TheOwner, number: IdInPath) -> Response:
    """End a follow."""
    personal.unfollow(desk, owner, number)
    return RedirectResponse("/me", 303)


@router.post("/me/mail")
def give_address(desk: TheDesk, owner: TheOwner, address: Name) -> Response:
    """Send a link to an address, also once more."""
    personal.give_address(desk, owner, address.strip())
    return RedirectResponse("/me", 303)


@router.get("/me/key")
def key(desk: TheDesk, _: TheViewer) -> Response:
    """The desk's key, with which a browser subscribes."""
    from watcher.delivery.push import public_key

    return PlainTextResponse(public_key(desk.config))


@router.post("/me/browsers")
def subscribe(desk: TheDesk, owner: TheOwner, endpoint: OfBrowser, p256dh: OfBrowser, auth: OfBrowser) -> Response:
    """Let a browser show alerts."""
    personal.subscribe(desk, owner, endpoint, p256dh, auth)
    return RedirectResponse("/me", 303)


@router.post("/me/browsers/end")
def unsubscribe(desk: TheDesk, owner: TheOwner, endpoint: Name) -> Response:
    """Let a browser show no more alerts; it may be gone already."""
    desk.store.readers.drop_push(endpoint, owner.name)
    return RedirectResponse("/me", 303)


@router.post("/me/tokens")
def make_token(
    request: Request,
    desk: TheDesk,
    owner: TheOwner,
    name: Annotated[personal.TokenName, Form()],
    scope: Annotated[personal.TokenScope, Form()],
    until: Name = "",
) -> Response:
    """Make a token, and show it this once."""
    ends = parse_time(until, "until", desk.config.timezone) if until else None
    return _page(request, desk, owner, personal.make_token(desk, owner, name, scope, ends)[1])


@router.post("/me/tokens/{number}/end")
def end_token(desk: TheDesk, owner: TheOwner, number: IdInPath) -> Response:
    """Delete a token."""
    personal.end_token(desk, owner, number)
    return RedirectResponse("/me", 303)
