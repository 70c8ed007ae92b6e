"""What a signed link allows: to approve or reject one message, to acknowledge a change, to press a button of a message,
to show that an address is one's own, to end what one gets by mail. Nobody has to sign in.

Looking at the page changes nothing, as programs that look at mails open the links in them; its button does. A message
is decided once, whoever has the link. Nobody guesses a signature, so wrong links are not slowed down. A phone presses a
button without a look at the page.

A mail's provider ends a follow by a POST of its own (RFC 8058), without a page of ours before it: what such a link was
for may have ended already, which is answered as if it had not.
"""

import logging
from collections.abc import Collection
from functools import lru_cache
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from alerts.chat.bot import Matter, matter_of, read_button
from alerts.language import mark, phrase
from alerts.links import PATH, PRESS, UNSUBSCRIBE, VERIFY, Claim, claim_of
from alerts.message.lines import ACKNOWLEDGE, APPROVE, REJECT
from alerts.message.titles import news
from state.model import ApprovalState, Event, EventKind, HeldMessage, Message
from state.storage.readers import MAIL, Follow
from watcher.bots.decisions import press_by_link
from watcher.delivery.questions import LINKS
from watcher.errors import StaleTextError
from watcher.reports.deliveries import explain_acknowledgement, explain_decision
from watcher.web import actions
from watcher.web.desk import Desk, WholeDesk
from watcher.web.render import page
from watcher.web.viewers import address_of

router = APIRouter(include_in_schema=False)

_log = logging.getLogger(__name__)

_OF_CHANNELS = frozenset({APPROVE, REJECT, ACKNOWLEDGE, PRESS})
_QUESTIONS = _OF_CHANNELS | {VERIFY}
_DECIDED = {APPROVE: ApprovalState.APPROVED, REJECT: ApprovalState.REJECTED}
NOT_VALID = mark("this link is not valid, or not any more: the desk shows what waits")
_GONE = mark("this link does not count any more: channel {channel}, which it was sent to, is not in the configuration")


@router.get(f"/{PATH}/{{token}}")
def show(request: Request, desk: WholeDesk, token: str) -> Response:
    """What the link is about, and a button."""
    claim, held, event, done = _claim(request, desk, token, _QUESTIONS), None, None, ""
    if claim.what == PRESS:
        verb, message = _button(desk, claim)
        held = _asked(desk, matter_of(desk.store.chats.about(message)))
        done = explain_decision(held, desk.config) if held and held.state is not ApprovalState.WAITING else ""
        return page(request, "act.html", what=verb, claim=claim, held=None, message=message, done=done)
    if claim.what == ACKNOWLEDGE:
        event = _change(desk, claim)
        handled = desk.store.discussion.of_change(event.id).handled
        done = explain_acknowledgement(handled, desk.config) if handled else ""
    elif claim.what != VERIFY:
        held = desk.store.approvals.find(claim.number)
        if held is None:
            raise HTTPException(404, phrase("there is no such message any more"))
        if held.state is not ApprovalState.WAITING or not held.deliveries:
            done = explain_decision(held, desk.config)
    later = desk.store.approvals.later(held.deliveries) if held and not done else []
    about = {"event": event, "news": news(event) if event else ""}
    return page(request, "act.html", what=claim.what, claim=claim, held=held, done=done, later=later, about=about)


def show_stale(request: Request, desk: Desk, held: HeldMessage | None, stale: StaleTextError) -> Response:
    """A text that was to be approved, what has changed since, and a button for the second press."""
    later = desk.store.approvals.later(held.deliveries if held else ())
    return page(request, "act.html", status=409, what="stale", held=held, done="", later=later, seen=stale.seen)


@router.post(f"/{PATH}/{{token}}")
def act(request: Request, desk: WholeDesk, token: str, seen: Annotated[int, Form()] = 0) -> Response:
    """Do it; a stale text is shown once more, with what has changed."""
    claim = _claim(request, desk, token, _QUESTIONS)
    who = f"{claim.who} (link)"
    if claim.what == ACKNOWLEDGE:
        done = press_by_link(desk.config, desk.store, "ack", Matter((_change(desk, claim).id,)), who, desk.clock())
    elif claim.what == PRESS:
        verb, message = _button(desk, claim)
        matter = matter_of(desk.store.chats.about(message))
        done, held = press_by_link(desk.config, desk.store, verb, matter, who, desk.clock()), _asked(desk, matter)
        if held and held.state is not _DECIDED.get(verb):  # the phone would show that it was done
            return page(request, "act.html", status=HTTPStatus.CONFLICT, what=verb, held=None, done=done)
    elif claim.what == VERIFY:
        if not desk.store.readers.verify(claim.who, claim.about, desk.clock()):
            raise HTTPException(404, phrase(NOT_VALID))
        done = phrase("alerts for the reader {name} go to {address}", name=claim.who, address=claim.about)
    else:
        held = desk.store.approvals.find(claim.number)
        try:
            done = actions.decide(desk, who, held, approve=claim.what == APPROVE, seen=seen)
        except StaleTextError as stale:
            return show_stale(request, desk, held, stale)
    return page(request, "act.html", what="done", done=done)


@router.get(f"/{UNSUBSCRIBE}/{{token}}")
def ask_to_unsubscribe(request: Request, desk: WholeDesk, token: str) -> Response:
    """What ends, and a button, for who follows the link by hand."""
    claim = _claim(request, desk, token, {UNSUBSCRIBE})
    follows = _mailed(desk, claim)
    what = "unsubscribe" if follows else "unsubscribed"
    return page(request, "act.html", what=what, claim=claim, follows=follows, done="")


@router.post(f"/{UNSUBSCRIBE}/{{token}}")
def unsubscribe(request: Request, desk: WholeDesk, token: str) -> Response:
    """End a follow, or all that go by mail; also one that has ended."""
    claim = _claim(request, desk, token, {UNSUBSCRIBE})
    follows = _mailed(desk, claim)
    for each in follows:
        if desk.store.readers.unfollow(each.id, claim.who):
            desk.record(f"{claim.who} (link)", "unfollow", f"follow {each.id}")
    return page(request, "act.html", what="unsubscribed", claim=claim, follows=follows, done="")


def _mailed(desk: Desk, claim: Claim) -> list[Follow]:
    """What a reader is mailed because of what he follows: what the link ends."""
    mailed = [each for each in desk.store.readers.follows(claim.who) if each.interest.by == MAIL]
    return [each for each in mailed if claim.number in {0, each.id}]


def _change(desk: Desk, claim: Claim) -> Event:
    """The change to acknowledge. Raises HTTPException (404)."""
    event = desk.store.log.event(claim.number)
    if event is None or event.kind is not EventKind.CHANGE:
        raise HTTPException(404, phrase("there is no such change any more"))
    return event


def _button(desk: Desk, claim: Claim) -> tuple[str, Message]:
    """What the button is for, and its message, whose channel still has buttons. Raises HTTPException (404)."""
    verb, key = read_button(claim.about) or ("", "")
    message = desk.store.chats.find(key)
    if message and (channel := desk.config.channels.get(message.channel)) and channel.buttons:
        return verb, message
    raise HTTPException(404, phrase("there is no such message any more"))


def _asked(desk: Desk, matter: Matter) -> HeldMessage | None:
    """The text that a message asks to approve."""
    return desk.store.approvals.find(matter.approval) if matter.approval else None


def _claim(request: Request, desk: Desk, token: str, allowed: Collection[str]) -> Claim:
    """What the link allows, unless the channel that it was sent to is gone. Raises HTTPException (404)."""
    key = desk.store.feed_keys.value(LINKS)
    claim = claim_of(token, key, desk.clock()) if key else None
    if claim is None or claim.what not in allowed:
        _log_refusal(address_of(request))
        raise HTTPException(404, phrase(NOT_VALID))
    if claim.what in _OF_CHANNELS and claim.who not in desk.config.channels:
        raise HTTPException(404, phrase(_GONE, channel=claim.who))
    return claim


@lru_cache(1000)
def _log_refusal(address: str) -> None:
    """Say once for each address that somebody there has links that are not valid: guesses would fill the log."""
    _log.warning("%s: a signed link from there is not valid, or not any more: refused", address)
