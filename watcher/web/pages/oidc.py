"""Signing in at a provider of OpenID Connect: to it, back from it, and its notice that somebody signed out there.

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

from watcher.web.desk import Desk, WholeDesk
from watcher.web.pages.me import ADDRESS
from watcher.web.pages.sign_in import base_of, begin_session, inside
from watcher.web.render import page
from watcher.web.signing_in import SignInAttempt, SignInRefused, Voucher

if TYPE_CHECKING:
    from watcher.web.oidc import Provider

router = APIRouter(include_in_schema=False)
_log = logging.getLogger(__name__)

PATH, COOKIE = "/sign-in/oidc", "registry-watch-oidc"
_SAID = {403: "was refused", 503: "is not possible now"}
ENDS = timedelta(minutes=10)  # after which a sign-in has to be begun anew


# what the provider without a name has stands before the names of others
@router.get(f"{PATH}/callback")
@router.get(f"{PATH}/{{name}}/callback")
async def come_back(request: Request, desk: WholeDesk, name: str = "") -> Response:
    """Sign in whoever comes back from the provider with a code, in the browser that was sent there, once."""
    provider, now = _provider(desk, name), desk.clock()
    state, cookie = request.query_params.get("state", ""), request.cookies.get(COOKIE, "")
    try:
        attempt = desk.sign_ins.take(state) if hmac.compare_digest(state.encode(), cookie.encode()) else None
        if attempt is None or attempt.provider != name or not attempt.at <= now < attempt.at + ENDS:
            raise SignInRefused("it was not begun by this browser at this address, or ten minutes ago, or has ended")
        back = f"{base_of(request, desk)}{provider.path}/callback"
        voucher = await provider.finish(attempt, request.query_params, back)
    except SignInRefused as error:
        return _refuse(request, provider, error)
    await run_in_threadpool(_keep, desk, voucher)
    answered = begin_session(request, desk, voucher.who, attempt.there, voucher)
    answered.delete_cookie(COOKIE, PATH)
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
        return _refuse(request, provider, error)
    secure = back.startswith("https:")
    answered.set_cookie(COOKIE, state, ENDS.seconds, path=PATH, httponly=True, samesite="lax", secure=secure)
    return answered


def _provider(desk: Desk, name: str | None) -> "Provider":
    """The provider of that name, or the first one. Raises HTTPException."""
    found = next(iter(desk.providers.values()), None) if name is None else desk.providers.get(name)
    if found is None:
        raise HTTPException(404, "there is no such way to sign in")
    return found


def _refuse(request: Request, provider: "Provider", error: SignInRefused) -> Response:
    """The page with the other ways to sign in, and why this one did not work."""
    said = f"Signing in by {provider.title} {_SAID[error.status]}: {error}"
    _log.warning("%s", said)
    return page(request, "sign_in.html", status=error.status, next="/", wrong=said)


def _keep(desk: Desk, voucher: Voucher) -> None:
    """Keep the role, and the address unless the provider is not sure of it, or the reader has one of his own."""
    readers, mail = desk.store.readers, voucher.claims.get("email")
    readers.set_role(voucher.who, voucher.role, voucher.looked)
    sure, known = voucher.claims.get("email_verified") not in (False, "false"), readers.reader(voucher.who)
    if sure and isinstance(mail, str) and ADDRESS.fullmatch(mail) and not (known and known.mail):
        readers.set_mail(voucher.who, mail, desk.clock())
