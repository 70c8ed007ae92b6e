"""What is a person's own: the tokens by which programs ask in his name."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from state.storage.desk import ApiToken
from watcher.errors import UsageError
from watcher.web.api.parameters import ACTIONS, RESPONSES, NoParameters, Number, Parameters
from watcher.web.viewers import SCOPES, TheDesk, TheOwner, TheViewer, least, present_role

router = APIRouter(prefix="/me", tags=["me"])

MOST_TOKENS = 100  # of a person


class TokenRequest(Parameters):
    """A token that is wanted: what for, what it may do, and until when; null or left out: until somebody deletes it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^\P{C}+$")]
    scope: Literal["read", "act", "admin"] = Field(description="what it may do: as much as this, and as its owner")
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
    now, role = desk.clock(), SCOPES[wanted.scope]
    if present_role(desk, owner.name) is None:
        raise HTTPException(403, f"{owner.name} has no [web.users.NAME] in the configuration, so no token either")
    if least(owner.role, role) != role:
        raise HTTPException(403, f"{owner.name} cannot give more than the role {owner.role} allows")
    ends = [end if end.tzinfo else end.replace(tzinfo=desk.config.timezone) for end in [wanted.until] if end]
    if ends and ends[0] <= now:
        raise UsageError("until: that is over already")
    until = min([*ends, *([owner.token.until] if owner.token and owner.token.until else [])], default=None)
    if len(desk.store.tokens.of(owner.name)) >= MOST_TOKENS:
        raise HTTPException(409, f"{owner.name} has {MOST_TOKENS} tokens: delete one first")
    number, token = desk.store.tokens.make(owner.name, wanted.name, wanted.scope, now, until)
    desk.record(owner.name, "make token", f"token {number}: {wanted.name} ({wanted.scope})")
    made = ApiToken(number, owner.name, wanted.name, wanted.scope, now, until)
    return {**_told(made), "token": token}


@router.delete("/tokens/{number}", responses=ACTIONS, status_code=204)
def end(desk: TheDesk, owner: TheOwner, number: Number, _: NoParameters) -> None:
    """Delete one's token: it opens nothing from now on."""
    if not desk.store.tokens.end(number, owner.name):
        raise HTTPException(404, f"{owner.name} has no token {number}")
    desk.record(owner.name, "end token", f"token {number}")


def _told(token: ApiToken) -> TokenJson:
    return {"id": token.id, "name": token.name, "scope": token.scope, "made": token.at, "until": token.until}
