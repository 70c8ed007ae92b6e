"""What a signed link allows: to approve or reject one message, or to acknowledge one change. Nobody has to sign in.

Looking at the page changes nothing, as programs that look at mails open the links in them; its button does. A message
is decided once, whoever has the link. Nobody guesses a signature, so wrong links are not slowed down.
"""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from alerts.links import PATH, Claim, claim_of
from alerts.message.lines import ACKNOWLEDGE, APPROVE, REJECT
from state.model import ApprovalState, EventKind, HeldMessage
from watcher.delivery.questions import LINKS
from watcher.errors import StaleTextError
from watcher.reports.deliveries import explain_decision
from watcher.web import actions
from watcher.web.desk import Desk, WholeDesk
from watcher.web.render import page

router = APIRouter(include_in_schema=False)

_HEADINGS = {APPROVE: "Approve this message?", REJECT: "Reject this message?", ACKNOWLEDGE: "Acknowledge this change?"}
_BUTTONS = {APPROVE: "Approve: send it", REJECT: "Reject: do not send it", ACKNOWLEDGE: "Acknowledge"}


@router.get(f"/{PATH}/{{token}}")
def show(request: Request, desk: WholeDesk, token: str) -> Response:
    """What the link is about, and a button."""
    claim = _claim(desk, token)
    heading, button = _HEADINGS[claim.what], _BUTTONS[claim.what]
    if claim.what == ACKNOWLEDGE:
        event = desk.store.log.event(claim.number)
        if event is None or event.kind is not EventKind.CHANGE:
            raise HTTPException(404, "there is no such change any more")
        return page(request, "act.html", heading=heading, button=button, held=None, event=event, done="")
    held = desk.store.approvals.find(claim.number)
    if held is None:
        raise HTTPException(404, "there is no such message any more")
    done = "" if held.state is ApprovalState.WAITING and held.deliveries else explain_decision(held, desk.config)
    later = [] if done else desk.store.approvals.later(held.deliveries)
    return page(request, "act.html", heading=heading, button=button, held=held, event=None, done=done, later=later)


def show_stale(request: Request, desk: Desk, held: HeldMessage | None, stale: StaleTextError) -> Response:
    """A text that was to be approved, what has changed since, and a button for the second press."""
    return page(
        request,
        "act.html",
        status=409,
        heading="Send it although the register has changed?",
        button="Send it all the same",
        held=held,
        event=None,
        done="",
        later=desk.store.approvals.later(held.deliveries if held else ()),
        seen=stale.seen,
    )


@router.post(f"/{PATH}/{{token}}")
def act(request: Request, desk: WholeDesk, token: str, seen: Annotated[int, Form()] = 0) -> Response:
    """Do it; a stale text is shown once more, with what has changed."""
    claim = _claim(desk, token)
    who = f"{claim.who} (link)"
    if claim.what == ACKNOWLEDGE:
        if not desk.store.reminders.acknowledge(claim.number, who, desk.clock()):
            raise HTTPException(404, "there is no such change any more")
        done = f"change {claim.number}: acknowledged; nobody is reminded of it any more"
    else:
        held = desk.store.approvals.find(claim.number)
        try:
            done = actions.decide(desk, who, held, approve=claim.what == APPROVE, seen=seen)
        except StaleTextError as stale:
            return show_stale(request, desk, held, stale)
    return page(request, "act.html", heading="Done", button="", held=None, event=None, done=done)


def _claim(desk: Desk, token: str) -> Claim:
    """What the link allows. Raises HTTPException."""
    key = desk.store.feed_keys.value(LINKS)
    claim = claim_of(token, key, desk.clock()) if key else None
    if claim is None or claim.what not in _HEADINGS:
        raise HTTPException(404, "this link is not valid, or not any more: the desk shows what waits")
    return claim
