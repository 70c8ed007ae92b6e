"""Deliveries: what waits, what was given up, what was sent; retry one, or drop it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from state.model import DeliveryState
from watcher.errors import StaleTextError, UsageError
from watcher.reports.deliveries import report_delivery, report_letters
from watcher.web import actions
from watcher.web.pages.act import show_stale
from watcher.web.queries import IdInPath, IdInQuery
from watcher.web.render import page
from watcher.web.viewers import TheDesk, TheEditor, TheViewer

router = APIRouter(include_in_schema=False)

PAGE = 50  # deliveries
_STATES = {"waiting": DeliveryState.PENDING, "dead": DeliveryState.DEAD, "sent": DeliveryState.SENT}


@router.get("/deliveries")
def deliveries(
    request: Request, desk: TheDesk, viewer: TheViewer, state: str = "waiting", below: IdInQuery = None
) -> Response:
    """The deliveries in one state, the newest first; with the letters to readers, for who may see all."""
    if state not in _STATES:
        raise UsageError(f"state: it is one of {', '.join(_STATES)}")
    found = desk.store.outbox.deliveries(_STATES[state], PAGE + 1, below)
    return page(
        request,
        "deliveries.html",
        state=state,
        deliveries=[report_delivery(each, desk.clock(), desk.store) for each in found[:PAGE]],
        asked={number: held for held in desk.store.approvals.waiting() for number in held.deliveries[:1]},
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        counts=desk.store.outbox.counts(desk.clock()),
        troubles=desk.store.channels.troubles(),
        letters=report_letters(desk.store, [_STATES[state]], PAGE) if viewer.sees_all else [],
    )


@router.post("/deliveries/{number}/retry")
def retry(desk: TheDesk, editor: TheEditor, number: IdInPath, back: Annotated[str, Form()] = "") -> Response:
    """Make a delivery due now, with its message."""
    actions.retry(desk, editor, number)
    return _back(back)


@router.post("/deliveries/{number}/drop")
def drop(desk: TheDesk, editor: TheEditor, number: IdInPath, back: Annotated[str, Form()] = "") -> Response:
    """Give a delivery up."""
    if not desk.store.outbox.has(number) or not desk.store.outbox.drop(number):
        raise HTTPException(404, f"there is no delivery {number} that waits")
    desk.record(editor.name, "drop", f"delivery {number}")
    return _back(back)


@router.post("/deliveries/{number}/{answer}")
def decide(
    request: Request,
    desk: TheDesk,
    editor: TheEditor,
    number: IdInPath,
    answer: Literal["approve", "reject"],
    back: Annotated[str, Form()] = "",
    seen: Annotated[int, Form()] = 0,
) -> Response:
    """Approve or reject the message that a delivery is in. A stale text is shown once more, with what has changed."""
    held = desk.store.approvals.of_delivery(number)
    try:
        actions.decide(desk, editor.name, held, approve=answer == "approve", seen=seen)
    except StaleTextError as stale:
        return show_stale(request, desk, held, stale)
    return _back(back)


def _back(back: str) -> Response:
    return RedirectResponse(f"/deliveries?state={back}" if back in _STATES else "/deliveries", 303)
