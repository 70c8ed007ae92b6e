"""The subject of a message: who, what, where and how many more. Pure.

A phone shows about 45 characters of it, so the news must fit in those.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from alerts.event.told_fields import ToldField, compare_in_place, is_text, told_members
from alerts.grouping import split_baselines
from alerts.language import (
    directed,
    mark,
    mark_many,
    phrase,
    phrase_beside,
    phrase_list,
    phrase_many,
    phrase_number,
    phrase_span,
    width,
)
from alerts.message.recipient import Recipient, mentioning_of, named_in
from alerts.message.wording import (
    cut,
    cut_at_word,
    field_name,
    label_text,
    neutralize,
    shorten,
    shorten_both,
    shown_value,
    without_addresses,
    word,
)
from sources.formats.dates import read_date, without_dates
from sources.text import clean, headline
from state.compare.forms import form_change
from state.compare.text_parts import Sign, find_passages
from state.model import ChangeKind, Event, EventKind, Mention

LONGEST = 78  # characters of a subject, as RFC 5322 recommends for a line
NEWS = 45  # characters for the news
_WHO = 24  # characters of a name, if the news would not fit after it
_WHERE = 28  # characters of a source's name
_VALUE = 60  # characters of a value
_NAME = 90  # characters of an entry's name if more follows
_WHOSE = 36  # characters of a source's name in a subject about its health
_SHORT_LINE = 40  # characters of a line that is told whole, and of words with those that replaced them
_WORDS_NEAR = 60  # characters beside an edit in which a mentioned name is looked for
_JOINED = "; "  # between the values of a field that has several
_LEAST = 8  # least characters of a name, and of the former value; a shorter one of these is left out
_MOST_LEADING = 20  # fields among which a leading one is looked for
# Names of fields that add nothing to the two values.
_UNNAMED = {"status", "state", "статус", "состояние", "estado", "statut"}

_PLACE = re.compile(r"(?:https?://\S+|could not reach \S+:)\s+", re.IGNORECASE)  # that a message begins with

_HAPPENED = {
    # Translators: of an entry: it is in the register again
    "reappeared": mark("back"),
    "rekeyed": mark("under another key"),
}
DIFFERS = {ChangeKind.CHANGED, ChangeKind.REKEYED}  # of these only what differs is told
_MEANS = {
    "gap": mark("entries may have been missed"),
    "quiet": mark("nothing new for too long"),
    "restless": mark("it changes at every check"),
    "log_full": mark("its changes use too much space"),
    "evidence_full": mark("its pages are not kept any more"),
}
# By reason, what cannot be done, and what is well again; of other sources that they can be read.
_FAILS = {
    "": mark("{label} cannot be read: {why}"),
    "channel": mark("{label} cannot be delivered to: {why}"),
    "configuration": mark("{label}: the new file is not used: {why}"),
    "evidence": mark("{label} cannot be kept: {why}"),
    "witness": mark("{label} cannot be asked: {why}"),
    "bot": mark("{label} is not heard: {why}"),
    "translation": mark("{label} cannot be made: {why}"),
    "summary": mark("{label} cannot be made: {why}"),
    "condition": mark("{label} cannot be applied: {why}"),
    "template": mark("{label} cannot be used: {why}"),
    "internal": mark("{label} cannot be checked: {why}"),
}
# By reason, the parts of the service.
_PARTS = {
    "channel": mark("channel {name}"),
    "configuration": mark("configuration"),
    "evidence": mark("evidence"),
    "witness": mark("witness {name}"),
    # Translators: a program in a chat service, such as Telegram
    "bot": mark("bot {name}"),
    "translation": mark("translation"),
    # Translators: of a change, by a model
    "summary": mark("summary"),
    "condition": mark("alert rule {name}"),
    "template": mark("the template of channel {name}"),
}
_WORKS = {
    "": mark("{label} can be read again"),
    "channel": mark("{label} works again"),
    "configuration": mark("{label} works again"),
    "evidence": mark("{label} can be kept again"),
    "witness": mark("{label} can be asked again"),
    "bot": mark("{label} works again"),
    "translation": mark("{label} is made again"),
    "summary": mark("{label} is made again"),
    "accepted": mark("{label}: its held snapshot was accepted"),
    "suspicious": mark("{label} is believed again"),
}


def compose_title(
    events: Sequence[Event], limit: int, neutral: Callable[[str], str] = neutralize, recipient: Recipient | None = None
) -> str:
    """The title of a message about events in its order, in at most `limit` characters, and 78 that are seen.

    `neutral` makes foreign text safe for the recipient.
    """
    what, where, shown = _what_and_where(events, recipient or Recipient())
    rest = sum(map(number_of, events)) - shown
    more, whose = f" +{phrase_number(rest)}" if rest > 0 else "", _whose(events[0]) if where else ""
    what, where = neutral(without_addresses(what)), neutral(cut(without_addresses(where), _WHERE))

    def title(what: str) -> str:
        # Translators: a subject: the news, and whose word it is
        named = phrase("{news} ({source})", news=what, source=where) if where else what
        return directed(f"{named}{more}")

    most = min(limit, LONGEST)
    scarce = limit < LONGEST and len(title(what)) > limit
    if scarce or len(title("")) > most // 2:  # the body names the source, but whose word it is must be seen
        where = whose
    whole, shorter = title(what), cut_at_word if _tells_text(events[0]) else cut
    if len(whole) <= limit and width(whole) <= LONGEST:
        return whole
    return cut(title(shorter(what, max(1, most - len(title(""))))), most)


def _whose(event: Event) -> str:
    """Whose word an event is: `report` or `statement`; of a register nothing."""
    return "" if event.authority == "record" else word(event.authority)


def _what_and_where(events: Sequence[Event], recipient: Recipient) -> tuple[str, str, int]:
    """What happened, where, and of how many changes or events that tells."""
    lead = events[0]
    match lead.kind:
        case EventKind.CHANGE | EventKind.HELD:
            counted = "form" in lead.data and "more" in lead.data  # its title has the number of what it sums up
            what = lead.data["title"] if counted else news(lead)
            if lead.kind is EventKind.HELD:
                what = phrase("Not believed yet: {news}", news=what)
            return what, phrase_beside(_whose(lead), lead.label), number_of(lead) if counted else 1
        case EventKind.HEALTH:
            return label_text(word(lead.data["status"]).upper(), _health(lead)), "", 1
        case EventKind.APPROVAL:
            changed = lead.data.get("changed_since")
            what = mark("To approve, changed since: {title}") if changed else mark("To approve: {title}")
            return phrase(what, title=lead.data["title"]), phrase("for {channel}", channel=lead.data["channel"]), 1
        case EventKind.REMINDER:
            return phrase("Not acknowledged: {title}", title=lead.data["title"]), lead.label, 1
        case EventKind.BASELINE:
            new, added = split_baselines([event for event in events if event.kind is EventKind.BASELINE])
            return _baselines(new, recipient) if new else _additions(added, recipient), "", len(new or added)
    return phrase("Test alert from Registry Watch: this channel works"), "", len(events)


def _tells_text(event: Event) -> bool:
    """Whether the news of an event are words of a text."""
    differs = event.tells_change and event.data["change"] in DIFFERS and event.data["fields"]
    return bool(differs) and leading_field(event).is_text


def number_of(event: Event) -> int:
    """The number of changes that an event is about; 1 for other events."""
    return 1 + int(event.data.get("more", {}).get("count", 0))


def news(event: Event) -> str:
    """Who a change is about and what happened, both within the first 45 characters."""
    data, title = event.data, without_addresses(clean(event.data["title"]))
    entity = event.mentions[0].entity if event.mentions else ""
    own = [mention for mention in event.mentions if mention.entity == entity]
    names = sorted({text for each in own for text in (_mentioned_words(each), clean(each.name))}, key=len)
    words = _mentioned_words(event.mentions[0]) if event.mentions else ""

    def tell(who: str, what: str) -> str:
        return label_text(who, phrase("flapping, {news}", news=what) if data.get("flapping") else what)

    if data["change"] not in DIFFERS or not data["fields"]:
        return _came_or_went(event, title, words, tell)
    name, before, after = leading_field(event)
    is_named = not words or (words.casefold() in title.casefold() and len(title) <= _WHO)
    names = [title if is_named else words, *names]
    if _tells_text(event):
        return tell(cut_at_word(names[0], _WHO), _text_news(before, after, words))
    pair = _pair(shown_value(before), shown_value(after))
    if name == "title":  # both if they fit, else the new one, shortened around the difference
        before, after = clean(before), clean(after)
        who = words if words.casefold() not in after[:NEWS].casefold() else ""
        only_new = phrase("now: {value}", value=shorten_both(before, after, NEWS)[1])
        return tell(who, pair if width(tell(who, pair)) <= NEWS else only_new)
    field = "" if name.casefold() in _UNNAMED else field_name(name)
    came = label_text(field, clean(after)) if field and not before else ""  # its field says what it means
    for what in (label_text(field, pair), came or pair):  # the fullest form that fits; else the values are cut
        for who in names:
            if width(whole := tell(who, what)) <= NEWS:
                return whole
    shortest = min(names, key=len)
    if came and (room := NEWS - width(tell(" ", came)) + 1) >= _LEAST:
        return tell(cut(shortest, room), came)
    shortest = cut(shortest, _WHO)
    return tell(shortest, _short_pair(before, after, NEWS - width(tell(shortest, ""))))


def _mentioned_words(mention: Mention) -> str:
    """The words that were found; the watched name in place of words of two scripts, such as "мессенджере Telegram"."""
    words = clean(mention.words)
    latin = [unicodedata.name(letter, "").startswith("LATIN") for letter in words if letter.isalpha()]
    return words if all(latin) or not any(latin) else clean(mention.name)


def _came_or_went(event: Event, title: str, words: str, tell: Callable[[str, str], str]) -> str:
    """An added or removed entry. An added report is represented by its headline."""
    change = event.data["change"]
    inside = words.casefold() in title[:NEWS].casefold()
    if change == ChangeKind.ADDED and event.authority != "record":
        return tell("" if inside else words, title)
    happened = phrase(_HAPPENED[change]) if change in _HAPPENED else word(change)
    if inside or not words:
        return tell(cut(title, NEWS + 1 - width(tell(" ", happened))), happened)
    return tell(words, phrase_beside(happened, title))


def leading_field(event: Event) -> ToldField:
    """The most informative of the changed fields: the first that is not an address, only written otherwise, a text, a
    date or, on a register, the entry's name, as far as there is one; of a JSON object its first member that differs.
    """
    fields: Mapping[str, Mapping[str, str | None]] = event.data["fields"]
    names = [name for name in fields if name not in {"url", "published"}] or [*fields]
    values = {name: (fields[name]["before"] or "", fields[name]["after"] or "") for name in names[:_MOST_LEADING]}
    called = values.get("title") if event.authority == "record" else None  # which a column may say as well

    def rank(name: str) -> tuple[bool, ...]:
        before, after = values[name]
        is_date = bool(read_date(before) and read_date(after))  # one that came, such as "invalid since", is news
        return bool(form_change(before, after)), is_text(before, after), is_date, (before, after) == called

    name = min(values, key=rank)
    return next(told_members(name, fields[name]["before"] or "", fields[name]["after"] or ""))


def _pair(before: str, after: str) -> str:
    # Translators: a value as it was and as it is; from right to left the arrow is "←"
    return phrase("{before} → {after}", before=before, after=after)


def _short_pair(before: str, after: str, room: int) -> str:
    """Two values in limited space: of lists, what came and went; else the former one is shortened, or left out."""
    old, new = shown_value(before), shown_value(after)
    if width(whole := _pair(old, new)) <= room:
        return whole
    listed, listed_now = (clean(side).split(_JOINED) for side in (before, after))
    gone = _JOINED.join(part for part in listed if part not in listed_now)
    came = _JOINED.join(part for part in listed_now if part not in listed)
    if before and after and len(listed) + len(listed_now) > 2 and (came or gone):
        if not (came and gone):
            only = mark("now with {value}") if came else mark("now without {value}")
            return cut(phrase(only, value=came or gone), room)
        old, new = gone, came
    if old[:_LEAST] == new[:_LEAST]:
        one, other = shorten_both(old, new, max(room // 2 - 2, _LEAST))
        return _pair(one, other) if one != other else phrase("now {value}", value=shorten_both(old, new, NEWS)[1])
    space = room - width(_pair("", new))
    return _pair(cut(old, space), new) if space >= _LEAST else phrase("now {value}", value=new)


def change_words(event: Event) -> str:
    """What changed, in a line: the entry, and the first of its fields with both values."""
    data, fields = event.data, event.data["fields"]
    if data["change"] not in DIFFERS or not fields:
        return clean(data["title"])
    title = shorten(clean(data["title"]), _NAME)
    name, before, after = leading_field(event)
    if is_text(before, after):
        what = phrase_beside(title, cut_at_word(_text_news(before, after), _VALUE))
    else:
        pair = _pair(*map(shown_value, shorten_both(clean(before), clean(after), _VALUE)))
        what = pair if name == "title" else phrase_beside(title, label_text(field_name(name), pair))
    if len(fields) == 1:
        return what
    return phrase_many(
        "{news}, and {number} more field", "{news}, and {number} more fields", len(fields) - 1, news=what
    )


def _text_news(before: str, after: str, words: str = "") -> str:
    """What came into a text, or else is gone from it: the first edit, or rather one on a line that has `words` in it
    or where more than a date differs, as terms begin with the day they are of. A line that is short or mostly new is
    told whole, else only its words.
    """
    edits, of_day = list[tuple[str, str, str]](), set[str]()
    for passage in find_passages(compare_in_place(before, after)[0], _WORDS_NEAR):
        was, now = ("".join(part.text for part in passage if part.sign is not own) for own in (Sign.NEW, Sign.GONE))
        line = _headline(now)
        if without_dates(was) == without_dates(now):
            of_day.add(line)
        for same, edit in groupby(passage, key=lambda part: part.sign is Sign.SAME):
            if not same:
                sides = {part.sign: part.text for part in edit}
                edits.append((sides.get(Sign.GONE, "").strip(), sides.get(Sign.NEW, "").strip(), line))
    moved = {gone for gone, _, _ in edits} & {came for _, came, _ in edits}
    told = [edit for edit in edits if not moved.issuperset(edit[:2]) or _is_exchange(*edit[:2])]
    if not told:
        return phrase("text: other order of its words") if edits else phrase("text: other order of its lines")

    def weight(edit: tuple[str, str, str]) -> tuple[bool, ...]:
        gone, came, line = edit
        named = bool(words) and words.casefold() in line.casefold()
        says = came not in moved and any(map(str.isalnum, came))
        return named, line not in of_day, says, bool(came) and moved.issuperset(edit[:2]), any(map(str.isalnum, gone))

    weightiest = max(told, key=weight)  # the first of them
    gone, came, line = map(_headline, weightiest)
    if came and not line.startswith("…") and len(line) <= max(_SHORT_LINE, 2 * len(came)):
        return phrase("new text: {text}", text=line)
    if came and gone and len(gone) + len(came) <= _SHORT_LINE:
        return _pair(gone, came)
    if not any(map(str.isalnum, gone + came)):
        return phrase("other signs in: {text}", text=line)
    text = (came or gone).removeprefix(_JOINED).rstrip(_JOINED)  # what joins values is not told
    return phrase("new text: {text}", text=text) if came else phrase("text taken out: {text}", text=text)


def _is_exchange(gone: str, came: str) -> bool:
    """Whether numbers stand where others did, which is more than an order of words."""
    return any(map(str.isdigit, gone + came)) and (bool(gone and came) or not any(map(str.isalpha, gone + came)))


def _headline(text: str) -> str:
    """The first line of a text that has a letter or a digit in it, or else the first."""
    return headline(next((line for line in text.split("\n") if any(map(str.isalnum, line))), text))


def _additions(events: Sequence[Event], recipient: Recipient) -> str:
    """Which entities are watched from now on, and in how many stored entries they are."""
    whom = named_in(events, recipient)
    number = sum(mentioning_of(event, recipient.promise(event.source)) for event in events)
    it = mark_many("{number} stored entry mentions it", "{number} stored entries mention it")
    them = mark_many("{number} stored entry mentions one of them", "{number} stored entries mention one of them")
    stored = phrase_many(*(it if len(whom) == 1 else them), number)
    return phrase("Newly watched: {names}: {news}", names=", ".join(whom), news=stored)


def _baselines(events: Sequence[Event], recipient: Recipient) -> str:
    """What is watched from now on, and how much of it mentions what: `1 mentions telegram`, `7 mention what you watch`,
    `none mentions what you watch`.
    """
    several = phrase_many("{number} new source", "{number} new sources", len(events))
    what = events[0].label if len(events) == 1 else several
    number = sum(mentioning_of(event, recipient.promise(event.source)) for event in events)
    named = named_in(events, recipient) or list(recipient.promise(events[0].source).entities or ())
    entries = phrase_many("{number} entry", "{number} entries", sum(event.data["entries"] for event in events))
    names = ", ".join(named) if len(events) == 1 and len(named) <= 3 else ""
    what_you_watch = mark_many("{number} mentions what you watch", "{number} mention what you watch")
    some = mark_many("{number} mentions {names}", "{number} mention {names}") if names else what_you_watch
    none = mark("none mentions {names}") if names else mark("none mentions what you watch")
    mentions = phrase_many(*some, number, names=names) if number else phrase(none, names=names)
    # Translators: {sources} is the name of a source, or "3 new sources"
    return phrase("Watching {sources}: {news}", sources=cut(what, NEWS), news=phrase_beside(entries, mentions))


def told_label(event: Event) -> str:
    """What health is about: a source by its name, a part of the service by what it is and its label's last word."""
    part = _reason(event)
    if event.source or part not in _PARTS:
        return event.label
    return phrase(_PARTS[part], name=event.label.rpartition(" ")[2])


def tell_failure(event: Event, label: str, why: str) -> str:
    """That what has this label does not work."""
    return phrase(_FAILS.get(_reason(event), _FAILS[""]), label=label, why=why)


def tell_loss(event: Event) -> str:
    """How many alerts a channel lost."""
    lost = event.data["lost"]
    return phrase_many("{number} alert will not be delivered", "{number} alerts will not be delivered", lost)


def tell_recovery(event: Event, label: str) -> str:
    """That what has this label works again."""
    kind = "accepted" if event.data.get("accepted") else event.data.get("was") or ""
    return phrase(_WORKS.get(_reason(event) or kind) or _WORKS.get(kind, _WORKS[""]), label=label)


def _reason(event: Event) -> str:
    return "channel" if "channel" in event.data else event.data.get("reason") or ""


def _health(event: Event) -> str:
    data, label = event.data, cut(told_label(event), _WHOSE)
    why = clean(data.get("message") or data.get("reason") or phrase("no reason was given"))
    why = why[place.end() :] if (place := _PLACE.match(why)) else why
    if data["status"] == "failing":
        return tell_failure(event, label, why)
    if data["status"] == "given up":
        return label_text(label, label_text(tell_loss(event), why))
    if data["status"] in {*_MEANS, "suspicious"}:
        held = list(dict.fromkeys(name for item in data.get("mentioned") or () for name in item["entities"]))
        why = phrase(_MEANS[data["status"]]) if data["status"] in _MEANS else why
        names = cut(phrase_list(held, 1), _WHO)
        told = phrase("{label}, mentions {names}: {why}", label=label, names=names, why=why)
        return told if held else label_text(label, why)

    def whole(label: str) -> str:
        told, span = tell_recovery(event, label), "" if event.lasted is None else phrase_span(event.lasted)
        # Translators: {news} is a whole sentence, such as "The register can be read again"; {span} is as "3 h 20 min"
        return phrase("{news} after {span}", news=told, span=span) if span else told

    most = LONGEST - width(label_text(word(data["status"]).upper(), whole(""))) - len(" +120")
    return whole(cut(label, max(_LEAST, most)))
