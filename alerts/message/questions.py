"""The lines of what somebody has to answer: a message to approve, a change to acknowledge. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from alerts.links import change_link
from alerts.message.blocks import ACKNOWLEDGE, APPROVE, FULL, REJECT, Detail, Line, Style, link_line
from alerts.message.recipient import Recipient
from alerts.message.wording import iso_moment, lasting, shorten
from sources.text import clean
from state.model import Event

_THEN = {"drop": "else it is dropped", "send": "else it is sent all the same"}


def approval_lines(event: Event, zone: tzinfo, detail: Detail, recipient: Recipient) -> list[Line]:
    """The exact message that is to be approved, and the links for the two answers."""
    data = event.data
    until = datetime.fromisoformat(data["until"]) if data["until"] else None
    lines = [Line(Style.WHAT, clean(data["title"]), "TO APPROVE")]
    lines.append(Line(Style.PLAIN, f"It goes to channel {data['channel']} once somebody approves it."))
    for what, label in ((APPROVE, "Approve"), (REJECT, "Reject")):
        if url := recipient.sign(what, data["approval"], until):
            lines.append(link_line(url, label))
    if until:
        lines.append(Line(Style.FACT, f"{iso_moment(data['until'], zone)}; {_THEN[data['then']]}", "Until"))
    if recipient.operator:
        lines.append(Line(Style.COMMAND, f"watch deliveries approve {data['delivery']}", "Or"))
    lines += _exact(data["text"], detail)
    return [*lines, Line(Style.PLAIN, "As HTML:"), *_exact(data["html"], detail)] if data.get("html") else lines


def _exact(text: str, detail: Detail) -> Iterator[Line]:
    """The text as it would be sent; where that is too long, the page behind the links has it whole."""
    shown = text if detail.value >= FULL.value else shorten(text, detail.text)
    if shown != text:
        yield Line(Style.PLAIN, "The text is cut here; the page behind each link has all of it.")
    yield from (Line(Style.PLAIN, line) for line in shown.split("\n") if line.strip())


def reminder_lines(event: Event, zone: tzinfo, detail: Detail, recipient: Recipient) -> list[Line]:
    """The change that nobody has acknowledged, since when, and how to acknowledge it."""
    data = event.data
    noticed = datetime.fromisoformat(data["since"])
    lines = [Line(Style.WHAT, shorten(clean(data["title"]), max(detail.value, 60)), "NOT ACKNOWLEDGED")]
    lines.append(Line(Style.PLAIN, f"{data['about']}: nobody has acknowledged it for {lasting(event.at - noticed)}."))
    again = lasting(timedelta(seconds=data["every"]))
    lines.append(Line(Style.PLAIN, f"Reminder {data['times']}; the next one comes in {again}."))
    links = [(recipient.sign(ACKNOWLEDGE, data["change"], None), "Acknowledge")]
    links.append((change_link(recipient.desk, data["change"]), "At the desk"))
    lines += [link_line(url, label) for url, label in links if url]
    lines += [link_line(data["url"], "Open the record")] if data["url"] else []
    if recipient.operator:
        lines.append(Line(Style.COMMAND, f"watch ack {data['change']}", "To acknowledge it"))
    return [*lines, Line(Style.QUIET, iso_moment(data["since"], zone) or "", "Noticed")]
