"""Quiet hours, digests, flapping entries and threads: a fake clock, real checks, mails read from a real server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from sources.http.session import Fetcher
from state.model import EventKind
from state.store import Store
from tests.sync_cycle import sync_cycle
from watcher.config.load import Config, load
from watcher.cycle import Cycle
from watcher.delivery.deliver import Deliverer

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

SETTINGS = """
[http]
private_addresses = "allow"
spacing = "0s"
[entities.vega]
names = ["Vega Bank"]
[entities.orion]
names = ["Orion Freight"]
[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
title = "name"
every = "1m"
label = "The list"
[sources.wire]
kind = "json"
url = "{site}/wire"
items = "@"
key = "id"
title = "title"
listing = "window"
authority = "report"
every = "1m"
label = "The wire"
[channels.desk]
url = "{mail}"
[[alerts]]
to = ["desk"]
{rule}
"""


class Newsroom:
    """A register and a wire, the program between them and a mail server, and a clock that is moved by hand."""

    def __init__(self, config: Config, store: Store, site: Any, mails: list[EmailMessage]) -> None:
        self.config, self.store, self.mails, self._site = config, store, mails, site
        self.now, self._read = NOON, 0
        self.list, self.wire = {"Vega Bank": "fined", "Orion Freight": "listed"}, {"1": "Rates stay", "2": "Ports open"}

    def check(self, at: datetime | None = None, **names: str) -> None:
        """Both sources, at a time or a minute later; `names` are new statuses in the list."""
        self.now = at or self.now + MINUTE
        self.list |= {name.replace("_", " "): status for name, status in names.items()}
        self._site.page("/list", json.dumps([{"name": name, "status": status} for name, status in self.list.items()]))
        self._site.page("/wire", json.dumps([{"id": id_, "title": title} for id_, title in self.wire.items()]))
        fetcher = Fetcher(self.config.http, clock=self.clock)
        with sync_cycle(Cycle(self.config, self.store, fetcher, self.clock), fetcher) as cycle:
            for name in self.config.sources:
                cycle.start(name)
            while len(cycle):
                for result in cycle.step(1):
                    assert result.status not in {"failing", "suspicious"}, result
        self.deliver()

    def deliver(self, at: datetime | None = None) -> None:
        self.now = at or self.now
        assert not Deliverer(self.config, self.store, self.clock).drain().failed

    def clock(self) -> datetime:
        return self.now

    def subjects(self) -> list[str]:
        """Of the mails that came since it was last asked."""
        came = [mail["Subject"] for mail in self.mails[self._read :]]
        self._read = len(self.mails)
        return came

    def text(self, number: int = -1) -> str:
        part = self.mails[number].get_body(("plain",))
        assert part is not None
        return str(part.get_content())


@pytest.fixture
def newsroom(site: Any, post_office: Any, configure: Callable[..., Path]) -> Iterator[Callable[..., Newsroom]]:
    opened: list[Store] = []

    def open_with(rule: str = "") -> Newsroom:
        mail = post_office.url("desk@example.org")
        config = load(configure(SETTINGS.format(site=site.url("").rstrip("/"), mail=mail, rule=rule)))
        opened.append(Store.open(config.state))
        room = Newsroom(config, opened[0], site, post_office.mails)
        room.check()
        room.deliver(room.now + HOUR * 24)  # the baselines, whatever holds them
        room.subjects()
        room.now = NOON + MINUTE
        return room

    yield open_with
    for store in opened:
        store.close()


def test_quiet_hours_hold_alerts_and_then_tell_them_in_one_mail(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom('quiet = "23:00-07:00 Europe/Moscow"')
    night = datetime(2025, 7, 17, 20, 30, tzinfo=UTC)  # 23:30 in Moscow
    room.check(night, Vega_Bank="cleared")
    room.check(night + HOUR, Orion_Freight="struck off")
    assert (room.subjects(), room.store.outbox.counts(room.now)["held"]) == ([], 2)
    room.deliver(datetime(2025, 7, 18, 3, 59, tzinfo=UTC))
    assert room.subjects() == []
    room.deliver(datetime(2025, 7, 18, 4, 0, tzinfo=UTC))
    assert room.subjects() == ["Vega Bank: fined → cleared (The list) +1"]
    assert "Noticed: 2025-07-17 20:30:00 UTC" in room.text()


def test_what_is_urgent_passes_through_quiet_hours(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom('quiet = "23:00-07:00 Europe/Moscow"\nurgent = ["record"]')
    room.wire["3"] = "Vega Bank sued"
    room.check(datetime(2025, 7, 17, 20, 30, tzinfo=UTC), Vega_Bank="cleared")
    assert room.subjects() == ["Vega Bank: fined → cleared (The list)"]
    room.deliver(datetime(2025, 7, 18, 4, 0, tzinfo=UTC))
    assert room.subjects() == ["Vega Bank sued (report, The wire)"]


def test_an_alert_outside_of_quiet_hours_goes_out_at_once(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom('quiet = "23:00-07:00 Europe/Moscow"')
    room.check(datetime(2025, 7, 17, 19, 59, tzinfo=UTC), Vega_Bank="cleared")
    assert len(room.subjects()) == 1


def test_an_hourly_digest_tells_each_case_in_a_mail_of_its_own(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom('digest = "1h"')
    room.check(NOON + 2 * MINUTE, Vega_Bank="cleared", Orion_Freight="struck off")
    room.wire |= {"3": "Vega Bank sued", "4": "Weather is fine"}
    room.check(NOON + 20 * MINUTE)
    room.deliver(NOON + 59 * MINUTE)
    assert room.subjects() == []
    room.deliver(NOON + HOUR)
    assert sorted(room.subjects()) == [
        "Orion Freight: listed → struck off (The list)",
        "Vega Bank: fined → cleared (The list) +1",
        "Weather is fine (report, The wire)",
    ]


def test_a_daily_digest_comes_at_its_time_in_its_zone(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom('digest = "daily 09:00 Europe/Moscow"')
    room.check(NOON + 2 * MINUTE, Vega_Bank="cleared")
    room.deliver(datetime(2025, 7, 18, 5, 59, tzinfo=UTC))
    assert room.subjects() == []
    room.deliver(datetime(2025, 7, 18, 6, 0, tzinfo=UTC))
    assert len(room.subjects()) == 1


def test_an_item_that_was_edited_before_its_digest_is_told_once_with_its_edits(
    newsroom: Callable[..., Newsroom],
) -> None:
    room = newsroom('digest = "1h"')
    room.wire["3"] = "Vega Bank sued"
    room.check(NOON + 2 * MINUTE)
    room.wire["3"] = "Vega Bank sued by Orion Freight"
    room.check(NOON + 9 * MINUTE)
    room.deliver(NOON + HOUR)
    text = room.text()
    assert len(room.subjects()) == 1
    assert text.count("ADDED: Vega Bank sued") == 1
    assert "THEN CHANGED: 2025-07-17 12:09:00 UTC" in text
    assert "now: Vega Bank sued by Orion Freight" in text


def test_an_entry_that_flaps_is_told_three_times_and_then_once_it_has_settled(
    newsroom: Callable[..., Newsroom],
) -> None:
    room = newsroom()
    for number in range(9):
        room.check(Vega_Bank=["cleared", "fined"][number % 2])
    first, back, flapping = room.subjects()
    assert first == "Vega Bank: fined → cleared (The list)"
    assert back == "Vega Bank: cleared → fined (The list)"
    assert "It is back to what it was before the change noticed 2025-07-17 12:02:00 UTC." in room.text(-2)
    assert flapping == "Vega Bank: flapping, fined → cleared (The list)"
    assert "this same change has come 2 times since 2025-07-17 12:02:00 UTC" in room.text()
    assert len(room.store.log.events(source="list", kind=EventKind.CHANGE)) == 9, "each change is in the log"
    room.deliver(room.now + 59 * MINUTE)
    assert room.subjects() == []
    room.deliver(room.now + MINUTE)
    assert room.subjects() == ["Vega Bank: flapping, fined → cleared (The list) +5"]
    assert "6 changes back and forth, 2025-07-17 12:05:00 UTC to 2025-07-17 12:10:00 UTC" in room.text()


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ('quiet = "13:00-15:00"', NOON + 3 * HOUR),
        ('digest = "1h"', NOON + 2 * HOUR),
        ('digest = "1h"\nquiet = "14:00-15:00"', NOON + 3 * HOUR),
    ],
)
def test_an_entry_that_has_settled_waits_for_the_end_of_quiet_hours_and_the_next_digest(
    newsroom: Callable[..., Newsroom], rule: str, due: datetime
) -> None:
    room = newsroom(rule)
    for number in range(9):
        room.check(Vega_Bank=["cleared", "fined"][number % 2])
    room.deliver(NOON + HOUR)
    assert len(room.subjects()) == (0 if "digest" in rule else 3)
    room.deliver(due - MINUTE)
    assert room.subjects() == []
    room.deliver(due)
    others = 8 if "digest" in rule else 5
    assert room.subjects() == [f"Vega Bank: flapping, fined → cleared (The list) +{others}"]


def test_an_entry_that_flaps_for_days_is_told_about_once_a_day(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom()
    for number in range(2 * 24 * 2 + 3):
        room.check(room.now + 30 * MINUTE, Vega_Bank=["cleared", "fined"][number % 2])
    assert 4 <= len(room.subjects()) <= 6


def test_a_new_value_of_a_flapping_entry_is_told_at_once(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom()
    for number in range(5):
        room.check(Vega_Bank=["cleared", "fined"][number % 2])
    room.subjects()
    room.check(Vega_Bank="licence withdrawn")
    assert room.subjects() == ["Vega Bank: cleared → licence withdrawn (The list)"]


def test_the_mails_of_one_case_are_one_thread(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom()
    room.check(Vega_Bank="cleared")
    room.check(Orion_Freight="struck off")
    room.wire["3"] = "Vega Bank sued"
    room.check()
    first, other, report = room.mails[-3:]
    assert first["References"] is other["References"] is None
    assert report["References"] == report["In-Reply-To"] == first["Message-ID"]


def test_a_mail_about_two_cases_is_in_neither_thread(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom()
    room.check(Vega_Bank="cleared", Orion_Freight="struck off")
    room.check(Vega_Bank="fined")
    room.check(Vega_Bank="suspended")
    room.check(Vega_Bank="cleared", Orion_Freight="listed")
    both, first, second, again = room.mails[-4:]
    assert both["References"] is first["References"] is again["References"] is None
    assert second["References"] == first["Message-ID"]


def test_a_later_edit_of_a_reported_item_goes_into_its_first_alerts_thread(newsroom: Callable[..., Newsroom]) -> None:
    room = newsroom()
    room.wire["3"] = "A bridge is closed"  # mentions nobody
    room.check()
    room.check(Vega_Bank="cleared")
    room.wire["3"] = "A bridge is closed for a week"
    room.check()
    added, _, edited = room.mails[-3:]
    assert edited["Subject"].startswith("now: A bridge is closed for a week (report, The wire)")
    assert edited["In-Reply-To"] == added["Message-ID"]


def test_a_mail_that_is_tried_again_stays_in_its_thread(newsroom: Callable[..., Newsroom], post_office: Any) -> None:
    room = newsroom()
    room.check(Vega_Bank="cleared")
    post_office.answers["desk@example.org"] = "451 4.3.0 try again later"
    with pytest.raises(AssertionError):
        room.check(Vega_Bank="fined")
    post_office.answers.clear()
    room.deliver(room.now + HOUR)
    first, again = room.mails[-2:]
    assert again["References"] == first["Message-ID"]


def test_a_one_shot_run_says_how_many_alerts_are_held(
    newsroom: Callable[..., Newsroom], watch: Callable[..., Any]
) -> None:
    room = newsroom('digest = "daily 09:00"')
    room.check(datetime.now(UTC), Vega_Bank="cleared")
    done = watch("--once", "--json")
    assert (done.code, json.loads(done.out)["deliveries"]) == (0, {"sent": 0, "held": 1, "pending": 0, "dead": 0})
    assert json.loads(watch("deliveries", "--json").out)["deliveries"][0]["state"] == "held"
    assert "1 held for later" in watch("deliveries").out
