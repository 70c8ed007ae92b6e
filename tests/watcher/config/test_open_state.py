"""What runs looks into the state for edits at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.errors import StateError
from state.storage.objects import Objects
from state.store import Store
from watcher.config import open_state
from watcher.config.load import load
from watcher.config.open_state import DeskEdits

NOW = datetime(2026, 9, 1, tzinfo=UTC)
SOURCE = '[sources.list]\nkind = "feed"\nurl = "https://a.example/"\n'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "watch.toml").write_text(SOURCE)
    with Store.open(f"sqlite:///{tmp_path}/state.db") as made:
        yield made


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_state, "LOOK", 0.0)


def test_each_edit_is_reported_until_it_was_read_but_only_once(tmp_path: Path, store: Store, always: None) -> None:
    config, edits = load(tmp_path / "watch.toml"), DeskEdits(store, lambda: NOW)
    assert not edits.are_new(config)
    store.objects.pause("list", None, "anna", NOW)
    assert [edits.are_new(config) for _ in range(3)] == [True, False, False]
    assert not edits.are_new(load(config.path))
    store.objects.resume("list", "anna", NOW)
    assert edits.are_new(config)
    edits.try_again()
    assert edits.are_new(config)


def test_a_state_in_a_closed_folder_is_none_that_is_not_there_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    see = Path.stat

    def closed(file: Path, **options: Any) -> Any:
        if file.name == "state.db":
            raise PermissionError(13, "Permission denied", str(file))
        return see(file, **options)

    monkeypatch.setattr(Path, "stat", closed)
    assert not open_state.is_unused(f"sqlite:///{tmp_path}/state.db")


def test_the_end_of_a_pause_is_an_edit(tmp_path: Path, store: Store, always: None) -> None:
    ends = datetime.now(UTC) + timedelta(hours=1)
    store.objects.pause("list", ends, "anna", NOW)
    config, now = load(tmp_path / "watch.toml"), [ends - timedelta(seconds=1)]
    edits = DeskEdits(store, lambda: now[0])
    assert (dict(config.paused), dict(config.checked)) == ({"list": ends}, {})
    assert not edits.are_new(config)
    now[0] = ends
    assert [edits.are_new(config) for _ in range(2)] == [True, False]


def test_the_state_is_asked_once_a_second_and_again_when_it_cannot_be_read(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, asked = load(tmp_path / "watch.toml"), list[int]()

    def answer(result: Callable[[], int]) -> Callable[[Objects], int]:
        return lambda _: asked.append(1) or result()

    def fail() -> int:
        raise StateError("the disk is gone")

    edits, now = DeskEdits(store, lambda: NOW), [100.0]
    monkeypatch.setattr(open_state.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(Objects, "latest", answer(fail))
    assert [edits.are_new(config) for _ in range(50)] == [False] * 50
    monkeypatch.setattr(Objects, "latest", answer(lambda: 7))
    assert not edits.are_new(config)
    now[0] += 1
    assert [edits.are_new(config) for _ in range(50)] == [True] + [False] * 49
    assert len(asked) == 2
