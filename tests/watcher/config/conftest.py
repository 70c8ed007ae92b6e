"""A desk whose edits become a part of the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from state.storage.objects import ANY, Edit, Revision
from state.store import Store
from watcher.config import edit
from watcher.config.load import Config, load

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
FEED = {"kind": "feed", "url": "https://register.example/feed.xml"}
FILE = """
[sources.tass]
kind = "feed"
url = "https://tass.example/rss"
"""


class Desk:
    """A folder with a configuration and a state, and its edits."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.file, self.store = folder / "watch.toml", store
        self.file.write_text(FILE)

    def load(self) -> Config:
        return load(self.file)

    def apply(self, *edits: Edit) -> list[Revision]:
        return edit.apply(self.load(), self.store, edits, "anna", NOW)

    def put(self, object_: str, name: str, document: dict[str, Any] | None, expected: int = ANY) -> Revision:
        return self.apply(Edit(object_, name, document, expected))[0]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{tmp_path}/state.db") as store:
        yield Desk(tmp_path, store)
