"""What is a person's own, at his page and by the API: what he follows, his address for mails, the browsers that show
him alerts, the tokens by which programs ask in his name. What somebody may not see is answered as what is not there.
"""

import fnmatch
import re
from datetime import datetime
from html import escape
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Form, HTTPException, Request
from pydantic import Field, StringConstraints
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from typing_extensions import TypedDict

from alerts.language import Language, mark, phrase, phrase_many
from alerts.links import LASTING, verify_link
from sources.text import clean
from state.db.tables.readers import ApiToken, Reader, Subscription
from state.storage.readers import ATOM, MAIL, Draft, Follow, Interest, LetterText
from watcher.config.arguments import parse_time
from watcher.delivery.following import LONGEST_QUERY
from watcher.delivery.questions import LINKS
from watcher.reports.feeds import address_of, feed_of_reader
from watcher.web import actions, viewers
from watcher.web.api import ACTIONS, RESPONSES, Listing, NoParameters, Number, Parameters
from watcher.web.desk import Desk
from watcher.web.queries import IdInPath
from watcher.web.render import page
from watcher.web.viewers import FOR_TOKENS, SCOPES, SIGNED_IN, TheDesk, TheOwner, TheViewer, Viewer, least, present_role

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN])
api = APIRouter(prefix="/api/v1/me", tags=["me"], dependencies=FOR_TOKENS)

MOST = 200  # follows of one reader
MOST_TOKENS = 100  # of a person
MOST_BROWSERS = 20  # of one reader
_A_YEAR = 366 * 86_400  # seconds
MOST_NAMES = 100  # entities or sources of one follow
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1, without the brackets
# What a browser takes for an address in a form: HTML, 4.10.5.1.5
_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
ADDRESS = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})*")
TokenName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^\P{C}+$")]
TokenScope = Literal["read", "act", "admin"]
Way = Literal["mail", "atom", "push"]
Time = Literal["at once", "hourly", "daily"]
Name = Annotated[str, Form()]
OfBrowser = Annotated[str, Form(max_length=4096)]  # what a browser says of itself
_ASKED = mark("""Somebody who is signed in to Registry Watch as {name} wants what he follows to be mailed here.

If that is you, open this page and press its button:
{link}

The link works for {days}. If it is not you, do nothing: then nothing is sent to this address.""")


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
        reader=desk.store.readers.reader(viewer.name) or Reader.model_construct(who=viewer.name),
        browsers=desk.store.readers.pushes(viewer.name),
        configured=configured_address(desk, viewer),
        can_mail=can_mail(desk),
        why=next(why for why, language in viewers.languages_of(request, desk).items() if language),
    )


class FollowJson(TypedDict):
    """What somebody follows, how and how soon it comes, since when; and the address of his feed, if it is in that."""

    id: int
    entities: list[str]
    sources: list[str]
    find: str
    by: Way
    when: Time
    at: datetime
    feed: str | None


class NewFollow(Parameters):
    """What to follow: changes that mention one of these entities, or are of one of these sources; of these, or of all
    where none is named, those that have the words to find.
    """

    entities: list[str] = Field(default_factory=list, max_length=MOST_NAMES, description="ids")
    sources: list[str] = Field(default_factory=list, max_length=MOST_NAMES, description="names, or patterns of them")
    find: str = Field(default="", max_length=LONGEST_QUERY, description="words, all of which a change has")
    by: Way = Field(default="mail", description="by mail, a private feed, or in the browsers that show alerts")
    when: Time = Field(default="at once", description="how soon")
    mail: str | None = Field(
        default=None, max_length=LONGEST_ADDRESS, description="an address, which counts once its link is opened"
    )


def begin_follow(desk: Desk, viewer: Viewer, wish: Interest, address: str = "") -> Follow:
    """Follow something from now on. An address that is given along, and is another one than before, is sent a link.

    Raises HTTPException: 404 for what is not there, 422 for what cannot be followed, 429 as `give_address`.
    """
    wish = wish._replace(find=" ".join(wish.find.replace("\0", " ").split()))  # PostgreSQL takes a NUL in no text
    check(desk, wish)
    known = desk.store.readers.follows(viewer.name)
    if len(known) >= MOST:
        raise HTTPException(422, phrase("{most} things can be followed at most: end one first", most=MOST))
    reader = desk.store.readers.reader(viewer.name)
    if address and address not in {configured_address(desk, viewer), reader and reader.mail}:
        give_address(desk, viewer, address)
    number = desk.whole.store.readers.follow(viewer.name, wish, desk.clock())
    if number not in {each.id for each in known}:
        desk.record(viewer.name, "follow", f"follow {number}")
    return find_follow(desk, viewer, number)


def check(desk: Desk, wish: Interest) -> None:
    """Raises HTTPException: 404 for what is not there, 422 for what cannot be followed."""
    config = desk.config  # without what this person may not see
    gone = [name for name in wish.entities if name not in config.entities]
    gone += [name for name in wish.sources if not fnmatch.filter(config.sources, name)]
    if gone:
        raise HTTPException(404, phrase("there is no such entity or source: {name}", name=clean(gone[0])[:100]))
    if not (wish.entities or wish.sources or wish.find):
        raise HTTPException(422, phrase("name an entity, a source, or words to find"))
    if wish.by == MAIL:
        _check_mail(desk)


def find_follow(desk: Desk, viewer: Viewer, number: int) -> Follow:
    """A follow of this person. Raises HTTPException (404)."""
    if found := next((each for each in desk.store.readers.follows(viewer.name) if each.id == number), None):
        return found
    raise HTTPException(404, phrase("you follow nothing with the number {follow}", follow=number))


def end_follow(desk: Desk, viewer: Viewer, number: int) -> None:
    """End a follow. Raises HTTPException (404)."""
    find_follow(desk, viewer, number)
    if desk.store.readers.unfollow(number, viewer.name):
        desk.record(viewer.name, "unfollow", f"follow {number}")


@router.post("/me/follows")
def follow_what_is_shown(
    desk: TheDesk,
    owner: TheOwner,
    by: Annotated[Way, Form()],
    when: Annotated[Time, Form()],
    entities: Name = "",
    sources: Name = "",
    find: Annotated[str, Form(max_length=LONGEST_QUERY)] = "",
) -> Response:
    """Follow what a page shows; leads to what is followed."""
    wish = Interest([entities] if entities else [], [sources] if sources else [], find, by, when)
    begin_follow(desk, owner, wish)
    return RedirectResponse("/me", 303)


@router.post("/me/follows/{number}")
def change(
    desk: TheDesk, owner: TheOwner, number: IdInPath, by: Annotated[Way, Form()], when: Annotated[Time, Form()]
) -> Response:
    """Have a follow come in another way, or as soon as this, from now on."""
    wish = find_follow(desk, owner, number).interest._replace(by=by, when=when)
    check(desk, wish)
    if desk.whole.store.readers.follow(owner.name, wish, desk.clock()) != number:
        end_follow(desk, owner, number)
    return RedirectResponse("/me", 303)


@router.post("/me/follows/{number}/end")
def drop(desk: TheDesk, owner: TheOwner, number: IdInPath) -> Response:
    """End a follow."""
    end_follow(desk, owner, number)
    return RedirectResponse("/me", 303)


@api.get("/follows", responses=RESPONSES)
def follows(desk: TheDesk, viewer: TheViewer, _: NoParameters) -> Listing[FollowJson]:
    """What the person who asks follows, the first at the front."""
    return {"items": [_follow_json(desk, each) for each in desk.store.readers.follows(viewer.name)], "next": None}


@api.post("/follows", responses=ACTIONS, status_code=201)
def follow(desk: TheDesk, reader: TheOwner, asked: NewFollow, _: NoParameters) -> FollowJson:
    """Follow something from now on. The same a second time is the same follow."""
    wish = Interest(asked.entities, asked.sources, asked.find, asked.by, asked.when)
    return _follow_json(desk, begin_follow(desk, reader, wish, (asked.mail or "").strip()))


@api.delete("/follows/{number}", responses=ACTIONS, status_code=204, response_class=Response)
def unfollow(desk: TheDesk, reader: TheOwner, number: Number, _: NoParameters) -> None:
    """End a follow."""
    end_follow(desk, reader, number)


def _follow_json(desk: Desk, follow: Follow) -> FollowJson:
    feed = None
    if follow.interest.by == ATOM:
        feed = address_of(feed_of_reader(desk.store, follow.who), desk.store, desk.config.web.base_url or "")
    told = follow.interest._asdict()
    return {"id": follow.id, **told, "at": follow.at, "feed": feed}  # type: ignore[typeddict-item]  # its fields


def configured_address(desk: Desk, viewer: Viewer) -> str | None:
    """The address that the configuration names for somebody, which nobody has to verify."""
    user = desk.whole.config.web.users.get(viewer.name)
    return user.mail if user else None


def can_mail(desk: Desk) -> bool:
    """Whether what is followed can be mailed: there is a channel for it, and an address that links can have."""
    config = desk.whole.config
    return config.web.base_url is not None and any(each.readers for each in config.channels.values())


def _check_mail(desk: Desk) -> None:
    if not can_mail(desk):
        raise HTTPException(422, phrase("nothing is mailed here: [web] base_url or a channel for readers is missing"))


def give_address(desk: Desk, viewer: Viewer, address: str) -> None:
    """Send a link to an address, where mail goes once it was opened; the address before it counts no more.

    Raises HTTPException: 422 for what is no address, 429 where it is too soon for another link: nobody is flooded.
    """
    _check_mail(desk)
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise HTTPException(422, phrase("that is no mail address, such as ada@example.org"))
    configured = configured_address(desk, viewer)
    if configured and address != configured:
        raise HTTPException(422, phrase("the configuration names your address: {address}", address=configured))
    now = desk.clock()
    if wait := desk.sent_links.wait_or_add(viewer.name, address, now):
        seconds = str(round(wait.total_seconds()) or 1)
        why = phrase("links were sent just now: try again in {seconds} s", seconds=seconds)
        raise HTTPException(429, why, {"Retry-After": seconds})
    reader = desk.store.readers.reader(viewer.name)
    if reader is None or reader.mail != address:
        desk.store.readers.set_mail(viewer.name, address)
    key = desk.store.feed_keys.value_or_new(LINKS)
    link = verify_link(desk.config.web.base_url or "", key, viewer.name, address, now)
    days = phrase_many("{number} day", "{number} days", LASTING.days)
    text = phrase(_ASKED, name=clean(viewer.name), link=link, days=days)
    html = f"<div>{escape(text)}</div>".replace("\n", "<br>").replace(escape(link), f'<a href="{link}">{link}</a>')
    letter = LetterText(uuid4().hex, phrase("Is this your address?"), text, html, link)
    desk.whole.store.letters.write([Draft(viewer.name, MAIL, address=address)], letter, now)


@router.post("/me/mail")
def send_link(desk: TheDesk, owner: TheOwner, address: Name) -> Response:
    """Send a link to an address, also once more."""
    give_address(desk, owner, address.strip())
    return RedirectResponse("/me", 303)


@router.post("/me/language")
def choose_language(_: TheOwner, language: Annotated[Language | Literal[""], Form()] = "") -> Response:
    """Have the desk speak a language to this browser; with none, go by the other settings again."""
    answered = RedirectResponse("/me", 303)
    answered.set_cookie(viewers.LANGUAGE_COOKIE, language, _A_YEAR if language else 0, httponly=True, samesite="lax")
    return answered


@router.get("/me/key")
def key(desk: TheDesk, _: TheViewer) -> Response:
    """The desk's key, with which a browser subscribes."""
    from watcher.delivery.push import public_key

    return PlainTextResponse(public_key(desk.config))


@router.post("/me/browsers")
def subscribe(desk: TheDesk, owner: TheOwner, endpoint: OfBrowser, p256dh: OfBrowser, auth: OfBrowser) -> Response:
    """Let a browser show alerts."""
    from watcher.delivery.push import encrypt

    now = desk.clock()
    try:
        encrypt(Subscription.model_construct(who=owner.name, endpoint=endpoint, p256dh=p256dh, auth=auth, at=now), b"x")
    except ValueError as error:
        raise HTTPException(422, str(error)) from None
    others = [each for each in desk.store.readers.pushes(owner.name) if each.endpoint != endpoint]
    if len(others) >= MOST_BROWSERS:
        raise HTTPException(422, phrase("{most} browsers show alerts already: remove one first", most=MOST_BROWSERS))
    desk.store.readers.subscribe_push(owner.name, endpoint, p256dh, auth, now)
    return RedirectResponse("/me", 303)


@router.post("/me/browsers/end")
def unsubscribe(desk: TheDesk, owner: TheOwner, endpoint: Name) -> Response:
    """Let a browser show no more alerts; it may be gone already."""
    desk.store.readers.drop_push(endpoint, owner.name)
    return RedirectResponse("/me", 303)


class TokenRequest(Parameters):
    """A token that is wanted: what for, what it may do, and until when; null or left out: until somebody deletes it."""

    name: TokenName
    scope: TokenScope = Field(description="what it may do: as much as this, and as its owner")
    until: datetime | None = None


class TokenJson(TypedDict):
    """A token, without itself."""

    id: int
    name: str
    scope: str
    made: datetime
    until: datetime | None


class NewTokenJson(TokenJson):
    """A token as it is told once."""

    token: str


class TokenList(TypedDict):
    """All tokens of a person, in the order in which they were made."""

    items: list[TokenJson]


def make_token(desk: Desk, owner: Viewer, name: str, scope: TokenScope, until: datetime | None) -> tuple[ApiToken, str]:
    """Make a token by which a program asks in this person's name, and what it is, which nobody is told again. It sees
    what its owner sees, and ends no later than the token by which it was asked for.

    Raises HTTPException: 403 for more than its owner may, 409 where there are too many; and UsageError for a time that
    is over.
    """
    now, role = desk.clock(), SCOPES[scope]
    if present_role(desk, owner.name) is None:
        raise HTTPException(403, phrase("you have no [web.users.NAME] in the configuration, so no token either"))
    if least(owner.role, role) != role:
        raise HTTPException(403, phrase("you cannot give more than the role {role} allows", role=owner.role))
    ends = [actions.check_end(desk, until), owner.token.until if owner.token else None]
    until = min(filter(None, ends), default=None)
    if len(desk.store.tokens.of(owner.name)) >= MOST_TOKENS:
        raise HTTPException(409, phrase("you have {most} tokens: delete one first", most=MOST_TOKENS))
    made, token = desk.store.tokens.make(owner.name, name, scope, now, until)
    desk.record(owner.name, "make token", f"token {made.id}: {name} ({scope})")
    return made, token


def end_token(desk: Desk, owner: Viewer, number: int) -> None:
    """Delete one's token: it opens nothing from now on. Raises HTTPException (404)."""
    if not desk.store.tokens.end(number, owner.name):
        raise HTTPException(404, phrase("you have no token {token}", token=number))
    desk.record(owner.name, "end token", f"token {number}")


@router.post("/me/tokens")
def show_new_token(
    request: Request,
    desk: TheDesk,
    owner: TheOwner,
    name: Annotated[TokenName, Form()],
    scope: Annotated[TokenScope, Form()],
    until: Name = "",
) -> Response:
    """Make a token, and show it this once."""
    ends = parse_time(until, "until", desk.config.timezone) if until else None
    return _page(request, desk, owner, make_token(desk, owner, name, scope, ends)[1])


@router.post("/me/tokens/{number}/end")
def delete_token(desk: TheDesk, owner: TheOwner, number: IdInPath) -> Response:
    """Delete a token."""
    end_token(desk, owner, number)
    return RedirectResponse("/me", 303)


@api.get("/tokens", responses=RESPONSES)
def tokens(desk: TheDesk, viewer: TheViewer, _: NoParameters) -> TokenList:
    """One's own tokens."""
    return {"items": list(map(_told, desk.store.tokens.of(viewer.name)))}


@api.post("/tokens", responses=ACTIONS, status_code=201)
def make(desk: TheDesk, owner: TheOwner, wanted: TokenRequest, _: NoParameters) -> NewTokenJson:
    """Make a token. It sees what its owner sees, and ends no later than the token by which it was asked for."""
    made, token = make_token(desk, owner, wanted.name, wanted.scope, wanted.until)
    return {**_told(made), "token": token}


@api.delete("/tokens/{number}", responses=ACTIONS, status_code=204)
def end(desk: TheDesk, owner: TheOwner, number: Number, _: NoParameters) -> None:
    """Delete one's token: it opens nothing from now on."""
    end_token(desk, owner, number)


def _told(token: ApiToken) -> TokenJson:
    return {"id": token.id, "name": token.name, "scope": token.scope, "made": token.at, "until": token.until}
