"""Every sentence that alerts/message can say is in a table with the condition under which it is true.

`test_message_truth` and `test_notices_truth` have those about entries and sources, and hold them in a model. Here are
those about the service itself and its questions, and what a title says; and the list of all, taken from the code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import alerts.message
from alerts.message.citations import Background
from alerts.message.compose import compose
from alerts.message.lines import DetailLevel
from alerts.message.notices import notice_lines
from alerts.message.recipient import Form, Promise, Recipient
from state.model import Event, EventKind
from tests.alerts import test_message_truth as changes
from tests.alerts import test_notices_truth as sources

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
Data = Mapping[str, Any]
Holds = Callable[[Data], bool]


def _is(*reasons: str, status: str = "failing") -> Holds:
    return lambda data: data.get("reason") in reasons and data["status"] == status


def _channel(status: str) -> Holds:
    return lambda data: "channel" in data and data["status"] == status


# Each sentence, the condition under which it is true, and whether that holds of an event's data.
SERVICE: dict[str, tuple[str, Holds]] = {
    r"FAILING: .*": ("it does not work now", lambda data: data["status"] == "failing"),
    r"RECOVERED: .*": ("it works again", lambda data: data["status"] == "recovered"),
    r"Channel .* cannot be delivered to: refused": ("its server refused, as said", _channel("failing")),
    r"Alerts are kept, and delivery is tried again\.": ("none was given up", _channel("failing")),
    r"Channel .* works again\.": ("one was", _channel("recovered")),
    r"GIVEN UP: .*": ("the time for attempts is over", _channel("given up")),
    r"(?P<number>\d+) alerts? will not be delivered: refused": ("so many were given up", _channel("given up")),
    r"Configuration: the new file is not used: refused \(configuration\)": ("it has an error", _is("configuration")),
    r"The service continues with its previous configuration\.": ("the same", _is("configuration")),
    r"Configuration works again\.": ("it was read", _is("configuration", status="recovered")),
    r"Evidence cannot be kept: refused \(evidence\)": ("a page could not be written", _is("evidence")),
    r"Changes are alerted all the same, without a proof\.": ("the same", _is("evidence")),
    r"Evidence can be kept again\.": ("one was written", _is("evidence", status="recovered")),
    r"Witness .* cannot be asked: refused \(witness\)": ("its server refused", _is("witness")),
    r"Changes are alerted and kept all the same, and it is asked again\.": ("the same", _is("witness")),
    r"Witness .* can be asked again\.": ("its server answered", _is("witness", status="recovered")),
    r"Bot .* is not heard: refused \(bot\)": ("its service refused", _is("bot")),
    r"Nobody is heard who presses a button or asks there\. Alerts to other channels are sent\.": (
        "the same",
        _is("bot"),
    ),
    r"Bot .* works again\.": ("its service answered", _is("bot", status="recovered")),
    r"Translation cannot be made: refused \(translation\)": ("its engine refused", _is("translation")),
    r"Alerts are sent without it\.": ("the same", _is("translation", "summary")),
    r"Summary cannot be made: refused \(summary\)": ("its engine refused", _is("summary")),
    r"Summary is made again\.": ("its engine answered", _is("summary", status="recovered")),
    r"Translation is made again\.": ("its engine answered", _is("translation", status="recovered")),
    r"Alert rule .* cannot be applied: refused \(condition\)": ("it could not", _is("condition")),
    r"The rule does not apply to such a change\. You are told this once\.": ("the same", _is("condition")),
    r"when: a > b": ("the rule's condition", _is("condition")),
    r"The template of channel .* cannot be used: refused \(template\)": ("it could not", _is("template")),
    r"The usual message was sent instead\. You are told this once\.": ("the same", _is("template")),
    r"Refused( \(\w+\))?\.": ("as the state says", lambda data: data["status"] in {"quiet", "restless", "log_full"}),
    r"(QUIET|RESTLESS|LOG_FULL|EVIDENCE_FULL): .*": ("the same", lambda data: data["status"] in data["reason"]),
    rf"It began: {TIME}, by a clock that was set back since": (
        "it ended before it began",
        lambda data: data["since"] > NOON.isoformat(),
    ),
    r"None of them can be read: refused \(unreachable\)": ("one host, one reason", lambda data: bool(data["labels"])),
    r"What is known of them is kept\. Their changes are not seen until they can be read again\.": (
        "what cannot be read writes nothing",
        lambda data: data["status"] == "failing",
    ),
    r"This kind was written from descriptions of the site, which may be built differently\.": (
        "nobody has seen the site when the kind was written",
        lambda data: data["hearsay"],
    ),
    r"TO APPROVE: A text": ("nobody has decided", lambda data: "approval" in data),
    r"The register has changed since: Sable: a → b, noticed .*": ("a later event", lambda d: bool(d["changed_since"])),
    r"It goes to channel public once somebody approves it\.": ("the rule says so", lambda data: "approval" in data),
    rf"Until: {TIME}; else it is dropped": ("the rule says so", lambda data: data["then"] == "drop"),
    rf"Until: {TIME}; else it is sent all the same": ("the rule says so", lambda data: data["then"] == "send"),
    r"The text is cut here; the page behind each link has all of it\.": ("it is longer", lambda d: len(d["text"]) > 99),
    r"As HTML:": ("the channel gets this", lambda data: bool(data["html"])),
    r"What changed since then: Sable: a → b, noticed .*": ("a later event", lambda data: bool(data["changed_since"])),
    r"NOT ACKNOWLEDGED: .*": ("nobody has", lambda data: "times" in data),
    r"Register: nobody has acknowledged it for 2 h\.": ("since it was noticed", lambda data: "times" in data),
    r"Reminder 2; the next one comes in 1 h\.": ("the rule says so", lambda data: data["every"] == 3600),
    r"TEST ALERT FROM REGISTRY WATCH: this channel works": ("it arrived", lambda data: not data),
    r"Alerts to this channel look like this one\. You need not do anything\.": ("the same", lambda data: not data),
    r"The entries are on further pages of the list, which are read from now on\.": ("so", lambda data: data["further"]),
    r"The source has a new address, so everything on it was read as new\.": ("so", lambda data: data["moved"]),
    r"page 1 of 3; while only a part is read, no entry counts as removed\.": ("so", lambda data: bool(data["part"])),
    r"This kind was written from descriptions of the site: check that what was read is what the site shows\.": (
        "nobody has seen the site when the kind was written",
        lambda data: data["hearsay"],
    ),
    r"WATCHING: .*": ("it was read for the first time", lambda data: "entries" in data),
    r"3 entries; .* alerted\.": ("so many were read; the rule says so", lambda data: data["entries"] == 3),
    r"6 entries; changes from now on are alerted as the rules say\.": ("of both", lambda data: data["entries"] == 3),
    r"Source: .*, 3 entries": ("so many were read", lambda data: data["entries"] == 3),
    r"On the list since at least 2019-04(-13)? \((Internet Archive|git history|a WARC file|a folder of saved pages)\)": (
        "that witness has it from then on, and the day is said where it looked in the month before",
        lambda data: all("since_at_least" in each for each in data["mentioned"]),
    ),
    r"No entry mentions (what you watch|a)\.": ("none does", lambda data: data["mentioning"] == 0),
}
DATA = re.compile(rf"\w[\w ]*: watch .*|((?:Trouble s|S)ince|First read|Sent|Noticed|It lasted): {TIME}.*|A text|x+(…x*)?|It lasted.*|"
                  r"(Approve|Reject|Acknowledge|At the desk|Open the \w+): http.*|Source: (A|B)|sable: .*|4 already mention.*|")  # fmt: skip

# What a title, a line of a sum, a proof and a command say besides. They are made of the same data, and hold as it does.
FURTHER = r"""
Test alert from Registry Watch: this channel works / To approve: / To approve, changed since: / Not acknowledged:
Newly watched: 1 stored entry mentions it / stored entries mention it / stored entry mentions one of them / stored entries mention one of them / new sources / new source / what you watch
Not believed yet: / under another key / new text: / text taken out: / text: other order of its lines / text: other order of its words / moved in the text / more fields
cannot be read: / cannot be delivered to: / cannot be kept: / cannot be asked: / cannot be made: / cannot be applied: / cannot be used: / cannot be checked: / : the new file is not used:
works again / can be kept again / can be asked again / is made again / is believed again / can be read again / : its held snapshot was accepted
1 alert will not be delivered / alerts will not be delivered / given up / none mentions Sable / none mentions what you watch / no reason was given / entries may have been missed / nothing new for too long
, mentions Sable / kept as no. 7, attached / Status 2, and others / it changes at every check / its changes use too much space / its pages are not kept any more / 1 source on host / sources on host
changes back and forth, / AT LAST CHANGED / THEN NOT BELIEVED YET / not believed yet, changed / Also in / more like it
this one and 3 more entries in the same check, none of which mentions what you watch / more entry in the same check / such as
1 of them mentions what you watch / of them mention what you watch / and others / more changes of this entry / 1 time since
and 3 more changes from other sources / 1 more change from other sources
more change that is not believed yet / more changes that are not believed yet / more about the sources themselves
Open the record / Open the statement / Open the report / Open the register's page / Open the page / Open it
At the desk / The case of / kept as no. 7 / none: the pages kept of this source use all of their space
other signs in: 7, a / An archive's copy of the page / (register, in this message) / All of it / All sources / All errors / What waits / To test it / To try one again
To check what was kept / To try it on a change / To look at it now / If what it says now is right / To acknowledge it
the authority itself / republished by others, not the authority itself / a party speaking / press report / this change / this statement / this report / first read
every change from now on is alerted / from now on changes that mention a are alerted
from now on changes are alerted that meet all of this: added; mention of a; a further condition
It had been cleared for / This no longer holds: / This would no longer hold:
entry that is stored already mentions it ( / entries that are stored already mention it ( / entry that is stored already mentions one of them ( /
entries that are stored already mention one of them ( / already mentions what you watch: / already mention what you watch:
No entry mentions what you watch. / alert will not be delivered: / alerts will not be delivered: / It cannot be checked: / It cannot be read:
the register's entry changed / the register's entry was added / the register's entry was removed / the register's entry came back / the register's
entry got another key / before this change / after this change / before this statement / after this statement / before this report / after this report
/ no entry on the watched registers mentions it yet / no change that was seen on the watched registers mentions it yet / the register has had an entry
on it since before it was first looked for, / the register has had an entry on it since before it was first read,
alert rule / the template of channel / not configured
more field / more line / more lines / more source / more sources / more entry / more entries
summary by / machine translation ( / , as it was, / , as it is, / from the glossary
now with / now without / Last good reading before / Looked for / Before that / What was wrong at last / more change of this entry
"""


def _literals() -> Iterator[tuple[str, str]]:
    """Each text of several words in the code of alerts/message, of a sentence what is between its places."""
    for file in sorted(Path(alerts.message.__path__[0]).glob("*.py")):
        if file.name == "own_template.py":  # what it says is about the configuration
            continue
        tree = ast.parse(file.read_text("utf-8"))
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        documents = {id(node.body[0].value) for node in ast.walk(tree)  # type: ignore[attr-defined] - an expression's
                     if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                for text in map(str.strip, re.split(r"\{\w+\}|\n", node.value)):
                    is_pattern_or_command = "\\" in text or text.startswith(("watch ", "<a "))
                    if re.search(r"[a-z,;:] [a-z]", text, re.IGNORECASE) and not is_pattern_or_command:
                        yield f"{file.name}:{node.lineno}", text


def test_no_sentence_of_the_code_is_missing_in_the_tables() -> None:
    tables = "\n".join([*SERVICE, *sources.SENTENCES, *changes.SENTENCES, changes.ORDER, FURTHER]).replace("\\", "")
    words = " ".join(tables.split())
    assert [(place, text) for place, text in _literals() if " ".join(text.split()) not in words] == []


def sign(what: str, number: int, until: datetime | None) -> str:
    return f"https://watch.example/act/{what}-{number}"


def health(status: str, reason: str | None = None, source: str = "", **data: object) -> Event:
    told = {"status": status, "reason": reason, "message": "refused", "since": (NOON - timedelta(hours=2)).isoformat()}
    return Event(EventKind.HEALTH, source, source or "it", "", NOON, None, told | data)


def baseline(source: str = "A", **data: object) -> Event:
    told = {"entries": 3, "mentioning": 0, "mentioned": [], "moved": False} | data
    return Event(EventKind.BASELINE, source, source, "record", NOON, None, told)


def known(kind: str) -> dict[str, object]:
    """An entry that a witness had before the source was first read."""
    at = "2019-04-13T12:00:00+00:00"
    since = {"at": at, "checked_before": None, "witness": {"kind": kind, "where": "a", "at": at}}
    return {"title": "Sable", "url": None, "entities": ["sable"], "since_at_least": since}


def approval(then: str, text: str = "A text", **data: object) -> Event:
    told = {"approval": 1, "title": "A text", "text": text, "html": "", "channel": "public", "delivery": 1}
    return Event(
        EventKind.APPROVAL, "", "message 1", "", NOON, None, told | {"until": NOON.isoformat(), "then": then} | data
    )


SINCE = [{"news": "Sable: a → b", "at": NOON.isoformat()}]
REMINDER = {"change": 7, "key": "7", "title": "Sable: a → b", "about": "Register", "url": "https://a.example/7", "times": 2,
            "authority": "report", "since": (NOON - timedelta(hours=2)).isoformat(), "every": 3600.0,
            "changed_since": SINCE}  # fmt: skip
EVENTS = [
    *([health(status, channel="desk")] for status in ("failing", "recovered")),
    [health("given up", channel="desk", lost=3)],
    [health("recovered", channel="desk", since=(NOON + timedelta(hours=2)).isoformat())],
    *(
        [health(status, reason)]
        for reason in ("configuration", "evidence", "witness", "bot", "translation", "summary")
        for status in ("failing", "recovered")
    ),
    [health("failing", "condition", what="a > b")],
    [health("failing", "template")],
    *([health(status, status, "A")] for status in ("quiet", "restless", "log_full")),
    [health("failing", "unreachable", name, hearsay=True, labels=["A", "B"]) for name in "AB"],
    [approval("drop", changed_since=SINCE, html="A text")],
    [approval("send", "x" * 3000)],
    [Event(EventKind.REMINDER, "", "Register", "", NOON, None, REMINDER)],
    [Event(EventKind.TEST, "", "", "", NOON, None, {})],
    [baseline(further=True)],
    [baseline(moved=True, part="page 1 of 3", hearsay=True)],
    [baseline("A"), baseline("B")],
    [baseline(mentioning=4, mentioned=[*map(known, ("wayback", "git", "warc", "folder"))])],
]


def test_each_sentence_about_the_service_is_true_of_its_event_and_is_said() -> None:
    said = set[str]()
    for events in EVENTS:
        promises = {"A": Promise(), "B": Promise(entities=("a",))}
        known = Background(places={"A": "https://a.example/1", "B": "https://a.example/2"})
        whom = Recipient(operator=True, promises=promises, sign=sign, desk="https://watch.example")
        made = compose(events, timezone=UTC, body_limit=30_000, title_limit=250, known=known, recipient=whom)
        cut = notice_lines(events, UTC, DetailLevel(120, 4, 240, 8), whom)
        for line in [*made.text.splitlines(), *(each.text for each in cut if "cut here" in each.text)]:
            found = [each for each in SERVICE if re.fullmatch(each, line)]
            assert found or DATA.fullmatch(line), f"a sentence that is not listed: {line}\n{made.text}"
            for each in found:
                assert SERVICE[each][1](events[0].data), f"{line}\n{made.text}"
            said.update(found)
    assert said == set(SERVICE)


def test_of_many_reminders_a_line_each_says_how_to_acknowledge_it_and_the_rest_is_counted() -> None:
    events = [
        Event(
            EventKind.REMINDER,
            "",
            "Register",
            "",
            NOON,
            None,
            {**REMINDER, "change": number, "title": f"entry {number}", "changed_since": SINCE if number == 44 else []},
        )
        for number in range(1, 45)
    ]

    def made(limit: int, recipient: Recipient) -> str:
        return compose(events, timezone=UTC, body_limit=limit, title_limit=250, recipient=recipient).text

    line = "entry 9 (Register)"
    for whom, said in (
        (
            Recipient(sign=sign, desk="https://w.example"),
            f"Acknowledge, {line}: https://watch.example/act/acknowledge-9",
        ),
        (Recipient(desk="https://w.example"), f"{line}: https://w.example/changes/9"),
        (Recipient(), f"{line}: https://a.example/7"),
        (Recipient(operator=True), f"{line}: https://a.example/7"),
        (Recipient(form=Form.PLAIN, sign=sign), f"Acknowledge, {line}: https://watch.example/act/acknowledge-9"),
    ):
        assert f"\n{said}\n" in made(30_000, whom)
    assert f"\n{line}: watch ack 9\n" in made(2_600, Recipient(operator=True))
    since = "What changed since then: Sable: a → b, noticed 2026-03-03 12:00:00 UTC"
    assert made(30_000, Recipient()).endswith(f"\nentry 44 (Register): https://a.example/7\n{since}")
    short = made(1_000, Recipient(desk="https://w.example"))
    named = len(re.findall(r"entry \d", short))
    assert 10 < named < 44
    assert short.endswith(f"\n\nand {44 - named} more changes: https://w.example")


def test_a_reminder_about_a_report_opens_the_report() -> None:
    event = Event(EventKind.REMINDER, "", "Register", "", NOON, None, REMINDER)
    text = compose([event], timezone=UTC, body_limit=30_000, title_limit=250).text
    assert "Open the report: https://a.example/7" in text
