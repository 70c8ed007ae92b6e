"""Each sentence about a source, and about what is held of it, with the condition under which it is true.

A register and a rolling list have a course that is drawn at random. The real cycle reads them; what the messages say of
it is compared with what the two sites had, and with which readings the program believed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alerts.message.compose import compose
from alerts.message.recipient import Promise, Recipient
from sources import Get, Page, Source
from sources.errors import HttpStatus
from sources.http.exchange import Validators
from state.model import Event, EventKind, Status
from state.store import Store
from tests.alerts import test_message_truth as changes
from tests.alerts.test_message_truth import at_of, duration_of
from tests.sync_cycle import sync_cycle
from watcher.config.load import Config, load
from watcher.cycle import Cycle
from watcher.delivery.added_entities import alert_additions
from watcher.delivery.citations import Citations
from watcher.trials.held import compare_held, take

START = datetime(2026, 3, 2, 12, 0, 7, tzinfo=UTC)  # midnight is how a date is written
NAMES, WATCHED, OTHER = count(), "Northgate Payments", "Harbour Shipping"
FIRMS = [OTHER, *(f"Firm {chr(65 + number)}" for number in range(11))]
SETTINGS = f"""
[http]
spacing = "0s"
[entities.ngp]
names = ["{WATCHED}"]
[entities.late]
names = ["{OTHER}"]
[sources.list]
kind = "json"
url = "https://register.example/list"
items = "@"
key = "id"
title = "firm"
[sources.news]
kind = "json"
url = "https://register.example/news"
items = "@"
key = "id"
listing = "window"
authority = "report"
"""


class Step(NamedTuple):
    """What the sites have for one reading: the register nothing at all (`away`), half of its rows, its dates in another
    form, the watched firm or not, that firm's status; by how many items the list has moved on. `accept`: somebody
    accepts what is held then.
    """

    minutes: int = 15
    away: bool = False
    half: bool = False
    german: bool = False
    there: bool = True
    status: str = "Active"
    prefix: str = "P"
    moved: int = 1
    accept: bool = False

    def rows(self) -> list[dict[str, str]]:
        firms = [*([WATCHED] if self.there else []), *(FIRMS[6:] if self.half else FIRMS)]
        known = [WATCHED, *FIRMS]
        day = "{:02}.01.2020" if self.german else "2020-01-{:02}"
        return [
            {
                "id": f"{self.prefix}{known.index(firm)}",
                "firm": firm,
                "since": day.format(known.index(firm) + 1),
                "status": self.status if firm == WATCHED else "Active",
            }
            for firm in firms
        ]


NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # each example opens a state
SELDOM = st.sampled_from([False, False, False, True])
STEPS = st.builds(
    Step,
    minutes=st.integers(5, 400),
    away=SELDOM,
    half=SELDOM,
    german=SELDOM,
    there=st.sampled_from([True, True, False]),
    status=st.sampled_from(["Active", "Suspended"]),
    prefix=st.sampled_from(["P", "P", "P", "UK-"]),
    moved=st.sampled_from([0, 1, 2, 6, 9]),
    accept=st.booleans(),
)


class Reading(NamedTuple):
    """What a check got of the register, None where it got nothing; whether it was believed, at once or when."""

    at: datetime
    rows: Mapping[str, Mapping[str, str]] | None  # by firm
    believed: bool
    accepted: datetime | None = None

    @property
    def is_good(self) -> bool:
        return self.believed or self.accepted is not None


@dataclass
class World:
    """The two sites at a clock, and what was read of them."""

    now: datetime = START
    step: Step = field(default_factory=Step)
    first: int = 0
    readings: list[Reading] = field(default_factory=list)
    lists: list[tuple[datetime, set[int]]] = field(default_factory=list)
    told: set[int] = field(default_factory=set)  # the numbers of the events that messages were about
    said: set[str] = field(default_factory=set)  # the sentences that were met

    def clock(self) -> datetime:
        return self.now

    def session(self, source: Source) -> World:
        return self

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        rows: Sequence[Mapping[str, object]] = self.step.rows()
        if get.url.endswith("news"):
            rows = [{"id": number, "title": f"News {number}"} for number in range(self.first + 6, self.first, -1)]
        elif self.step.away:
            raise HttpStatus(503, "the server answered 503")
        return Page(get, get.url, 200, {"content-type": "application/json"}, json.dumps(rows).encode(), self.now)


class Told(NamedTuple):
    """A message about an event, in the world as it is when it is sent; `stored` is how many entries the state has."""

    world: World
    event: Event
    stored: int

    @property
    def place(self) -> int:
        return next(at for at, each in enumerate(self.world.readings) if each.at == self.event.at)

    @property
    def reading(self) -> Reading:
        return self.world.readings[self.place]

    @property
    def good(self) -> Reading | None:
        """The last reading before that was believed."""
        before = self.world.readings[: self.place]
        return next((each for each in reversed(before) if each.is_good), None)

    @property
    def trouble(self) -> list[Reading]:
        """The readings since then, until this one or until it was accepted, that were not believed when they came."""
        since = (self.good.accepted or self.good.at) if self.good else START
        until = self.reading.accepted or self.reading.at
        return [each for each in self.world.readings if not each.believed and since < each.at <= until]

    def pair(self, firm: str) -> tuple[Mapping[str, str] | None, Mapping[str, str] | None]:
        """How a firm stood in the last reading that was believed, and in this one."""
        before = self.good.rows if self.good and self.good.rows else {}
        return before.get(firm), (self.reading.rows or {}).get(firm)

    @property
    def touches_watched(self) -> bool:
        before, now = self.pair(WATCHED)
        return before != now

    @property
    def is_kept(self) -> bool:
        """Whether the state is as the last reading that was believed."""
        return self.stored == len(self.good.rows or {} if self.good else {})


Holds = Callable[[Told, re.Match[str]], bool]
TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"


def _what_happened(told: Told, words: re.Match[str]) -> bool:
    before, now = told.pair(words["firm"])
    held = told.event.kind is EventKind.HELD
    if held is (words["held"] is None) or held is told.reading.is_good:
        return False
    if not before or not now:
        seen = [each.rows or {} for each in told.world.readings[: told.place] if each.is_good]
        ever = now is not None and any(now["id"] == row["id"] for rows in seen for row in rows.values())
        return words["change"] == ("REMOVED" if not now else "REAPPEARED" if ever else "ADDED")
    return words["change"] == ("REKEYED" if before["id"] != now["id"] else "CHANGED") and before != now


def _lasted(told: Told, words: re.Match[str]) -> bool:
    began, ended = told.trouble[0].at, told.reading.accepted or told.reading.at
    said = (at_of(words["began"]), at_of(words["ended"]), duration_of(words["span"]))
    return said[:2] == (began, ended) and abs(said[2] - (ended - began)) < timedelta(hours=1)


def _since(told: Told, words: re.Match[str]) -> bool:
    return at_of(words["began"]) == told.trouble[0].at and _good(told, words)


def _good(told: Told, words: re.Match[str]) -> bool:
    said = words["good"] and (words["good"] if "-" in words["good"] else f"{told.event.at:%F} {words['good']}")
    return (at_of(said) if said else None) == (told.good.at if told.good else None)


def _seen(told: Told, words: re.Match[str]) -> bool:
    if told.event.source == "news":  # every reading of it is believed
        before = [at for at, _ in told.world.lists if at < told.event.at][-1]
        return at_of(words["at"]) == told.event.at and f"{before:%T} UTC" in words["good"]
    return at_of(words["at"]) == told.event.at and _good(told, words)


def _wrong(told: Told, words: re.Match[str]) -> bool:
    return (told.trouble[-1].rows is None) is ("503" in words["why"])


def _disjoint(told: Told, words: re.Match[str]) -> bool:
    (_, before), (_, now) = [each for each in told.world.lists if each[0] <= told.event.at][-2:]
    return not before & now


def _counts(told: Told, words: re.Match[str]) -> bool:
    """The numbers in the reason of a doubt."""
    if gone := re.match(r"(\d+) of (\d+) entries gone at once", words["why"]):
        before, now = (told.good and told.good.rows) or {}, told.reading.rows or {}
        return (int(gone[1]), int(gone[2])) == (len(before.keys() - now.keys()), len(before))
    return told.reading.rows is not None and not told.reading.believed


def _rewritten(told: Told, words: re.Match[str]) -> bool:
    """The firms of which no more than the date is another one, or is written otherwise."""
    pairs = [told.pair(firm) for firm in [WATCHED, *FIRMS]]
    alike = [before for before, now in pairs if before and now and {**before, "since": now["since"]} == now]
    return len(alike) == int(words["number"]) + int(words["first"] is not None)


def _moves(told: Told, words: re.Match[str]) -> bool:
    good = [each.rows or {} for each in told.world.readings[: told.place + 1] if each.is_good]
    pairs = list(pairwise(good))[-int(words["number"]) :]

    def moved(field: str) -> bool:
        return all(
            any(now[firm][field] != row[field] for firm, row in old.items() if firm in now) for old, now in pairs
        )

    return len(pairs) == int(words["number"]) and all(map(moved, re.findall(r"\w+", words["fields"])))


GOOD = rf"(?: · )?(?:Last good reading before: (?P<good>(?:{TIME}|[\d:]+ UTC)))?"  # with its date, if it is another

# Each sentence, and when it is true. No part of a message may be without one.
SENTENCES: dict[str, tuple[str, Holds]] = {
    r"(?P<held>NOT BELIEVED YET, )?(?P<change>ADDED|CHANGED|REMOVED|REAPPEARED|REKEYED): (?P<firm>Northgate.*|Harbour.*|Firm .)": (
        "the last good reading and this one differ so; not believed yet: this one is not believed",
        _what_happened,
    ),
    r"CHANGED: (?P<number>\d+) entries written otherwise: dates rewritten(?P<first>$^)?": (
        "of as many entries nothing but the date differs",
        _rewritten,
    ),
    r"Together: (?P<first>this one and) (?P<number>\d+) more entr(y|ies) in the same check": (
        "of as many others, which may be watched, nothing but the date differs",
        _rewritten,
    ),
    r"It was read, but is not believed yet: (?P<why>.+)": ("the reading came and was not believed", _counts),
    r"It comes again once it is believed, or accepted by somebody; else nothing follows\.": (
        "nothing of it is in the state",
        lambda told, _: told.is_kept,
    ),
    r"FAILING: list": ("the last reading got nothing", lambda told, _: told.reading.rows is None),
    r"It cannot be (read|checked): the server answered 503 \(http_503\)": (
        "the site gave this answer; checked: where a fault of the program stopped the check",
        lambda told, words: told.reading.rows is None and words[1] == "read",
    ),
    r"What is known of it is kept\. Its changes are not seen until it can be read again\.": (
        "the state has what the last good reading had",
        lambda told, _: told.is_kept,
    ),
    r"SUSPICIOUS: list": ("the last reading was not believed", lambda told, _: not told.reading.believed),
    r"It was read, but is not believed: (?P<why>.+)": ("the reading came and was not believed", _counts),
    r"What is known of it is kept, and the changes are held back\.": (
        "the state has what the last good reading had",
        lambda told, _: told.is_kept,
    ),
    r"The held changes mention:": (
        "the last good reading and this one differ in a watched entity",
        lambda told, _: told.touches_watched,
    ),
    r"The held changes mention nothing that you watch\.": (
        "they do not differ in one",
        lambda told, _: not told.touches_watched,
    ),
    r"RECOVERED: list": (
        "the reading is believed, and the one before was not, or somebody accepted it",
        lambda told, _: bool(told.trouble) and (told.reading.is_good),
    ),
    r"It can be read again\.": (
        "the reading before got nothing, and none since the last good one was in doubt",
        lambda told, _: [each.rows for each in told.trouble] == [None] * len(told.trouble),
    ),
    r"It is believed again\.": ("the reading before was in doubt", lambda told, _: told.trouble[-1].rows is not None),
    r"It can be read again, and is believed\.": (
        "the reading before got nothing, and one since the last good one was in doubt",
        lambda told, _: told.trouble[-1].rows is None and any(each.rows is not None for each in told.trouble),
    ),
    r"Before that: it was read, and was not believed \((?P<why>[a-z_, ]+)\)": (
        "the same",
        lambda told, _: told.trouble[-1].rows is None and any(each.rows is not None for each in told.trouble),
    ),
    r"The held snapshot was accepted by hand, and is believed\.": (
        "somebody accepted this reading",
        lambda told, _: told.reading.accepted is not None,
    ),
    r"What was wrong at last: (?P<why>.+)": ("what the last bad reading was", _wrong),
    r"The changes that came with it mention:": (
        "the last good reading and the accepted one differ in a watched entity",
        lambda told, _: told.reading.accepted is not None and told.touches_watched,
    ),
    rf"Trouble since: (?P<began>{TIME}){GOOD}": ("the first bad reading; the last good one before it", _since),
    rf"It lasted: (?P<span>[^,]+), from (?P<began>{TIME}) to (?P<ended>{TIME}){GOOD}": (
        "from the first bad reading to the one that is believed, or to when somebody accepted it",
        _lasted,
    ),
    rf"(?:(?:Key|list|news): \S+ · )?(?:list · |news · )?Noticed: (?P<at>{TIME}){GOOD}": (
        "the reading that has it; the last good one before, which has it not",
        _seen,
    ),
    r"RESTLESS: list": ("the next line", lambda told, _: told.reading.is_good),
    r"(?P<fields>\"[\w\", ]+\") changed in each of the last (?P<number>\d+) checks; to ignore it: ignore = .+": (
        "in each of the last good readings some entry had another value there than in the one before",
        _moves,
    ),
    rf"(?=Last){GOOD}": ("the last reading before that was believed", _good),
    r"GAP: news": ("two readings after each other have no entry in common", _disjoint),
    r"Entries may have come and gone between two checks, and been missed\.": ("the same", _disjoint),
    r"No entry of the last check is in the list any more\. Check it more often \(every\)\.": ("the same", _disjoint),
    rf"Between: (?P<began>{TIME}) and (?P<ended>{TIME}){GOOD}": (
        "the two readings",
        lambda told, words: (
            [at_of(words["began"]), at_of(words["ended"])]
            == [at for at, _ in told.world.lists if at <= told.event.at][-2:]
        ),
    ),
    r"WATCHING: (list|news) \((the authority itself|press report)\)": (
        "it was read for the first time; whose word it is, as configured",
        lambda told, words: words[2] == {"list": "the authority itself", "news": "press report"}[words[1]],
    ),
    r"(?P<number>\d+) entries; from now on changes that mention ngp are alerted\.": (
        "as many were read; the channel's rules say so",
        lambda told, words: int(words["number"]) == told.stored,
    ),
    r"No entry mentions (?P<whom>what you watch|ngp)\.": (
        "none of the first reading does",
        lambda told, _: told.event.source == "news" or WATCHED not in (told.reading.rows or {}),
    ),
    r"(?P<number>1) already mentions? ngp:": (
        "as many of the first reading do",
        lambda told, _: told.event.source == "list" and WATCHED in (told.reading.rows or {}),
    ),
    rf"First read: (?P<at>{TIME})": ("that reading", lambda told, words: at_of(words["at"]) == told.event.at),
    r"NEWLY WATCHED: late": (
        "the entity came into the configuration",
        lambda told, _: told.event.data["added"] == ["late"],
    ),
    r"(?P<number>1) (entry that is stored already mentions|entries that are stored already mention) it \(list\); every change from now on is alerted\.": (
        "as many entries of the last good reading do; the rules say so",
        lambda told, _: OTHER in ([each.rows for each in told.world.readings if each.is_good][-1] or {}),
    ),
    rf"Looked for: (?P<at>{TIME})": ("then", lambda told, words: at_of(words["at"]) == told.event.at),
}
DATA = re.compile(  # what a source says, its names, and what commands there are
    r"■ .*|(status|since|id|firm|key|news)(: .*)?|was: .*|now: .*|such as: .*|Mentions ngp: .*|Key: \S+|(ngp|late): .*|Address: .*|"
    r"(To look at it now|All sources|If what it says now is right|All of it): watch .*|Open the .*|Key: \S+ · .*|"
)
TITLES = re.compile(
    r"FAILING: list cannot be (read|checked): the server answered 503|"
    r"RESTLESS: list: it changes at every check|SUSPICIOUS: list(, mentions ngp)?: .+|RECOVERED: list (can be read|is believed) again after .+|"
    r"RECOVERED: list: its held snapshot was accepted after .+|GAP: news: entries may have been missed|"
    r"Watching (list|news): \d+ entries, (none mentions|1 mentions) ngp|"
    r"Newly watched: late: 1 (stored entry mentions|stored entries mention) it|"
    r"\d+ entries written otherwise: dates rewritten|(Not believed yet: )?(Northgate Payments|Harbour Shipping|Firm .): .+"
)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    file: Path = tmp_path_factory.mktemp("configuration") / "watch.toml"
    file.write_text(SETTINGS)
    return load(file)


Observe = Callable[[Sequence[Step]], World]


@pytest.fixture(scope="module")
def observe(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Observe:
    """Has a course read, checks each sentence of each message about it, and returns what there was."""
    watched = replace(config, entities={"ngp": config.entities["ngp"]})

    def run(course: Sequence[Step]) -> World:
        world = World()
        with Store.open(f"sqlite:///{tmp_path_factory.mktemp('state')}/state.db") as store:
            alert_additions(watched, store, world.clock)
            for _ in _follow(world, course, watched, store):
                _check_new(world, watched, store)
            world.now += timedelta(minutes=1)
            alert_additions(config, store, world.clock)
            _check_new(world, config, store)
        return world

    return run


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
@given(course=st.lists(STEPS, min_size=2, max_size=9))
def test_what_a_notice_says_is_true(observe: Observe, course: list[Step]) -> None:
    observe(course)


AWAY, HALF, GERMAN = Step(away=True), Step(half=True), Step(german=True, status="Suspended")
COURSE = [Step(), AWAY, AWAY, AWAY, Step(moved=9), GERMAN, Step(), HALF, AWAY, Step(), GERMAN._replace(accept=True)]


def test_no_sentence_is_listed_that_no_message_has(observe: Observe) -> None:
    courses = COURSE, [Step(there=False), HALF], [Step(), Step(status="Suspended")] * 4
    assert set[str]().union(*(observe(course).said for course in courses)) == set(SENTENCES)


def _follow(world: World, course: Sequence[Step], config: Config, store: Store) -> Iterator[None]:
    """Has both sites read at each step, and somebody accept what is held; yields after each."""
    with sync_cycle(Cycle(config, store, world, world.clock)) as steps:
        for step in course:
            world.now, world.step, world.first = (
                world.now + timedelta(minutes=step.minutes),
                step,
                world.first + step.moved,
            )
            for name in ("list", "news"):
                steps.start(name)
            while len(steps):
                steps.step(1.0)
            rows = None if step.away else {row["firm"]: row for row in step.rows()}
            world.readings.append(Reading(world.now, rows, store.source("list").health.status is Status.OK))
            world.lists.append((world.now, set(range(world.first + 1, world.first + 7))))
            yield
            if step.accept and (held := compare_held(store, config, "list", world.now + timedelta(minutes=2))):
                world.now += timedelta(minutes=2)
                place = next(at for at, each in enumerate(world.readings) if each.at == held.checked.began)
                world.readings[place] = world.readings[place]._replace(accepted=world.now)
                take(store, held)
                yield


def _check_new(world: World, config: Config, store: Store) -> None:
    """Check each sentence of a message about each event that is new."""
    known = Citations(config, store)
    events = [each for each in store.log.events(limit=None) if each.id not in world.told]
    world.told |= {each.id for each in events}
    for event in events:
        late = bool(event.data.get("added"))
        promise = Promise() if late else Promise(entities=("ngp",))
        for operator in (False, True):
            whom = Recipient(operator=operator, promises={event.source: promise})
            about = known.find([event], world.now)
            made = compose([event], timezone=UTC, body_limit=30_000, title_limit=200, known=about, recipient=whom)
            if event.source == "news" and event.kind is EventKind.CHANGE:
                continue  # a report of the list mentions nobody; the other model has such
            told = Told(world, event, store.source(event.source).entries)
            assert TITLES.fullmatch(made.title.removesuffix(" (list)")), made.title
            for line in made.text.splitlines():
                found = [(each, words) for each in SENTENCES if (words := re.fullmatch(each, line))]
                elsewhere = any(re.fullmatch(each, line) for each in changes.SENTENCES)
                assert found or elsewhere or DATA.fullmatch(line), f"a sentence that is not listed: {line}\n{made.text}"
                for each, words in found:
                    assert SENTENCES[each][1](told, words), f"{line}\n{made.text}"
                    world.said.add(each)
