"""The search index: what it finds, and that it follows the state, whatever happens to either."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import HTTPException

from sources import Entry
from state.db.limited import VisibleNames
from state.errors import StateError
from state.store import Store
from tests.torture.processes import until
from watcher.web.search import LONGEST, EntryIndex, Follower, index_file, query_of, words_of

Find = Callable[..., list[str]]


@pytest.fixture
def index(folder: Path) -> EntryIndex:
    return EntryIndex(folder / "search.db")


@pytest.fixture
def find(kept: Any, folder: Path, index: EntryIndex) -> Iterator[Find]:
    """The titles that are found, once the index has followed the state."""
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        follower = Follower(store, index)

        def titles(text: str, *, source: str = "", present: bool = False, **options: Any) -> list[str]:
            follower._again.clear()
            follower.catch_up()
            found = follower.find(text, source=source, present=present, **options)
            return [seen.entry.title for seen in found.entries]

        yield titles


def test_words_are_found_in_any_case_and_by_their_beginning(kept: Any, find: Find) -> None:
    kept.show("A", "ООО «Ёлка и Телеграм»", "Crédit Agricole", "日本銀行")
    kept.check()
    assert find("телегр") == find("ЕЛКА") == find("ёлка ТЕЛЕГРАМ") == ["ООО «Ёлка и Телеграм»"]
    assert find("credit") == find("CRÉDIT agri") == ["Crédit Agricole"]
    assert find("日本") == []
    assert find("日本銀") == ["日本銀行"]
    assert find("agricole nothing") == find("«»") == find('"') == find("te") == []


def test_what_stands_between_words_is_no_part_of_them(kept: Any, find: Find) -> None:
    kept.show("A", "Crédit Agricole", "ООО «Ёлка»", "Creditanstalt", "Йод-Крем", "Йодоформ", "a-b-credo", "CREDO 2")
    kept.check()
    texts = ("cred", "crédit", "ёлк", "йод", "йодо", "cre agri", "a-b-cre", "credo", "йод-кре", "nothing")
    assert [len(find(text)) for text in texts] == [4, 2, 1, 2, 1, 1, 1, 2, 1, 0]


@pytest.mark.parametrize(
    "text", ['a" OR words : "b', "NEAR(a b)", "words:x", "*", "-x", "^z", "a\0b", "\u202eabc\u200b", "x" * 400]
)
def test_no_text_is_an_order_to_the_index(kept: Any, find: Find, text: str) -> None:
    kept.check()
    assert find(text) == []


def test_the_index_follows_edits_removals_and_forgotten_sources(kept: Any, find: Find, folder: Path) -> None:
    kept.show("A", "Bravo", "Charlie", "Delta")
    kept.check()
    assert find("bravo") == ["Bravo"]
    kept.show("moved", "Charlie", "Delta")
    kept.check()
    assert find("moved") == ["Telegram"]
    assert find("telegram a") == []
    assert (find("bravo"), find("bravo", present=True)) == (["Bravo"], [])
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        store.forget("list")
    assert find("charlie") == []


def test_a_search_is_limited_to_a_source_and_goes_on_below_a_number(kept: Any, find: Find) -> None:
    kept.show("A", *(f"Firm {number}" for number in range(1200)))
    kept.check()
    assert len(find("firm", limit=2000)) == 1200
    assert find("firm", limit=1) == find("firm", limit=1, source="list")
    assert find("firm", source="other") == []
    assert len(find("", source="list", limit=5)) == 5
    assert find("firm", limit=5, below=4) == find("firm", limit=2, above=0)[::-1] == ["Firm 1", "Firm 0"]


def test_each_database_is_followed(kept: Any, state_url: str, index: EntryIndex) -> None:
    kept.configure(evidence=f'state = "{state_url}"')
    with Store.open(state_url) as store:
        follower = Follower(store, index)
        for branch in ("опубликовано", "отозвано"):
            kept.show(branch, "Bravo")
            kept.check()
            follower._again.clear()
            follower.catch_up()
            wanted = ("ОТОЗВАНО", "bravo", branch)
            assert [_found(follower, words) for words in wanted] == [branch == "отозвано", 1, 1]


def test_another_state_in_the_same_place_is_followed(kept: Any, folder: Path, index: EntryIndex) -> None:
    rows = [{"name": name, "branch": "A"} for name in ("Bravo", "Charlie", "Delta")]
    for shown in (rows, rows[::-1]):
        for file in folder.glob("state.db*"):
            file.unlink()
        kept.site.page("/list", shown)
        kept.check()
        with Store.open(f"sqlite:///{folder}/state.db") as store:
            follower = Follower(store, index)
            follower.catch_up()
            assert [seen.entry.title for seen in follower.find("bravo").entries] == ["Bravo"]


def test_most_of_a_source_is_replaced(kept: Any, find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.web.search.BLOCK", 10)
    monkeypatch.setattr("watcher.web.search.MOST_KNOWN", 15)
    kept.configure(source='max_lost = "100 %"\nmax_new = "100 %"')
    kept.show("A", *(f"Old {number}" for number in range(100)))
    kept.check()
    assert len(find("old", limit=200)) == 100
    kept.show("A", *(f"New {number}" for number in range(100)))
    kept.check()
    assert (len(find("old", present=True, limit=200)), len(find("new", limit=200))) == (0, 100)


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_file_that_is_no_index_is_built_again(kept: Any, find: Find, folder: Path, content: bytes) -> None:
    kept.check()
    (folder / "search.db").write_bytes(content)
    assert find("telegram") == ["Telegram"]


def test_a_file_that_was_removed_is_built_again(kept: Any, find: Find, folder: Path) -> None:
    kept.check()
    assert find("telegram") == ["Telegram"]
    for file in folder.glob("search.db*"):
        file.unlink()
    assert find("telegram") == ["Telegram"]


def test_an_index_of_another_version_is_built_again(kept: Any, find: Find, folder: Path) -> None:
    kept.check()
    assert find("telegram")
    with sqlite3.connect(folder / "search.db") as opened:
        opened.execute("DELETE FROM entries")
        opened.execute("PRAGMA user_version = 999")
    opened.close()
    assert find("telegram") == ["Telegram"]


def test_no_more_than_a_part_of_a_long_entry_is_indexed() -> None:
    entry = Entry(key="k", title="t" * 100, fields={"a": "b" * 30_000}, text="c" * 1_000_000)
    assert len(words_of(entry)) <= LONGEST
    assert query_of("") is None
    assert query_of(" ".join("abcdefghijklmnopqrst")).count("AND") == 11


def test_only_its_owner_may_read_the_index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    with index_file("state.db") as file:
        assert file.is_relative_to(folder / "cache" / "registry-watch")
        assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    with index_file("other.db") as other:
        assert other != file


def test_without_a_cache_folder_the_index_ends_with_the_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("")
    monkeypatch.setenv("CACHE_DIRECTORY", str(folder / "file" / "cache"))
    with index_file("state.db") as file:
        assert os.access(file.parent, os.W_OK)
    assert not file.parent.exists()


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come")
        time.sleep(0.02)


@pytest.fixture
def following(kept: Any, folder: Path, index: EntryIndex, monkeypatch: pytest.MonkeyPatch) -> Iterator[Follower]:
    """A follower that looks often, in its thread."""
    for name in ("PAUSE", "AFTER_A_FAULT", "SHARE"):
        monkeypatch.setattr(f"watcher.web.search.{name}", 0.02)
    kept.check()
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        follower = Follower(store, index)
        follower.start()
        yield follower
        follower.stop()
    assert not follower._thread.is_alive()


def test_what_is_stored_while_the_server_runs_is_found(kept: Any, following: Follower) -> None:
    _until(lambda: following.status() == (True, 1, ""))
    kept.show("A", "Bravo")
    kept.check()
    _until(lambda: _found(following, "bravo") == 1)


def test_a_file_that_is_damaged_meanwhile_is_built_again(kept: Any, following: Follower, folder: Path) -> None:
    _until(lambda: following.status().ready)
    (folder / "search.db").write_bytes(b"damaged" * 10_000)
    kept.show("A", "Bravo")
    kept.check()
    _until(lambda: _found(following, "bravo") == 1)


def _found(follower: Follower, words: str) -> int:
    try:
        return len(follower.find(words).entries)
    except sqlite3.Error:
        return -1


def test_a_search_that_takes_too_long_is_ended(
    kept: Any, find: Find, index: EntryIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.show("A", *(f"Firm {number}" for number in range(600)))
    kept.check()
    find("")
    monkeypatch.setattr("watcher.web.search.LONGEST_SEARCH", -1.0)
    monkeypatch.setattr("watcher.web.search._STEPS", 1)
    with pytest.raises(HTTPException, match="503: the search took too long"):
        index.search('words : "firm"*')


def test_entries_are_found_by_words_of_a_translation_as_far_as_somebody_may_see(
    kept: Any, find: Find, folder: Path, index: EntryIndex
) -> None:
    kept.show("A", "Лицензия", "Licence of Zoom")
    kept.check()
    kept.show("B", "Лицензия", "Licence of Zoom")
    kept.check()
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        event = store.log.events()[0]
        assert event.data["title"] == "Telegram"
        told = {"title": "Licence of Telegram", "fields": {}, "text": None, "engine": "E"}
        store.translations.tell({event.id: told}, "en")
        assert find("telegr LICENCE") == ["Telegram"]
        assert find("licence") == ["Licence of Zoom", "Telegram"]
        assert find("licence", source="list", present=True) == ["Licence of Zoom", "Telegram"]
        assert find("licence", limit=1) == ["Licence of Zoom"]
        follower = Follower(store, index)
        first = follower.find("licence", limit=1)
        assert [seen.entry.title for seen in follower.find("licence", below=first.next).entries] == ["Telegram"]
        assert find("licence", above=0) == ["Telegram", "Licence of Zoom"]
        nobody = follower.limited(store.limited(VisibleNames(("other",))), by_entry=False)
        assert nobody.find("licence").entries == []


def test_a_state_that_is_away_is_told_once_an_hour(
    folder: Path, index: EntryIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_: Follower) -> None:
        raise StateError("away")

    monkeypatch.setattr(Follower, "catch_up", away)
    with Store.open(f"sqlite:///{folder}/state.db") as store, caplog.at_level("INFO", "watcher"):
        follower = Follower(store, index)
        follower.start()
        until(lambda: caplog.records)
        follower.stop()
    assert all(getattr(line, "lasts", False) for line in caplog.records)
