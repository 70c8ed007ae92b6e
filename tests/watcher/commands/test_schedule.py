"""What is said of the schedule: `watch schedule`, `watch status`, and mistakes in the configuration."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.model import Health, Status
from state.store import Store

Watch = Callable[..., Any]
Configure = Callable[..., Path]
Checked = Callable[..., None]

OK = Health(Status.OK)
SOURCES = "".join(f'[sources.{name}]\nkind = "feed"\nurl = "https://{name}.example/"\n' for name in ("tass", "durov"))
BUDGET = '[schedule]\nbudget = "1.5x"\n'


def put_changes(happened: Callable[..., Any], now: datetime, *hours: int) -> None:
    """Changes of `tass` at these hours of each of the last 20 days."""
    for day in range(1, 21):
        for hour in hours:
            happened(source="tass", at=now.replace(hour=hour, minute=30, second=0) - timedelta(days=day))


def test_without_a_budget_the_log_foretells_what_one_would_bring(
    watch: Watch, configure: Configure, checked: Checked, happened: Callable[..., Any]
) -> None:
    configure(SOURCES)
    now = datetime.now(UTC)
    checked("tass", OK, 3, tried=now, checked=now)
    put_changes(happened, now, 10)
    ran = watch("schedule")
    said = " ".join(ran.out.split())
    assert (ran.code, said.startswith("no budget: each source is checked at its `every`")) == (0, True)
    assert "1x (now) 8 7.5 min" in said
    assert "3x 24" in said


def test_with_a_budget_it_says_how_much_is_used_and_what_is_expected(
    watch: Watch, configure: Configure, checked: Checked
) -> None:
    configure(BUDGET + SOURCES)
    checked("tass", OK, 3, tried=datetime.now(UTC))
    ran = watch("schedule", "--json")
    said = json.loads(ran.out)
    assert (said["budget"], said["share"], said["allowed_per_hour"], said["used_per_hour"]) == (
        1.5,
        "balanced",
        12.0,
        None,
    )
    assert [each["budget"] for each in said["budgets"]] == [1.0, 1.25, 1.5, 2.0, 3.0]
    assert said["budgets"][2]["requests_per_hour"] == pytest.approx(12.0, abs=0.2)
    assert [each["name"] for each in said["sources"]] == ["tass", "durov"]


def test_before_the_first_check_there_is_nothing_to_say(watch: Watch, configure: Configure) -> None:
    configure(BUDGET + SOURCES)
    assert watch("schedule").code == 2


def test_sources_that_share_no_budget_are_left_out(watch: Watch, configure: Configure, store: Store) -> None:
    configure(
        BUDGET
        + SOURCES
        + 'schedule = "fixed"\n[sources.list]\nkind = "feed"\nurl = "https://c.example/"\nat = "*:00,30"\n'
    )
    assert [each["name"] for each in json.loads(watch("schedule", "--json").out)["sources"]] == ["tass"]


def test_status_of_one_source_says_why_it_is_due_and_draws_its_week(
    watch: Watch, configure: Configure, checked: Checked, happened: Callable[..., Any]
) -> None:
    configure(SOURCES)
    now = datetime.now(UTC)
    checked("tass", OK, 3, tried=now, checked=now, due=now + timedelta(minutes=15))
    put_changes(happened, now, 10)
    ran = watch("status", "tass")
    assert "next: it is checked every 15m" in ran.out
    drawn = [line for line in ran.out.splitlines() if line.strip().startswith(("Mon", "Sun"))]
    assert len(drawn) == 2
    assert "█" in drawn[0]
    told = json.loads(watch("status", "tass", "--json").out)["sources"][0]
    assert (told["why"], len(told["week"])) == ("it is checked every 15m", 168)


def test_a_source_that_rests_is_resting_and_not_late(watch: Watch, configure: Configure, checked: Checked) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    configure(SOURCES + f'hours = "{tomorrow:%a} 08:00-08:30"\n')
    checked("durov", OK, 3, tried=datetime.now(UTC), due=tomorrow.replace(hour=8, minute=0))
    ran = watch("status")
    assert [line.split()[1] for line in ran.out.splitlines() if line.startswith(("tass", "durov"))] == [
        "new",
        "resting",
    ]
    assert "next: it rests until" in watch("status", "durov").out
    assert [each["resting"] for each in json.loads(watch("status", "--json").out)["sources"]] == [False, True]


def test_with_a_budget_the_table_has_reasons(watch: Watch, configure: Configure, checked: Checked) -> None:
    configure(BUDGET + SOURCES)
    now = datetime.now(UTC)
    checked("tass", OK, 3, tried=now, checked=now, due=now + timedelta(minutes=15))
    lines = watch("status").out.splitlines()
    assert lines[0].split()[-1] == "WHY"
    assert next(line for line in lines if line.startswith("tass")).endswith("% new")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('budget = "fast"', 'has to say how many times the requests of fixed intervals: "1.5x"'),
        ('budget = "20x"', "has to say how many times"),
        ('budget = "0.5x"', 'a budget below "1x" breaks the promise of `every`'),
        ('budget = "2x"\nfastest = "2h"\nslowest = "1h"', "`fastest` may not be longer than `slowest`"),
        ('budget = "2x"\nfastest = "0s"', 'has to be at least "1s"'),
        ('budget = "2x"\nshare = "fair"', "balanced"),
        ('budgets = "2x"', "budget"),
    ],
)
def test_a_mistake_in_the_schedule_is_told_with_its_key(
    watch: Watch, configure: Configure, table: str, says: str
) -> None:
    configure(f"[schedule]\n{table}\n{SOURCES}")
    ran = watch("check-config")
    assert (ran.code, "schedule" in ran.err, says in " ".join(ran.err.split())) == (2, True, True), ran.err


def test_a_mistake_in_the_hours_of_a_source_is_told_with_its_key(watch: Watch, configure: Configure) -> None:
    configure(SOURCES + 'hours = "mon-fry 08:00-20:00"\nat = "0 25 * * *"\nzone = "Mars"\nholidays = "XX"\n')
    ran = watch("check-config")
    assert [key for key in ("hours", "at", "zone", "holidays") if f"sources.durov.{key}:" not in ran.err] == []


def test_a_budget_counts_where_a_host_cannot_be_asked_so_often(watch: Watch, configure: Configure) -> None:
    configure('[http]\nspacing = "10s"\n[sources.a]\nkind = "feed"\nurl = "https://a.example/"\nevery = "12s"\n')
    assert "a.example" not in watch("check-config").err
    configure(
        BUDGET + '[http]\nspacing = "10s"\n[sources.a]\nkind = "feed"\nurl = "https://a.example/"\nevery = "12s"\n'
    )
    ran = watch("check-config")
    assert "a.example" in ran.err + ran.out
