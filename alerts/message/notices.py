"""The lines of what is no change: baselines, health, questions to people, and the test alert. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from shlex import quote
from typing import Any

from alerts.language import mark, mark_many, phrase, phrase_beside, phrase_many, phrase_span
from alerts.links import change_link, web_address
from alerts.message.lines import (
    ACKNOWLEDGE,
    APPROVE,
    BRIEF,
    FULL,
    REJECT,
    DetailLevel,
    Line,
    Style,
    cleared_lines,
    entry_lines,
    link_line,
    more_line,
    open_label,
    proof_lines,
    sentence_line,
)
from alerts.message.recipient import Promise, Recipient, items_of, mentioning_of, named_in, promise_words
from alerts.message.titles import tell_failure, tell_loss, tell_recovery, told_label
from alerts.message.wording import iso_moment, label_text, moment, shorten, with_capital, word, worth_of
from sources.text import clean
from state.model import Event, EventKind

# What is said of a source's health: that it fails, and that it works again; of other health what comes of it. Of the
# parts of the service, the subject has the words.
_FAILS = {
    "source": mark("It cannot be read: {why}"),
    "sources": mark("None of them can be read: {why}"),
    "internal": mark("It cannot be checked: {why}"),
}
_THEN = {
    "source": mark("What is known of it is kept. Its changes are not seen until it can be read again."),
    "sources": mark("What is known of them is kept. Their changes are not seen until they can be read again."),
    "channel": mark("Alerts are kept, and delivery is tried again."),
    "configuration": mark("The service continues with its previous configuration."),
    "evidence": mark("Changes are alerted all the same, without a proof."),
    "bot": mark("Nobody is heard who presses a button or asks there. Alerts to other channels are sent."),
    "witness": mark("Changes are alerted and kept all the same, and it is asked again."),
    "translation": mark("Alerts are sent without it."),
    "summary": mark("Alerts are sent without it."),
    "condition": mark("The rule does not apply to such a change. You are told this once."),
    "template": mark("The usual message was sent instead. You are told this once."),
}
_WORKS = {
    "source": mark("It can be read again."),
    "accepted": mark("The held snapshot was accepted by hand, and is believed."),
    "doubted": mark("It can be read again, and is believed."),
    "suspicious": mark("It is believed again."),
}


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
        Line(Style.WHAT, phrase("this channel works"), phrase("TEST ALERT FROM REGISTRY WATCH")),
        sentence_line("Alerts to this channel look like this one. You need not do anything."),
        # Translators: the time at which a message was sent
        Line(Style.QUIET, moment(first.at, zone), phrase("Sent")),
    ]


def _baselines(events: Sequence[Event], zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """What is watched from now on, and which entries mention an entity alerted to the recipient."""
    alone, first = len(events) == 1, events[0]
    names = [f"{event.label} ({worth_of(event.worth)})" for event in events]
    what = names[0] if alone else phrase_many("{number} new source", "{number} new sources", len(events))
    lines = [Line(Style.WHAT, what, phrase("WATCHING"))]
    if not alone:
        for event, name in list(zip(events, names, strict=True))[: detail.lines]:
            entries = phrase_many("{number} entry", "{number} entries", event.data["entries"])
            lines.append(Line(Style.PLAIN, f"{name}, {entries}", phrase("Source")))
        lines += more_line(len(events) - detail.lines, "and {number} more source", "and {number} more sources")
    entries = phrase_many("{number} entry", "{number} entries", sum(event.data["entries"] for event in events))
    promises = [recipient.promise(event.source) for event in events]
    lines.append(sentence_line("{entries}; {promise}.", entries=entries, promise=_promised(promises)))
    if any(event.data.get("moved") for event in events):
        lines.append(sentence_line("The source has a new address, so everything on it was read as new."))
    if any(event.data.get("further") for event in events):
        lines.append(sentence_line("The entries are on further pages of the list, which are read from now on."))
    for event in events:
        if part := event.data.get("part"):
            part = part if alone else label_text(event.label, part)
            lines.append(sentence_line("{part}; while only a part is read, no entry counts as removed.", part=part))
    if doubtful := ", ".join(event.label for event in events if event.data.get("hearsay")):
        doubt = phrase(
            "This kind was written from descriptions of the site: check that what was read is what the site shows."
        )
        lines.append(Line(Style.PLAIN, doubt, "" if alone else doubtful))

    number = sum(mentioning_of(event, promise) for event, promise in zip(events, promises, strict=True))
    named = {name for promise in promises for name in promise.entities or ()}
    limited = all(promise.entities for promise in promises)
    lines.append(Line(Style.PLAIN, _mentioning(number, named.pop() if len(named) == 1 and limited else "")))
    if number:
        found = [
            (item, "" if alone else event.label)
            for event, promise in zip(events, promises, strict=True)
            for item in items_of(event, promise)
        ]
        lines += entry_lines(found, detail, zone, number)
        lines += chain.from_iterable(cleared_lines(event, zone) for event in events)
    lines.append(Line(Style.QUIET, moment(max(event.at for event in events), zone), phrase("First read")))
    if alone:
        lines += proof_lines(first, recipient)
    elif recipient.operator:
        lines.append(Line(Style.COMMAND, "watch status", phrase("All sources")))
    return lines


def _mentioning(number: int, whom: str) -> str:
    """How many entries mention an entity; "" for whatever is watched."""
    if not number:
        none = mark("No entry mentions {entity}.") if whom else mark("No entry mentions what you watch.")
        return phrase(none, entity=whom)
    one = mark_many("{number} already mentions {entity}:", "{number} already mention {entity}:")
    some = mark_many("{number} already mentions what you watch:", "{number} already mention what you watch:")
    return phrase_many(*(one if whom else some), number, entity=whom)


def _promised(promises: Sequence[Promise]) -> str:
    """What is alerted from now on, of all sources together."""
    alike = all(promise == promises[0] for promise in promises)
    return promise_words(promises[0]) if alike else phrase("changes from now on are alerted as the rules say")


def _additions(events: Sequence[Event], zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The added entities that are alerted to the recipient, and which stored entries mention them."""
    alone, whom = len(events) == 1, named_in(events, recipient)
    promises = [recipient.promise(event.source) for event in events]
    told = list(zip(events, promises, strict=True))
    mentioning = sum(mentioning_of(event, promise) for event, promise in told)
    it = mark_many(
        "{number} entry that is stored already mentions it ({where}); {promise}.",
        "{number} entries that are stored already mention it ({where}); {promise}.",
    )
    them = mark_many(
        "{number} entry that is stored already mentions one of them ({where}); {promise}.",
        "{number} entries that are stored already mention one of them ({where}); {promise}.",
    )
    where = events[0].label if alone else phrase_many("{number} source", "{number} sources", len(events))
    stored = phrase_many(*(it if len(whom) == 1 else them), mentioning, where=where, promise=_promised(promises))
    found = [(item, "" if alone else event.label) for event, promise in told for item in items_of(event, promise)]
    return [
        Line(Style.WHAT, ", ".join(whom), phrase("NEWLY WATCHED")),
        Line(Style.PLAIN, stored),
        *entry_lines(found, detail, zone, mentioning),
        *chain.from_iterable(cleared_lines(event, zone) for event in events),
        # Translators: the time at which entries that mention somebody were looked for
        Line(Style.QUIET, moment(max(event.at for event in events), zone), phrase("Looked for")),
    ]


def held_lines(event: Event, recipient: Recipient) -> Iterator[Line]:
    """Why a change is not believed, and what ends that; none for another event."""
    if event.kind is EventKind.HELD:
        why, code = shorten(clean(event.data["message"]), FULL.value), f" ({event.data['reason']})"
        why = f"{why}{code if recipient.operator else ''}"
        yield sentence_line("It was read, but is not believed yet: {why}", why=why)
        yield sentence_line("It comes again once it is believed, or accepted by somebody; else nothing follows.")
        if recipient.operator:
            yield Line(Style.COMMAND, f"watch accept {quote(event.source)}", phrase("If what it says now is right"))


def _health(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """A source that fails, is suspicious, or has recovered; and what to do.

    With `labels` in its data, the event is about several sources on one host; with `channel`, about a channel. An event
    without a source is about the service itself: its configuration, evidence, a rule's condition, a channel's template.
    """
    data, status = event.data, event.data["status"]
    lines = [Line(Style.WHAT, told_label(event), word(status).upper(), tone=status)]
    lines += [Line(Style.PLAIN, label, phrase("Source")) for label in data.get("labels", ())]
    reason = data.get("reason")
    why = shorten(clean(data.get("message") or phrase("no reason was given")), detail.value)
    why = f"{why} ({reason})" if reason and reason != status else why
    lines += _health_sentences(event, why, zone, detail)
    lines += _health_times(event, zone)
    commands = [Line(Style.COMMAND, command, label) for command, label in _next_commands(event)]
    return [*lines, *proof_lines(event, recipient), *commands]


def _health_times(event: Event, zone: tzinfo) -> Iterator[Line]:
    """Since when it is so, or how long it lasted."""
    since, status = iso_moment(event.data.get("since"), zone), event.data["status"]
    if status == "gap":
        # Translators: two times, after the label "Between"
        checks = phrase("{first} and {last}", first=since, last=moment(event.at, zone))
        yield Line(Style.QUIET, checks, phrase("Between"))
        return
    if event.lasted is not None and status == "recovered":
        began, ended = (moment(at, zone) for at in (event.ended - event.lasted, event.ended))
        span = phrase_span(event.lasted)
        lasted = phrase("{span}, from {began} to {ended}", span=span, began=began, ended=ended)
        yield Line(Style.QUIET, lasted, phrase("It lasted"))
    elif since and status == "recovered":
        yield Line(Style.QUIET, phrase("{when}, by a clock that was set back since", when=since), phrase("It began"))
    elif since:
        # Translators: the time at which something began; at the first, what is wrong may have been something else
        label = mark("Trouble since") if status in {"failing", "suspicious"} else mark("Since")
        yield Line(Style.QUIET, since, phrase(label))
    if event.known_after:
        yield Line(Style.QUIET, moment(event.known_after, zone), phrase("Last good reading before"))


def _health_sentences(event: Event, why: str, zone: tzinfo, detail: DetailLevel) -> Iterator[Line]:
    """What is wrong, or right again, and what of it concerns the reader."""
    data, about = event.data, _about(event)
    found = [(item, "") for item in data.get("mentioned") or ()]
    entries = entry_lines(found, detail, zone, data.get("mentioning", len(found)))
    match data["status"]:
        case "failing":
            of_service = with_capital(tell_failure(event, told_label(event), why))
            yield Line(Style.PLAIN, phrase(_FAILS[about], why=why) if event.source else of_service)
            yield sentence_line(_THEN.get(about, _THEN["source"]))
            if about == "condition" and (when := data.get("what")):
                label = "" if when.startswith("fields = ") else "when"  # as in watch.toml
                yield Line(Style.PLAIN, shorten(clean(when), detail.value), label)
            if data.get("hearsay"):
                yield sentence_line(
                    "This kind was written from descriptions of the site, which may be built differently."
                )
        case "given up":
            yield Line(Style.PLAIN, label_text(tell_loss(event), why))
        case "suspicious":
            yield sentence_line("It was read, but is not believed: {why}", why=why)
            yield sentence_line("What is known of it is kept, and the changes are held back.")
            none = mark("The held changes mention nothing that you watch.")
            yield sentence_line(mark("The held changes mention:") if found else none)
            yield from entries
        case "gap":
            yield sentence_line("Entries may have come and gone between two checks, and been missed.")
            yield sentence_line("No entry of the last check is in the list any more. Check it more often (every).")
        case "quiet" | "restless" | "log_full" | "evidence_full":
            yield sentence_line("{sentence}.", sentence=with_capital(why))
        case _:
            ended = next((each for each in ("accepted", "doubted") if data.get(each)), data.get("was", ""))
            of_service = phrase("{sentence}.", sentence=with_capital(tell_recovery(event, told_label(event))))
            yield Line(Style.PLAIN, phrase(_WORKS.get(ended, _WORKS["source"])) if event.source else of_service)
            if event.source and data.get("message"):
                yield Line(Style.PLAIN, why, phrase("What was wrong at last"))
            if doubted := ", ".join(data.get("doubted", ())):  # of which was told, though it failed at last
                was_read = phrase("it was read, and was not believed ({reasons})", reasons=doubted)
                yield Line(Style.PLAIN, was_read, phrase("Before that"))
            if found:
                yield sentence_line("The changes that came with it mention:")
                yield from entries


def _about(event: Event) -> str:
    """What health is about: a key of `_FAILS`, or of `_THEN`."""
    reason = event.data.get("reason") or ""
    if event.source:
        return "sources" if event.data.get("labels") else "internal" if reason == "internal" else "source"
    return "channel" if "channel" in event.data else reason if reason in _THEN else "configuration"


def _next_commands(event: Event) -> list[tuple[str, str]]:
    """What to do about it: commands, each with its label."""
    status, source = event.data["status"], quote(event.source)
    look = f"watch try {source}", phrase("To look at it now")
    if status == "given up":
        # Translators: which alerts, before a command that lists them
        return [("watch deliveries", phrase("Which")), ("watch deliveries retry ID", phrase("To try one again"))]
    if status == "suspicious":
        return [look, (f"watch accept {source}", phrase("If what it says now is right"))]
    if status != "failing" or _about(event) in {"bot", "translation", "summary"}:  # no command asks those servers
        return []
    if "channel" in event.data:
        test = f"watch alert-test {quote(event.data['channel'])}"
        return [(test, phrase("To test it")), ("watch deliveries", phrase("What waits"))]
    if event.source:
        return [look, ("watch status", phrase("All sources"))]
    verify = "watch verify", phrase("To check what was kept")
    by_reason = {"evidence": verify, "witness": verify}
    by_reason["condition"] = "watch match --event ID", phrase("To try it on a change")
    return [by_reason.get(event.data.get("reason") or "", ("watch check-config", phrase("All errors")))]


def _approval(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The exact message that is to be approved, and the links for the two answers."""
    data = event.data
    until = datetime.fromisoformat(data["until"]) if data["until"] else None
    lines = [Line(Style.WHAT, clean(data["title"]), phrase("TO APPROVE"))]
    lines += _later_lines(data, phrase("The register has changed since"), zone)
    lines.append(sentence_line("It goes to channel {channel} once somebody approves it.", channel=data["channel"]))
    for what, label in ((APPROVE, phrase("Approve")), (REJECT, phrase("Reject"))):
        if url := recipient.sign(what, data["approval"], until):
            lines.append(link_line(url, label))
    if until:
        then = (
            mark("{when}; else it is dropped")
            if data["then"] == "drop"
            else mark("{when}; else it is sent all the same")
        )
        lines.append(Line(Style.FACT, phrase(then, when=iso_moment(data["until"], zone)), phrase("Until")))
    if recipient.operator:
        # Translators: before a command that does what the links above do
        lines.append(Line(Style.COMMAND, f"watch deliveries approve {data['delivery']}", phrase("Or")))
    lines += _exact_text(data["text"], detail)
    return [*lines, sentence_line("As HTML:"), *_exact_text(data["html"], detail)] if data.get("html") else lines


def _later_lines(data: Mapping[str, Any], label: str, zone: tzinfo) -> Iterator[Line]:
    """What has become of the entry since."""
    for each in data.get("changed_since", ()):
        noticed = phrase("{news}, noticed {when}", news=each["news"], when=iso_moment(each["at"], zone))
        yield Line(Style.PLAIN, noticed, label)


def _exact_text(text: str, detail: DetailLevel) -> Iterator[Line]:
    """The text as it would be sent; where that is too long, the page behind the links has it whole."""
    shown = text if detail.value >= FULL.value else shorten(text, detail.text)
    if shown != text:
        yield sentence_line("The text is cut here; the page behind each link has all of it.")
    yield from (Line(Style.TEXT, line) for line in shown.split("\n") if line.strip())


def brief_reminder(event: Event, zone: tzinfo, recipient: Recipient, *, linked: bool) -> list[Line]:
    """A reminder as one of many: a line with, if `linked`, the link to acknowledge it; and what has changed since."""
    data = event.data
    what = phrase("{news} ({source})", news=shorten(clean(data["title"]), BRIEF.value), source=data["about"])
    line = Line(Style.COMMAND, f"watch ack {data['change']}", what) if recipient.operator else Line(Style.ITEM, what)
    if linked and (signed := recipient.sign(ACKNOWLEDGE, data["change"], None)):
        line = link_line(signed, phrase_beside(phrase("Acknowledge"), what))
    elif linked and (page := change_link(recipient.desk, data["change"]) or web_address(data["url"])):
        line = Line(Style.ITEM, what, url=page)
    return [line, *_later_lines(data, phrase("What changed since then"), zone)]


def _reminder(event: Event, zone: tzinfo, detail: DetailLevel, recipient: Recipient) -> list[Line]:
    """The change that nobody has acknowledged, since when, and how to acknowledge it."""
    data = event.data
    waited = phrase_span(event.at - datetime.fromisoformat(data["since"]))
    again = phrase_span(timedelta(seconds=data["every"]))
    lines = [
        Line(Style.WHAT, shorten(clean(data["title"]), max(detail.value, 60)), phrase("NOT ACKNOWLEDGED")),
        *_later_lines(data, phrase("What changed since then"), zone),
        sentence_line("{source}: nobody has acknowledged it for {span}.", source=data["about"], span=waited),
        sentence_line("Reminder {number}; the next one comes in {span}.", number=data["times"], span=again),
    ]
    links = [
        (recipient.sign(ACKNOWLEDGE, data["change"], None), phrase("Acknowledge")),
        (change_link(recipient.desk, data["change"]), phrase("At the desk")),
        (data["url"], open_label(data.get("authority", ""))),
    ]
    lines += [link_line(url, label) for url, label in links if url]
    if recipient.operator:
        lines.append(Line(Style.COMMAND, f"watch ack {data['change']}", phrase("To acknowledge it")))
    return [*lines, Line(Style.QUIET, iso_moment(data["since"], zone) or "", phrase("Noticed"))]
