"""What becomes of a check that ends with a fault: of the state, or of ours."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from state.store import Store
from tests.configurations import LIST

CONFIGURATION = (
    LIST
    + """\
[sources.other]
kind = "json"
url = "{site}/other"
items = "@"
key = "name"
[channels.desk]
url = "{hook}/hook"
[[alerts]]
to = ["desk"]
health = true
"""
)


@pytest.fixture
def check(site: Any, configure: Callable[..., Path], watch: Callable[..., Any]) -> Callable[[], dict[str, Any]]:
    """Checks two sources of which something else stands on their pages each time; what it said of each."""
    site.page("/hook")
    hook = site.url("").replace("http", "json")
    configure(CONFIGURATION.format(site=site.url(""), hook=hook)).chmod(0o600)
    number = iter(range(100))

    def run() -> dict[str, Any]:
        for path in ("/list", "/other"):
            site.page(path, [{"name": "Telegram", "branch": f"B{next(number)}"}])
        return {each["name"]: each for each in json.loads(watch("--once", "--json").out)["sources"]}

    run()
    return run


def titles(site: Any) -> list[str]:
    return [told["title"] for told in site.sent("/hook")]


def failing(store: Store) -> dict[str, tuple[str, str | None]]:
    return {name: (state.health.status, state.health.reason) for state in store.sources() if (name := state.name)}


def test_a_source_of_which_a_row_is_damaged_is_failing_and_told_and_the_others_go_on(
    site: Any, check: Callable[[], dict[str, Any]], folder: Path, store: Store
) -> None:
    with closing(sqlite3.connect(folder / "state.db", isolation_level=None)) as damaging:
        of_list = "source_id = (SELECT id FROM sources WHERE name = 'list')"
        damaging.execute(f"UPDATE entries SET title = CAST(x'ff' AS TEXT) WHERE {of_list}")
    for _ in range(3):
        found = check()
        assert (found["list"]["status"], found["other"]["status"]) == ("failing", "ok")
        assert failing(store) == {"list": ("failing", "state"), "other": ("ok", None)}
    (told,) = [title for title in titles(site) if title.startswith("FAILING")]
    assert told.startswith("FAILING: list cannot be read: what is stored of it is damaged")


def test_a_source_whose_check_meets_a_fault_of_ours_is_failing_and_told_and_recovers(
    site: Any, check: Callable[[], dict[str, Any]], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("watcher.check.pipeline.judge", lambda *_: 1 // 0)
        for _ in range(3):
            assert check()["list"]["reason"] == "internal"
        assert failing(store)["list"] == ("failing", "internal")
    assert titles(site)[-1].startswith("FAILING: 2 sources on 127.0.0.1 cannot be checked: ZeroDivisionError")
    assert check()["list"]["status"] == "ok"
    assert failing(store)["list"] == ("ok", None)
