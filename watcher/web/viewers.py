"""The person behind a request, what that person may do, and the desk as that person finds it."""

import hmac
from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, NamedTuple

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from alerts.language import LANGUAGES, Language, best_language, phrase, phrase_span
from state.db.tables.readers import ApiToken
from watcher.config.settings import EVERYTHING, ROLES, TOKEN_HOLDER, UNIX, Role, Sight
from watcher.reports.feeds import SUFFIX
from watcher.web.boundary import API, SAFE
from watcher.web.desk import A_PART, Desk, WholeDesk
from watcher.web.signing_in import Throttle

COOKIE, LANGUAGE_COOKIE = "registry-watch", "registry-watch-language"
LAST_WORD = timedelta(days=30)  # of a provider about somebody: so long it counts for his tokens and links
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"
SCOPES: dict[str, Role] = {"read": "viewer", "act": "editor", "admin": "admin"}  # of tokens
_BEARER = "bearer "


class SignInNeededError(Exception):
    """Nobody is signed in."""


class Viewer(NamedTuple):
    """A person. `csrf` is None where no browser vouches for the person by itself (a bearer token). `token` is the
    person's own one by which a program asks.
    """

    name: str
    role: Role
    csrf: str | None
    sight: Sight = EVERYTHING
    token: ApiToken | None = None

    @property
    def may_configure(self) -> bool:
        """Whether the configuration may be seen and edited."""
        return self.role == "admin"

    @property
    def sees_all(self) -> bool:
        """Whether nothing is hidden."""
        return self.sight == EVERYTHING

    @property
    def may_edit(self) -> bool:
        """Whether actions are allowed."""
        return self.role != "viewer"


def least(*roles: Role) -> Role:
    """The role among these that may do least."""
    return min(roles, key=ROLES.index)


def viewer_of(request: Request, desk: Desk) -> Viewer | None:
    """The person behind a request, by bearer token, session or proxy, in this order; None if nobody is signed in.

    Who is limited is never an admin, whoever calls him one. Raises StateError.
    """
    if not hasattr(request.state, "viewer"):
        given = _bearer(request)
        found = (_of_bearer(desk, given) if given is not None else None) or _find_in_browser(request, desk)
        is_limited = found is not None and not found.sees_all
        request.state.viewer = found._replace(role=least(found.role, "editor")) if found and is_limited else found
    viewer: Viewer | None = request.state.viewer
    return viewer


def present_role(desk: Desk, name: str) -> Role | None:
    """The role that a person has now, without being there; None for who is no longer known. Raises StateError."""
    user, reader = desk.config.web.users.get(name), desk.store.readers.reader(name)
    is_fresh = reader is not None and reader.vouched is not None and desk.clock() - reader.vouched < LAST_WORD
    told = reader.role if reader and is_fresh and desk.config.web.oidc else None
    if user and (user.password or told is None):
        return user.role
    if name == TOKEN_HOLDER:
        return "admin"
    return next((role for role in ROLES if role == told), None)


def language_of(request: Request, desk: Desk) -> Language:
    """The language of the page that somebody asks for."""
    return next(filter(None, languages_of(request, desk).values()))


def languages_of(request: Request, desk: Desk) -> dict[str, Language | None]:
    """The languages that a page may be in, of which the first that is given counts: as `chosen` at /me in this browser,
    the `user`'s own of the configuration, what the `browser` prefers, that of the `service`; of a feed it is `chosen`
    by `language` in its address, and nothing is preferred. It asks no state.
    """
    viewer = _find_in_browser(request, desk)
    name = viewer.name if viewer else request.query_params.get("for", "")  # whose feed it is
    user, is_feed = desk.config.web.users.get(name), request.url.path.endswith(SUFFIX)
    chosen = request.query_params.get("language") if is_feed else request.cookies.get(LANGUAGE_COOKIE)
    preferred = request.headers.get("accept-language", "")
    return {
        "chosen": next((each for each in LANGUAGES if each == chosen), None),
        "user": user.language if user else None,
        "browser": None if is_feed else best_language(preferred),
        "service": desk.config.language,
    }


def _find_in_browser(request: Request, desk: Desk) -> Viewer | None:
    options, identifier = desk.config.web, request.cookies.get(COOKIE, "")
    if identifier and (session := desk.sessions.find(identifier)):
        csrf = desk.sessions.csrf(identifier)
        if session.user is None:
            return Viewer(TOKEN_HOLDER, "admin", csrf)
        user = options.users.get(session.user)
        if known := session.voucher or user:
            return Viewer(session.user, known.role, csrf, user.sight if user else EVERYTHING)
    name = request.headers.get(options.proxy_header, "") if options.proxy_header else ""
    if not name or not _is_trusted(request, desk):
        return None
    user = options.users.get(name)  # without a `[web.users.NAME]` of that name a person may only look
    csrf = desk.sessions.csrf(f"proxy:{name}")
    return Viewer(name, user.role, csrf, user.sight) if user else Viewer(name, "viewer", csrf)


def _of_bearer(desk: Desk, given: str) -> Viewer | None:
    """Who asks by the token of this server, or by one that a person has made: as the person that he is now."""
    if is_token(desk, given):
        return Viewer(TOKEN_HOLDER, "admin", None)
    token = desk.store.tokens.find(given, desk.clock())
    role = present_role(desk, token.who) if token else None
    if token is None or role is None:
        return None
    user = desk.config.web.users.get(token.who)
    return Viewer(token.who, least(role, SCOPES[token.scope]), None, user.sight if user else EVERYTHING, token)


def _bearer(request: Request) -> str | None:
    given = request.headers.get("authorization", "")
    return given[len(_BEARER) :].strip() if given[: len(_BEARER)].lower() == _BEARER else None


def is_token(desk: Desk, given: str) -> bool:
    """Whether a text is the token of this server; takes as long for any text of that length."""
    return hmac.compare_digest(given.encode(), desk.token.encode())


def _is_trusted(request: Request, desk: Desk) -> bool:
    """Whether a request comes from a proxy that may name the person."""
    options = desk.config.web
    if request.client is None or not request.client.host:
        return options.listen.startswith(UNIX)
    try:
        peer = ip_address(request.client.host)
    except ValueError:
        return False
    return any(peer in network for network in options.trusted_proxies)


def address_of(request: Request) -> str:
    """The address that attempts are counted for: that of the connection, which nobody can forge."""
    return request.client.host if request.client else "unix"


def check_attempts(request: Request, throttle: Throttle, *, together: bool = True) -> None:
    """Raises HTTPException (429) after too many failures from one address, or from all `together`.

    What is right by itself, such as a token, is let in before this is asked.
    """
    if wait := throttle.wait(address_of(request), together=together):
        seconds = max(1, round(wait))
        why = phrase("too many attempts: try again in {span}", span=phrase_span(timedelta(seconds=seconds)))
        raise HTTPException(429, why, {"Retry-After": str(seconds)})


async def _ask_again(request: Request, desk: WholeDesk) -> None:
    await desk.ask_again(request.cookies.get(COOKIE, ""))


async def _viewer(request: Request, desk: WholeDesk) -> Viewer:  # a plain function would be called in a thread
    await _ask_again(request, desk)
    has_own = (given := _bearer(request)) is not None and not is_token(desk, given)  # it is looked for in the state
    viewer = await run_in_threadpool(viewer_of, request, desk) if has_own else viewer_of(request, desk)
    if viewer is None:
        if _bearer(request) is not None:
            check_attempts(request, desk.token_throttle, together=False)
            desk.token_throttle.count_failure(address_of(request))
        raise SignInNeededError
    return viewer


async def _editor(request: Request, viewer: Annotated[Viewer, Depends(_viewer)]) -> Viewer:
    if viewer.token and viewer.token.scope == "read":
        raise HTTPException(403, phrase("this token may read, and nothing else"))
    if not viewer.may_edit:
        raise HTTPException(403, phrase("{name} may look, but not act: the role is viewer", name=viewer.name))
    await check_csrf(request, viewer)
    return viewer


async def _own(request: Request, viewer: Annotated[Viewer, Depends(_viewer)]) -> Viewer:
    if viewer.token and viewer.token.scope == "read" and request.method not in SAFE:
        raise HTTPException(403, phrase("this token may read, and nothing else"))
    await check_csrf(request, viewer)
    return viewer


async def _whole(viewer: Annotated[Viewer, Depends(_viewer)]) -> None:
    if not viewer.sees_all:
        raise HTTPException(403, phrase(A_PART))


async def _admin(request: Request, viewer: Annotated[Viewer, Depends(_viewer)]) -> Viewer:
    if not viewer.may_configure:
        raise HTTPException(403, phrase("{name} may not configure anything: the role is not admin", name=viewer.name))
    await check_csrf(request, viewer)
    return viewer


async def check_csrf(request: Request, viewer: Viewer) -> None:
    """Raises HTTPException (403) where a request that writes lacks the token of our own pages."""
    if request.method in SAFE or viewer.csrf is None:
        return
    given = request.headers.get(CSRF_HEADER) or (await request.form()).get(CSRF_FIELD)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), viewer.csrf.encode()):
        why = phrase("the form is out of date: go back, load the page again, and try once more")
        is_program = request.url.path.startswith(API)
        raise HTTPException(403, f"the header {CSRF_HEADER} is missing, or out of date" if is_program else why)


async def _desk(desk: WholeDesk, viewer: Annotated[Viewer, Depends(_viewer)]) -> Desk:
    """The desk as the person behind a request finds it: the one place where who is limited gets less."""
    return desk if viewer.sees_all else await run_in_threadpool(desk.limited, viewer.sight)


ASK_AGAIN = Depends(_ask_again)  # for routers whose routes need nobody, and see whoever is signed in
SIGNED_IN = Depends(_viewer)  # for routers whose routes need somebody, whoever it is
# and for those of the API: that a token says who it is, stands in the description
FOR_TOKENS = [SIGNED_IN, Depends(HTTPBearer(auto_error=False, description="the token of `watch serve`"))]
TheViewer = Annotated[Viewer, SIGNED_IN]
TheOwner = Annotated[Viewer, Depends(_own)]  # who changes what is his own, whatever his role
WHOLE = Depends(_whole)  # for routers whose pages are about the whole watch
TheDesk = Annotated[Desk, Depends(_desk)]
TheEditor = Annotated[Viewer, Depends(_editor)]
ADMIN = Depends(_admin)  # for routers whose routes need one
TheAdmin = Annotated[Viewer, ADMIN]
