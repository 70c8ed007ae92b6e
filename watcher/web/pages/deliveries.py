"""Deliveries: what waits, what was given up, what was sent; try one again, drop it, approve or reject its message."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from alerts.language import phrase
from state.model import DeliveryState
from watcher.errors import StaleTextError, UsageError
from watcher.reports.deliveries import DeliveryReport, report_delivery, report_letters
from watcher.web import actions
from watcher.web.api import ACTIONS, CONFLICT, RESPONSES, NoParameters, Number, Numbered, NumberedPaging, Parameters
from watcher.web.desk import Desk
from watcher.web.pages.act import show_stale
from watcher.web.queries import LARGEST, IdInPath, IdInQuery
from watcher.web.render import page
from watcher.web.viewers import FOR_TOKENS, SIGNED_IN, TheDesk, TheEditor, TheViewer, Viewer

router = APIRouter(include_in_schema=False, dependencies=[SIGNED_IN])
api = APIRouter(prefix="/api/v1/deliveries", tags=["deliveries"], dependencies=FOR_TOKENS)

PAGE = 50  # deliveries
_STATES = {"waiting": DeliveryState.PENDING, "dead": DeliveryState.DEAD, "sent": DeliveryState.SENT}


@router.get("/deliveries")
def show(
    request: Request, desk: TheDesk, viewer: TheViewer, state: str = "waiting", below: IdInQuery = None
) -> Response:
    """The deliveries in one state, the newest first; with the letters to readers, for who may see all."""
    if state not in _STATES:
        raise UsageError(phrase("state: it is one of {states}", states=", ".join(_STATES)))
    found = _list(desk, _STATES[state], PAGE, below)
    return page(
        request,
        "deliveries.html",
        state=state,
        deliveries=found["items"],
        asked={number: held for held in desk.store.approvals.waiting() for number in held.deliveries[:1]},
        more=found["next"],
        counts=desk.store.outbox.counts(desk.clock()),
        troubles=desk.store.channels.troubles(),
        letters=report_letters(desk.store, [_STATES[state]], PAGE) if viewer.sees_all else [],
    )


@router.post("/deliveries/{number}/drop")
def drop(desk: TheDesk, editor: TheEditor, number: IdInPath, back: Annotated[str, Form()] = "") -> Response:
    """Give a delivery up."""
    if not desk.store.outbox.has(number) or not desk.store.outbox.drop(number):
        raise HTTPException(404, phrase("there is no delivery {delivery} that waits", delivery=number))
    desk.record(editor.name, "drop", f"delivery {number}")
    return _back(back)


@router.post("/deliveries/{number}/{answer}")
def act(
    request: Request,
    desk: TheDesk,
    editor: TheEditor,
    number: IdInPath,
    answer: Literal["retry", "approve", "reject"],
    back: Annotated[str, Form()] = "",
    seen: Annotated[int, Form()] = 0,
) -> Response:
    """Make a delivery due now, with its message; or approve or reject the message that it is in. A stale text is shown
    once more, with what has changed.
    """
    if answer == "retry":
        actions.retry(desk, editor, number)
        return _back(back)
    held = desk.store.approvals.of_delivery(number)
    try:
        actions.decide(desk, editor.name, held, approve=answer == "approve", seen=seen)
    except StaleTextError as stale:
        return show_stale(request, desk, held, stale)
    return _back(back)


def _back(back: str) -> Response:
    return RedirectResponse(f"/deliveries?state={back}" if back in _STATES else "/deliveries", 303)


class RetryJson(TypedDict):
    """The delivery that is due now."""

    delivery: int


class DecisionJson(TypedDict):
    """What was decided about a message, with all deliveries in it."""

    delivery: int
    deliveries: list[int]
    approved: bool


class ApprovalQuery(Parameters):
    """What was seen by whoever approves."""

    seen: int = Field(
        default=0, ge=0, le=LARGEST, description="the number in the answer 409 where the register has changed since"
    )


class DeliveryQuery(NumberedPaging):
    """Which deliveries."""

    state: DeliveryState | None = Field(default=None, description="`pending` has those that are held, too")


@api.get("", responses=RESPONSES)
def deliveries(desk: TheDesk, wanted: Annotated[DeliveryQuery, Query()]) -> Numbered[DeliveryReport]:
    """The deliveries, newest first."""
    return _list(desk, wanted.state, wanted.limit, wanted.cursor)


def _list(desk: Desk, state: DeliveryState | None, limit: int, below: int | None) -> Numbered[DeliveryReport]:
    found = desk.store.outbox.deliveries(state, limit + 1, below)
    now, more = desk.clock(), found[limit - 1].id if len(found) > limit else None
    return {"items": [report_delivery(each, now, desk.store) for each in found[:limit]], "next": more}


@api.post("/{number}/retry", responses=ACTIONS)
def retry(desk: TheDesk, editor: TheEditor, number: Number, _: NoParameters) -> RetryJson:
    """Make a delivery that waits or was given up due now, with all that went into the same message."""
    actions.retry(desk, editor, number)
    return {"delivery": number}


@api.post("/{number}/approve", responses=CONFLICT)
def approve(
    desk: TheDesk, editor: TheEditor, number: Number, wanted: Annotated[ApprovalQuery, Query()]
) -> DecisionJson:
    """Approve the message that a delivery is in: it is sent. If the register has changed since the text was made, the
    answer is 409 and says how; `seen` approves it all the same.
    """
    return _decide(desk, editor, number, approve=True, seen=wanted.seen)


@api.post("/{number}/reject", responses=ACTIONS)
def reject(desk: TheDesk, editor: TheEditor, number: Number, _: NoParameters) -> DecisionJson:
    """Reject the message that a delivery is in: it is not sent."""
    return _decide(desk, editor, number, approve=False)


def _decide(desk: Desk, editor: Viewer, number: int, *, approve: bool, seen: int = 0) -> DecisionJson:
    held = desk.store.approvals.of_delivery(number)
    try:
        actions.decide(desk, editor.name, held, approve=approve, seen=seen)
    except StaleTextError as stale:
        raise HTTPException(409, f"{stale}; to approve it all the same: ?seen={stale.seen}") from None
    return {"delivery": number, "deliveries": list(held.deliveries) if held else [], "approved": approve}
