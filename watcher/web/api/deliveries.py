"""Deliveries: what waits, what was sent, what was given up; try one again."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import Field
from typing_extensions import TypedDict

from state.model import DeliveryState
from watcher.errors import StaleTextError
from watcher.reports.deliveries import DeliveryReport, report_delivery
from watcher.web import actions
from watcher.web.api.parameters import ACTIONS, CONFLICT, RESPONSES, NoParameters, Number, NumberedPaging, Parameters
from watcher.web.desk import Desk
from watcher.web.queries import LARGEST
from watcher.web.viewers import TheDesk, TheEditor, Viewer

router = APIRouter(tags=["deliveries"])


class DeliveryList(TypedDict):
    """A part of the deliveries, newest first."""

    items: list[DeliveryReport]
    next: int | None


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


@router.get("/deliveries", responses=RESPONSES)
def deliveries(desk: TheDesk, wanted: Annotated[DeliveryQuery, Query()]) -> DeliveryList:
    """The deliveries, newest first."""
    found = desk.store.outbox.deliveries(wanted.state, wanted.limit + 1, wanted.cursor)
    shown, now = found[: wanted.limit], desk.clock()
    more = shown[-1].id if len(found) > wanted.limit else None
    return {"items": [report_delivery(each, now, desk.store) for each in shown], "next": more}


@router.post("/deliveries/{number}/retry", responses=ACTIONS)
def retry(desk: TheDesk, editor: TheEditor, number: Number, _: NoParameters) -> RetryJson:
    """Make a delivery that waits or was given up due now, with all that went into the same message."""
    actions.retry(desk, editor, number)
    return {"delivery": number}


@router.post("/deliveries/{number}/approve", responses=CONFLICT)
def approve(
    desk: TheDesk, editor: TheEditor, number: Number, wanted: Annotated[ApprovalQuery, Query()]
) -> DecisionJson:
    """Approve the message that a delivery is in: it is sent. If the register has changed since the text was made, the
    answer is 409 and says how; `seen` approves it all the same.
    """
    return _decide(desk, editor, number, approve=True, seen=wanted.seen)


@router.post("/deliveries/{number}/reject", responses=ACTIONS)
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
