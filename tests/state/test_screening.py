"""The index of the names of entries: it becomes what the entries are, whoever was killed on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import event, select

from sources import Entry
from state.db.limited import VisibleNames
from state.db.tables.core import SOURCES
from state.db.tables.seldom import NAME_KEYS, SCREENED_NAMES, SCREENED_SOURCES
from state.failpoint import VARIABLE
from state.storage import screening
from state.storage.screening import NameReader
from state.store import Store
from tests.storing import add_event, came

READER = NameReader("made", lambda entry: entry.title.encode(), lambda packed: set(packed.decode().split()))
KILLED = """
import sys
from tests.state.test_screening import READER, catch_up
from state.storage import screening
from state.store import Store
screening._PART = 2
with Store.open(sys.argv[1]) as store:
    catch_up(store)
"""


def catch_up(store: Store, reader: NameReader = READER, by_check: Sequence[str] = ()) -> int:
    """How many sources were compared."""
    sources = store.screening.outdated(reader.made, by_check)
    for source in sources:
        for _ in store.screening.catch_up(source, reader):
            pass
    return len(sources)


def titles(store: Store, key: str, sources: Sequence[int] | None = None) -> list[str]:
    """What is packed of the entries that a key finds."""
    found = store.screening.packed(store.screening.find(key, 100, sources))
    return sorted(packed.decode() for packed in found.values())


def content(store: Store) -> list[list[Any]]:
    with store._database.reading() as connection:
        tables = (NAME_KEYS, SCREENED_NAMES)
        return [connection.execute(select(each).order_by(*each.primary_key)).all() for each in tables]


def entries(*names: str) -> list[Entry]:
    return [Entry(key=f"k{number}", title=name) for number, name in enumerate(names)]


def test_it_becomes_what_the_entries_are(store: Store, desk: Any) -> None:
    desk.check("list", entries("Ada Sable", "Ben Sable", "Cleo Grey"))
    assert catch_up(store) == 1
    assert titles(store, "Sable") == ["Ada Sable", "Ben Sable"]
    desk.check("list", [Entry("k0", "Ada Sable"), Entry("k1", "Ben Black"), Entry("k3", "Dan Sable")])
    assert titles(store, "Grey") == ["Cleo Grey"]
    assert catch_up(store) == 1
    assert titles(store, "Sable") == ["Ada Sable", "Dan Sable"]
    assert (titles(store, "Black"), titles(store, "Grey")) == (["Ben Black"], [])
    assert len(content(store)[1]) == 3
    desk.check("list", entries("Ada Sable", "Ben Sable", "Cleo Grey"))
    catch_up(store)
    rows = content(store)
    with store._database.writing() as connection:
        connection.execute(SCREENED_SOURCES.delete())
        connection.execute(SCREENED_NAMES.delete())
        connection.execute(NAME_KEYS.delete())
    catch_up(store)
    assert content(store) == rows


def test_what_has_not_changed_is_not_looked_at(store: Store, desk: Any) -> None:
    desk.check("list", entries("Ada"))
    desk.check("other", entries("Ben"))
    assert (catch_up(store), catch_up(store)) == (2, 0)
    desk.check("list", entries("Ada", "Cleo"))
    assert [each.source_id for each in store.screening.outdated(READER.made)] == [store.entries.source_number("list")]


def test_a_check_reads_and_writes_nothing_of_it(store: Store, desk: Any) -> None:
    statements = list[str]()
    event.listen(store._database._engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    desk.check("list", entries("Ada", "Ben"))
    desk.check("list", entries("Ada", "Cleo"))
    store.forget("list")
    assert statements
    assert not [each for each in statements if "screened" in each or "name_keys" in each]


def test_sources_that_are_gone_or_others_are_indexed_anew(store: Store, desk: Any, noon: Any) -> None:
    desk.check("list", entries("Ada"))
    desk.check("other", entries("Ben"))
    catch_up(store)
    store.forget("list")
    store.forget("other")
    desk.check("new", entries("Cleo"))  # where numbers are given again, it has one of theirs
    with store._database.writing() as connection:
        connection.execute(SOURCES.update().values(accepted=noon))
    catch_up(store)
    assert [titles(store, each) for each in ("Ada", "Ben", "Cleo")] == [[], [], ["Cleo"]]
    assert len(content(store)[1]) == 1


def test_other_code_reads_all_names_again(store: Store, desk: Any) -> None:
    desk.check("list", entries("Ada Sable"))
    catch_up(store)
    initials = NameReader("later", READER.pack, lambda packed: {word[:1] for word in packed.decode().split()})
    assert catch_up(store, initials) == 1
    assert (titles(store, "S"), titles(store, "Sable")) == (["Ada Sable"], [])


def test_a_source_with_pages_of_entries_is_compared_after_each_check(store: Store, desk: Any) -> None:
    desk.check("list", entries("Ada"))
    assert (catch_up(store), catch_up(store)) == (1, 0)
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE sources SET checked = '2030-01-01'")
        connection.exec_driver_sql("""UPDATE entries SET detail = '{"body": "abc", "fields": {}}'""")
    reader = NameReader("made", lambda _: b"Read Again", READER.keys)
    assert catch_up(store, reader) == 0
    assert (catch_up(store, reader, ["list"]), titles(store, "Again")) == (1, ["Read Again"])


@pytest.mark.parametrize("at", ["indexing_names", "indexing_names:TERM"])
def test_whoever_is_killed_the_next_one_completes_it(store: Store, desk: Any, url: str, at: str) -> None:
    desk.check("list", entries(*(f"Name{number} Sable" for number in range(7))))
    environment = {**os.environ, VARIABLE: at}
    ran = subprocess.run([sys.executable, "-c", KILLED, url], env=environment, check=False, timeout=60)
    assert ran.returncode < 0
    assert 0 < len(content(store)[1]) < 7
    assert (catch_up(store), catch_up(store)) == (1, 0)
    assert len(titles(store, "Sable")) == 7


def test_two_at_once_make_one_index(store: Store, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_PART", 2)
    desk.check("list", entries(*(f"Name{number} Sable" for number in range(5))))
    (source,) = store.screening.outdated(READER.made)
    slow = store.screening.catch_up(source, READER)
    next(slow)
    desk.check("list", entries(*(f"Name{number} Grey" for number in range(5))))
    catch_up(store)
    for _ in slow:
        pass
    catch_up(store)
    assert (titles(store, "Sable"), len(titles(store, "Grey"))) == ([], 5)


def test_who_is_limited_finds_his_part(store: Store, desk: Any, noon: Any) -> None:
    for name in ("one", "two"):
        desk.check(name, [Entry("a", f"Ada {name}"), Entry("b", f"Ben {name}")])
    add_event(store, came("a", noon, "ada", source="two"), ["mail"], noon)
    catch_up(store)
    assert titles(store, "Ada") == ["Ada one", "Ada two"]
    assert titles(store.limited(VisibleNames(("one",))), "Ada") == ["Ada one"]
    of_ada = store.limited(VisibleNames(("one", "two"), ("ada",)))
    assert (titles(of_ada, "Ada"), titles(of_ada, "Ben")) == (["Ada two"], [])
    assert titles(store, "Ada", [store.entries.source_number("two") or 0]) == ["Ada two"]
    assert titles(store, "Ada", []) == []
