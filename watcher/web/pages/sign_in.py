"""Signing in, by the token or as a user with a password, and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from watcher.web.desk import Desk, TheDesk
from watcher.web.render import page
from watcher.web.signing_in import SESSION_AGE
from watcher.web.viewers import COOKIE, TheViewer, address_of, check_attempts, check_csrf, is_token, viewer_of

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def show(request: Request, desk: TheDesk, token: str = "", next: str = "/") -> Response:  # noqa: A002 - the address's
    """The form; with the right token in the address, straight on. The token leaves the address at once."""
    if token:
        return _attempt(request, desk, None if is_token(desk, token) else False, next)
    if viewer_of(request, desk):
        return RedirectResponse(_inside(next), 303)
    return page(request, "sign_in.html", next=_inside(next), wrong=False)


@router.post("/sign-in")
def sign_in(
    request: Request,
    desk: TheDesk,
    token: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the form's
) -> Response:
    """Sign in by what the form says."""
    check_attempts(request, desk)
    if token:
        return _attempt(request, desk, None if is_token(desk, token.strip()) else False, next)
    user = desk.config.web.users.get(name)
    right = desk.passwords.is_right(user.password if user else None, password)
    return _attempt(request, desk, name if right else False, next)


@router.post("/sign-out")
async def sign_out(request: Request, desk: TheDesk, viewer: TheViewer) -> Response:
    """End the session."""
    await check_csrf(request, viewer)
    desk.sessions.end(request.cookies.get(COOKIE, ""))
    answered = RedirectResponse("/sign-in", 303)
    answered.delete_cookie(COOKIE)
    return answered


def _attempt(request: Request, desk: Desk, user: str | bool | None, there: str) -> Response:
    """Begin a session of a user (None: the token's holder), or count a failure (False)."""
    check_attempts(request, desk)
    address = address_of(request)
    if isinstance(user, bool):
        desk.throttle.count_failure(address)
        return page(request, "sign_in.html", status=403, next=_inside(there), wrong=True)
    desk.throttle.forget_failures(address)
    desk.sessions.end(request.cookies.get(COOKIE, ""))  # an identifier that was there before is worth nothing
    answered = RedirectResponse(_inside(there), 303)
    secure = (desk.config.web.base_url or "").startswith("https:")
    answered.set_cookie(
        COOKIE, desk.sessions.begin(user), max_age=SESSION_AGE, httponly=True, samesite="lax", secure=secure
    )
    return answered


def _inside(there: str) -> str:
    """Where to go after signing in: a page of ours, never another site."""
    return there if there.startswith("/") and not there.startswith(("//", "/\\")) and there.isprintable() else "/"
