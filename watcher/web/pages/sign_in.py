"""Signing in: by the token, as a user with a password, or at a provider of OpenID Connect (to it, back from it, and its
notice that somebody signed out there); and out again.

`/sign-in/oidc` is for the first provider, `/sign-in/oidc/NAME` for that of `[web.oidc.NAME]`.
"""

import hmac
import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from alerts.language import mark, phrase
from watcher.web.desk import Desk, WholeDesk
from watcher.web.pages.me import ADDRESS
from watcher.web.render import page
from watcher.web.signing_in import SESSION_AGE, SignInAttempt, SignInRefused, Throttle, Voucher
from watcher.web.viewers import COOKIE, TheViewer, address_of, check_attempts, check_csrf, is_token, viewer_of

if TYPE_CHECKING:
    from watcher.web.oidc import Provider

router = APIRouter(include_in_schema=False)
_log = logging.getLogger(__name__)

PATH, ATTEMPT_COOKIE = "/sign-in/oidc", "registry-watch-oidc"
ENDS = timedelta(minutes=10)  # after which a sign-in at a provider has to be begun anew
_SAID = {403: mark("Signing in by {provider} was refused:"), 503: mark("Signing in by {provider} is not possible now:")}
_WRONG = mark("That did not match. Nothing else is said about why.")
_OTHERS = frozenset({"cross-site", "same-site"})  # of Sec-Fetch-Site


@router.get("/sign-in")
def show(request: Request, desk: WholeDesk, token: str = "", next: str = "/") -> Response:  # noqa: A002 - the address's
    """The form; with the right token in the address, straight on. The token leaves the address at once."""
    if token:
        return _by_token(request, desk, token, next)
    if viewer_of(request, desk):
        return RedirectResponse(inside(next), 303)
    return page(request, "sign_in.html", next=inside(next), wrong="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    desk: WholeDesk,
    token: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the form's
) -> Response:
    """Sign in by what the form says."""
    if token:
        return _by_token(request, desk, token.strip(), next)
    check_attempts(request, desk.password_throttle)
    user = desk.config.web.users.get(name)
    right = desk.passwords.is_right(user.password if user else None, password)
    if not right:
        return _refuse(request, desk.password_throttle, next)
    desk.password_throttle.forget_failures(address_of(request))
    return begin_session(request, desk, name, next)


@router.post("/sign-out")
async def sign_out(request: Request, desk: WholeDesk, viewer: TheViewer) -> Response:
    """End the session, also at the provider by which it began."""
    await check_csrf(request, viewer)
    identifier = request.cookies.get(COOKIE, "")
    session, there = desk.sessions.find(identifier), None
    desk.sessions.end(identifier)
    if session and (voucher := session.voucher) and (provider := desk.providers.get(voucher.provider)):
        there = provider.end_address(voucher, f"{base_of(request, desk)}/sign-in")
    answered = RedirectResponse(there or "/sign-in", 303)
    answered.delete_cookie(COOKIE)
    return answered


def _by_token(request: Request, desk: Desk, token: str, there: str) -> Response:
    """Sign the token's holder in, also after failures: others could lock the holder out by them."""
    if is_token(desk, token):
        desk.token_throttle.forget_failures(address_of(request))
        return begin_session(request, desk, None, there)
    return _refuse(request, desk.token_throttle, there)


def _refuse(request: Request, throttle: Throttle, there: str) -> Response:
    """The form again; a failure counts unless a page of another site led here."""
    check_attempts(request, throttle)
    if request.headers.get("sec-fetch-site") not in _OTHERS:
        throttle.count_failure(address_of(request))
    return page(request, "sign_in.html", status=403, next=inside(there), wrong=phrase(_WRONG))


def begin_session(request: Request, desk: Desk, user: str | None, there: str, by: Voucher | None = None) -> Response:
    """Begin a session of a user, or of the token's holder (None)."""
    desk.sessions.end(request.cookies.get(COOKIE, ""))  # an identifier that was there before is worth nothing
    answered = RedirectResponse(inside(there), 303)
    identifier, secure = desk.sessions.begin(user, by), base_of(request, desk).startswith("https:")
    answered.set_cookie(COOKIE, identifier, max_age=SESSION_AGE, httponly=True, samesite="lax", secure=secure)
    return answered


def base_of(request: Request, desk: Desk) -> str:
    """The desk's address as a provider sends people back to it; without `base_url`, that by which it was asked."""
    return desk.config.web.base_url or str(request.base_url).rstrip("/")


def inside(there: str) -> str:
    """Where to go after signing in: a page of ours, never another site."""
    return there if there.startswith("/") and not there.startswith(("//", "/\\")) and there.isprintable() else "/"


# what the provider without a name has stands before the names of others
@router.get(f"{PATH}/callback")
@router.get(f"{PATH}/{{name}}/callback")
async def come_back(request: Request, desk: WholeDesk, name: str = "") -> Response:
    """Sign in whoever comes back from the provider with a code, in the browser that was sent there, once."""
    provider, now = _provider(desk, name), desk.clock()
    state, cookie = request.query_params.get("state", ""), request.cookies.get(ATTEMPT_COOKIE, "")
    try:
        attempt = desk.sign_ins.take(state) if hmac.compare_digest(state.encode(), cookie.encode()) else None
        if attempt is None or attempt.provider != name or not attempt.at <= now < attempt.at + ENDS:
            raise SignInRefused("it was not begun by this browser at this address, or ten minutes ago, or has ended")
        back = f"{base_of(request, desk)}{provider.path}/callback"
        voucher = await provider.finish(attempt, request.query_params, back)
    except SignInRefused as error:
        return _say_refused(request, provider, error)
    await run_in_threadpool(_keep, desk, voucher)
    answered = begin_session(request, desk, voucher.who, attempt.there, voucher)
    answered.delete_cookie(ATTEMPT_COOKIE, PATH)
    return answered


@router.post(f"{PATH}/logout")
@router.post(f"{PATH}/{{name}}/logout")
async def end(desk: WholeDesk, logout_token: Annotated[str, Form()] = "", name: str = "") -> Response:
    """End the sessions of somebody who signed out at the provider, which says so by a token and has no browser."""
    provider = _provider(desk, name)
    try:
        desk.sessions.end_vouched(name, *await provider.read_notice(logout_token))
    except SignInRefused as error:
        _log.warning("a notice of %s that somebody signed out is refused: %s", provider.title, error)
        return JSONResponse({"error": "invalid_request", "error_description": str(error)}, 400)
    return Response()


@router.get(PATH)
@router.get(f"{PATH}/{{name}}")
async def begin(request: Request, desk: WholeDesk, name: str | None = None, next: str = "/") -> Response:  # noqa: A002 - the address's
    """Send the browser to the provider."""
    provider = _provider(desk, name)
    nonce, verifier = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    attempt = SignInAttempt(provider.name, nonce, verifier, inside(next), desk.clock())
    state, back = desk.sign_ins.keep(attempt), f"{base_of(request, desk)}{provider.path}/callback"
    try:
        answered = RedirectResponse(await provider.begin(attempt, state, back), 303)
    except SignInRefused as error:
        return _say_refused(request, provider, error)
    secure = back.startswith("https:")
    answered.set_cookie(ATTEMPT_COOKIE, state, ENDS.seconds, path=PATH, httponly=True, samesite="lax", secure=secure)
    return answered


def _provider(desk: Desk, name: str | None) -> "Provider":
    """The provider of that name, or the first one. Raises HTTPException."""
    found = next(iter(desk.providers.values()), None) if name is None else desk.providers.get(name)
    if found is None:
        raise HTTPException(404, phrase("there is no such way to sign in"))
    return found


def _say_refused(request: Request, provider: "Provider", error: SignInRefused) -> Response:
    """The page with the other ways to sign in, and why this one did not work."""
    said = _SAID[error.status]
    _log.warning("%s %s", said.format(provider=provider.title), error)
    wrong = phrase(said, provider=provider.title)
    return page(request, "sign_in.html", status=error.status, next="/", wrong=wrong, why=str(error))


def _keep(desk: Desk, voucher: Voucher) -> None:
    """Keep the role, and the address unless the provider is not sure of it, or the reader has one of his own."""
    readers, mail = desk.store.readers, voucher.claims.get("email")
    readers.set_role(voucher.who, voucher.role, voucher.looked)
    sure, known = voucher.claims.get("email_verified") not in (False, "false"), readers.reader(voucher.who)
    if sure and isinstance(mail, str) and ADDRESS.fullmatch(mail) and not (known and known.mail):
        readers.set_mail(voucher.who, mail, desk.clock())
