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
from tests.watcher.conftest import Ran

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


NO_TEXT = "CAST(x'ff' AS TEXT)"
OF_LIST = "source_id = (SELECT id FROM sources WHERE name = 'list')"


@pytest.fixture
def damage(folder: Path) -> Callable[[str], None]:
    """Writes into the state what no program writes."""

    def run(statement: str) -> None:
        with closing(sqlite3.connect(folder / "state.db", isolation_level=None)) as damaging:
            damaging.execute(statement)

    return run


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (f"UPDATE entries SET title = {NO_TEXT} WHERE {OF_LIST}", "state"),
        (f"UPDATE entries SET fields = '{{' WHERE {OF_LIST}", "state"),
        (f"UPDATE pages SET request = {NO_TEXT} WHERE {OF_LIST}", "state"),
        (f"UPDATE events SET data = {NO_TEXT} WHERE source = 'list' AND entry_key = 'Telegram'", "state"),
    ],
)
def test_a_source_of_which_a_row_is_damaged_is_failing_and_told_and_read_anew_when_that_is_accepted(
    site: Any,
    check: Callable[[], dict[str, Any]],
    damage: Callable[[str], None],
    watch: Callable[..., Ran],
    store: Store,
    statement: str,
    reason: str,
) -> None:
    check()
    damage(statement)
    assert watch("accept", "other", "--yes", "damaged").code == 2
    for _ in range(3):
        found = check()
        assert (found["list"]["status"], found["other"]["status"]) == ("failing", "ok")
        assert failing(store) == {"list": ("failing", reason), "other": ("ok", None)}
    (told,) = [title for title in titles(site) if title.startswith("FAILING")]
    if reason == "state":
        assert told.startswith("FAILING: list cannot be read: what is stored of it is damaged")
        assert any("watch accept list --yes damaged" in told["message"] for told in site.sent("/hook"))
    assert watch("accept", "list", "--yes", "damaged").code == 0
    assert [check()["list"]["status"] for _ in range(2)] == ["baseline", "ok"]
    assert any("RECOVERED: list can be read again" in title for title in titles(site))
    assert [title for title in titles(site) if title.startswith("FAILING")] == [told]


@pytest.mark.parametrize("column", ["message", "wait_until", "digest", "habits", "told", "place"])
def test_a_row_of_a_source_that_is_damaged_is_made_anew_and_told_and_no_change_is_lost(
    site: Any,
    check: Callable[[], dict[str, Any]],
    damage: Callable[[str], None],
    watch: Callable[..., Ran],
    column: str,
) -> None:
    damage(f"UPDATE sources SET {column} = {NO_TEXT} WHERE name = 'list'")
    first, second = check(), check()
    assert (first["list"]["reason"], first["other"]["status"]) == ("state", "ok")
    expected = "baseline" if column == "place" else "ok"
    if second["list"]["status"] == "failing":  # it was met while it was checked, so the next check told it
        second = check()
    assert second["list"]["status"] == expected
    if expected == "ok":
        (change,) = second["list"]["changes"]
        assert change["changed"]["branch"]["before"] == "B0"
    assert sum("FAILING: list cannot be read: what is stored of it was damaged" in title for title in titles(site)) == 1
    assert any("RECOVERED: list can be read again" in title for title in titles(site))
    assert watch("status").code == 0


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
