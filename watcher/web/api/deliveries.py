"""Deliveries: what waits, what was sent, what was given up; try one again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from typing_extensions import TypedDict

from state.model import DeliveryState
from watcher.reports.deliveries import DeliveryReport, report_delivery
from watcher.web import actions
from watcher.web.api.parameters import ACTIONS, RESPONSES, NoParameters, Number, NumberedPaging
from watcher.web.desk import Desk, TheDesk
from watcher.web.viewers import TheEditor, Viewer

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


class DeliveryQuery(NumberedPaging):
    """Which deliveries."""

    state: DeliveryState | None = Field(default=None, description="`pending` has those that are held, too")


@router.get("/deliveries", responses=RESPONSES)
def deliveries(desk: TheDesk, wanted: Annotated[DeliveryQuery, Query()]) -> DeliveryList:
    """The deliveries, newest first."""
    found = desk.store.outbox.deliveries(wanted.state, wanted.limit + 1, wanted.cursor)
    shown, now = found[: wanted.limit], desk.clock()
    more = shown[-1].id if len(found) > wanted.limit else None
    return {"items": [report_delivery(each, now) for each in shown], "next": more}


@router.post("/deliveries/{number}/retry", responses=ACTIONS)
def retry(desk: TheDesk, editor: TheEditor, number: Number, _: NoParameters) -> RetryJson:
    """Make a delivery that waits or was given up due now, with all that went into the same message."""
    actions.retry(desk, editor, number)
    return {"delivery": number}


@router.post("/deliveries/{number}/approve", responses=ACTIONS)
def approve(desk: TheDesk, editor: TheEditor, number: Number, _: NoParameters) -> DecisionJson:
    """Approve the message that a delivery is in: it is sent."""
    return _decide(desk, editor, number, approve=True)


@router.post("/deliveries/{number}/reject", responses=ACTIONS)
def reject(desk: TheDesk, editor: TheEditor, number: Number, _: NoParameters) -> DecisionJson:
    """Reject the message that a delivery is in: it is not sent."""
    return _decide(desk, editor, number, approve=False)


def _decide(desk: Desk, editor: Viewer, number: int, *, approve: bool) -> DecisionJson:
    held = desk.store.approvals.of_delivery(number)
    actions.decide(desk, editor.name, held, approve=approve)
    return {"delivery": number, "deliveries": list(held.deliveries) if held else [], "approved": approve}
