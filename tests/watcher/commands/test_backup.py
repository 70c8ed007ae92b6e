"""`watch backup`: a copy of the state while others write to it, and a start from that copy."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import DESK, LIST

Watch = Callable[..., Any]


@pytest.fixture
def register(site: Any, configure: Callable[..., Path]) -> Callable[[str], None]:
    """A register with one company, whose branch the test sets; it is configured, with a desk that hears of it."""
    site.page("/hook")
    configure((LIST + DESK).format(site=site.url(""), hook=site.url("").replace("http", "json")))
    return lambda branch: site.page("/list", [{"name": "Telegram", "branch": branch}])


def alerts(site: Any) -> list[str]:
    titles = [told["title"] for told in site.sent("/hook")]
    return [title for title in titles if not title.startswith("Watching")]


def quick_check(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        (found,) = connection.execute("PRAGMA quick_check").fetchone()
    connection.close()
    return str(found)


def test_a_start_from_a_backup_finds_what_changed_since_and_repeats_nothing_older(
    site: Any, register: Callable[[str], None], watch: Watch, folder: Path
) -> None:
    register("not met")
    watch("--once")
    register("under approval")
    watch("--once")
    assert watch("backup", "copy.db").out.startswith("wrote copy.db, 0.")
    register("met")
    watch("--once")
    for file in folder.glob("state.db*"):
        file.unlink()
    shutil.copy("copy.db", "state.db")
    assert watch("--once").code == 0
    assert watch("--once").code == 0
    second = "Telegram: branch: under approval → met (list)"
    assert alerts(site) == ["Telegram: branch: not met → under approval (list)", second, second]


def test_a_backup_is_one_whole_file_that_only_its_owner_may_read(
    register: Callable[[str], None], watch: Watch, folder: Path
) -> None:
    register("not met")
    watch("--once")
    watch("backup", "copy.db")
    assert sorted(file.name for file in folder.glob("*copy*")) == ["copy.db"]
    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o600
    assert quick_check(folder / "copy.db") == "ok"


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("copy.db", "copy.db: already there, and left as it is; --force writes over it"),
        ("state.db", "state.db: is the state itself; name another file"),
        (".", "is a folder; name the file in it"),
        ("nowhere/copy.db", "nowhere/copy.db: the folder nowhere is missing"),
    ],
)
def test_a_target_that_would_lose_something_is_refused(
    register: Callable[[str], None], watch: Watch, folder: Path, target: str, says: str
) -> None:
    register("not met")
    watch("--once")
    (folder / "copy.db").write_text("last week")
    before = (folder / "state.db").read_bytes()
    ran = watch("backup", target)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ((folder / "copy.db").read_text(), (folder / "state.db").read_bytes()) == ("last week", before)


def test_force_replaces_an_older_backup(register: Callable[[str], None], watch: Watch, folder: Path) -> None:
    register("not met")
    watch("--once")
    (folder / "copy.db").write_text("last week")
    assert watch("backup", "--force", "copy.db").code == 0
    assert quick_check(folder / "copy.db") == "ok"


def test_without_a_state_there_is_nothing_to_copy(configure: Callable[..., Path], watch: Watch, folder: Path) -> None:
    configure("")
    ran = watch("backup", "copy.db")
    assert (ran.code, ran.err) == (2, "nothing was ever checked with this configuration: there is no state to copy\n")
    assert [file.name for file in folder.iterdir()] == ["watch.toml"]


def test_a_backup_that_cannot_be_finished_leaves_no_file(
    register: Callable[[str], None], watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register("not met")
    watch("--once")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = watch("backup", "copy.db")
    assert ran.code == 1
    assert "copy.db: it cannot be written: No space left on device" in ran.err
    assert not list(folder.glob("*copy*"))
