"""The lines of what is no change: baselines, health, questions to people, and the test alert. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from shlex import quote

from alerts.links import change_link
from alerts.message.lines import (
    ACKNOWLEDGE,
    APPROVE,
    FULL,
    OPEN,
    REJECT,
    DetailLevel,
    Line,
    Style,
    cleared_lines,
    entry_lines,
    link_line,
    more_line,
    proof_lines,
)
from alerts.message.recipient import Recipient, items_of, mentioning_of, promise_words
from alerts.message.titles import FAILS
from alerts.message.wording import AUTHORITY, iso_moment, moment, plural, shorten, span_words
from sources.text import clean
from state.model import Event, EventKind

_HEARSAY = "This kind was written from descriptions of the site"


def notice_lines(events: Sequence[Event], zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The lines of one event that is no change; of all baselines, or of all summaries about added entities."""
    first = events[0]
    match first.kind:
        case EventKind.BASELINE if first.data.get("added"):
            return _additions(events, zone, detail, recipient)
        case EventKind.BASELINE:
            return _baselines(events, zone, detail, recipient)
        case EventKind.HEALTH:
            return _health(first, zone, detail, recipient)
        case EventKind.APPROVAL:
            return _approval(first, zone, detail, recipient)
        case EventKind.REMINDER:
            return _reminder(first, zone, detail, recipient)
    return [
        Line(Style.WHAT, "this channel works", "TEST ALERT FROM REGISTRY WATCH"),
        Line(Style.PLAIN, "Alerts to this channel look like this one. You need not do anything."),
        Line(Style.QUIET, moment(first.at, zone), "Sent"),
    ]


def _baselines(events: Sequence[Event], zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """What is watched from now on, and which entries mention an entity alerted to the recipient."""
    alone, first = len(events) == 1, events[0]
    names = [f"{event.label} ({AUTHORITY.get(event.authority, event.authority)})" for event in events]
    what = names[0] if alone else plural(len(events), "new source", "new sources")
    lines = [Line(Style.WHAT, what, "WATCHING")]
    if not alone:
        for event, name in list(zip(events, names, strict=True))[: detail.lines]:
            lines.append(Line(Style.PLAIN, f"{name}, {plural(event.data['entries'], 'entry', 'entries')}", "Source"))
        lines += more_line(len(events) - detail.lines, "and {number} more source", "and {number} more sources")
    entries = plural(sum(event.data["entries"] for event in events), "entry", "entries")
    promises = [recipient.promise(event.source) for event in events]
    alike = all(promise == promises[0] for promise in promises)
    promised = promise_words(promises[0]) if alike else "changes from now on are alerted as the rules say"
    lines.append(Line(Style.PLAIN, f"{entries}; {promised}."))
    if any(event.data.get("moved") for event in events):
        lines.append(Line(Style.PLAIN, "The source has a new address, so everything on it was read as new."))
    if any(event.data.get("further") for event in events):
        lines.append(Line(Style.PLAIN, "They are on further pages of the list, which are read from now on."))
    for event in events:
        if part := event.data.get("part"):
            whose = "" if alone else f"{event.label}: "
            lines.append(Line(Style.PLAIN, f"{whose}{part}; while only a part is read, no entry counts as removed."))
    if doubtful := [event.label for event in events if event.data.get("hearsay")]:
        whose = "" if alone else f" ({', '.join(doubtful)})"
        lines.append(Line(Style.PLAIN, f"{_HEARSAY}: check that what was read is what the site shows{whose}."))

    number = sum(mentioning_of(event, promise) for event, promise in zip(events, promises, strict=True))
    named = {name for promise in promises for name in promise.entities or ()}
    limited = all(promise.entities for promise in promises)
    whom = named.pop() if len(named) == 1 and limited else "what you watch"
    if number:
        lines.append(Line(Style.PLAIN, f"{number:,} already {'mentions' if number == 1 else 'mention'} {whom}:"))
        found = [
            (item, "" if alone else event.label)
            for event, promise in zip(events, promises, strict=True)
            for item in items_of(event, promise)
        ]
        lines += entry_lines(found, detail, number)
        lines += chain.from_iterable(cleared_lines(event, zone) for event in events)
    else:
        lines.append(Line(Style.PLAIN, f"No entry mentions {whom}."))
    lines.append(Line(Style.QUIET, moment(max(event.at for event in events), zone), "First read"))
    if alone:
        lines += proof_lines(first, recipient)
    elif recipient.operator:
        lines.append(Line(Style.COMMAND, "watch status", "All sources"))
    return lines


def _additions(events: Sequence[Event], zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The added entities, and which stored entries mention them."""
    alone = len(events) == 1
    whom = ", ".join(dict.fromkeys(entity for event in events for entity in event.entities))
    mentioning = sum(event.data["mentioning"] for event in events)
    where = events[0].label if alone else plural(len(events), "source", "sources")
    stored = plural(mentioning, "entry that is stored already mentions", "entries that are stored already mention")
    promised = promise_words(recipient.promise(events[0].source))
    found = [(item, "" if alone else event.label) for event in events for item in event.data["mentioned"]]
    return [
        Line(Style.WHAT, whom, "NEWLY WATCHED"),
        Line(Style.PLAIN, f"{stored} it ({where}); {promised}."),
        *entry_lines(found, detail, mentioning),
        *chain.from_iterable(cleared_lines(event, zone) for event in events),
        Line(Style.QUIET, moment(max(event.at for event in events), zone), "Looked for"),
    ]


def held_lines(event: Event, recipient: Recipient) -> Iterator[Line]:
    """Why a change is not believed, and what ends that; none for another event."""
    if event.kind is EventKind.HELD:
        why, code = shorten(clean(event.data["message"]), FULL.value), f" ({event.data['reason']})"
        yield Line(Style.PLAIN, f"It was read, but is not believed yet: {why}{code if recipient.operator else ''}")
        yield Line(Style.PLAIN, "It counts once a reading that is believed shows it, or once somebody accepts it.")
        if recipient.operator:
            yield Line(Style.COMMAND, f"watch accept {quote(event.source)}", "If what it says now is right")


def _health(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """A source that fails, is suspicious, or has recovered; and what to do.

    With `labels` in its data, the event is about several sources on one host; with `channel`, about a channel. An event
    without a source is about the service itself: its configuration, evidence, a rule's condition, a channel's template.
    """
    data = event.data
    lines = [Line(Style.WHAT, event.label, data["status"].upper())]
    lines += [Line(Style.PLAIN, label, "Source") for label in data.get("labels", ())]
    reason = data.get("reason")
    why = shorten(clean(data.get("message") or "no reason was given"), detail.value)
    why = f"{why} ({reason})" if reason and reason != data["status"] else why
    lines += _source_health(event, why, detail) if event.source else _service_health(event, why, detail)

    since, status = data.get("since"), data["status"]
    if status == "gap":
        lines.append(Line(Style.QUIET, f"{iso_moment(since, zone)} and {moment(event.at, zone)}", "Between"))
    else:
        if event.lasted is not None and status == "recovered":
            began, ended = (moment(at, zone) for at in (event.ended - event.lasted, event.ended))
            lines.append(Line(Style.QUIET, f"{span_words(event.lasted)}, from {began} to {ended}", "It lasted"))
        elif since:
            recovered = "It began", ", by a clock that was set back since"
            label, back = recovered if status == "recovered" else ("Since", "")
            lines.append(Line(Style.QUIET, f"{iso_moment(since, zone)}{back}", label))
        if event.known_after:
            lines.append(Line(Style.QUIET, moment(event.known_after, zone), "Last good reading before"))
    commands = [Line(Style.COMMAND, command, label) for command, label in _next_commands(event)]
    return [*lines, *proof_lines(event, recipient), *commands]


def _source_health(event: Event, why: str, detail: DetailLevel) -> Iterator[Line]:
    data = event.data
    match data["status"]:
        case "failing":
            several = bool(data.get("labels"))
            none, what = "None of them can" if several else "It cannot", FAILS.get(data.get("reason") or "", "read")
            yield Line(Style.PLAIN, f"{none} be {what}: {why}")
            kept = "What is known of it is kept. Its changes are not seen until it can be read again."
            all_kept = "What is known of them is kept. Their changes are not seen until they can be read again."
            yield Line(Style.PLAIN, all_kept if several else kept)
            if data.get("hearsay"):
                yield Line(Style.PLAIN, f"{_HEARSAY}, which may be built differently.")
        case "suspicious":
            yield Line(Style.PLAIN, f"It was read, but is not believed: {why}")
            yield Line(Style.PLAIN, "What is known of it is kept, and the changes are held back.")
            found = [(item, "") for item in data.get("mentioned") or ()]
            mention = "The held changes mention:" if found else "The held changes mention nothing that you watch."
            yield Line(Style.PLAIN, mention)
            yield from entry_lines(found, detail, data.get("mentioning", len(found)))
        case "gap":
            yield Line(Style.PLAIN, "Entries may have come and gone between two checks, and been missed.")
            yield Line(Style.PLAIN, "No entry of the last check is in the list any more. Check it more often (every).")
        case "quiet" | "restless" | "log_full" | "evidence_full":
            yield Line(Style.PLAIN, f"{why[:1].upper()}{why[1:]}.")
        case _:
            again = "It is believed again." if data.get("was") == "suspicious" else "It can be read again."
            again = "It can be read again, and is believed." if data.get("doubted") else again
            by_hand = "The held snapshot was accepted by hand, and is believed."
            yield Line(Style.PLAIN, by_hand if data.get("accepted") else again)
            if data.get("message"):
                yield Line(Style.PLAIN, why, "What was wrong")
            if doubted := data.get("doubted"):  # of which was told, though it failed at last
                yield Line(Style.PLAIN, f"it was read, and was not believed ({', '.join(doubted)})", "Before that")
            if found := [(item, "") for item in data.get("mentioned") or ()]:
                yield Line(Style.PLAIN, "The changes that came with it mention:")
                yield from entry_lines(found, detail, data.get("mentioning", len(found)))


# What fails, by the reason of its event: the line with why, the one after it, and the one when it works again.
_SERVICE = {
    "channel": (
        "Alerts cannot be delivered",
        "They are kept, and delivery is tried again.",
        "Alerts are delivered again.",
    ),
    "configuration": (
        "The new file is not used",
        "The service continues with its previous configuration.",
        "The new file is in use.",
    ),
    "evidence": ("Pages are not kept", "Changes are alerted all the same, without a proof.", "Pages are kept again."),
    "witness": (
        "It could not be asked to testify to what is kept",
        "Changes are alerted and kept all the same, and it is asked again.",
        "It testifies again.",
    ),
    "condition": (
        "Its condition could not be applied to a change",
        "The rule does not apply to such a change. You are told this once.",
        "",
    ),
    "template": (
        "It could not be used for a change",
        "The usual message was sent instead. You are told this once.",
        "",
    ),
}


def _service_health(event: Event, why: str, detail: DetailLevel) -> Iterator[Line]:
    """A part of the service itself: a channel, the configuration, the evidence, a rule's condition, a template."""
    data = event.data
    reason = "channel" if "channel" in data else data.get("reason") or ""
    fails, then, works = _SERVICE.get(reason, _SERVICE["configuration"])
    if data["status"] == "failing":
        yield Line(Style.PLAIN, f"{fails}: {why}")
        yield Line(Style.PLAIN, then)
        if reason == "condition" and (when := data.get("what")):
            yield Line(Style.PLAIN, shorten(clean(when), detail.value), "when")
    elif data["status"] == "given up":
        yield Line(Style.PLAIN, f"{plural(data['lost'], 'alert', 'alerts')} will not be delivered: {why}")
    else:
        yield Line(Style.PLAIN, works)


def _next_commands(event: Event) -> list[tuple[str, str]]:
    """What to do about it: commands, each with its label."""
    status, source = event.data["status"], quote(event.source)
    look = f"watch try {source}", "To look at it now"
    if status == "given up":
        return [("watch deliveries", "Which"), ("watch deliveries retry ID", "To try one again")]
    if status == "suspicious":
        return [look, (f"watch accept {source}", "If what it says now is right")]
    if status != "failing":
        return []
    if "channel" in event.data:
        test = f"watch alert-test {quote(event.data['channel'])}"
        return [(test, "To test it"), ("watch deliveries", "What waits")]
    if event.source:
        return [look, ("watch status", "All sources")]
    by_reason = dict.fromkeys(("evidence", "witness"), ("watch verify", "To check what was kept"))
    by_reason["condition"] = "watch match --event ID", "To try it on a change"
    return [by_reason.get(event.data.get("reason") or "", ("watch check-config", "All errors"))]


def _approval(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The exact message that is to be approved, and the links for the two answers."""
    data = event.data
    until = datetime.fromisoformat(data["until"]) if data["until"] else None
    lines = [Line(Style.WHAT, clean(data["title"]), "TO APPROVE")]
    for each in data.get("changed_since", ()):
        since = f"{each['news']}, noticed {iso_moment(each['at'], zone)}"
        lines.append(Line(Style.PLAIN, since, "The register has changed since"))
    lines.append(Line(Style.PLAIN, f"It goes to channel {data['channel']} once somebody approves it."))
    for what, label in ((APPROVE, "Approve"), (REJECT, "Reject")):
        if url := recipient.sign(what, data["approval"], until):
            lines.append(link_line(url, label))
    if until:
        then = {"drop": "else it is dropped", "send": "else it is sent all the same"}[data["then"]]
        lines.append(Line(Style.FACT, f"{iso_moment(data['until'], zone)}; {then}", "Until"))
    if recipient.operator:
        lines.append(Line(Style.COMMAND, f"watch deliveries approve {data['delivery']}", "Or"))
    lines += _exact_text(data["text"], detail)
    return [*lines, Line(Style.PLAIN, "As HTML:"), *_exact_text(data["html"], detail)] if data.get("html") else lines


def _exact_text(text: str, detail: DetailLevel) -> Iterator[Line]:
    """The text as it would be sent; where that is too long, the page behind the links has it whole."""
    shown = text if detail.value >= FULL.value else shorten(text, detail.text)
    if shown != text:
        yield Line(Style.PLAIN, "The text is cut here; the page behind each link has all of it.")
    yield from (Line(Style.PLAIN, line) for line in shown.split("\n") if line.strip())


def _reminder(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The change that nobody has acknowledged, since when, and how to acknowledge it."""
    data = event.data
    waited, again = event.at - datetime.fromisoformat(data["since"]), timedelta(seconds=data["every"])
    lines = [
        Line(Style.WHAT, shorten(clean(data["title"]), max(detail.value, 60)), "NOT ACKNOWLEDGED"),
        Line(Style.PLAIN, f"{data['about']}: nobody has acknowledged it for {span_words(waited)}."),
        Line(Style.PLAIN, f"Reminder {data['times']}; the next one comes in {span_words(again)}."),
    ]
    links = [
        (recipient.sign(ACKNOWLEDGE, data["change"], None), "Acknowledge"),
        (change_link(recipient.desk, data["change"]), "At the desk"),
        (data["url"], OPEN.get(data.get("authority", ""), "Open it")),
    ]
    lines += [link_line(url, label) for url, label in links if url]
    if recipient.operator:
        lines.append(Line(Style.COMMAND, f"watch ack {data['change']}", "To acknowledge it"))
    return [*lines, Line(Style.QUIET, iso_moment(data["since"], zone) or "", "Noticed")]
