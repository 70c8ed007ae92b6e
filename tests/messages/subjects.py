"""Events and the subjects that tell them: a table of docs/messages.md, and its test. All of it is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from alerts.message.recipient import Promise, Recipient
from state.model import Event, EventKind, Mention
from tests.messages.cases import HOUSE, NOON, REGISTER, SABLE, WIRE, baseline, change, health, held, many, report

WIRE_TEXT = ("The licence of Sable Capital is under review.", "Sable Capital has lost its licence, the register shows.")


class Subject(NamedTuple):
    """What happens, the events of the message, the subject, and to whom it goes."""

    what: str
    events: Sequence[Event]
    subject: str
    recipient: Recipient = Recipient()


def _sable(before: str | None, after: str | None, field: str = "Status", title: str = "Sable Capital Ltd") -> Event:
    return change("changed", title, {field: (before, after)}, mentions=SABLE)


def _other(number: int, what: str = "added") -> Event:
    return change(what, f"Elm Street Advisers {number}", {"Status": (None, "Active")}, number=number, key=f"{number}")


def _flapping() -> Event:
    event = _sable("Active", "Suspended")
    return replace(event, data={**event.data, "flapping": {"times": 3, "since": NOON.isoformat(), "told": True}})


def _newly_watched() -> Event:
    event = baseline(REGISTER, 61204, "Sable Capital Partners LLP", "Sable Capital Funds Ltd")
    return replace(event, data={**event.data, "added": ["sable"]})


def subjects() -> list[Subject]:
    """The table."""
    funds, agents = ("fca-funds", "FCA funds", "record"), ("fca-agents", "FCA agents", "record")
    only = Recipient(promises={REGISTER[0]: Promise(entities=("sable",))})
    text = [Mention("sable", "Sable Capital", "Sable Capital", "text")]
    quiet = health("quiet", "quiet", "nothing new has come for longer than expected (max_quiet)")
    long_before, long_after = "Authorised for managing investments", "No longer authorised to manage investments"
    return [
        Subject("a field of a register", [_sable("Active", "Suspended")], "Sable Capital Ltd: Active → Suspended (FCA register)"),
        Subject("the same, first of six changes, the others about nobody watched",
                [*(_other(at) for at in range(5)), _sable("Active", "Suspended")],
                "Sable Capital Ltd: Active → Suspended (FCA register) +5"),
        Subject("a field whose name says something", [_sable("14 London Wall", "None", "Address")],
                "Sable Capital: Address: 14 London Wall → None (FCA register)"),
        Subject("a field that had no value", [_sable(None, "Suspended")], "Sable Capital Ltd: (nothing) → Suspended (FCA register)"),
        Subject("a field that lost its value", [_sable("Suspended", None)], "Sable Capital Ltd: Suspended → (nothing) (FCA register)"),
        Subject("values that are long", [_sable(long_before, long_after)],
                "Sable Capital: now No longer authorised to manage investments (FCA register)"),
        Subject("values of which a sign differs", [_sable("Permission 2025/12/A, granted to the firm", "Permission 2025/12/B, granted to the firm")],
                "Sable Capital: now Permission 2025/12/B, granted to the firm (FCA register)"),
        Subject("an entity that stands in a field of another one's entry",
                [change("changed", "Order 14", {"Parties": ("Elm Street Advisers", "Sable Capital")}, mentions=SABLE)],
                "Sable Capital: Elm Street Ad… → Sable Capital (FCA register)"),
        Subject("a title that is an address", [_sable("Active", "Closed", title="https://sable.example/a/notice-17?x=1")],
                "Sable Capital: Active → Closed (FCA register)"),
        Subject("an entry with a new name", [_sable("Sable Capital Ltd", "Sable Capital Partners LLP", "title")],
                "now: Sable Capital Partners LLP (FCA register)"),
        Subject("an entry that is new", [change("added", "Sable Capital Ltd", mentions=SABLE)], "Sable Capital Ltd: added (FCA register)"),
        Subject("an entry that is gone", [change("removed", "Sable Capital Ltd", mentions=SABLE)], "Sable Capital Ltd: removed (FCA register)"),
        Subject("an entry that is back", [change("reappeared", "Sable Capital Ltd", mentions=SABLE)], "Sable Capital Ltd: back (FCA register)"),
        Subject("a new entry that mentions the entity", [change("added", "Order 14 on frozen assets", mentions=SABLE)],
                "Sable Capital: added, Order 14 on frozen assets (FCA register)"),
        Subject("an entry that goes back and forth", [_flapping()], "Sable Capital: flapping, Active → Suspended (FCA register)"),
        Subject("an entry that nobody watches by name", [_other(7)], "Elm Street Advisers 7: added (FCA register)"),
        Subject("171 changes of one register", many(), "Sable Capital: Active → Suspended (FCA register) +170"),
        Subject("a report", [report()], "Sable Capital suspended by the regulator (report, Tagus Wire)"),
        Subject("a report, and a record later in the same message", [report(), _sable("Active", "Suspended")],
                "Sable Capital Ltd: Active → Suspended (FCA register) +1"),
        Subject("a report that mentions the entity, and a record about nobody", [_other(7), report()],
                "Sable Capital suspended by the regulator (report, Tagus Wire) +1"),
        Subject("a report that names the entity in its text alone",
                [change("added", "Pension funds ask what became of their money", source=WIRE, mentions=text)],
                "Sable Capital: Pension funds ask what became of their mo… (report, Tagus Wire)"),
        Subject("another headline",
                [change("changed", "Sable Capital keeps its licence for now", {"title": ("Sable Capital loses licence", "Sable Capital keeps its licence for now")},
                        source=WIRE, mentions=SABLE)],
                "now: Sable Capital keeps its licence for now (report, Tagus Wire)"),
        Subject("a page of text with another line",
                [change("changed", "Notices", {"text": ("\n".join(["A", WIRE_TEXT[0]]), "\n".join(["B", WIRE_TEXT[1]]))}, source=WIRE, mentions=text)],
                "Sable Capital: new text: Sable Capital has lost its… (report, Tagus Wire)"),
        Subject("a statement",
                [change("added", "We have seen a technical notice and carry on", source=HOUSE, mentions=text)],
                "Sable Capital: We have seen a technical notice… (statement, Sable Capital, p…)"),
        Subject("the first look at a source", [baseline(REGISTER, 61204, "Sable Capital Ltd")],
                "Watching FCA register: 61,204 entries, 1 mentions sable"),
        Subject("the first look, of a rule for one entity", [baseline(REGISTER, 61204)],
                "Watching FCA register: 61,204 entries, none mentions sable", only),
        Subject("the first look at three sources", [baseline(each, 100) for each in (REGISTER, funds, agents)],
                "Watching 3 new sources: 300 entries, none mentions what you watch"),
        Subject("an entity that is new", [_newly_watched()], "Newly watched: sable: 2 stored entries mention it"),
        Subject("a source that cannot be read",
                [health("failing", "http_503", "https://register.example.org.uk/firms answered 503 Service Unavailable")],
                "FAILING: FCA register cannot be read: answered 503 Service Unavailable"),
        Subject("a host that is down, with its three sources",
                [health("failing", "unreachable", "could not reach register.example.org.uk: connection refused", each) for each in (REGISTER, funds, agents)],
                "FAILING: 3 sources on register.example.org.uk cannot be read: connection refu…"),
        Subject("a snapshot that is not believed", [health("suspicious", "mass_loss", "900 of 1,000 entries are gone")],
                "SUSPICIOUS: FCA register: 900 of 1,000 entries are gone"),
        Subject("the same, of which some are about somebody watched",
                [health("suspicious", "mass_change", "'Reviewed' changed in 900 of 1,000 entries at once, more than 500", mentioned=[{"entities": ["sable"], "title": "Sable Capital Ltd", "url": None}])],
                "SUSPICIOUS: FCA register, mentions sable: 'Reviewed' changed in 900 of 1,000…"),
        Subject("a change in it, to those whom it concerns", [held()],
                "Not believed yet: Sable Capital: Active → Suspended (FCA register)"),
        Subject("a snapshot that was held and is accepted",
                [replace(health("recovered", "mass_change", "", accepted=True), at=NOON + timedelta(minutes=40))],
                "RECOVERED: FCA register: its held snapshot was accepted after 40 min"),
        Subject("a source that can be read again",
                [replace(health("recovered", "http_503", "503"), at=NOON + timedelta(hours=3, minutes=20))],
                "RECOVERED: FCA register can be read again after 3 h 20 min"),
        Subject("a source that has nothing new for too long", [quiet], "QUIET: FCA register: nothing new for too long"),
        Subject("a channel that takes nothing", [replace(health("failing", "", "535 bad password", channel="desk"), source="", label="channel desk")],
                "FAILING: channel desk cannot be delivered to: 535 bad password"),
        Subject("a test alert", [replace(health("ok", "", ""), kind=EventKind.TEST)], "Test alert from Registry Watch: this channel works"),
    ]  # fmt: skip
