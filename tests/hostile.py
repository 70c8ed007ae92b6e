"""Hostile texts of any size, and what the units of the core are given of them: for properties, for fuzzing, and for the
bench that shows that none of them takes more than linear time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, partial
from itertools import product
from typing import Any, NamedTuple

from alerts.case.story import Report, Story, is_copy, items_of
from alerts.case.view import page_of
from alerts.links import web_address
from alerts.matching.watchlist import Watchlist
from alerts.message.change_lines import text_difference
from alerts.message.compose import compose
from alerts.message.forms import render_chat, render_mail
from alerts.message.lines import FULL, Line, Style
from alerts.message.recipient import Composed, Form, Recipient
from alerts.message.titles import change_words, compose_title
from alerts.message.wording import neutralize, shorten_both
from alerts.options import Entity
from alerts.proof import PageFile, ProofFacts, RecordFact, proof_page
from alerts.recognition.recognizer import NameFinding
from sources import Entry
from sources.formats.dates import find_date, read_date
from sources.model.transcript import Place
from sources.secrets import Secrets
from sources.text import clean, clean_lines, headline, value_text
from state.compare.diff import Differ, find_removed_keys
from state.compare.text_parts import compare_texts
from state.evidence.records import mark_changes
from state.evidence.witnesses import Certificate, Statement, WitnessKind
from state.model import Difference, Event, EventKind, Known, Mention, Standing, StoredEntry

SEEN = datetime(2025, 7, 15, 7, 7, 12, tzinfo=UTC)
SECRET = "Telegram-password-0451"

# ---- texts


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda size: (piece * (size // len(piece) + 1))[:size]


def _around(begin: str, piece: str, end: str) -> Callable[[int], str]:
    """A text that begins and ends so, with a long run between."""
    return lambda size: begin + _repeated(piece)(size - len(begin) - len(end)) + end


MAKES: dict[str, Callable[[int], str]] = {
    "one name": _repeated("Telegram "),
    "a name in every case ending": _repeated("Телеграма Телеграму Телеграмом Телеграме "),
    "a name and slashes": _repeated("telegram/"),
    "a name and dots": _repeated("telegram."),
    "a name and hyphens": _repeated("Telegram-"),
    "a name and at signs": _repeated("telegram@"),
    "a name and colons": _repeated("telegram://"),
    "a name in one word": _repeated("Telegram"),
    "names in a row": _repeated("Ivan Petrov Acme Telegram Max "),
    "ambiguous names": _repeated("Max said Acme Max, "),
    "initials": _repeated("I. P. Petrov "),
    "sentences": _repeated("Telegram. "),
    "one letter sentences": _repeated("A. "),
    "a sentence and one long word": _around("Telegram said. A ", "b", ""),
    "one long word": _repeated("b"),
    "one long number": _repeated("7"),
    "numbers": _repeated("7707083893 CIK 0001234567 "),
    "capitals and small letters": _repeated("tElEgRaM"),
    "hashtags": _repeated("#FreeTelegramNow "),
    "one long hashtag": _around("#", "TelegramNow", ""),
    "addresses": _repeated("https://telegram.org/a?b=c telegram@example.org www.telegram.org "),
    "one long address": _around("https://", "telegram.org/", ""),
    "one long host": _around("telegram", ".a-b", ".org"),
    "spaces": _around("Telegram", " ", "x"),
    "lines": _repeated("Telegram\n"),
    "empty lines": _around("Telegram", "\n", "% Telegram"),
    "quotation marks": _around("Telegram.", '"', "% Telegram"),
    "stops": _around("Telegram", ".", "% Telegram"),
    "brackets": _around("Telegram", "](", "% Telegram"),
    "signs": _repeated("@<|~`"),
    "markup": _repeated("<b>&amp;"),
    "control characters": _repeated("Te\x1b[31mle\x00gram\u202e "),
    "ignorable characters": _repeated("Tele\U000e0061gr\u3164am\U000e0100 "),
    "mixed scripts": _repeated("Теlеgrаm テレグラム 电报 تلغرام "),
    "a script without spaces": _repeated("电报テレグラム"),
    "one letter with accents": _around("e", "\u0301", ""),
    "accents in the wrong order": _around("e", "\u0301\u0323", ""),
    "accented letters": _repeated("e\u0301 "),
    "Hangul by parts": _repeated("\u1112\u1161\u11ab"),
    "astral characters": _repeated("\U0001f600"),
    "halves of characters": _repeated("\ud800"),
    "dates": _repeated("15.07.2025 12 августа 2026 "),
    "digits and dots": _repeated("1.1.1."),
}  # fmt: skip

# ---- what the units are given


ENTITIES = {
    "telegram": Entity(names=("Telegram", "Телеграм", "Telegram Messenger Inc"), **{"not": ("telegram pole",)}),
    "acme": Entity(names=("Acme",), context=("licence", "Max")),
    "max": Entity(names=("Max",), context=("messenger",), **{"not": ("Max Planck",)}),
    "petrov": Entity(names=("Ivan Petrov", "Petrov")),
    "pair": Entity(names=("Telegram Telegram Acme",)),
}


@cache
def watchlist() -> Watchlist:
    return Watchlist(ENTITIES)


def watched_in(entry: Entry) -> list[NameFinding]:
    """What is found in an entry."""
    return watchlist().findings(entry)


def versions(text: str) -> tuple[str, str]:
    """A text of many lines before and after: every line of it has changed."""
    lines = [text[at : at + 40].replace("\n", " ") for at in range(0, len(text), 40)] or [""]
    return (
        "\n".join(f"{number} one {line}" for number, line in enumerate(lines)),
        "\n".join(f"{number} two {line}" for number, line in enumerate(lines)),
    )


def shuffled(text: str) -> tuple[str, str]:
    """The same lines before and after, few of them different ones, in another order."""
    lines = [f"{(at // 20) % 7}{text[at : at + 20]}".replace("\n", " ") for at in range(0, len(text), 20)] or [""]
    return "\n".join(lines), "\n".join(lines[::-1])


def event_of(
    before: str,
    after: str,
    *,
    change: str = "changed",
    number: int = 1,
    seen: datetime = SEEN,
) -> Event:
    """A change in which every text is this one."""
    head = after[:1000]
    fields = {head[:80]: {"before": before, "after": after}, "text": {"before": before, "after": after}}
    data = {"change": change, "key": after[:9000], "title": after, "url": f"https://example.org/{head}", "published": None,
            "fields": fields, "entry": {"field": after}, "text": after}  # fmt: skip
    mentions = [Mention("telegram", "Telegram", head, head)]
    return Event(EventKind.CHANGE, "s", head, "report", seen, seen - timedelta(minutes=1), data, mentions, number)


def events_of(text: str) -> list[Event]:
    """Changes of one text of many lines, each line of which has changed, and of one that came and went."""
    kinds = ("changed", "added", "removed", "reappeared")
    return [event_of(*versions(text), change=kind, number=number) for number, kind in enumerate(kinds)]


LIMITS = {"mail": (60_000, 250), "chat": (4_096, 250), "text message": (140, 60)}
FORMS = {"mail": Form.DOCUMENT, "chat": Form.CHAT, "text message": Form.PLAIN}


def message_of(events: Sequence[Event], way: str = "mail", zone: tzinfo = UTC) -> Composed:
    """The message about changes to a channel of a kind."""
    body, title = LIMITS[way]
    whom = Recipient(form=FORMS[way])
    return compose(events, timezone=zone, body_limit=body, title_limit=title, recipient=whom)


def story_of(text: str) -> Story:
    """A case whose every text is this one."""
    return Story(text[:200], [text[:200]], SEEN, items_of("telegram", events_of(text)), {"s": text[:1000]})


def exhibit_of(text: str, zone: tzinfo = UTC) -> ProofFacts:
    """The facts of a proof whose every text is this one."""
    change = {"id": 1, **event_of(*versions(text)).data, "mentions": [{"entity": text[:100]}]}
    told = {"url": text, "redirects": [{"url": text, "status": 302}], "peer": text, "proxied": False, "record": "r",
            "tls": {"version": text[:100], "cipher": text}, "fetched": SEEN.isoformat(), "bytes": 1, "sha256": "0" * 64,
            "altered": [text]}  # fmt: skip
    about = {
        "kind": "changed", "program": text, "source": {"name": "s", "label": text, "kind": "feed", "authority": text},
        "check": {"began": SEEN.isoformat(), "entries": 1}, "before": {"checked": SEEN.isoformat(), "entries": 1},
        "changes": [change, {"id": 2, "change": "added", "title": text}], "doubt": None, "same_as": None,
    }  # fmt: skip
    certificate = Certificate(text, text, SEEN, SEEN, (text,), "0" * 64)
    record = RecordFact(1, text, "r", "", 0, 1, "0" * 64, "1" * 64, "2" * 64)
    pages = [PageFile("page.html", told)]
    witnesses = {f"stamp.{kind}": Statement(kind, text, SEEN, bytes(32), text, copy=text) for kind in WitnessKind}
    return ProofFacts(
        event=1, about=about, change=change, pages=pages, before=pages, wire=[told], doubt=text, certificates=[certificate],
        records=[record], origin=text, start="1" * 64, head=(1, "2" * 64), witnesses=witnesses, zone=zone,
    )  # fmt: skip


def entries_of(text: str, version: str, key: str = "") -> Iterator[Entry]:
    """Entries whose fields are pieces of a text, and whose keys are such pieces, or all this one."""
    for number, at in enumerate(range(0, len(text), 20)):
        yield Entry(
            key or f"{number} {text[at : at + 20]}", f"{text[at : at + 40]} {version}", {"field": text[at : at + 20]}
        )


def snapshots(text: str, listing: str = "complete", key: str = "") -> tuple[Known, list[Entry], str]:
    """What is known of a first snapshot, and a second one in which every entry has changed, and the order as well."""
    first = Differ(Known(bytes, lambda *_: (), (), dict), b"", listing)  # type: ignore[arg-type]
    for entry in entries_of(text, "one", key):
        first.see(entry)
    stored = list(first.finish().insert)
    marks, rows = [mark for mark, _ in stored], [Row(number, entry) for number, (_, entry) in enumerate(stored)]
    known = Known(
        lambda: b"".join(marks),
        lambda *_: [
            (mark, StoredEntry(row.id, row.entry.key, Standing.PRESENT)) for mark, row in zip(marks, rows, strict=True)
        ],
        [row.entry.key for row in rows],
        lambda ids: {number: rows[number].entry for number in ids},
    )
    return known, list(entries_of(text, "two", key))[::-1], listing


def compared(given: tuple[Known, list[Entry], str]) -> Difference:
    """Their difference."""
    known, entries, listing = given
    differ = Differ(known, b"other", listing)  # type: ignore[arg-type]
    for entry in entries:
        differ.see(entry)
    return differ.finish()


class Row:
    """A stored entry."""

    def __init__(self, number: int, entry: Entry) -> None:
        self.id, self.entry = number, entry


def secrets() -> Secrets:
    made = Secrets()
    made.add("${PASSWORD}", SECRET)
    return made


def keys_of(text: str) -> list[str]:
    """The pieces of a text, as different keys of a list."""
    return [f"{at} {text[at : at + 50]}" for at in range(0, len(text), 50)]


def _lines(text: str) -> list[list[Line]]:
    return [[Line(style, text, text) for style in (Style.WHAT, Style.LINK, Style.PLAIN)]]


def many_events(text: str, key: str = "") -> list[Event]:
    """As many changes as there are pieces of a text, of as many entries, or all of the one with this key."""
    found = []
    for number, at in enumerate(range(0, max(len(text), 1), 20)):
        piece = text[at : at + 20]
        event = event_of(piece, f"{piece} {number}", number=number, seen=SEEN + timedelta(minutes=number))
        found.append(replace(event, data={**event.data, "key": key or f"{number} {piece}"}))
    return found


def places_of(text: str) -> tuple[list[Place], list[Event]]:
    """A text as the places of a screenshot, which begin with the same as the entries that have changed."""
    pieces = [text[at : at + 1000] for at in range(0, len(text), 1000)]
    return [Place(0, 0, 9, 9, piece) for piece in pieces], [event_of(piece, text[:1000]) for piece in pieces[:50]]


def many_mentions(text: str) -> Event:
    """A change that mentions as many entities as there are pieces of a text."""
    pieces = [text[at : at + 20] for at in range(0, len(text), 20)]
    mentions = [Mention(f"{number}", piece, piece, "text") for number, piece in enumerate(pieces)]
    return replace(event_of(text[:40], text[:50]), mentions=mentions)


class Unit(NamedTuple):
    """Something that is done with what is made of a text: `prepare` is no part of it."""

    act: Callable[[Any], object]
    prepare: Callable[[str], Any] = str

    def __call__(self, text: str) -> object:
        return self.act(self.prepare(text))


# By name: what is done with a text. Each has to be linear in it.
UNITS: dict[str, Unit] = {
    "read_date": Unit(read_date),
    "date_in": Unit(find_date),
    "clean": Unit(clean),
    "clean_lines": Unit(clean_lines),
    "value_text": Unit(lambda text: value_text([text])),
    "headline": Unit(headline),
    "an entry": Unit(lambda text: Entry(f"key {text[:5000]}", text, {"field": text}, text=text)),
    "secrets hidden": Unit(lambda text: secrets().hide(text)),
    "the matcher": Unit(watched_in, lambda text: Entry("1", text[:200], {"field": text[:1000]}, text=text)),
    "differences: lines that all changed": Unit(lambda sides: compare_texts(*sides), versions),
    "differences: lines in another order": Unit(lambda sides: compare_texts(*sides), shuffled),
    "differences: as they are told": Unit(lambda sides: list(text_difference(*sides, FULL)), versions),
    "differences: two values": Unit(lambda sides: shorten_both(*sides, 400), lambda text: (text, f"{text[:-1]}x")),
    "differences: entries": Unit(compared, snapshots),
    "differences: entries under one key": Unit(compared, partial(snapshots, key="key")),
    "differences: a rolling list": Unit(compared, partial(snapshots, listing="window")),
    "differences: what fell out of a list": Unit(lambda keys: find_removed_keys(keys, keys[::-1]), keys_of),
    "two reports": Unit(lambda text: is_copy(Report(text, text, SEEN), Report(text[::-1], text[1:], SEEN))),
    "what changed, in few words": Unit(change_words, lambda text: event_of(*versions(text))),
    "a title": Unit(lambda events: compose_title(events, 250), events_of),
    "harmless": Unit(neutralize),
    "an address": Unit(lambda text: web_address(f"https://example.org/{text}")),
    "a message's HTML": Unit(partial(render_mail, "A title"), _lines),
    "a message for a chat": Unit(render_chat, _lines),
    **{f"a message: {way}": Unit(partial(message_of, way=way), events_of) for way in LIMITS},
    "a message: many changes": Unit(message_of, many_events),
    "a message: many changes of one entry": Unit(message_of, partial(many_events, key="key")),
    "a message: many mentions": Unit(lambda event: message_of([event], "chat"), many_mentions),
    "a case: many changes": Unit(partial(items_of, "telegram"), many_events),
    "a case: many changes of one entry": Unit(partial(items_of, "telegram"), partial(many_events, key="key")),
    "places on a screenshot": Unit(lambda given: mark_changes(*given), places_of),
    "a case's page": Unit(lambda story: page_of(story, UTC, SEEN), story_of),
    "a proof's page": Unit(proof_page, exhibit_of),
}


def pairs() -> Iterator[tuple[str, str]]:
    """Every unit with every make."""
    yield from product(UNITS, MAKES)


def given(entry: Any) -> str:
    """All texts of an entry."""
    return "\n".join([entry.key, entry.title, *entry.fields, *entry.fields.values(), entry.text])
