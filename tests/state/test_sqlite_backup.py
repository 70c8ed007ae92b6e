"""Copies of the state while another thread writes to it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from sources import Entry
from state.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/state.db"


def test_backups_made_while_another_writes_hold_one_moment_each(desk: Any, store: Store, tmp_path: Path) -> None:
    writing = threading.Event()

    def write() -> None:
        for number in range(1, 60):
            desk.check("register", [Entry(f"{n}", fields={"round": str(number)}) for n in range(50)])
            writing.set()

    writer = threading.Thread(target=write)
    writer.start()
    writing.wait(60)
    for number in range(10):
        store.database.backup(tmp_path / f"copy-{number}.db")
    writer.join()
    for number in range(10):
        with Store.open(f"sqlite:///{tmp_path}/copy-{number}.db") as copy:
            known = copy.known("register")
            entries = known.contents([mark.id for mark in dict(known.rows()).values()])
            rounds = {entry.fields["round"] for entry in entries.values()}
            assert (len(rounds), copy.source("register").revision) == (1, int(rounds.pop()))
            assert copy.database.problems() == []
