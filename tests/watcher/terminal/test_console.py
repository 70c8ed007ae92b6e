from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sources.http.course import course, following
from sources.secrets import Secrets
from tests.torture.processes import until
from watcher.terminal import console
from watcher.terminal.console import print_json, progress, table
from watcher.terminal.words import about, count, moment, there_are


@pytest.fixture(autouse=True)
def nothing_is_hidden() -> Iterator[None]:
    yield
    console.begin()


def test_control_and_bidirectional_characters_are_escaped_and_line_breaks_stay() -> None:
    assert console.printable("a\x1b[31m\u202eb\n\x9bc\u200b") == "a\\x1b[31m\\u202eb\n\\x9bc\\u200b"
    assert console.printable("Телеграм — 电报 é") == "Телеграм — 电报 é"


def test_secrets_are_kept_out_of_all_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    secrets = Secrets()
    secrets.add("${TOKEN}", "hunter2")
    console.hide(secrets)
    console.say("it is hunter2")
    table(["A"], [["hunter2"]])
    print_json({"a": ["hunter2"]})
    console.complain("hunter2")
    out, err = capsys.readouterr()
    assert "hunter2" not in out + err
    assert (out + err).count("${TOKEN}") == 4


def test_a_paragraph_is_wrapped_with_a_hanging_indent_but_a_link_is_not_broken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    link = "https://example.org/" + "x" * 90
    console.say("word " * 30, indent=2, hang=4)
    console.say(link)
    first, second, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith("  word")
    assert second.startswith("      word")
    assert len(first) <= 80
    assert last == link


def test_columns_are_aligned_and_the_widest_is_wrapped_into_80(capsys: pytest.CaptureFixture[str]) -> None:
    table(["NAME", "N", "TEXT"], [["один", "1", "слово " * 20], ["two", "1000", "-"]], right=["N"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "NAME     N  TEXT"
    assert lines[1].startswith("один     1  слово слово")
    assert lines[2].startswith("            слово")
    assert lines[-1] == "two   1000  -"
    assert all(len(line) <= 80 for line in lines)


def test_wide_characters_take_two_columns(capsys: pytest.CaptureFixture[str]) -> None:
    table(["A", "B"], [["电报", "x"], ["ab", "y"]])
    assert capsys.readouterr().out.splitlines()[1:] == ["电报  x", "ab    y"]


def test_on_a_terminal_rich_draws_the_table_and_brackets_are_no_markup(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "is_terminal", lambda: True)
    table(["NAME", "HEALTH"], [["[bold]x[/bold]", "failing"]])
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split() == ["NAME", "HEALTH"]
    assert row.split() == ["[bold]x[/bold]", "failing"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes standard output a terminal of so many columns."""

    def of(columns: int) -> None:
        monkeypatch.setattr(console, "is_terminal", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))

    return of


STANDINGS = [["a-register-with-a-long-name", "suspicious", "12 000"], ["tass", "ok", "-"]]


@pytest.mark.parametrize(("columns", "kept"), [(80, "a-register-with-a-long-name"), (36, "a-register-w")])
def test_a_terminal_that_is_wide_enough_folds_the_widest_column_alone(
    capsys: pytest.CaptureFixture[str], terminal: Callable[[int], None], columns: int, kept: str
) -> None:
    terminal(columns)
    table(["SOURCE", "HEALTH", "ENTRIES"], STANDINGS, right=["ENTRIES"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["SOURCE", "HEALTH", "ENTRIES"]
    assert lines[1].split()[1:] == ["suspicious", "12", "000"]
    assert lines[1].startswith(kept)
    assert all(len(line.rstrip()) <= columns for line in lines)


def test_on_a_narrow_terminal_each_row_is_a_paragraph(
    capsys: pytest.CaptureFixture[str], terminal: Callable[[int], None]
) -> None:
    terminal(33)
    table(["SOURCE", "HEALTH", "ENTRIES"], STANDINGS)
    assert capsys.readouterr().out.splitlines() == [
        "a-register-with-a-long-name",
        "  health suspicious, entries 12 000",
        "tass",
        "  health ok, entries -",
    ]


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(seconds=61), "1 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=12), "12 d"),
        (timedelta(seconds=-5), "5 s"),
    ],
)
def test_a_length_of_time_is_said_in_one_unit(span: timedelta, text: str) -> None:
    assert about(span) == text


def test_a_moment_is_said_in_the_zone_asked_for_and_counts_have_their_plural() -> None:
    assert moment(datetime(2025, 7, 14, 22, 30, tzinfo=UTC), ZoneInfo("Europe/Moscow")) == "2025-07-15 01:30"
    assert [count(1, "entry", "entries"), count(12345, "source")] == ["1 entry", "12 345 sources"]


def test_one_is_there_and_two_are() -> None:
    assert there_are(1, "proposal") == "there is 1 proposal"
    assert there_are(2, "entry", "entries") == "there are 2 entries"


@pytest.mark.parametrize("answer", ["y", "YES ", "n", "", "of course"])
def test_only_yes_is_taken_for_yes(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _: answer)
    assert console.ask_yes("Serve it now?") is (answer in {"y", "YES "})


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("size", "quiet"), [(9_000_000, False), (9_000_000, True), (1_000, False)])
def test_a_terminal_shows_how_much_of_a_large_page_has_come(
    size: int, quiet: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, shows = Screen(), size > 4_000_000 and not quiet
    monkeypatch.setattr(sys, "stdout", Screen())
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")  # on one that is dumb nothing is drawn over
    monkeypatch.setattr(console, "_LOOK", 0.01)
    with progress(1, quiet=quiet), following("gleif"):
        course.get().begin(0, 2 * size)
        course.get().received = size
        until(lambda: "received" in screen.getvalue()) if shows else time.sleep(0.2)
    assert ("gleif: 9.0 MB of 18.0 MB received" in screen.getvalue()) == shows
