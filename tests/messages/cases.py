"""Five messages that show what alerts look like: for docs/messages.md, its pictures and its test. All of it is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

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


class Case(NamedTuple):
    """A message: what it shows, its events and what is known of them."""

    name: str
    heading: str
    events: Sequence[Event]
    known: Background = Background(places=PLACES)
    promises: Mapping[str, Promise] = {}
    operator: bool = False


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


def cases() -> list[Case]:
    """The five."""
    spoken = Background([report(), record(), statement()], coverage=Coverage(1, others=2), places=PLACES)
    firms = baseline(REGISTER, 61204, "Sable Capital Partners LLP", "Sable Capital Funds Ltd")
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
        Case("many", "171 changes", many()),
        Case("baseline", "The first look at three sources", [firms, funds, wire],
             promises={event.source: promise for event in (firms, funds, wire)}),
        Case("failing", "A host that is down, to an operator", failing, operator=True),
    ]  # fmt: skip


def composed(case: Case, form: Form) -> Composed:
    """The message of a case for a form of service."""
    recipient = Recipient(form=form, operator=case.operator, promises=case.promises)
    return compose(
        case.events, timezone=LONDON, body_limit=32_768, title_limit=250, known=case.known, recipient=recipient
    )
