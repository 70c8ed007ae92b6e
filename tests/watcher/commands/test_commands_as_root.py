"""Root runs commands on a state whose service user was taken over: no file of root's is written to or given away."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from state.db.files import refuse_planted
from state.evidence.warc import Folder

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")

SERVICE = 12345  # a user


@pytest.fixture
def service(kept: Any) -> Any:
    """The folder of a service, which has been checked before; all in it is the service's."""
    kept.check()
    kept.show("B")
    kept.check()
    for folder, _, names in os.walk(kept.state.parent):
        os.chown(folder, SERVICE, SERVICE)
        for name in names:
            os.chown(Path(folder) / name, SERVICE, SERVICE)
    return kept


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of root's."""
    file = tmp_path_factory.mktemp("root") / "own"
    file.write_text("root's own")
    return file


def plant(place: Path, target: Path, *, hard: bool) -> None:
    """As the service's user does it."""
    place.unlink(missing_ok=True)
    if hard:
        place.hardlink_to(target)
    else:
        place.symlink_to(target)
        os.chown(place, SERVICE, SERVICE, follow_symlinks=False)


def untouched(file: Path) -> bool:
    status = file.stat()
    return (file.read_text(), status.st_uid, stat.S_IMODE(status.st_mode)) == ("root's own", 0, 0o644)


COMMANDS = (
    ["status"],
    ["log"],
    ["deliveries"],
    ["deliveries", "retry", "1"],
    ["accept", "list"],
    ["verify"],
    ["evidence", "1"],
    ["backup", "copy.db"],
    ["--once"],
)


@pytest.mark.parametrize(
    ("argv", "suffix", "hard"),
    [
        *((argv, "", False) for argv in COMMANDS),
        *((["status"], suffix, hard) for suffix in ("-wal", "-shm", "-journal") for hard in (False, True)),
        (["status"], "", True),
    ],
)
def test_a_link_in_the_place_of_the_state_is_refused_by_every_command(
    service: Any, own: Path, argv: list[str], suffix: str, hard: bool
) -> None:
    plant(service.state.with_name(f"state.db{suffix}"), own, hard=hard)
    ran = service.run(*argv)
    assert ran.code not in {0, None}, ran
    assert f"state.db{suffix}: it " in " ".join(ran.err.split())
    assert untouched(own)


@pytest.mark.parametrize("hard", [False, True])
def test_a_link_in_the_place_of_the_lock_is_refused(service: Any, own: Path, hard: bool) -> None:
    plant(service.state.with_name("state.db.lock"), own, hard=hard)
    ran = service.run("--once")
    assert "state.db.lock: it cannot be opened" in " ".join((ran.err + ran.out).split())
    assert untouched(own)


@pytest.mark.parametrize("hard", [False, True])
def test_a_chain_is_not_exported_through_a_link(service: Any, own: Path, hard: bool) -> None:
    plant(service.state.parent / "chain.jsonl", own, hard=hard)
    ran = service.run("verify", "--export", "chain.jsonl")
    assert (ran.code, "it cannot be written: it " in " ".join(ran.err.split())) == (2, True)
    assert untouched(own)


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("argv", [["backup", "--force", "out"], ["evidence", "1", "--out", "out"]])
def test_what_is_written_takes_the_place_of_a_link_or_is_refused(
    service: Any, own: Path, argv: list[str], hard: bool
) -> None:
    plant(service.state.parent / "out", own, hard=hard)
    service.run(*argv)
    assert untouched(own)


def test_a_backup_in_the_service_s_folder_is_root_s_and_whole(service: Any) -> None:
    assert service.run("backup", "copy.db").code == 0
    copy = service.state.parent / "copy.db"
    assert (copy.stat().st_uid, stat.S_IMODE(copy.stat().st_mode)) == (0, 0o600)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM captures").fetchone() == (2,)


def test_evidence_in_the_place_of_a_linked_folder_is_not_kept(service: Any, own: Path) -> None:
    moved = service.folder.rename(service.folder.with_name("moved"))
    service.folder.symlink_to(own.parent)
    os.chown(service.folder, SERVICE, SERVICE, follow_symlinks=False)
    service.show("C")
    ran = service.run("--once")
    assert "evidence cannot be kept" in ran.err
    assert list(own.parent.iterdir()) == [own]
    assert moved.is_dir()


@pytest.mark.parametrize("name", ["../elsewhere/own", "/elsewhere/own", "..", ""])
def test_an_edited_state_names_no_file_elsewhere(tmp_path: Path, name: str) -> None:
    folder = Folder(tmp_path)
    for act in (
        lambda: folder.append(name, 0, b"x"),
        lambda: folder.remove(name),
        lambda: folder.settle({name: 0}, (), "0a"),
    ):
        with pytest.raises(OSError, match="the state was edited"):
            act()


def test_a_link_of_root_s_own_is_followed(service: Any, tmp_path: Path) -> None:
    elsewhere = tmp_path / "moved.db"
    service.state.rename(elsewhere)
    service.state.symlink_to(elsewhere)
    refuse_planted(service.state)
    assert service.run("status").code == 0


def test_new_files_are_the_service_s(service: Any) -> None:
    service.state.with_name("state.db.lock").unlink()
    for file in service.files:
        file.unlink()
    service.show("C")
    assert service.run("--once").code == 0
    made = [service.state.with_name("state.db.lock"), *service.files]
    assert {file.stat().st_uid for file in made} == {SERVICE}


def test_nobody_but_root_is_kept_from_following_links(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link"
    link.symlink_to(own)
    os.chown(link, SERVICE, SERVICE, follow_symlinks=False)
    with pytest.raises(OSError, match="a link of another user"):
        refuse_planted(link)
    monkeypatch.setattr(os, "geteuid", lambda: SERVICE)
    refuse_planted(link)
