"""Eleven messages that show what alerts look like: for docs/messages.md, its pictures and its test. All of it is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from alerts.language import Language
from alerts.message.citations import Background, Coverage
from alerts.message.compose import compose
from alerts.message.recipient import Composed, Form, Promise, Recipient
from state.model import Event, EventKind, Mention, Proof

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 3, 11, 7, 12, tzinfo=UTC)
REGISTER = ("fca-firms", "FCA register", "record")
WIRE = ("wire", "Tagus Wire", "report")
HOUSE = ("sable", "Sable Capital, press office", "statement")
PLACES = {
    "fca-firms": "https://register.example.org.uk/firms",
    "fca-funds": "https://register.example.org.uk/funds",
    "fca-agents": "https://register.example.org.uk/agents",
    "wire": "https://wire.example/news.rss",
}
SABLE = [Mention("sable", "Sable Capital", "Sable Capital", "Firm")]


def change(
    what: str,
    title: str,
    fields: Mapping[str, tuple[str | None, str | None]] | None = None,
    *,
    source: tuple[str, str, str] = REGISTER,
    mentions: Sequence[Mention] = (),
    at: datetime = NOON,
    number: int = 17,
    **data: Any,
) -> Event:
    """An event of a change."""
    sides = {name: {"before": before, "after": after} for name, (before, after) in (fields or {}).items()}
    told: dict[str, Any] = {"change": what, "key": title, "title": title, "url": None, "published": None}
    told |= {"fields": sides, "entry": {}, **data}
    return Event(EventKind.CHANGE, *source, at, at - timedelta(minutes=15), told, mentions, number)


def health(status: str, reason: str, message: str, source: tuple[str, str, str] = REGISTER, **data: Any) -> Event:
    """An event of a source's health."""
    told = {"status": status, "reason": reason, "message": message, "since": NOON.isoformat(), "was": "ok"}
    return Event(EventKind.HEALTH, *source, NOON, NOON - timedelta(minutes=15), {**told, "mentioned": [], **data})


def held() -> Event:
    """A change of a firm in a snapshot that is not believed."""
    sides = {"Reviewed": ("2025-09-30", "30.09.2025"), "Status": ("Active", "Suspended")}
    event = change("changed", "Sable Capital Partners LLP", sides, mentions=SABLE, key="912201")
    why = "'Reviewed' changed in 900 of 1,000 entries at once, more than 500 (max_changed); only the form changed: dates rewritten"
    return replace(event, kind=EventKind.HELD, data={**event.data, "reason": "mass_change", "message": why})


def baseline(source: tuple[str, str, str], entries: int, *mentioned: str, **data: Any) -> Event:
    """The summary of a source's first snapshot, with the titles of entries that mention Sable Capital."""
    items = [{"key": title, "title": title, "url": None, "entities": ["sable"]} for title in mentioned]
    told = {"entries": entries, "moved": False, "mentioning": len(items), "mentioned": items, **data}
    return Event(EventKind.BASELINE, *source, NOON, None, told, SABLE if items else ())


def listed(day: str, before: str | None = None) -> Mapping[str, Any]:
    """Since when the Internet Archive has an entry, and the day of its capture before."""
    at, before = (each and f"{each}T04:10:00+00:00" for each in (day, before))
    return {"at": at, "checked_before": before, "witness": {"kind": "wayback", "where": "", "at": at}}


HELD = """\
In a [snapshot that is held](kinds.md#what-is-believed), once. Accepted, it comes again as a change; what still waits
for a digest then is not told as held.

"""


class Case(NamedTuple):
    """A message: what it shows, its events and what is known of them; `about` stands above it."""

    name: str
    heading: str
    events: Sequence[Event]
    known: Background = Background(places=PLACES)
    promises: Mapping[str, Promise] = {}
    operator: bool = False
    about: str = ""


def record() -> Event:
    """The field of a register that changes."""
    event = change(
        "changed",
        "Sable Capital Partners LLP",
        {"Status": ("Active", "Suspended"), "Permissions": ("Arranging deals, managing investments", "None")},
        mentions=SABLE,
        url="https://register.example.org.uk/firms/912201",
        key="912201",
    )
    return Event(event.kind, *REGISTER, event.at, event.previous, event.data, SABLE, 17, Proof(4, "3f9ac2d1e0b74a55"))


def report() -> Event:
    """A report of it."""
    text = (
        "LONDON, 3 March. The regulator has suspended the licence of Sable Capital, the register shows."
        " The firm manages some £2 billion for pension funds."
    )
    return change(
        "added",
        "Sable Capital suspended by the regulator",
        source=WIRE,
        mentions=SABLE,
        at=NOON + timedelta(minutes=38),
        number=18,
        url="https://wire.example/2026/03/03/sable",
        published=(NOON + timedelta(minutes=31)).isoformat(),
        text=text,
    )


def statement() -> Event:
    """What the firm says of it."""
    return change(
        "added",
        "We have seen a technical notice and carry on as before",
        source=HOUSE,
        mentions=[Mention("sable", "Sable Capital", "Sable Capital", "text")],
        at=NOON + timedelta(minutes=12),
        number=19,
        url="https://sable.example/press/41",
    )


def text() -> Event:
    """A page of text in which words were replaced, and a sentence was put in."""
    before = (
        "Supervision of Sable Capital\n"
        "The regulator supervises the investment firms of the group.\n"
        "Whoever doubts an entry may ask the registry.\n"
    )
    after = before.replace("investment firms", "payment institutions").replace(
        "Whoever", "On 3 March it withdrew the permission of Sable Nominees.\nWhoever"
    )
    return change(
        "changed",
        "Supervision of Sable Capital",
        {"text": (before, after)},
        source=("fca-sable", "FCA statement", "record"),
        mentions=[Mention("sable", "Sable Capital", "Sable Capital", "text")],
        url="https://register.example.org.uk/statements/sable",
        key="page",
    )


def many() -> list[Event]:
    """171 changes of one check, three of which mention somebody."""
    events = [
        change("added", f"{name} {100 + at} Ltd", {"Status": (None, "Active")}, number=100 + at, key=f"{7000 + at}")
        for at in range(150)
        for name in [("Aldgate Ventures", "Brook Asset", "Corvid Markets", "Dunmore Credit")[at % 4]]
    ]
    dates = ("Reviewed", ("2025-09-30", "2026-02-27"))
    events += [
        change("changed", f"Elm Street Advisers {at}", {dates[0]: dates[1]}, number=300 + at, key=f"{6000 + at}")
        for at in range(18)
    ]
    for at, (firm, before, after) in enumerate(
        [("Sable Capital Partners LLP", "Active", "Suspended"), ("Sable Capital Funds Ltd", "Active", "Suspended"),
         ("Sable Capital Nominees Ltd", "Active", "Cancelled")]
    ):  # fmt: skip
        events.append(
            change("changed", firm, {"Status": (before, after)}, mentions=SABLE, number=400 + at, key=f"{5000 + at}",
                   url=f"https://register.example.org.uk/firms/{5000 + at}")
        )  # fmt: skip
    return events


def removed() -> list[Event]:
    """A firm that was struck off, and one that came, in one check."""
    came = change(
        "added", "Sable Capital Europe SA", {"Status": (None, "Active")}, mentions=SABLE, number=21, key="912377"
    )
    entry = {"Firm": "Sable Capital Funds Ltd", "Status": "Withdrawn at own request", "Since": "14 May 2019"}
    gone = change("removed", "Sable Capital Funds Ltd", mentions=SABLE, number=22, key="912202", entry=entry)
    return [came, gone]


def digest() -> list[Event]:
    """What came within a day and mentions nobody."""
    events = [
        change("added", title, source=WIRE, at=NOON + timedelta(minutes=15 * at), number=30 + at, key=f"{at}",
               url=f"https://wire.example/2026/03/03/{at}")
        for at, title in enumerate(
            ["Banks ask for longer hours", "Bond sale draws few bids", "Court adjourns the Corvid case",
             "Insurers count the storm", "Regulator consults on fees", "Savings rates fall again"]
        )
    ]  # fmt: skip
    for at, (firm, before, after) in enumerate(
        [("Brook Asset 12 Ltd", "Active", "Withdrawn"), ("Dunmore Credit 4 Ltd", "Applied", "Active")]
    ):
        hours = NOON + timedelta(hours=2 * at)
        events.append(change("changed", firm, {"Status": (before, after)}, at=hours, number=40 + at, key=firm))
    return events


def was_cleared() -> Event:
    """A change that has ended a clearing."""
    word = {"entity": "sable", "key": "77120", "who": "anna", "at": "2026-01-12T10:20:00+00:00", "until": None}
    word |= {"why": "a bakery of Lisbon, not our firm", "because": "country changed"}
    sides = {"country": ("Portugal", "United Kingdom")}
    found = [Mention("sable", "Sable Capital", "Sable Capital", "title")]
    return change("changed", "Sable Capital Lda", sides, mentions=found, key="77120", number=23, was_cleared=[word])


def stale() -> Event:
    """A text that waits to be approved, about what has changed once more."""
    since = [{"news": "Sable Capital Partners LLP: Suspended → Active", "at": (NOON + timedelta(hours=1)).isoformat()}]
    text = "The regulator's register has Sable Capital Partners LLP as suspended since this morning."
    data = {"channel": "public", "title": "Sable Capital: Suspended", "text": text, "html": "", "delivery": 61}
    data |= {"approval": 4, "until": (NOON + timedelta(hours=4)).isoformat(), "then": "drop", "changed_since": since}
    return Event(EventKind.APPROVAL, "", "message 4", "", NOON + timedelta(hours=1), None, data)


def sign(what: str, number: int, until: datetime | None) -> str:
    """A link of the desk."""
    return f"https://watch.example.org/act/{what}-{number}-{bool(until)}"


def cases() -> list[Case]:
    """The eleven."""
    spoken = Background([report(), record(), statement()], coverage=Coverage(1, others=2), places=PLACES)
    firms = baseline(REGISTER, 61204, "Sable Capital Partners LLP", "Sable Capital Funds Ltd")
    days = listed("2019-04-13"), listed("2024-06-02", "2024-05-28")
    known = [{**each, "since_at_least": day} for each, day in zip(firms.data["mentioned"], days, strict=True)]
    first = replace(firms, data={**firms.data, "mentioned": known})
    funds = baseline(("fca-funds", "FCA funds", "record"), 3120)
    wire = baseline(WIRE, 40)
    promise = Promise(entities=("sable",))
    refused = "could not reach register.example.org.uk: connection refused"
    failing = [
        health("failing", "unreachable", refused, source)
        for source in (REGISTER, ("fca-funds", "FCA funds", "record"), ("fca-agents", "FCA agents", "record"))
    ]
    return [
        Case("record", "A record", [record()], Background([record()], coverage=Coverage(1, others=2), places=PLACES)),
        Case("report", "A report, with what it can be held against", [report()], spoken),
        Case("removed", "One gone, and one new", removed()),
        Case("many", "171 changes", many()),
        Case("digest", "A digest in which nobody is mentioned", digest()),
        Case("held", "A change that is not believed yet", [held()], about=HELD),
        Case("cleared", "A hit that was cleared until now", [was_cleared()]),
        Case("stale", "A text to approve that the register has overtaken", [stale()]),
        Case("baseline", "The first look at three sources", [first, funds, wire],
             promises={event.source: promise for event in (first, funds, wire)}),
        Case("failing", "A host that is down, to an operator", failing, operator=True),
        Case("doubted", "A snapshot that is not believed, to an operator",
             [health("suspicious", "mass_loss", "900 of 1,000 entries are gone", mentioned=firms.data["mentioned"],
                     mentioning=2)], operator=True),
    ]  # fmt: skip


def composed(case: Case, form: Form, language: Language = "en") -> Composed:
    """The message of a case for a form of service."""
    recipient = Recipient(form=form, operator=case.operator, promises=case.promises, sign=sign, language=language)
    return compose(
        case.events, timezone=LONDON, body_limit=32_768, title_limit=250, known=case.known, recipient=recipient
    )
