"""Readers who follow, killed at every point; and 500 of them for a day of 200 changes an hour.

The kills are of real processes with a real mail server. The day is played in this process: the clock and the mail server
are, and each kill is a fault that ends the drain and the state's connections where a process would have died.
"""

from __future__ import annotations

import random
import re
import signal
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

from state.db import sqlite
from state.model import Message
from state.storage.readers import Interest
from state.store import Store
from tests import quick_states
from tests.storing import add_event, came
from tests.torture.databases import place_in
from tests.torture.desks import Office, Register, register
from tests.torture.rows import Fault
from watcher.config.load import load
from watcher.config.settings import Sight
from watcher.delivery.deliver import Deliverer

POINTS = ("before_commit", "after_commit", "rounding", "rounded", "letters_composed")
SENDING = ("sending_letter", "sent_letter", "marked_letter")
NOW = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
READERS, CHANGES, HOURS, EVERY = 500, 200, 24, timedelta(minutes=12)
SOURCES = ENTITIES = WORDS = 20
KILLED = 1 / 500  # of the points that are reached
POST = """
[web.users.ann]
mail = "ann@example.org"
[web.users.bob]
mail = "bob@example.org"
sources = ["other"]
[web.users.cid]
mail = "cid@example.org"
[channels.post]
url = "{url}"
readers = true
"""


def faults() -> Iterator[Fault]:
    for point in (*POINTS, *SENDING):
        for argv, how in ((("--once",), "--once"), ((), "daemon")):
            twice = "1 with the same id" if point == "sent_letter" else "0"
            expected = f"lost 0, twice {twice}, others 0"
            yield Fault(f"SIGKILL {point.replace('_', ' ')}, {how}", expected, partial(killed, point, argv))
    day = f"{READERS} readers, {CHANGES} changes an hour, {HOURS} h"
    yield Fault(f"{day}, kills", "lost 0, unasked 0, unseen 0, twice 0, killed", a_day)


@contextmanager
def followed() -> Iterator[tuple[Register, Office]]:
    """A register that three readers follow, after its first snapshot; one of them may not see it."""
    office = Office()
    office.start()
    try:
        with register() as case:
            case.configure(more=POST.format(url=office.url("{reader}")))
            assert case.program.once().code == 0
            with Store.open(case.place.url) as store:
                for who, what in (
                    ("ann", {"sources": ["list"]}),
                    ("bob", {"sources": ["list"]}),
                    ("cid", {"find": "B"}),
                ):
                    store.readers.follow(who, Interest(**what), datetime.now(UTC))
            yield case, office
    finally:
        office.close()


def killed(point: str, argv: tuple[str, ...]) -> str:
    with followed() as (case, office):
        case.show("B")
        assert case.program.run(*argv, failpoint=f"{point}:KILL").code == -signal.SIGKILL
        for _ in range(2):
            assert case.program.once().code == 0
        assert case.program.sound()
        mails = Counter((str(mail["To"]), str(mail["Message-ID"])) for mail in office.mails)
    wanted = {"ann@example.org", "cid@example.org"}
    lost, others = wanted - {to for to, _ in mails}, {to for to, _ in mails} - wanted
    again = sum(mails.values()) - len(mails)
    twice = "another id" if len(mails) > len(wanted) else f"{again} with the same id" if again else "0"
    return f"lost {len(lost)}, twice {twice}, others {len(others)}"


class KilledError(BaseException):
    """What stands for a SIGKILL: no handler of the program's catches it."""


class PlayedServer:
    """A mail server that takes all, and notes who got which letters."""

    def __init__(self) -> None:
        self.took = defaultdict[str, Counter[int]](Counter)

    def send(self, url: str, message: Message, *_: Any) -> None:
        found = re.search(r"[?&]to=([^&]+)", url)
        assert found
        self.took[unquote(found[1]).partition("@")[0]][int(message.key.split("-")[1])] += 1


class Deaths:
    """Kills at random points, which are the same in each run."""

    def __init__(self) -> None:
        self.number, self._random, self._lock = 0, random.Random(41), threading.Lock()

    def reach(self, _: str) -> None:
        with self._lock:
            if self._random.random() < KILLED:
                self.number += 1
                raise KilledError


def interest(number: int) -> Interest:
    """What a reader follows: a third of them entities, a third sources, a third words; a fifth of them at once."""
    when = ("at once", "hourly", "hourly", "daily", "daily")[number % 5]
    kind, which = number % 3, number // 3 % SOURCES
    if kind == 0:
        return Interest(entities=[f"e{which}"], when=when)
    return Interest(sources=[f"s{which}"], when=when) if kind == 1 else Interest(find=f"word{which}", when=when)


def sight(number: int) -> Sight:
    """What a reader may see: every fourth one some sources alone, every seventh some entities."""
    if number % 4 == 0:
        return Sight(sources=("s1*",))
    return Sight(entities=("e1*", "e2")) if number % 7 == 0 else Sight()


def a_day() -> str:
    with tempfile.TemporaryDirectory(prefix="torture-") as name, place_in(Path(name)) as place, ExitStack() as stack:
        users = [f"[web.users.r{number}]\nmail = 'r{number}@example.org'\n" for number in range(READERS)]
        for number in range(READERS):
            if mine := sight(number):
                users[number] += "".join(f"{what} = {list(names)}\n" for what, names in mine._asdict().items() if names)
        sources = [
            f"[sources.s{number}]\nkind = 'feed'\nurl = 'https://s.test/{number}'\n" for number in range(SOURCES)
        ]
        entities = [f"[entities.e{number}]\nnames = ['Name {number}']\n" for number in range(ENTITIES)]
        post = "[channels.post]\nreaders = true\nurl = 'mailto://127.0.0.1:9?from=a@example.org&to={reader}'\n"
        file = Path(name) / "watch.toml"
        file.write_text("".join((f"state = '{place.url}'\ntimezone = 'UTC'\n", *users, *sources, *entities, post)))
        config, server, deaths, now = load(file), PlayedServer(), Deaths(), NOW
        stack.enter_context(patch.object(sqlite, "_prepare", quick_states.prepare))  # here no disk has to be waited for
        for module in ("state.storage.readers", "watcher.delivery.letters"):
            stack.enter_context(patch(f"{module}.reach", deaths.reach))
        stack.enter_context(patch("alerts.send.send", server.send))
        store = Store.open(place.url)
        for number in range(READERS):
            store.readers.follow(f"r{number}", interest(number), now)
        chance, events = random.Random(1), []
        due = defaultdict[str, set[int]](set)
        end = NOW + timedelta(hours=HOURS)
        while now <= end + timedelta(hours=9):  # until the next day's letters are out
            for _ in range(int(CHANGES * EVERY / timedelta(hours=1)) if now < end else 0):
                source, entity, word = (
                    f"s{chance.randrange(SOURCES)}",
                    f"e{chance.randrange(ENTITIES)}",
                    len(events) % WORDS,
                )
                event = came(f"Company {len(events)} word{word}", now, entity, source=source)
                events.append(add_event(store, event, [], now))
            now += EVERY
            while True:
                try:
                    assert not Deliverer(config, store, lambda: now).drain().failed  # noqa: B023 - it is drained here
                    break
                except KilledError:
                    store.close()
                    store = Store.open(place.url)
        for number in range(READERS):
            wish, seen = interest(number), sight(number)
            for event in events:
                words = event.data["title"].split()
                is_wanted = (
                    event.source in wish.sources
                    or set(event.entities) & set(wish.entities)
                    or (wish.find and any(word.startswith(wish.find) for word in words))
                )
                if is_wanted and seen.sees(event.source, event.entities):
                    due[f"r{number}"].add(event.id)
        letters = {letter.id: letter for letter in store.letters.all(limit=10**6)}
        store.close()
    got = {who: Counter(event for each in mine for event in letters[each].events) for who, mine in server.took.items()}
    by_id = {event.id: event for event in events}
    lost = sum(len(due[who] - got.get(who, Counter()).keys()) for who in due)
    unasked = sum(len(mine.keys() - due[who]) for who, mine in got.items())
    unseen = sum(
        not sight(int(who[1:])).sees(by_id[n].source, by_id[n].entities) for who, mine in got.items() for n in mine
    )
    twice = sum(times - 1 for mine in got.values() for times in mine.values())
    mails = sum(sum(mine.values()) for mine in server.took.values())
    print(
        f"  ({len(events):,} changes, {mails:,} mails, {sum(map(len, due.values())):,} changes in them, {deaths.number} kills)"
    )
    return (
        f"lost {lost}, unasked {unasked}, unseen {unseen}, twice {twice}, {'killed' if deaths.number else 'no kills'}"
    )
