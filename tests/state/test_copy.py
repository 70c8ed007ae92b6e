"""Copying a state from one database to another: completely, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from sources import Entry
from state.db import copy
from state.db.copy import copy_state
from state.db.migrate import all_tables
from state.db.tables.core import ENTRIES
from state.errors import StateError
from state.model import DeliveryState
from state.store import Store
from tests import next_schema, postgres
from tests.storing import set_due
from tests.torture.processes import ended

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)

New = Callable[[str], str]
NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)


@pytest.fixture
def new(tmp_path: Path) -> Iterator[New]:
    """Makes empty databases."""
    server, made = postgres.shared(), list[str]()

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/other.db"
        made.append(server.new())
        return server.url(made[-1])

    yield make
    for name in made:
        server.drop(name)


@pytest.fixture
def lived(desk: Any) -> Any:
    """A state with rows in most tables, and in one of them more than are copied at once."""
    for word in ("one", "zwei", "три"):
        desk.check(
            "register", [Entry(f"{word} {number}", "Ümläut", fields={"n": f"{number} №"}) for number in range(170)]
        )
    desk.check("register", [Entry("one 1")], window=True)
    for title in ("first", "second"):
        desk.alert("desk", "ops", key=title)
    desk.compose(desk.store.outbox.due(NOON)[0])
    desk.store.channels.note_failure("ops", NOON)
    desk.store.entities.keep(None, {"telegram": "names"})
    desk.store.discussion.comment("case telegram", "ada", "Чей это реестр, @bob?", ["bob"], NOON)
    desk.store.discussion.mark("case telegram", "importance", "high", "ada", NOON)
    desk.store.shares.add("case telegram", "ada", NOON, NOON)
    return desk


def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    with Store.open(url) as store, store._database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in all_tables().sorted_tables
        }


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_all_of_a_state_is_there_afterwards_and_the_old_one_too(lived: Any, url: str, new: New, kind: str) -> None:
    target, before = new(kind), content(url)
    copied = {each.table: each.rows for each in copy_state(url, target)}
    assert content(target) == before == content(url)
    assert (copied["entries"], copied["messages"], copied["entities"]) == (510, 1, 2)
    assert (copied["comments"], copied["marks"], copied["shares"]) == (1, 1, 1)


def test_life_goes_on_in_the_new_state(lived: Any, url: str, new: New) -> None:
    target = new("postgresql")
    copy_state(url, target)
    with Store.open(target) as store:
        again = type(lived)(store)
        again.check("register", [Entry("one 1"), Entry("new")])
        event = again.alert("desk")
        assert event.id > max(each.id for each in lived.store.log.events(limit=None))
        assert (
            len(store.outbox.deliveries(DeliveryState.PENDING))
            == len(lived.store.outbox.deliveries(DeliveryState.PENDING)) + 1
        )


def test_a_target_that_holds_a_state_is_left_alone(lived: Any, url: str, new: New) -> None:
    target = new("postgresql")
    with Store.open(target) as store:
        type(lived)(store).alert("chat")
    before = content(target)
    with pytest.raises(StateError, match="it holds a state already, and was left as it is"):
        copy_state(url, target)
    assert content(target) == before


def test_a_state_is_not_copied_onto_itself(lived: Any, url: str) -> None:
    with pytest.raises(StateError, match="it holds a state already"):
        copy_state(url, url)


def test_a_target_that_is_another_programs_is_left_alone(lived: Any, url: str) -> None:
    server = postgres.shared()
    name = server.new()
    server.sql("CREATE TABLE precious (note text)", name)
    with pytest.raises(StateError, match="database of another program"):
        copy_state(url, server.url(name))
    assert len(server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name)) == 1
    server.drop(name)


@pytest.mark.parametrize(("schema", "says"), [("9999", "by a newer version"), ("0020", "of an older version")])
def test_a_server_of_another_version_is_not_copied_from(new: New, schema: str, says: str) -> None:
    source = new("postgresql")
    Store.open(source).close()
    postgres.shared().sql(
        f"UPDATE alembic_version SET version_num = '{schema}'", source.partition("@/")[2].partition("?")[0]
    )
    with pytest.raises(StateError, match=says):
        copy_state(source, new("sqlite"))


def test_where_there_is_nothing_nothing_is_copied_or_made(tmp_path: Path, new: New) -> None:
    with pytest.raises(StateError, match="the file is missing"):
        copy_state(f"sqlite:///{tmp_path}/gone.db", new("postgresql"))
    with pytest.raises(StateError, match="there is nothing in it to copy"):
        copy_state(new("postgresql"), new("sqlite"))
    assert list(tmp_path.iterdir()) == []


def test_a_row_that_arrives_otherwise_undoes_the_copy(
    lived: Any, url: str, new: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    number_on = copy._advance_sequences

    def garble(there: Any) -> None:
        there.execute(update(ENTRIES).where(ENTRIES.c.id == 7).values(title="garbled"))
        number_on(there)

    monkeypatch.setattr(copy, "_advance_sequences", garble)
    target = new("postgresql")
    with pytest.raises(StateError, match="entries is not what was read; nothing was stored"):
        copy_state(url, target)
    assert not any(content(target).values())


def test_a_copy_that_is_killed_leaves_the_target_empty(lived: Any, url: str, new: New) -> None:
    target = new("postgresql")
    code = """
import os, sys
from state.db import copy
copy._must_be_the_same = lambda *_: os.kill(os.getpid(), 9)
copy.copy_state(*sys.argv[1:])
"""
    assert ended(code, url, target) == (-9, "")
    assert not any(content(target).values())
    copy_state(url, target)


def test_nobody_writes_to_the_old_state_while_it_is_copied(
    lived: Any, url: str, new: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.db.sqlite._PATIENCE", 0.2)
    seen: list[str] = []

    def write(_: Any) -> None:
        options = "&options=-c%20lock_timeout%3D200ms" if "postgresql" in url else ""
        try:
            with Store.open(url + options) as store:
                set_due(store, {})
        except StateError as error:
            seen.append(str(error))

    copy_state(url, new("postgresql"), lambda copied: write(copied) if copied.table == "sources" else None)
    assert len(seen) == 1
    assert "another process has kept it locked" in seen[0]


def test_an_older_file_is_upgraded_in_the_copy_alone(
    lived: Any, tmp_path: Path, new: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "old.db"
    with Store.open(f"sqlite:///{file}") as store:
        type(lived)(store).check("register", [Entry("a"), Entry("b")])
    before = file.read_bytes()
    next_schema.use(monkeypatch, next_schema.write(tmp_path / "migrations"))
    target = new("postgresql")
    copy_state(f"sqlite:///{file}", target)
    assert file.read_bytes() == before
    assert len(content(target)["entries"]) == 2
