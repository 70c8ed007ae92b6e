"""Signing in, by the token or as a user with a password, and out again."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from watcher.web.desk import Desk, WholeDesk
from watcher.web.render import page
from watcher.web.signing_in import SESSION_AGE, Throttle, Voucher
from watcher.web.viewers import COOKIE, TheViewer, address_of, check_attempts, check_csrf, is_token, viewer_of

router = APIRouter(include_in_schema=False)

_WRONG = "That did not match. Nothing else is said about why."
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
    return page(request, "sign_in.html", status=403, next=inside(there), wrong=_WRONG)


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
