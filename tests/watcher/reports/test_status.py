from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.model import Health, Status
from state.store import Store

Watch = Callable[..., Any]
Checked = Callable[..., None]

SOURCES = "".join(
    f'[sources.{name}]\nkind = "feed"\nurl = "https://{name}.example/"\n' for name in ("tass", "durov", "rkn-landing")
)
OK = Health(Status.OK)
MESSAGE = (
    "the server answered 503 Service Unavailable, and says: we are mending it, come back later, or better not at all"
)


@pytest.fixture(autouse=True)
def configured(configure: Callable[..., Path]) -> None:
    configure(SOURCES + '[sources.off]\nkind = "feed"\nurl = "https://off.example/"\nenabled = false\n')


def lines(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split() for line in text.splitlines() if line}


def test_before_the_first_check_all_is_new_and_no_state_is_made(watch: Watch, folder: Path) -> None:
    ran = watch("status")
    assert ran.code == 0
    assert lines(ran.out)["tass"] == ["tass", "new", "-", "never", "-"]
    assert ran.out.splitlines()[-1] == "4 sources: 3 never checked, 1 disabled"
    assert not (folder / "state.db").exists()


def test_a_source_has_a_line_with_its_entries_and_times(watch: Watch, checked: Checked) -> None:
    now = datetime.now(UTC)
    checked("tass", OK, 40, checked=now - timedelta(minutes=3), due=now + timedelta(hours=5, minutes=1))
    checked("durov", OK, 7, checked=now - timedelta(days=2, hours=1), due=now - timedelta(seconds=5))
    ran = watch("status")
    assert ran.code == 0
    assert lines(ran.out)["tass"] == ["tass", "ok", "40", "3", "min", "ago", "in", "5", "h"]
    assert lines(ran.out)["durov"] == ["durov", "ok", "7", "2", "d", "ago", "now"]
    assert "4 sources: 2 ok, 1 never checked, 1 disabled" in ran.out


def test_a_failing_source_says_why_since_when_and_exits_with_1(watch: Watch, checked: Checked) -> None:
    began = datetime(2025, 7, 14, 9, 31, tzinfo=UTC)
    health = Health(Status.FAILING, "http_503", MESSAGE, began, failures=4)
    checked("tass", health, 40, tried=began, checked=began - timedelta(minutes=15))
    ran = watch("status")
    assert lines(ran.out)["SOURCE"] == ["SOURCE", "HEALTH", "ENTRIES", "READ", "NEXT"]  # not when it was checked
    assert ran.code == 1
    told = " ".join(ran.out.split())
    assert f"tass: http_503: {MESSAGE}" in told
    assert "since 2025-07-14 09:31; 4 checks in a row; last read 2025-07-14 09:16" in told
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_a_suspicious_source_says_when_it_was_read_well(watch: Watch, checked: Checked) -> None:
    began = datetime(2025, 7, 14, 9, 31, tzinfo=UTC)
    read = began - timedelta(minutes=15)
    checked("tass", Health(Status.SUSPICIOUS, "mass_loss", "gone", began), 40, tried=began, checked=read)
    assert "since 2025-07-14 09:31; last good reading 2025-07-14 09:16" in " ".join(watch("status").out.split())


def test_what_a_server_said_cannot_steer_the_terminal(watch: Watch, checked: Checked) -> None:
    checked("tass", Health(Status.SUSPICIOUS, "mass_loss", "gone\x1b[2J\u202egnp"), 40)
    ran = watch("status")
    assert ran.code == 1
    assert "mass_loss: gone\\x1b[2J\\u202egnp" in ran.out


def test_a_source_that_left_the_configuration_is_shown_with_what_to_do(watch: Watch, checked: Checked) -> None:
    checked("old", Health(Status.FAILING, "http_404", "gone"), 3)
    ran = watch("status")
    assert ran.code == 0
    assert lines(ran.out)["old"][:4] == ["old", "is", "no", "longer"]
    assert "old          not configured" in ran.out
    assert "`watch forget old` drops its state" in ran.out


def test_deliveries_that_wait_and_channels_that_fail_are_told(
    watch: Watch, store: Store, happened: Callable[..., Any]
) -> None:
    happened(to=("desk",))
    store.channels.note_failure("desk", datetime(2025, 7, 14, 9, 31, tzinfo=UTC))
    ran = watch("status")
    assert "deliveries: 1 waiting, 0 given up; see `watch deliveries`" in ran.out
    assert "channel desk: nothing could be delivered since 2025-07-14 09:31" in ran.out


def test_for_programs_it_is_one_object(watch: Watch, checked: Checked) -> None:
    began = datetime(2025, 7, 14, 9, 31, tzinfo=UTC)
    checked("tass", Health(Status.FAILING, "http_503", MESSAGE, began, 4), 40, tried=began)
    ran = watch("status", "--json")
    assert ran.code == 1
    told = json.loads(ran.out)
    assert told["sources"][0] == {
        "name": "tass",
        "status": "failing",
        "configured": True,
        "enabled": True,
        "resting": False,
        "paused": False,
        "paused_until": None,
        "entries": 40,
        "reason": "http_503",
        "message": MESSAGE,
        "part": None,
        "details": None,
        "failures": 4,
        "since": "2025-07-14T09:31:00+00:00",
        "checked": None,
        "tried": "2025-07-14T09:31:00+00:00",
        "due": None,
    }
    assert told["deliveries"] == {"held": 0, "unapproved": 0, "pending": 0, "sent": 0, "dead": 0}
    assert [source["name"] for source in told["sources"]] == ["tass", "durov", "rkn-landing", "off"]


def test_a_long_name_and_many_entries_fit_into_80_columns(
    watch: Watch, configure: Callable[..., Path], checked: Checked
) -> None:
    name = "an-extraordinarily-long-name-of-a-source-that-somebody-made-up-one-day"
    configure(f'[sources.{name}]\nkind = "feed"\nurl = "https://example.org/"\n')
    checked(name, OK, 100)
    ran = watch("status")
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    table = ran.out.split("\n\n")[0].splitlines()
    assert "".join(line.split()[0] for line in table[1:]) == name


def test_the_size_of_the_state_and_how_long_it_keeps_are_told(watch: Watch, checked: Checked, folder: Path) -> None:
    checked("tass", OK, 40)
    unbroken = "".join(watch("status").out.split())  # a long path is broken into lines
    assert re.search(rf"state:{folder}/state.db,0\.\dMB,keeps400d", unbroken)
    said = json.loads(watch("status", "--json").out)["state"]
    assert said["file"] == f"{folder}/state.db"
    assert said["bytes"] >= (folder / "state.db").stat().st_size


def test_a_source_that_was_tried_and_never_read_was_never_checked(watch: Watch, checked: Checked) -> None:
    now = datetime.now(UTC)
    checked("tass", Health(Status.FAILING, "unreachable", "could not resolve tass.example", now), tried=now)
    before = now - timedelta(hours=3, minutes=1)
    failing = Health(Status.FAILING, "http_503", MESSAGE, now)
    checked("durov", failing, 7, tried=now, checked=before)
    told = lines(watch("status").out)
    assert told["tass"][:4] == ["tass", "failing", "-", "never"]
    assert told["durov"][:6] == ["durov", "failing", "7", "3", "h", "ago"]
