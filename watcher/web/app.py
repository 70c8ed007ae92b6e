"""START HERE: the desk as an application. Middleware, errors, and the routes of each page."""

from functools import partial
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBearer
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from alerts.language import speaking
from alerts.templating import render
from watcher.web import errors, feeds, hooks, monitoring
from watcher.web.boundary import API as FOR_PROGRAMS
from watcher.web.boundary import Boundary
from watcher.web.desk import Desk
from watcher.web.pages import API, CLOSED, OPEN
from watcher.web.viewers import SIGNED_IN, language_of

STATIC = Path(__file__).with_name("static")
# A worker is for the pages below its address; what can be installed is described beside them. Both by media type.
AT_THE_TOP = {"worker.js": "text/javascript", "manifest.webmanifest": "application/manifest+json"}
# viewers.py decides who may; this says in the description that a token does
_BEARER = Depends(HTTPBearer(auto_error=False, description="the token of `watch serve`"))


def create_app(desk: Desk) -> FastAPI:
    """The application over one state."""
    app = FastAPI(title="Registry Watch", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    app.state.desk = desk
    errors.install(app)
    app.add_middleware(InTheirLanguage, desk=desk)  # around all that makes a page, also that of a fault
    app.add_middleware(
        Boundary, options=desk.config.web, sources=lambda: desk.config.sources
    )  # outermost: all answers have its headers
    app.add_api_route("/static/look.css", look, include_in_schema=False)
    for name, kind in AT_THE_TOP.items():
        app.add_route(f"/{name}", partial(_file, name, kind))
    app.mount("/static", StaticFiles(directory=STATIC), "static")
    # each is asked in turn whether an address is its own: first those that programs ask all the time
    for router in (feeds.router, monitoring.health, hooks.router, *(page.router for page in OPEN)):
        app.include_router(router)
    for router in (monitoring.metrics, *(page.router for page in CLOSED)):
        app.include_router(router, dependencies=[SIGNED_IN])
    for page in API:
        app.include_router(page.api, prefix="/api/v1", dependencies=[SIGNED_IN, _BEARER])
    return app


class InTheirLanguage:
    """Answers who asks for a page in his language, and programs in English. Threads get the context with it."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        is_page = scope["type"] == "http" and not scope["path"].startswith(FOR_PROGRAMS)
        with speaking(language_of(Request(scope), self._desk) if is_page else "en"):
            await self._app(scope, receive, send)


def look() -> Response:
    """The colours and the type that the desk shares with the mails."""
    return Response(render("look.css.j2"), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _file(name: str, kind: str, _: Request) -> Response:
    return FileResponse(STATIC / name, media_type=kind, headers={"Cache-Control": "no-cache"})
