"""Each sentence of a message about changes, with the condition under which it is true, held in all states of a model.

The model has a true history: when a register's entry became what, and when a report was published. Readings see only
some of it, and events are made of what they see. What a message then says is compared with the true history.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.grouping import mark_flapping
from alerts.language import phrase_span
from alerts.message.citations import Background, Coverage, StandingEntry
from alerts.message.compose import compose
from state.model import Event, EventKind, Mention

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
MENTION = Mention("sable", "Sable Capital", "Sable Capital", "title")
DAY = timedelta(days=1)


class World(NamedTuple):
    """What truly happened. `states` are the entry's values since which times, None while it is absent; `readings` the
    times at which the register was read; `published` and `seen` those of the report. `log` says how the log tells of the
    first reading, if it does; `unread` registers cannot be read now; `searched`: what is stored was looked through.
    """

    states: Sequence[tuple[datetime, str | None]]
    readings: Sequence[datetime]
    published: datetime
    said: str | None
    seen: tuple[datetime, datetime]
    log: str = ""
    unread: int = 0
    searched: bool = True

    def state(self, at: datetime) -> str | None:
        return [value for since, value in self.states if since <= at][-1]

    def became(self, event: Event) -> tuple[datetime, datetime]:
        """Between which times the entry first and last changed, of those that an event of the register is about."""
        assert event.previous
        within = [since for since, _ in self.states if event.previous < since <= event.at]
        return within[0], within[-1]

    def events(self) -> list[Event]:
        """What the readings give: of the register each difference, and the report once."""
        made, was, ever = list[Event](), self.state(self.readings[0]), self.state(self.readings[0]) is not None
        for previous, at in zip(self.readings, self.readings[1:], strict=False):
            now = self.state(at)
            if now != was:
                change = "removed" if now is None else "changed" if was else "reappeared" if ever else "added"
                fields = {"Status": {"before": was, "after": now}}
                made.append(event_of(change, "record", at, previous, len(made) + 1, fields=fields))
                ever = True
            was = now
        report = event_of("added", "report", self.seen[1], self.seen[0], 99, published=self.said, title="News")
        return sorted([*made, report], key=lambda event: event.at)


def event_of(change: str, authority: str, at: datetime, previous: datetime, number: int, **data: object) -> Event:
    name = "register" if authority == "record" else "press"
    data = {"title": "Sable Capital", "url": None, "published": None, "fields": {}, "entry": {}} | data
    told = {"change": change, "key": f"the {name}'s", **data}
    return Event(EventKind.CHANGE, name, name, authority, at, previous, told, (MENTION,), number)


def first_reading(log: str) -> Event:
    """What the log has of a register's first reading, or of the entity that came into the configuration then."""
    item = {"key": "7", "title": "Sable Capital", "url": None, "published": None, "entities": ["sable"]}
    told = {"entries": 1, "mentioning": 1, "mentioned": [item], "added": ["sable"] * ("looked for" in log)}
    return Event(EventKind.BASELINE, "register", "register", "record", START, None, told, (MENTION,), 1000)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    def times(least: int, most: int, hours: int = 240) -> list[datetime]:
        found = draw(st.lists(st.integers(1, hours * 60), min_size=least, max_size=most, unique=True))
        return [START + timedelta(minutes=minute) for minute in sorted(found)]

    changes = times(1, 7)
    values = draw(
        st.lists(st.sampled_from([None, "Active", "Suspended"]), min_size=len(changes), max_size=len(changes))
    )
    states = [(START - DAY, draw(st.sampled_from([None, "Active"]))), *zip(changes, values, strict=True)]
    states = [state for at, state in enumerate(states) if at == 0 or state[1] != states[at - 1][1]]
    published, (seen,) = times(1, 1)[0], times(1, 1)
    published, seen = min(published, seen), max(published, seen) + timedelta(minutes=1)
    before = published - timedelta(minutes=draw(st.integers(1, 300)))
    said = draw(st.sampled_from([None, published.isoformat(), f"{published.date()}T00:00:00+00:00"]))
    log, unread = draw(st.sampled_from(["", "first read", "first looked for"])), draw(st.integers(0, 1))
    return World(states, [START, *times(2, 9)], published, said, (before, seen), log, unread, draw(st.booleans()))


class Message(NamedTuple):
    """A message about one event of a world, with all events until then."""

    world: World
    event: Event
    events: Sequence[Event]

    @property
    def earlier(self) -> list[Event]:
        """The changes before of the same entry, the earliest first."""
        return [each for each in self.events if each.source == self.event.source and each.at < self.event.at]

    def holds_order(self, words: re.Match[str]) -> bool:
        """Whether what is said of the order of record and report is true, whatever happened between the readings."""
        other = self.cited()
        record, is_own = (self.event, True) if self.event.authority == "record" else (other, False)
        first, last = self.world.became(record)
        truly = [self.world.published - each if is_own else each - self.world.published for each in (first, last)]
        if words["order"] is None:  # which the readings cannot tell
            return True
        least = duration_of(words["least"] or "")
        signed = truly if words["order"] == "after" else [-each for each in truly]
        return all(each >= max(least, timedelta()) for each in signed)

    def cited(self) -> Event:
        others = [each for each in self.events if each.source != self.event.source and each.at <= self.event.at]
        return others[-1]


def duration_of(words: str) -> timedelta:
    units = {"d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
    return timedelta(**{units[unit]: int(number) for number, unit in re.findall(r"(\d+) (d|h|min|s)\b", words)})


def at_of(words: str) -> datetime:
    return datetime.fromisoformat(words.removesuffix(" UTC")).replace(tzinfo=UTC)


def _is_what_happened(message: Message, words: re.Match[str]) -> bool:
    world, event = message.world, message.event
    assert event.previous
    if event.authority == "report":
        return words["change"] == "ADDED"
    before, now = world.state(event.previous), world.state(event.at)
    seen = {world.state(at) for at in world.readings if at < event.at}
    if now is None:
        return words["change"] == "REMOVED" and before is not None
    if before is not None:
        return words["change"] == "CHANGED" and before != now
    return words["change"] == ("ADDED" if seen == {None} else "REAPPEARED")


def _is_back(message: Message, words: re.Match[str]) -> bool:
    world, undone = message.world, message.earlier[-1]
    assert undone.previous
    before, between, now = (world.state(at) for at in (undone.previous, undone.at, message.event.at))
    return undone.at == at_of(words["at"]) and before == now is not None and between is not None


def _is_flapping(message: Message, words: re.Match[str]) -> bool:
    what, fields = message.event.data["change"], message.event.data["fields"]  # what was added did not reappear
    every = [*message.earlier, message.event]
    alike = [each for each in every if (each.data["change"], each.data["fields"]) == (what, fields)]
    lately = [each for each in alike if each.at >= message.event.at - DAY]
    return len(lately) == int(words["times"]) and lately[0].at == at_of(words["since"])


def _came_before(message: Message, words: re.Match[str]) -> bool:
    """The register's entry is the latest change of it that was seen, and became so."""
    kinds = {
        "changed": "changed",
        "was added": "added",
        "was removed": "removed",
        "came back": "reappeared",
        "got another key": "rekeyed",
    }
    return message.cited().data["change"] == kinds[words["happened"]] and message.holds_order(words)


ORDER = r"(?:; which came first is not known|(?:, at least (?P<least>[^,]+?)|, (?P<exactly>\d[^,]*?)|,)? ?(?P<order>before|after) this \w+)"
WHEN = r"(?:(?:between |before )?[\d: -]+(?: UTC)?(?: and [\d: -]+(?: UTC)?)?)"

Holds = Callable[[Message, re.Match[str]], bool]

# Each sentence, and when it is true.
SENTENCES: dict[str, tuple[str, Holds]] = {
    r"(?P<change>ADDED|CHANGED|REMOVED|REAPPEARED): .*": (
        "the last reading before had it not or otherwise, this one so; reappeared: an earlier reading had it",
        _is_what_happened,
    ),
    r"It is back to what it was before the change noticed (?P<at>.+)\.": (
        "the last change that was seen of it is undone: it had a value before that, after it, and has the first one again",
        _is_back,
    ),
    r"Flapping: this same change has come (?P<times>\d+) times since (?P<since>.+)\.": (
        "so many changes from the same to the same were seen in a day, the first then",
        _is_flapping,
    ),
    rf"Record: the register's entry (?P<happened>changed|was added|was removed|came back|got another key) {WHEN}{ORDER}.*": (
        "the latest change that was seen; the order is true whenever it happened between its readings",
        _came_before,
    ),
    rf"Report: {WHEN}{ORDER}.*": (
        "the report that was seen last; the order is true whenever both happened between their readings",
        lambda message, words: message.holds_order(words),
    ),
    r"Record: (?P<all>no entry on|no change that was seen on) the watched registers mentions it yet(?P<but>; 1 of them cannot be read now)?": (
        "no reading of the register had it; no change: what is stored could not be looked through",
        lambda message, words: (
            (
                all(message.world.state(at) is None for at in message.world.readings if at <= message.event.at)
                or not message.world.searched
            )
            and (words["all"] == "no entry on") is message.world.searched
            and (words["but"] is not None) is (message.world.unread == 1)
        ),
    ),
    r"Record: the register has had an entry on it since before (?P<since>it was first read|it was first looked for), (?P<at>.+): Sable Capital \(register\)": (
        "that reading had it, and no change was seen since",
        lambda message, words: (
            message.world.state(START) is not None
            and message.world.log in words["since"]
            and words["at"].removesuffix(" UTC") in f"{START}"
        ),
    ),
    r"Further repetitions are sent together once the entry has settled, or after a day\.": (
        "the same change came before: this is the last that is sent at once",
        lambda message, _: message.event.data["flapping"]["times"] > 1,
    ),
    r"Record: an entry on the register mentions it: .*": (
        "the register's first reading had it, and no change was seen since",
        lambda message, _: message.world.state(START) is not None,
    ),
    r"No report or statement about it was seen in the 7 days before\.": (
        "no reading of the other sources had one in the days that the message is composed from",
        lambda message, _: message.world.seen[1] > message.event.at,
    ),
    r".* · Noticed: (?P<at>.+?) · Last good reading before: (?P<before>.+)": (
        "the reading that found it, and the last one before, which did not",
        lambda message, words: (
            message.event.previous is not None
            and words["before"].removesuffix(" UTC") in f"{message.event.previous}"
            and at_of(words["at"]) == message.event.at
        ),
    ),
}
DATA = re.compile(  # what a source says, its names, and what follows from them
    r"■ .*|Status(: .*)?|was: .*|now: .*|Mentions sable: .*|Key: .*|Published: .*|(Key: .* · )?Published: .*|"
    r"Address: .*|"
)


@settings(max_examples=150)
@given(worlds())
def test_what_a_message_says_is_true(world: World) -> None:
    events = list[Event]()
    for event in world.events():
        own = [each for each in events if each.source == event.source and each.at >= event.at - DAY]
        events.append(mark_flapping(event, own))
    there = world.state(START) is not None
    standing = {"sable": [StandingEntry("register", "Sable Capital", None)]} if there and world.searched else {}
    for event in events:
        until = [each for each in reversed(events) if each.at <= event.at]
        until += [first_reading(world.log)] if there and world.log else []
        coverage = Coverage(registers=1, unread=world.unread, others=1, searched=world.searched)
        known = Background(until, standing, coverage, told=frozenset({event.id}))
        text = compose([event], timezone=UTC, body_limit=30_000, title_limit=200, known=known).text
        for line in text.splitlines():
            found = [(words, holds) for each, (_, holds) in SENTENCES.items() if (words := re.fullmatch(each, line))]
            assert found or DATA.fullmatch(line), f"a sentence that is not listed: {line}"
            for words, holds in found:
                assert holds(Message(world, event, events), words), f"{line}\n{text}"


@given(st.integers(-(10**6), 10**7), st.integers(0, 10**6), st.booleans())
def test_a_trouble_lasted_from_its_first_reading_to_its_end(seconds: int, later: int, accepted: bool) -> None:
    began = START + timedelta(seconds=later)
    ended = began + timedelta(seconds=seconds)
    data = {"status": "recovered", "since": began.isoformat(), "was": "suspicious", "message": "half of it is gone"}
    read = began if accepted else ended  # what is accepted was read before
    data |= {"accepted": True, "until": ended.isoformat()} if accepted else {}
    event = Event(EventKind.HEALTH, "register", "Register", "record", read, None, data)
    made = compose([event], timezone=UTC, body_limit=30_000, title_limit=200)
    if ended < began:  # by a clock that was set back
        assert "after" not in made.title
        assert "It lasted" not in made.text
        assert "by a clock that was set back since" in made.text
        return
    assert made.title.endswith(f"after {phrase_span(ended - began)}")
    assert (
        f"It lasted: {phrase_span(ended - began)}, from {began:%Y-%m-%d %H:%M:%S} UTC to {ended:%F %T} UTC" in made.text
    )
