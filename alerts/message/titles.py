"""The subject of a message: who, what, where and how many more. Pure.

A phone shows about 45 characters of it, so the news must fit in those.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from alerts.event.told_fields import ToldField, compare_sides, is_text, told_members
from alerts.grouping import split_baselines
from alerts.language import phrase_list, phrase_span
from alerts.message.hostile_text import neutralize, without_addresses
from alerts.message.recipient import Recipient, items_of, mentioning_of
from alerts.message.wording import cut, cut_at_word, plural, shorten, shorten_both, shown_value
from sources.text import clean, headline
from state.compare.forms import form_change
from state.compare.text_parts import Sign, find_passages
from state.model import ChangeKind, Event, EventKind, Mention

TEST_TITLE = "Test alert from Registry Watch: this channel works"

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

WORDS = {
    "gap": "entries may have been missed",
    "quiet": "nothing new for too long",
    "restless": "it changes at every check",
    "log_full": "its changes use too much space",
    "evidence_full": "its pages are not kept any more",
}
# By reason; a source cannot be read.
FAILS = {"evidence": "kept", "witness": "asked", "condition": "applied", "template": "used", "internal": "checked"}
_HAPPENED = {"added": "added", "removed": "removed", "reappeared": "back", "rekeyed": "under another key"}
_DIFFERS = {ChangeKind.CHANGED, ChangeKind.REKEYED}  # told by what differs, if anything does


def compose_title(
    events: Sequence[Event], limit: int, neutral: Callable[[str], str] = neutralize, recipient: Recipient | None = None
) -> str:
    """The title of a message about events in its order, in at most `limit` characters, and 78.

    `neutral` makes foreign text safe for the recipient.
    """
    limit = min(limit, LONGEST)
    what, where, shown = _what_and_where(events, recipient or Recipient())
    rest = sum(map(number_of, events)) - shown
    more, authority = f" +{rest:,}" if rest > 0 else "", events[0].authority if where else ""
    what, where = neutral(without_addresses(clean(what))), neutral(cut(without_addresses(clean(where)), _WHERE))
    end = f" ({where})" if where else ""
    scarce = limit < LONGEST and len(what) + len(end) + len(more) > limit
    if scarce or len(end) + len(more) > limit // 2:  # the body names the source, but whose word it is must be seen
        end = f" ({authority})" if authority not in {"", "record"} else ""
    shorter = cut_at_word if _tells_text(events[0]) else cut
    return cut(f"{shorter(what, max(1, limit - len(end) - len(more)))}{end}{more}", limit)


def _what_and_where(events: Sequence[Event], recipient: Recipient) -> tuple[str, str, int]:
    """What happened, where, and of how many changes or events that tells."""
    lead = events[0]
    match lead.kind:
        case EventKind.CHANGE | EventKind.HELD:
            held = "Not believed yet: " if lead.kind is EventKind.HELD else ""
            counted = "form" in lead.data and "more" in lead.data  # its title has the number of what it sums up
            where = lead.label if lead.authority == "record" else f"{lead.authority}, {lead.label}"
            what = lead.data["title"] if counted else news(lead)
            return f"{held}{what}", where, number_of(lead) if counted else 1
        case EventKind.HEALTH:
            return f"{lead.data['status'].upper()}: {_health(lead)}", "", 1
        case EventKind.APPROVAL:
            since = ", changed since" if lead.data.get("changed_since") else ""
            return f"To approve{since}: {lead.data['title']}", f"for {lead.data['channel']}", 1
        case EventKind.REMINDER:
            return f"Not acknowledged: {lead.data['title']}", lead.label, 1
        case EventKind.BASELINE:
            new, added = split_baselines([event for event in events if event.kind is EventKind.BASELINE])
            return _baselines(new, recipient) if new else _additions(added), "", len(new or added)
    return TEST_TITLE, "", len(events)


def _tells_text(event: Event) -> bool:
    """Whether the news of an event are words of a text."""
    if not event.tells_change or event.data["change"] not in _DIFFERS or not event.data["fields"]:
        return False
    return leading_field(event.data["fields"]).is_text


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
    flapping = "flapping, " if data.get("flapping") else ""
    if data["change"] not in _DIFFERS or not data["fields"]:
        return _came_or_went(event, title, words, flapping)
    name, before, after = leading_field(data["fields"])
    if _tells_text(event):
        what = _text_news(before, after, words)
        return f"{cut_at_word(_who(title, words), _WHO)}: {flapping}{what}"
    pair = _plain_pair(before, after)
    if name == "title":  # both if they fit, else the new one, shortened around the difference
        before, after = clean(before), clean(after)
        lead = f"{words}: " if words and words.casefold() not in after[:NEWS].casefold() else ""
        whole = f"{lead}{flapping}{pair}"
        return whole if len(whole) <= NEWS else f"{lead}{flapping}now: {shorten_both(before, after, NEWS)[1]}"
    field = "" if name.casefold() in _UNNAMED else f"{name}: "
    names = [_who(title, words), *names]
    came = f"{field}{clean(after)}" if field and not before else ""  # what a value means that came, its field says
    for what in (f"{field}{pair}", came or pair):  # the fullest form that fits; else the values are cut
        for who in names:
            if len(whole := f"{who}: {flapping}{what}") <= NEWS:
                return whole
    if came and (room := NEWS - len(f": {flapping}{came}")) >= _LEAST:
        return f"{cut(min(names, key=len), room)}: {flapping}{came}"
    begin = f"{cut(min(names, key=len), _WHO)}: {flapping}"
    return f"{begin}{_short_pair(before, after, NEWS - len(begin))}"


def _mentioned_words(mention: Mention) -> str:
    """The words that were found; the watched name in place of words of two scripts, such as "мессенджере Telegram"."""
    words = clean(mention.words)
    latin = [unicodedata.name(letter, "").startswith("LATIN") for letter in words if letter.isalpha()]
    return words if all(latin) or not any(latin) else clean(mention.name)


def _came_or_went(event: Event, title: str, words: str, flapping: str) -> str:
    """An added or removed entry. An added report is represented by its headline."""
    change = event.data["change"]
    inside = words.casefold() in title[:NEWS].casefold()
    if change == ChangeKind.ADDED and event.authority != "record":
        return f"{flapping}{title}" if inside else f"{words}: {flapping}{title}"
    happened = f"{flapping}{_HAPPENED.get(change, change)}"
    if inside or not words:
        return f"{cut(title, NEWS - 2 - len(happened))}: {happened}"
    return f"{words}: {happened}, {title}"


def _who(title: str, words: str) -> str:
    """The entry's title; if that is long or mentions nobody, the words that mention an entity."""
    if not words or (words.casefold() in title.casefold() and len(title) <= _WHO):
        return title
    return words


def leading_field(fields: Mapping[str, Mapping[str, str | None]]) -> ToldField:
    """The most informative of the changed fields: the first that is not an address or a date, rather one that is not
    only written otherwise; of an object in JSON its first member that differs.
    """
    names = [name for name in fields if name not in {"url", "published"}] or [*fields]
    values = {name: (fields[name]["before"] or "", fields[name]["after"] or "") for name in names[:_MOST_LEADING]}
    name = next((name for name, sides in values.items() if not form_change(*sides)), names[0])
    return next(told_members(name, fields[name]["before"] or "", fields[name]["after"] or ""))


def _plain_pair(before: str, after: str) -> str:
    return f"{shown_value(before)} → {shown_value(after)}"


def _short_pair(before: str, after: str, room: int) -> str:
    """Two values in limited space: of lists, what came and went; else the former one is shortened, or left out."""
    whole = _plain_pair(before, after)
    if len(whole) <= room:
        return whole
    listed, listed_now = (clean(side).split(_JOINED) for side in (before, after))
    gone = _JOINED.join(part for part in listed if part not in listed_now)
    came = _JOINED.join(part for part in listed_now if part not in listed)
    if before and after and len(listed) + len(listed_now) > 2 and (came or gone):
        if not (came and gone):
            return cut(f"now with {came}" if came else f"now without {gone}", room)
        before, after = gone, came
    old, new = shown_value(before), shown_value(after)
    if old[:_LEAST] == new[:_LEAST]:
        one, other = shorten_both(old, new, max(room // 2 - 2, _LEAST))
        return f"{one} → {other}" if one != other else f"now {shorten_both(old, new, NEWS)[1]}"
    if len(new) + 3 + _LEAST <= room:
        return f"{cut(old, room - 3 - len(new))} → {new}"
    return f"now {new}"


def change_words(data: Mapping[str, Any]) -> str:
    """What changed, in a line: the entry, and the first of its fields with both values."""
    fields = data["fields"]
    if data["change"] not in _DIFFERS or not fields:
        return str(data["title"])
    title = shorten(data["title"], _NAME)
    name, before, after = leading_field(fields)
    others = f", and {plural(len(fields) - 1, 'more field', 'more fields')}" if len(fields) > 1 else ""
    if is_text(before, after):
        return f"{title}, {cut_at_word(_text_news(before, after), _VALUE)}{others}"
    before, after = shorten_both(clean(before), clean(after), _VALUE)
    what = "" if name == "title" else f"{title}, {name}: "
    return f"{what}{shown_value(before)} → {shown_value(after)}{others}"


def _text_news(before: str, after: str, words: str = "") -> str:
    """What came into a text, or else is gone from it: the first edit, or rather one on a line that has `words` in it. A
    line that is short or mostly new is told whole, else only its words.
    """
    edits = list[tuple[str, str, str]]()
    for passage in find_passages(compare_sides(before, after), _WORDS_NEAR):
        line = _headline("".join(part.text for part in passage if part.sign is not Sign.GONE))
        for same, edit in groupby(passage, key=lambda part: part.sign is Sign.SAME):
            if not same:
                sides = {part.sign: part.text for part in edit}
                edits.append((_headline(sides.get(Sign.GONE, "")), _headline(sides.get(Sign.NEW, "")), line))
    moved = {gone for gone, _, _ in edits} & {came for _, came, _ in edits}
    told = [edit for edit in edits if not moved.issuperset(edit[:2])]
    if not told:
        return f"text: other order of its {'lines' if chr(10) in before else 'words'}"

    def weight(edit: tuple[str, str, str]) -> tuple[bool, bool, bool]:
        gone, came, line = edit
        named = bool(words) and words.casefold() in line.casefold()
        return named, came not in moved and any(map(str.isalnum, came)), any(map(str.isalnum, gone))

    gone, came, line = max(told, key=weight)  # the first of the weightiest
    if came and not line.startswith("…") and len(line) <= max(_SHORT_LINE, 2 * len(came)):
        return f"new text: {line}"
    if came and gone and len(gone) + len(came) <= _SHORT_LINE:
        return f"{gone} → {came}"
    if not any(map(str.isalnum, gone + came)):
        return f"other signs in: {line}"
    news = f"new text: {came}" if came else f"text taken out: {gone}"
    return news.replace(": ; ", ": ", 1).rstrip("; ")  # what joins values is not told


def _headline(text: str) -> str:
    """The first line of a text that has a letter or a digit in it, or else the first."""
    return headline(next((line for line in text.split("\n") if any(map(str.isalnum, line))), text))


def _additions(events: Sequence[Event]) -> str:
    """Which entities are watched from now on, and in how many stored entries they are."""
    whom = ", ".join(dict.fromkeys(entity for event in events for entity in event.entities))
    number = sum(event.data["mentioning"] for event in events)
    return f"Newly watched: {whom}: {plural(number, 'stored entry mentions', 'stored entries mention')} it"


def _baselines(events: Sequence[Event], recipient: Recipient) -> str:
    """What is watched from now on, and how much of it mentions what: `1 mentions telegram`, `7 mention what you watch`,
    `none mentions what you watch`.
    """
    entries = plural(sum(event.data["entries"] for event in events), "entry", "entries")
    what = events[0].label if len(events) == 1 else plural(len(events), "new source", "new sources")
    number = sum(mentioning_of(event, recipient.promise(event.source)) for event in events)
    found = (item for event in events for item in items_of(event, recipient.promise(event.source)))
    named = list(dict.fromkeys(name for item in found for name in item["entities"]))
    named = named or list(recipient.promise(events[0].source).entities or ())
    whom = ", ".join(named) if len(events) == 1 and 0 < len(named) <= 3 else "what you watch"
    mentions = f"{f'{number:,}' if number else 'none'} {'mentions' if number < 2 else 'mention'} {whom}"
    return f"Watching {cut(what, NEWS)}: {entries}, {mentions}"


def _health(event: Event) -> str:
    data, label = event.data, cut(event.label, _WHOSE)
    why = clean(data.get("message") or data.get("reason") or "no reason was given")
    why = why[place.end() :] if (place := _PLACE.match(why)) else why
    about_channel, reason = "channel" in data, data.get("reason")
    if data["status"] == "failing":
        fails = "delivered to" if about_channel else FAILS.get(reason or "", "read")
        return f"{label} cannot be {fails}: {why}"
    if data["status"] == "given up":
        return f"{event.label}: {plural(data['lost'], 'alert', 'alerts')} will not be delivered: {why}"
    if data["status"] in {*WORDS, "suspicious"}:
        held = list(dict.fromkeys(name for item in data.get("mentioned") or () for name in item["entities"]))
        whom = f", mentions {cut(phrase_list(held, 1), _WHO)}" if held else ""
        return f"{label}{whom}: {WORDS.get(data['status'], why)}"
    after = "" if event.lasted is None else f" after {phrase_span(event.lasted)}"
    if reason in {"evidence", "witness"}:
        return f"{event.label} can be {FAILS[reason]} again{after}"
    well = "works" if about_channel else "is believed" if data.get("was") == "suspicious" else "can be read"
    if data.get("accepted"):
        return f"{label}: its held snapshot was accepted{after}"
    return f"{label} {well} again{after}"
