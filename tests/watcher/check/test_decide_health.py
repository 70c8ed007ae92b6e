"""When the operator is alerted about a source's incident, and about its end: once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from state.model import Health, Status
from watcher.check.decide import note_failure, note_success, note_suspicion

START = datetime(2025, 7, 14, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def course(
    outcomes: str, *, ever_read: bool = True, every: timedelta = MINUTE, before: Health | None = None
) -> tuple[str, Health]:
    """The alerts (in uppercase) over a series of checks: f failed, s suspicious, o well."""
    health, told, now = before or Health(Status.OK, since=START - HOUR), "", START
    for outcome in outcomes:
        match outcome:
            case "f":
                health, tell = note_failure(health, now, "http_500", "the server answers 500", ever_read)
            case "s":
                health, tell = note_suspicion(health, now, "mass_loss", "41 of 60 entries gone at once")
            case _:
                health, tell = note_success(health, now)
        told += outcome.upper() if tell else outcome
        now += every
    return told, health


@pytest.mark.parametrize(
    "told",
    [
        "ffFfffffO",  # the third failure in a row
        "ffoffo",  # single failures are not alerted, nor is their end
        "ffFfOffFO",  # a new incident is alerted again
        "SsssO",  # suspicious at once
        "fSsO",  # failing, then suspicious
        "ffFSsO",
        "SfsfsfsO",  # single failures in between are not alerted
        "SffFffO",  # but lasting failures are
        "SOSO",
        "SffFsssffffsO",  # alternating: once each per incident
        "oooo",
    ],
)
def test_trouble_is_told_once_and_so_is_its_end(told: str) -> None:
    assert course(told.lower())[0] == told


def held(snapshots: str, *, every: timedelta = MINUTE, reason: str = "mass_loss") -> str:
    """What is alerted (uppercase) of snapshots that are held one after the other; `.` is the same page as before."""
    health, alerted, now = Health(Status.OK, since=START - HOUR), "", START
    for snapshot in snapshots:
        health, tell = note_suspicion(health, now, reason, "gone", None if snapshot == "." else snapshot.lower())
        alerted += snapshot.upper() if tell else snapshot
        now += every
    return alerted


def test_another_snapshot_that_is_held_is_alerted_again() -> None:
    assert held("aaab.bcab") == "AaaB.bCab"


def test_another_reason_is_alerted_again() -> None:
    health, tell = note_suspicion(Health(Status.OK), START, "mass_loss", "gone", "a")
    for reason, again in (("mass_loss", False), ("mass_change", True), ("mass_loss", False)):
        health, tell = note_suspicion(health, START, reason, "gone", "a")
        assert tell is again


def test_another_reason_is_alerted_however_many_snapshots_were() -> None:
    health = Health(Status.OK)
    for snapshot in "abcdefg":
        health, _ = note_suspicion(health, START, "mass_loss", "gone", snapshot)
    assert not note_suspicion(health, START, "mass_loss", "gone", "h")[1]
    assert note_suspicion(health, START, "mass_change", "moved", "h")[1]


def test_a_failure_in_between_makes_no_snapshot_new() -> None:
    health, _ = note_suspicion(Health(Status.OK), START, "mass_loss", "gone", "a")
    health, _ = note_failure(health, START, "http_500", "the server answers 500", ever_read=True)
    assert not note_suspicion(health, START, "mass_loss", "gone", "a")[1]
    health, _ = note_success(health, START)
    assert note_suspicion(health, START, "mass_loss", "gone", "a")[1]


def test_a_site_that_shows_something_else_each_time_is_alerted_now_and_then() -> None:
    assert held("abcdefghi") == "ABCDEfghi"
    assert held("abcdefghijklmnopq", every=HOUR) == "ABCDEfghijKlmnopQ"


def test_a_source_that_was_never_read_fails_loudly_at_once() -> None:
    assert course("fffo", ever_read=False, before=Health())[0] == "FffO"
    assert course("fsfsfsfo", ever_read=False, before=Health())[0] == "FSfsfsfO"


def test_a_source_checked_seldom_is_told_six_hours_after_its_first_failure() -> None:
    assert course("fff", every=6 * HOUR)[0] == "fFf"
    assert course("fff", every=6 * HOUR - MINUTE)[0] == "ffF"


def test_a_failure_long_after_a_source_became_suspicious_is_no_news() -> None:
    assert course("sfs", every=7 * HOUR)[0] == "Sfs"


def test_the_trouble_began_with_its_first_failure() -> None:
    _, health = course("ffs")
    assert (health.status, health.since, health.reason) == (Status.SUSPICIOUS, START, "mass_loss")
    _, health = course("ffsf")
    assert (health.status, health.since, health.failures) == (Status.FAILING, START, 1)


def test_a_source_that_is_well_says_since_when() -> None:
    _, health = course("ffooo")
    assert (health.status, health.since, health.failures, health.reason) == (Status.OK, START + 2 * MINUTE, 0, None)


def test_failures_in_a_row_are_counted() -> None:
    assert course("ffff")[1].failures == 4
    assert course("ffoff")[1].failures == 2


def test_a_clock_set_back_does_not_tell_early() -> None:
    health, told = Health(Status.OK), []
    for at in (START, START - 10 * HOUR):
        health, tell = note_failure(health, at, "timeout", "too slow", ever_read=True)
        told.append(tell)
    assert told == [False, False]
