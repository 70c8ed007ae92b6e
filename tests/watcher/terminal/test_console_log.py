from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.secrets import Secrets
from watcher.config.load import load
from watcher.errors import LASTING
from watcher.terminal import console

log = logging.getLogger("watcher.test")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    raising = logging.raiseExceptions
    yield
    logging.raiseExceptions = raising
    console.begin()
    console.begin_log()


def test_an_event_is_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    console.begin_log()
    log.warning("the server said: %s", "one\n2025-07-14 ERROR forged\x1b[2J")
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith(" WARNING the server said: one\\n2025-07-14 ERROR forged\\x1b[2J")


def test_secrets_are_hidden_in_messages_and_tracebacks(capsys: pytest.CaptureFixture[str]) -> None:
    secrets = Secrets()
    secrets.add("${TOKEN}", "hunter2hunter2")
    console.begin_log()
    console.hide(secrets)
    try:
        raise ValueError("bad hunter2hunter2")
    except ValueError:
        log.exception("with hunter2hunter2")
    told = capsys.readouterr().err
    assert "hunter2" not in told
    assert told.count("${TOKEN}") == 3  # the message, the line of code, the error
    assert "Traceback (most recent call last)" in told


def test_a_line_about_what_lasts_is_shown_once_an_hour(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console.begin_log()
    at = [1e9]
    monkeypatch.setattr("time.time", lambda: at[0])
    monkeypatch.setattr("time.time_ns", lambda: int(at[0] * 1e9))
    for at[0] in [1e9 + 5 * each for each in range(1500)] + [1e9 + 90_000]:  # 125 min, and later anew
        log.error("deliveries wait: %s", "full", extra=LASTING)
    log.error("deliveries wait: %s", "locked", extra=LASTING)
    assert [line[-4:] for line in capsys.readouterr().err.splitlines()] == ["full"] * 4 + ["cked"]


def test_libraries_speak_only_of_trouble_and_we_of_details_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    console.begin_log()
    logging.getLogger("httpx").info("GET https://example.org/?token=1")
    log.debug("a detail")
    log.info("news")
    assert capsys.readouterr().err.endswith(" INFO news\n")
    console.begin_log(verbose=True)
    log.debug("a detail")
    assert capsys.readouterr().err.endswith(" DEBUG a detail\n")


def test_setting_up_twice_does_not_log_twice(capsys: pytest.CaptureFixture[str]) -> None:
    console.begin_log()
    console.begin_log()
    log.info("once")
    assert capsys.readouterr().err.count("once") == 1


def test_for_the_journal_there_is_a_priority_and_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "journal").open("w+", encoding="utf-8") as journal:
        stat = os.fstat(journal.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{stat.st_dev}:{stat.st_ino}")
        monkeypatch.setattr(sys, "stderr", journal)
        console.begin_log()
        log.error("it fails")
        log.info("it works")
        journal.seek(0)
        assert journal.read() == "<3>it fails\n<6>it works\n"


def test_times_are_in_the_zone_of_the_configuration_once_it_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "watch.toml").write_text('timezone = "Asia/Tokyo"\n', encoding="utf-8")
    load(tmp_path / "watch.toml")
    console.begin_log()
    log.info("news")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0900 INFO news\n", capsys.readouterr().err)
