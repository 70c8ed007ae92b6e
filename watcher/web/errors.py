"""What a visitor sees when something is wrong: a plain page, or a program: JSON. Never a traceback."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.language import mark, phrase
from state.errors import StateError
from watcher.config.edit import EditError, EditingOff, RefusedEdit, StaleEdit
from watcher.errors import LASTING, ConfigError, UsageError
from watcher.web.boundary import API, FOR_PROGRAMS
from watcher.web.desk import AGAIN
from watcher.web.render import page
from watcher.web.viewers import SignInNeededError

_log = logging.getLogger(__name__)


def answer(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """One line for people, as a page, or as JSON for programs."""
    if request.url.path.startswith(FOR_PROGRAMS):
        return JSONResponse({"error": message}, status, headers)
    heading, told = phrase(_HEADINGS.get(status, _ANY)), phrase(_BARE[message]) if message in _BARE else message
    return page(request, "error.html", status=status, headers=headers, heading=heading, message=told)


_ANY = mark("Error")
_BARE = dict.fromkeys(("Not Found", "Method Not Allowed"), mark("there is no such page"))  # what Starlette says
_HEADINGS = {
    400: mark("That is not understood"),
    403: mark("That is not allowed"),
    404: mark("Not found"),
    405: mark("That is not understood"),
    409: mark("That cannot be done"),
    410: mark("Not found"),
    412: mark("Somebody else was faster"),
    413: mark("Too large"),
    422: mark("That is not understood"),
    429: mark("Wait a moment"),
    500: mark("Something went wrong"),
    503: mark("Wait a moment"),
}


def install(app: FastAPI) -> None:
    """Let an application answer its errors like this. What is added to it later is outside of `Faults`."""

    def on(kind: Any, handle: Callable[[Request, Any], Response]) -> None:
        app.add_exception_handler(kind, handle)

    on(SignInNeededError, _sign_in)
    on(UsageError, lambda request, error: answer(request, 400, str(error)))
    on(RequestValidationError, lambda request, error: answer(request, 422, _invalid(error)))
    on(HTTPException, lambda request, error: answer(request, error.status_code, str(error.detail), error.headers))
    on(StateError, _busy)
    on(EditError, _refuse_edit)
    bad = mark("the files have errors: {problems}")
    on(ConfigError, lambda request, error: answer(request, 503, phrase(bad, problems="; ".join(error.problems))))
    app.add_middleware(Faults)


def _refuse_edit(request: Request, error: EditError) -> Response:
    """Why the configuration stays as it is; for programs with what they need to mend it."""
    status = next((status for kind, status in _EDITS.items() if isinstance(error, kind)), 409)
    if not request.url.path.startswith(API):
        return answer(request, status, str(error))
    said: dict[str, Any] = {"error": str(error)}
    if isinstance(error, RefusedEdit):
        said = {"problems": [{"path": at, "message": what} for at, what in error.problems]}
    elif isinstance(error, StaleEdit):
        said |= {"revision": error.revision, "current": error.document, "yours": error.edit.document}
    return JSONResponse(said, status)


_EDITS: dict[type[EditError], int] = {EditingOff: 403, RefusedEdit: 422, StaleEdit: 412}


def _sign_in(request: Request, _: Exception) -> Response:
    if request.url.path.startswith(FOR_PROGRAMS):
        return answer(request, 401, "sign in: Authorization: Bearer TOKEN", {"WWW-Authenticate": "Bearer"})
    there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(there, safe='')}" if request.method == "GET" and there != "/" else ""
    return RedirectResponse(f"/sign-in{back}", 303)


def _invalid(error: RequestValidationError) -> str:
    """Which parameter, and what is wrong with it; not what was given."""
    told = ((".".join(map(str, each["loc"][1:])) or each["loc"][0], each["msg"]) for each in error.errors()[:5])
    return "; ".join(f"{at}: {what}" for at, what in told)


def _busy(request: Request, error: Exception) -> Response:
    _log.warning("the state cannot be used: %s", error, extra=LASTING)
    why = phrase("the state cannot be used for now: try again in a moment; the log of the service says why")
    return answer(request, 503, why, AGAIN)


class Faults:
    """Answers a request in which something unexpected happens, and logs that once, with its path and not its query.

    A handler for Exception would log it twice: Starlette raises the exception again after it, and Uvicorn logs that.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. Raises what happens after the answer has begun: then Uvicorn logs it and hangs up."""
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            response = await run_in_threadpool(_answer_unexpected, Request(scope), error)
            await response(scope, receive, send)


def _answer_unexpected(request: Request, error: Exception) -> Response:
    path = quote(request.url.path)
    _log.error("%s %s: unexpected %s", request.method, path, type(error).__name__, exc_info=error)
    return answer(request, 500, phrase("an unexpected fault: the log of the service says more"))
