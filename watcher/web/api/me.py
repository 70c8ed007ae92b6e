"""What is a person's own: the tokens by which programs ask in his name, and what he follows."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from state.storage.desk import ApiToken
from state.storage.readers import ATOM, Follow, Interest
from watcher.reports.feeds import address_of, feed_of_reader
from watcher.web import personal
from watcher.web.api.parameters import ACTIONS, RESPONSES, Listing, NoParameters, Number, Parameters
from watcher.web.desk import Desk
from watcher.web.personal import LONGEST_ADDRESS, MOST_NAMES, TokenName, TokenScope
from watcher.web.search import LONGEST_QUERY
from watcher.web.viewers import TheDesk, TheOwner, TheViewer

router = APIRouter(prefix="/me", tags=["me"])

Way = Literal["mail", "atom", "push"]
Time = Literal["at once", "hourly", "daily"]


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


@router.get("/tokens", responses=RESPONSES)
def tokens(desk: TheDesk, viewer: TheViewer, _: NoParameters) -> TokenList:
    """One's own tokens."""
    return {"items": list(map(_told, desk.store.tokens.of(viewer.name)))}


@router.post("/tokens", responses=ACTIONS, status_code=201)
def make(desk: TheDesk, owner: TheOwner, wanted: TokenRequest, _: NoParameters) -> NewTokenJson:
    """Make a token. It sees what its owner sees, and ends no later than the token by which it was asked for."""
    made, token = personal.make_token(desk, owner, wanted.name, wanted.scope, wanted.until)
    return {**_told(made), "token": token}


@router.delete("/tokens/{number}", responses=ACTIONS, status_code=204)
def end(desk: TheDesk, owner: TheOwner, number: Number, _: NoParameters) -> None:
    """Delete one's token: it opens nothing from now on."""
    personal.end_token(desk, owner, number)


def _told(token: ApiToken) -> TokenJson:
    return {"id": token.id, "name": token.name, "scope": token.scope, "made": token.at, "until": token.until}


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


@router.get("/follows", responses=RESPONSES)
def follows(desk: TheDesk, viewer: TheViewer, _: NoParameters) -> Listing[FollowJson]:
    """What the person who asks follows, the first at the front."""
    return {"items": [_follow_json(desk, each) for each in desk.store.readers.follows(viewer.name)], "next": None}


@router.post("/follows", responses=ACTIONS, status_code=201)
def follow(desk: TheDesk, reader: TheOwner, asked: NewFollow, _: NoParameters) -> FollowJson:
    """Follow something from now on. The same a second time is the same follow."""
    wish = Interest(asked.entities, asked.sources, asked.find, asked.by, asked.when)
    return _follow_json(desk, personal.follow(desk, reader, wish, (asked.mail or "").strip()))


@router.delete("/follows/{number}", responses=ACTIONS, status_code=204, response_class=Response)
def unfollow(desk: TheDesk, reader: TheOwner, number: Number, _: NoParameters) -> None:
    """End a follow."""
    personal.unfollow(desk, reader, number)


def _follow_json(desk: Desk, follow: Follow) -> FollowJson:
    feed = None
    if follow.interest.by == ATOM:
        feed = address_of(feed_of_reader(desk.store, follow.who), desk.store, desk.config.web.base_url or "")
    told = follow.interest._asdict()
    return {"id": follow.id, **told, "at": follow.at, "feed": feed}  # type: ignore[typeddict-item]  # its fields
