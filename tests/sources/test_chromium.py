"""The folder of a browser: the program that made it removes it, or the next one does."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.browser import chromium
from sources.browser.chromium import Home, kill_greedy, memory_of, remove_left

MAKE = "from sources.browser.chromium import Home; home = Home(); print(home.path, flush=True); input()"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def other() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another program that has a folder, and that folder."""
    with subprocess.Popen([sys.executable, "-c", MAKE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as it:
        assert it.stdout
        yield it, Path(it.stdout.readline().strip())
        it.kill()


def test_the_folder_of_a_program_that_was_killed_is_removed(other: tuple[subprocess.Popen[str], Path]) -> None:
    program, folder = other
    (folder / "profile").mkdir()
    os.kill(program.pid, signal.SIGKILL)
    program.wait(60)
    assert folder.exists()
    remove_left()
    assert not folder.exists()


def test_the_folder_of_a_program_that_lives_is_kept(other: tuple[subprocess.Popen[str], Path]) -> None:
    remove_left()
    assert other[1].exists()


def test_its_own_folder_is_kept_until_it_is_done_with() -> None:
    home = Home()
    remove_left()
    assert Path(home.path).exists()
    home.remove()
    assert not Path(home.path).exists()


def test_a_link_of_that_name_and_where_it_leads_stay(temporary: Path) -> None:
    kept = temporary / "kept"
    kept.mkdir()
    (temporary / "registry-watch-browser-x").symlink_to(kept)
    remove_left()
    assert kept.exists()


def test_the_driver_has_a_home_where_the_user_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    home = Home()

    async def start() -> str | None:
        async with home.for_driver():
            return os.environ.get("HOME")

    assert asyncio.run(start()) == home.path
    assert "HOME" not in os.environ


@pytest.mark.parametrize("before", ["/somewhere", None])
def test_only_the_driver_has_its_temporary_files_there(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", before) if before else monkeypatch.delenv("TMPDIR")
    home = Home()

    async def start() -> str | None:
        async with home.for_driver():
            return os.environ.get("TMPDIR")

    assert asyncio.run(start()) == home.path
    assert os.environ.get("TMPDIR") == before


@pytest.mark.parametrize(
    ("sizes", "others", "killed"),
    [
        ({1: 400, 2: 200, 3: 100}, 200, []),  # all of it is what they may take
        (
            {1: 165, 2: 40, **dict.fromkeys(range(3, 15), 60)},
            180,
            [3, 4, 5, 6],
        ),  # frames, each smaller than a good page
        ({1: 165, 2: 500, 3: 60, 4: 60}, 180, [2]),  # a page without frames
        ({1: 100, 2: 90}, 2000, [1, 2]),  # blobs in the browser itself: they go with whatever made them
    ],
)
def test_the_largest_of_the_page_or_frames_that_take_most_is_killed(
    sizes: dict[int, int], others: int, killed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = list[int]()
    monkeypatch.setattr(chromium, "memory_of", lambda group: (sizes, others))
    monkeypatch.setattr(os, "kill", lambda pid, number: gone.append(pid))
    assert (kill_greedy(7, {1, 2}, 900), gone) == (bool(killed), killed)


def test_the_memory_of_a_process_group_is_what_its_processes_do_not_share(tmp_path: Path) -> None:
    take = "import sys; kept = b'x' * 50_000_000; print(flush=True); sys.stdin.read()"
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", take, "--type=renderer"], stdin=pipe, stdout=pipe, process_group=0
    ) as it:
        assert it.stdout
        it.stdout.readline()
        pages, others = memory_of(it.pid)
        it.kill()
    assert (list(pages), others) == ([it.pid], 0)
    assert 50_000_000 < pages[it.pid] < 100_000_000
