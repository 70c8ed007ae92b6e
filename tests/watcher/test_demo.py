"""The demo: the story's three alerts, each through the real pipeline, and no files left behind."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from watcher import cli

ROOT = Path(__file__).parents[2]
QUESTION = "Serve the desk on this story now? Ctrl+C ends it. [y/N]"

SUBJECTS = (
    "Subject: Telegram Messenger Inc: now в стадии согласования (Roskomnadzor, 236-FZ list)",
    "Subject: Telegram is opening an office in Russia",
    "Subject: Telegram has not opened an office in Russia",
)


@pytest.fixture(scope="module")
def told() -> str:
    """What the demo says when it is played, once for all tests that read it."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out:
        patch.setattr(logging, "raiseExceptions", logging.raiseExceptions)  # which the program sets
        assert cli.main(["demo"]) == 0
    return out.getvalue()


def test_the_story_is_told_by_e_mail_and_chat_in_its_order(told: str) -> None:
    places = [told.index(subject) for subject in SUBJECTS]
    assert places == sorted(places)
    for subject in SUBJECTS:
        words = " ".join(told.partition("The whole case")[0].split())
        assert words.count(subject.removeprefix("Subject: ")) >= 2  # the desk's mail, and the chat
    assert "Last good reading before: 18:57:00 MSK" in told


def test_each_alert_says_what_is_known_from_the_others(told: str) -> None:
    record, report, statement = told.split("E-mail to the desk")[2:]
    assert "No report or statement about it was seen" not in record  # the agency was read for minutes
    assert (
        "Record: the register's entry changed between 18:57 and 19:02 MSK, at least 1 h 38 min before this report: Telegram"
        in report
    )
    assert "Record: the register's entry changed between 18:57 and 19:02 MSK, at least 3 h " in statement
    assert "Report: 20:40 MSK, 1 h 35 min before this statement: Telegram is opening an office in Russia" in statement


def test_it_ends_with_the_whole_case(told: str) -> None:
    case = told.partition("The whole case: watch case telegram")[2]
    steps = [line[:38].rstrip() for line in case.splitlines() if line.startswith("2025-07-17 ")]
    assert steps == [
        "2025-07-17 18:57  RECORD already there",
        "2025-07-17 19:02  RECORD changed: Tele",
        "2025-07-17 20:40  REPORT added: Telegr",
        "2025-07-17 22:15  STATEMENT added: Tel",
    ]
    assert "4 items from 3 sources; times in Europe/Moscow" in case


def test_the_case_is_written_as_a_page_where_it_is_asked_for(watch: Callable[..., Any], folder: Path) -> None:
    assert "\nThe case as a page: case.html\n" in watch("demo", "--html", "case.html").out
    page = (folder / "case.html").read_text(encoding="utf-8")
    assert page.count("<article>") == 4
    assert "as known on 17 July 2025, 22:17" in page
    assert watch("demo", "--html", "nowhere/case.html") == (2, "", "nowhere/case.html: the folder nowhere is missing\n")


def test_it_leaves_nothing_behind(
    watch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    watch("demo")
    assert list((tmp_path / "tmp").iterdir()) == []
    assert list(folder.iterdir()) == [tmp_path / "tmp"]


def test_it_keeps_its_state_where_it_is_asked_to(watch: Callable[..., Any], folder: Path) -> None:
    watch("demo", "--keep", str(folder / "story"))
    log = watch("--config", str(folder / "story" / "watch.toml"), "log", "--entity", "telegram")
    assert "branch: не исполнено → в стадии согласования" in log.out
    case = watch("--config", str(folder / "story" / "watch.toml"), "case", "telegram")
    assert "2025-07-17 20:40  REPORT added: Telegram is opening an office in Russia" in case.out


def test_it_ends_with_the_command_that_shows_its_desk_and_asks_nobody_who_is_not_there(told: str) -> None:
    assert told.splitlines()[-1] == "  watch --config story/watch.toml serve     in a browser: docs/desk.md"
    assert QUESTION not in told


class Terminal(NamedTuple):
    """The program at a terminal."""

    process: subprocess.Popen[bytes]
    end: int

    def read_to(self, words: str) -> str:
        """What it prints until these words have come, to the end of their line or question."""
        said = ""
        while words not in said or said[-1] not in "\n ":
            said += os.read(self.end, 65_536).decode("utf-8", "replace").replace("\r\n", "\n")
        return said

    def answer(self, text: str) -> None:
        os.write(self.end, f"{text}\n".encode())


@contextmanager
def at_a_terminal(folder: Path) -> Iterator[Terminal]:
    """The demo at a terminal, with its temporary files in a folder."""
    end, terminal = os.openpty()
    there = {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "XDG_CACHE_HOME": str(folder), "COLUMNS": "80"}
    command = [sys.executable, "-m", "watcher.cli", "demo"]
    streams = {"stdin": terminal, "stdout": terminal, "stderr": terminal}
    with subprocess.Popen(command, cwd=folder, env=os.environ | there, **streams) as process:  # type: ignore[call-overload]
        os.close(terminal)
        try:
            yield Terminal(process, end)
        finally:
            process.kill()
            os.close(end)


def test_at_a_terminal_it_offers_its_desk_and_ends_where_nobody_wants_it(folder: Path) -> None:
    with at_a_terminal(folder) as terminal:
        terminal.read_to(QUESTION)
        terminal.answer("n")
        assert terminal.process.wait(60) == 0
    assert list(folder.iterdir()) == []


def test_its_desk_is_served_at_the_time_of_the_story_and_leaves_nothing_behind(folder: Path) -> None:
    with at_a_terminal(folder) as terminal:
        terminal.read_to(QUESTION)
        terminal.answer("y")
        link = terminal.read_to("sign in: ").split()[-1]
        with httpx.Client(follow_redirects=True) as browser:
            today = browser.get(link).text
        assert "2025-07-10" in today  # a first visit shows a week
        assert today.count("Telegram Messenger Inc.") == 1  # it mentions somebody and is a change, and is shown once
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.process.wait(60) == 0
    assert list(folder.iterdir()) == []
