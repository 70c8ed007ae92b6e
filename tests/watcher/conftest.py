"""What tests of the program share: a folder with a configuration, and the command line run in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sources import Entry
from state.model import Acceptance, Commit, Difference, Event, EventKind, Health, Mention, SourceState
from state.store import Store
from watcher import cli

Configure = Callable[..., Path]

NEWS = datetime(2025, 7, 14, 9, 31, tzinfo=UTC)


class Ran(NamedTuple):
    """What a command line came to."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; nothing of the surroundings says where a configuration is."""
    monkeypatch.chdir(tmp_path)
    for name in ("WATCH_CONFIG", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def configure(folder: Path) -> Configure:
    """Writes a configuration file (default: watch.toml) and returns its path."""

    def write(text: str, name: str = "watch.toml") -> Path:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def watch(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ran]]:
    """Runs the command line in this process."""
    before = logging.raiseExceptions

    def run(*argv: str) -> Ran:
        capsys.readouterr()
        code = cli.main(argv)
        return Ran(code, *capsys.readouterr())

    yield run
    logging.raiseExceptions = before


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """The state of a configuration in the working folder that says nothing of its state."""
    with Store.open(f"sqlite:///{folder}/state.db") as opened:
        yield opened


@pytest.fixture
def checked(store: Store) -> Callable[..., None]:
    """Puts a source into the state: with so many entries, and as healthy as the test says."""

    def put(name: str, health: Health, entries: int = 0, **times: Any) -> None:
        new = [(bytes([number]), Entry(number)) for number in range(entries)]
        difference = Difference((), new, {}, {}, b"", entries, ())
        state = replace(SourceState(name), health=health, entries=entries, **times)
        accepted = Acceptance(difference, (), "", "", fresh=True) if entries else None
        store.commit(name, lambda _: Commit(state, accepted))

    return put


@pytest.fixture
def happened(store: Store) -> Callable[..., Event]:
    """Puts a change of an entry into the log: with the entities that it mentions, and deliveries to channels."""

    def put(
        title: str = "Telegram Messenger Inc",
        change: str = "changed",
        *,
        source: str = "rkn-landing",
        at: datetime = NEWS,
        entities: tuple[str, ...] = (),
        to: tuple[str, ...] = (),
        **fields: tuple[str | None, str | None],
    ) -> Event:
        sides = {name: {"before": before, "after": after} for name, (before, after) in fields.items()}
        data = {"change": change, "key": title, "title": title, "url": None, "published": None, "fields": sides}
        mentions = [Mention(entity, entity, entity, "title") for entity in entities]
        what = Event(EventKind.CHANGE, source, source, "record", at, None, data | {"entry": {}}, mentions)
        return store.add_event(what, to, at + timedelta(seconds=1))

    return put
