"""The lock for sending: one process at a time, and released when it dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from state.db.files import exclusive
from state.errors import StateError
from state.store import Store
from tests.torture.processes import Script, ended

HOLD = """
import sys, time
from state.store import Store
with Store.open(sys.argv[1]) as store, store.database.sending_lock(5) as ours:
    print(ours, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(url: str, store: Store) -> Iterator[Script]:
    """Another process that holds the lock."""
    with Script(HOLD, url) as process:
        assert process.stdout.readline() == "True\n"
        yield process


def test_another_process_waits_and_then_goes_without(store: Store, holder: Script) -> None:
    began = time.monotonic()
    with store.database.sending_lock(0.2) as ours:
        waited = time.monotonic() - began
        assert not ours
    assert waited >= 0.2


def test_the_lock_of_a_killed_process_is_free(store: Store, holder: Script) -> None:
    holder.signal(signal.SIGKILL)
    holder.wait(60)
    with store.database.sending_lock(0 if store._database.name.endswith("state.db") else 5) as ours:
        assert ours


def test_a_process_gets_the_lock_as_soon_as_the_other_dies(store: Store, holder: Script) -> None:
    threading.Timer(0.2, holder.signal, [signal.SIGKILL]).start()
    with store.database.sending_lock(10) as ours:
        assert ours


def test_a_stopped_process_delays_nobody_beyond_the_timeout(store: Store, holder: Script) -> None:
    holder.signal(signal.SIGSTOP)
    with store.database.sending_lock(0.1) as ours:
        assert not ours


def test_two_threads_of_one_process_exclude_each_other(url: str, store: Store) -> None:
    with Store.open(url) as other, store.database.sending_lock(0) as ours, other.database.sending_lock(0.1) as theirs:
        assert (ours, theirs) == (True, False)
    with store.database.sending_lock(0) as again:
        assert again


def test_a_thread_that_went_without_does_not_free_the_lock(url: str, store: Store) -> None:
    code = HOLD.replace("sending_lock(5)", "sending_lock(0)").replace("time.sleep(60)", "")
    with store.database.sending_lock(0):
        with store.database.sending_lock(0) as twice:
            assert not twice
        assert ended(code, url) == (0, "False\n")


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # that children are forked at all is the point
def test_a_forked_child_does_not_inherit_the_lock(store: Store) -> None:
    with store.database.sending_lock(0):
        child = os.fork()
        if child == 0:
            with store.database.sending_lock(0) as ours:
                os._exit(int(ours))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        sleeper = os.fork()
        if sleeper == 0:
            time.sleep(60)
            os._exit(0)
    try:
        with store.database.sending_lock(0) as ours:
            assert ours
    finally:
        os.kill(sleeper, signal.SIGKILL)
        os.waitpid(sleeper, 0)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_that_was_forked_under_the_lock_can_have_it_later(store: Store) -> None:
    reader, writer = os.pipe()
    with store.database.sending_lock(0):
        child = os.fork()
        if child == 0:
            os.read(reader, 1)
            with store.database.sending_lock(5) as ours:
                os._exit(int(ours))
    os.write(writer, b"!")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    os.close(reader)
    os.close(writer)


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    """Root works on a service's state: a link could hand over one of root's files."""
    target = tmp_path / "shadow"
    target.write_text("root's")
    (tmp_path / "soft.lock").symlink_to(target)
    with (
        pytest.raises(StateError, match=r"soft\.lock: it cannot be opened: it is a link"),
        exclusive(tmp_path / "soft.lock", 0),
    ):
        pass
    assert target.read_text() == "root's"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_gives_away_no_file_that_stands_elsewhere_too_or_is_somebody_else_s(tmp_path: Path) -> None:
    folder, target = tmp_path / "state", tmp_path / "shadow"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    target.write_text("root's")
    os.link(target, folder / "hard.lock")
    (folder / "strange.lock").touch()
    os.chown(folder / "strange.lock", 23456, 23456)
    for name, why in (("hard.lock", "it has another name elsewhere"), ("strange.lock", "it belongs to somebody else")):
        before = len(list(Path("/proc/self/fd").iterdir()))
        with pytest.raises(StateError, match=f"cannot be opened: {why};"), exclusive(folder / name, 0):
            pass
        assert len(list(Path("/proc/self/fd").iterdir())) <= before  # those of other tests may close meanwhile
    assert target.stat().st_uid == 0
    with exclusive(folder / "own.lock", 0) as ours:
        assert ours
    assert (folder / "own.lock").stat().st_uid == 12345
