"""/healthz: whether the watch works, for a monitor that asks. Nobody has to be signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from fastapi import APIRouter
from starlette.responses import JSONResponse

from state.errors import StateError
from state.model import SourceStatus
from watcher.terminal.words import count
from watcher.web.desk import Desk, TheDesk

router = APIRouter(include_in_schema=False)

OLD = timedelta(minutes=5)  # a daemon reports once a minute
OVERDUE = timedelta(minutes=10)  # that a check may be late
STUCK = timedelta(hours=1)  # that a delivery which is due may wait


@router.get("/healthz")
def healthz(desk: TheDesk) -> JSONResponse:
    """200 `{"status": "ok"}`, or 503 with the reasons. They name no source: anybody may read them."""
    try:
        reasons = list(troubles(desk))
    except StateError:
        reasons = ["the state cannot be read"]
    if reasons:
        return JSONResponse({"status": "failing", "reasons": reasons}, 503)
    return JSONResponse({"status": "ok"})


def troubles(desk: Desk) -> Iterator[str]:
    """Each reason why the watch does not work, in a line. Raises StateError."""
    now = desk.clock()
    seen = [daemon.seen for daemon in desk.store.daemons.with_workers()]
    if not seen:
        yield "no daemon has reported to this state"
    elif now - max(seen) > OLD:
        yield f"the daemon last reported {int((now - max(seen)).total_seconds())} s ago"
    late = sum(_is_overdue(desk, each, now) for each in desk.store.source_statuses())
    if late:
        yield f"{count(late, 'source')} overdue"
    if waiting := desk.store.outbox.overdue(now - STUCK):
        yield f"{count(waiting, 'delivery', 'deliveries')} due for more than an hour"


def _is_overdue(desk: Desk, status: SourceStatus, now: datetime) -> bool:
    source = desk.config.sources.get(status.name)
    return source is not None and source.enabled and status.due is not None and now - status.due > OVERDUE
