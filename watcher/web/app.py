"""START HERE: the desk as an application. Middleware, errors, and the routes of each page."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from watcher.web import errors, feeds, health, metrics
from watcher.web.access.boundary import Boundary
from watcher.web.api.router import router as api
from watcher.web.desk import Desk
from watcher.web.pages import (
    act,
    add,
    cases,
    changes,
    deliveries,
    entries,
    evidence,
    past,
    proof,
    sign_in,
    sources,
    today,
)
from watcher.web.viewers import SIGNED_IN
from watcher.web.webhooks import hooks

# each is asked in turn whether an address is its own: first those that programs ask all the time
OPEN = (feeds, health, hooks, sign_in, act)  # whose addresses say themselves who may ask
CLOSED = (metrics, today, changes, proof, entries, cases, past, sources, deliveries, evidence, add)
STATIC = Path(__file__).with_name("static")


def create_app(desk: Desk) -> FastAPI:
    """The application over one state."""
    app = FastAPI(title="Registry Watch", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    app.state.desk = desk
    errors.install(app)
    app.add_middleware(Boundary, options=desk.config.web)  # outermost: all answers have its headers
    app.mount("/static", StaticFiles(directory=STATIC), "static")
    for module in OPEN:
        app.include_router(module.router)
    for router in (*(module.router for module in CLOSED), api):
        app.include_router(router, dependencies=[SIGNED_IN])
    return app
