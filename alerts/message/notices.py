"""The lines of what is no change: baselines, health, questions to people, and the test alert. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from shlex import quote

from alerts.links import change_link
from alerts.message.lines import (
    ACKNOWLEDGE,
    APPROVE,
    FULL,
    REJECT,
    DetailLevel,
    Line,
    Style,
    entry_lines,
    link_line,
    more_line,
    proof_lines,
)
from alerts.message.recipient import Recipient, items_of, mentioning_of, promise_words
from alerts.message.wording import AUTHORITY, iso_moment, moment, plural, shorten, span_words
from sources.text import clean
from state.model import Event

_HEARSAY = "How the site is built is known from hearsay alone"


def baseline_lines(events: Sequence[Event], zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """What is watched from now on, and which entries mention an entity alerted to the recipient."""
    alone, first = len(events) == 1, events[0]
    what = _called(first) if alone else plural(len(events), "new source", "new sources")
    lines = [Line(Style.WHAT, what, "WATCHING"), *([] if alone else _names(events, detail))]
    lines.append(Line(Style.PLAIN, _promised(events, recipient)))
    if any(event.data.get("moved") for event in events):
        lines.append(Line(Style.PLAIN, "The address is another one, so all of it was read as new."))
    if any(event.data.get("further") for event in events):
        lines.append(Line(Style.PLAIN, "They stand on further pages of the list, which are read from now on."))
    for event in events:
        if part := event.data.get("part"):
            whose = "" if alone else f"{event.label}: "
            lines.append(Line(Style.PLAIN, f"{whose}{part}; of a part, nothing counts as removed."))
    doubtful = [event.label for event in events if event.data.get("hearsay")]
    if doubtful:
        whose = "" if alone else f" ({', '.join(doubtful)})"
        lines.append(Line(Style.PLAIN, f"{_HEARSAY}: see whether what was read is what it shows{whose}."))
    lines += _mentioning(events, detail, recipient)
    lines.append(Line(Style.QUIET, moment(max(event.at for event in events), zone), "First read"))
    if alone:
        lines += proof_lines(first, recipient)
    elif recipient.operator:
        lines.append(Line(Style.COMMAND, "watch status", "All sources"))
    return lines


def _called(event: Event) -> str:
    return f"{event.label} ({AUTHORITY.get(event.authority, event.authority)})"


def _names(events: Sequence[Event], detail: DetailLevel) -> Iterator[Line]:
    """The new sources with their numbers of entries, up to the length of a list."""
    for event in events[: detail.lines]:
        entries = plural(event.data["entries"], "entry", "entries")
        yield Line(Style.PLAIN, f"{_called(event)}, {entries}", "Source")
    yield from more_line(len(events) - detail.lines, "source", "sources")


def _promised(events: Sequence[Event], recipient: Recipient) -> str:
    """The number of entries, and which of their changes are alerted."""
    entries = plural(sum(event.data["entries"] for event in events), "entry", "entries")
    promises = [recipient.promise(event.source) for event in events]
    alike = all(promise == promises[0] for promise in promises)
    return f"{entries}; {promise_words(promises[0]) if alike else 'changes from now on are alerted as the rules say'}."


def _mentioning(events: Sequence[Event], detail: DetailLevel, recipient: Recipient) -> Iterator[Line]:
    """The entries that already mention entities alerted to the recipient."""
    alone, whom = len(events) == 1, _whom(events, recipient)
    number = sum(mentioning_of(event, recipient.promise(event.source)) for event in events)
    if not number:
        yield Line(Style.PLAIN, f"No entry mentions {whom}.")
        return
    yield Line(Style.PLAIN, f"{number:,} already {'mentions' if number == 1 else 'mention'} {whom}:")
    found = ((item, event) for event in events for item in items_of(event, recipient.promise(event.source)))
    yield from entry_lines([(item, "" if alone else event.label) for item, event in found], detail, number)


def _whom(events: Sequence[Event], recipient: Recipient) -> str:
    """`telegram` if no other entity is alerted to the recipient; else `what you watch`."""
    promised = [recipient.promise(event.source).entities for event in events]
    names = {name for entities in promised for name in entities or ()}
    return names.pop() if len(names) == 1 and all(promised) else "what you watch"


def additions_lines(events: Sequence[Event], zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The added entities, and which stored entries mention them."""
    whom = ", ".join(dict.fromkeys(entity for event in events for entity in event.entities))
    mentioning = sum(event.data["mentioning"] for event in events)
    where = events[0].label if len(events) == 1 else plural(len(events), "source", "sources")
    lines = [Line(Style.WHAT, whom, "NEWLY WATCHED")]
    stored = plural(mentioning, "entry that is stored already mentions", "entries that are stored already mention")
    promised = promise_words(recipient.promise(events[0].source))
    lines.append(Line(Style.PLAIN, f"{stored} it ({where}); {promised}."))
    named = [(item, "" if len(events) == 1 else event.label) for event in events for item in event.data["mentioned"]]
    lines += entry_lines(named, detail, mentioning)
    return [*lines, Line(Style.QUIET, moment(max(event.at for event in events), zone), "Looked for")]


def health_lines(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """A source that fails, is suspicious, or has recovered; and what to do.

    With `labels` in its data, the event is about several sources on one host; with `channel`, about a channel. An event
    without a source is about the service itself: its configuration, evidence, a rule's condition, a channel's template.
    """
    lines = [Line(Style.WHAT, event.label, event.data["status"].upper())]
    lines += [Line(Style.PLAIN, label, "Source") for label in event.data.get("labels", ())]
    tell = _source if event.source else _service
    return [*lines, *tell(event, detail), *_since(event, zone), *proof_lines(event, recipient), *_next(event)]


def _source(event: Event, detail: DetailLevel) -> Iterator[Line]:
    why = _why(event, detail)
    match event.data["status"]:
        case "failing":
            several = bool(event.data.get("labels"))
            yield Line(Style.PLAIN, f"{'None of them can' if several else 'It cannot'} be read: {why}")
            kept = "What is known of it is kept. Its changes are not seen until it can be read again."
            all_kept = "What is known of them is kept. Their changes are not seen until they can be read again."
            yield Line(Style.PLAIN, all_kept if several else kept)
            if event.data.get("hearsay"):
                yield Line(Style.PLAIN, f"{_HEARSAY}: it may well be built otherwise.")
        case "suspicious":
            yield Line(Style.PLAIN, f"It was read, but is not believed: {why}")
            yield Line(Style.PLAIN, "What is known of it is kept, and the changes are held back.")
            mentioned = [(item, "") for item in event.data.get("mentioned") or ()]
            whom = "The held changes mention:" if mentioned else "The held changes mention nothing that you watch."
            yield Line(Style.PLAIN, whom)
            yield from entry_lines(mentioned, detail, event.data.get("mentioning", len(mentioned)))
        case "gap":
            yield Line(Style.PLAIN, "Entries may have come and gone between two checks, and been missed.")
            yield Line(Style.PLAIN, "No entry of the last check is in the list any more. Check it more often (every).")
        case "quiet" | "restless" | "log_full" | "evidence_full":
            yield Line(Style.PLAIN, f"{why[:1].upper()}{why[1:]}.")
        case _:
            yield Line(Style.PLAIN, _well(event))
            if event.data.get("message"):
                yield Line(Style.PLAIN, why, "What was wrong")


def _well(event: Event) -> str:
    if event.data.get("accepted"):
        return "The snapshot that was held was accepted by hand, and is believed."
    return "It is believed again." if event.data.get("was") == "suspicious" else "It can be read again."


# What fails, by the reason of its event: the line with why, the one after it, and the one when it works again.
_SERVICE = {
    "channel": ("Alerts cannot be delivered", "They are kept, and tried again.", "Alerts are delivered again."),
    "configuration": (
        "The new file is not taken over",
        "The service goes on with the configuration that it had.",
        "The new file was taken over.",
    ),
    "evidence": ("Pages are not kept", "Changes are alerted all the same, without a proof.", "Pages are kept again."),
    "condition": (
        "Its condition could not be applied to a change",
        "Such a change is not one that the rule is for. This is told once.",
        "",
    ),
    "template": (
        "It could not be used for a change",
        "The usual message was sent in its place. This is told once.",
        "",
    ),
}


def _service(event: Event, detail: DetailLevel) -> Iterator[Line]:
    """A part of the service itself: a channel, the configuration, the evidence, a rule's condition, a template."""
    reason, status = "channel" if "channel" in event.data else event.data.get("reason") or "", event.data["status"]
    fails, then, works = _SERVICE.get(reason, _SERVICE["configuration"])
    if status == "failing":
        yield Line(Style.PLAIN, f"{fails}: {_why(event, detail)}")
        yield Line(Style.PLAIN, then)
        if reason == "condition" and (when := event.data.get("what")):
            yield Line(Style.PLAIN, shorten(clean(when), detail.value), "when")
    elif status == "given up":
        lost = plural(event.data["lost"], "alert", "alerts")
        yield Line(Style.PLAIN, f"{lost} will not be delivered: {_why(event, detail)}")
    else:
        yield Line(Style.PLAIN, works)


def _why(event: Event, detail: DetailLevel) -> str:
    reason = event.data.get("reason")
    why = shorten(clean(event.data.get("message") or "no reason was given"), detail.value)
    return f"{why} ({reason})" if reason and reason != event.data["status"] else why


def _since(event: Event, zone: tzinfo) -> Iterator[Line]:
    """Since when or for how long, and the time of the last good check before."""
    since, status = event.data.get("since"), event.data["status"]
    if status == "gap":
        yield Line(Style.QUIET, f"{iso_moment(since, zone)} and {moment(event.at, zone)}", "Between")
        return
    if since and status == "recovered":
        began = datetime.fromisoformat(since)
        span = f"{span_words(event.at - began)}, from {moment(began, zone)} to {moment(event.at, zone)}"
        yield Line(Style.QUIET, span, "It lasted")
    elif since:
        yield Line(Style.QUIET, iso_moment(since, zone) or "", "Since")
    if event.previous:
        yield Line(Style.QUIET, moment(event.previous, zone), "Last read before")


_LOOK = {  # by reason
    "evidence": ("watch verify", "Whether what was kept is whole"),
    "condition": ("watch match --event ID", "To try it on a change"),
}


def _next(event: Event) -> list[Line]:
    """What to do about it."""
    status, look = event.data["status"], Line(Style.COMMAND, f"watch try {quote(event.source)}", "To look at it now")
    if status == "failing" and "channel" in event.data:
        test = Line(Style.COMMAND, f"watch alert-test {quote(event.data['channel'])}", "To test it")
        return [test, Line(Style.COMMAND, "watch deliveries", "What waits")]
    if status == "given up":
        again = Line(Style.COMMAND, "watch deliveries retry ID", "To try one again")
        return [Line(Style.COMMAND, "watch deliveries", "Which"), again]
    if status == "failing" and not event.source:
        return [Line(Style.COMMAND, *_LOOK.get(event.data.get("reason") or "", ("watch check-config", "All errors")))]
    if status == "failing":
        return [look, Line(Style.COMMAND, "watch status", "All sources")]
    if status == "suspicious":
        return [look, Line(Style.COMMAND, f"watch accept {quote(event.source)}", "If what it says now is right")]
    return []


def test_lines(event: Event, zone: tzinfo) -> list[Line]:
    """The test alert."""
    return [
        Line(Style.WHAT, "this channel works", "TEST ALERT FROM REGISTRY WATCH"),
        Line(Style.PLAIN, "Alerts that go to this channel look like this one, and nothing has to be done."),
        Line(Style.QUIET, moment(event.at, zone), "Sent"),
    ]


_THEN = {"drop": "else it is dropped", "send": "else it is sent all the same"}


def approval_lines(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
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


def _exact(text: str, detail: DetailLevel) -> Iterator[Line]:
    """The text as it would be sent; where that is too long, the page behind the links has it whole."""
    shown = text if detail.value >= FULL.value else shorten(text, detail.text)
    if shown != text:
        yield Line(Style.PLAIN, "The text is cut here; the page behind each link has all of it.")
    yield from (Line(Style.PLAIN, line) for line in shown.split("\n") if line.strip())


def reminder_lines(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The change that nobody has acknowledged, since when, and how to acknowledge it."""
    data = event.data
    noticed = datetime.fromisoformat(data["since"])
    lines = [Line(Style.WHAT, shorten(clean(data["title"]), max(detail.value, 60)), "NOT ACKNOWLEDGED")]
    lines.append(
        Line(Style.PLAIN, f"{data['about']}: nobody has acknowledged it for {span_words(event.at - noticed)}.")
    )
    again = span_words(timedelta(seconds=data["every"]))
    lines.append(Line(Style.PLAIN, f"Reminder {data['times']}; the next one comes in {again}."))
    links = [(recipient.sign(ACKNOWLEDGE, data["change"], None), "Acknowledge")]
    links.append((change_link(recipient.desk, data["change"]), "At the desk"))
    lines += [link_line(url, label) for url, label in links if url]
    lines += [link_line(data["url"], "Open the record")] if data["url"] else []
    if recipient.operator:
        lines.append(Line(Style.COMMAND, f"watch ack {data['change']}", "To acknowledge it"))
    return [*lines, Line(Style.QUIET, iso_moment(data["since"], zone) or "", "Noticed")]
