"""What is configured at the desk: revisions, edits in one transaction with their record, and pauses."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from state.db.glance import DeskRow, desk_rows
from state.errors import StateError
from state.storage.desk import Action
from state.storage.objects import ANY, NEW, Edit, OutdatedError, SourcePause, StaleRevisionError
from state.store import Store
from tests import postgres

DOCUMENT = {"kind": "feed", "url": "https://register.example/ü"}


def test_an_edit_becomes_a_revision_and_an_action(store: Store, noon: datetime) -> None:
    assert (store.objects.latest(), store.objects.current()) == (0, [])
    made, other = store.objects.write(
        [Edit("source", "a", DOCUMENT, NEW), Edit("rule", "r", {"to": ["x"]}, NEW)], "anna", noon
    )
    assert (made.id, made.document, made.who, made.at) == (1, DOCUMENT, "anna", noon)
    assert store.objects.current() == [other, made]
    assert store.objects.find("source", "a") == made
    assert store.objects.find("source", "b") is None
    assert store.objects.latest() == 2
    actions = [(each.who, each.what, each.subject) for each in store.desk.actions()]
    assert actions == [("anna", "create", "rule r (revision 2)"), ("anna", "create", "source a (revision 1)")]


def test_every_revision_is_kept(store: Store, noon: datetime) -> None:
    for document in (DOCUMENT, {**DOCUMENT, "every": "1h"}, None, DOCUMENT):
        store.objects.write([Edit("source", "a", document)], "anna", noon)
    found = store.objects.log()
    assert [(each.id, each.document and each.document.get("every")) for each in found] == [
        (4, None),
        (3, None),
        (2, "1h"),
        (1, None),
    ]
    assert found[1].document is None
    assert store.objects.get(2) == found[2]
    assert store.objects.before(found[1]) == found[2]
    assert store.objects.before(found[3]) is None
    assert [each.what for each in store.desk.actions()] == ["create", "delete", "edit", "create"]


@pytest.mark.parametrize(
    ("expected", "is_stale"), [(ANY, False), (NEW, True), (1, True), (2, False), (3, True)], ids=str
)
def test_an_edit_expects_a_revision(store: Store, noon: datetime, expected: int, is_stale: bool) -> None:
    for _ in range(2):
        store.objects.write([Edit("source", "a", DOCUMENT)], "anna", noon)
    edits = [Edit("source", "b", DOCUMENT), Edit("source", "a", {}, expected)]
    if not is_stale:
        store.objects.write(edits, "ben", noon)
        return
    with pytest.raises(StaleRevisionError) as caught:
        store.objects.write(edits, "ben", noon)
    assert caught.value.current == store.objects.find("source", "a")
    assert store.objects.latest() == 2, "the other edit was not stored either"
    assert len(store.desk.actions()) == 2


def test_what_was_deleted_may_be_made_again(store: Store, noon: datetime) -> None:
    store.objects.write([Edit("source", "a", DOCUMENT)], "anna", noon)
    store.objects.write([Edit("source", "a", None, 1)], "anna", noon)
    with pytest.raises(StaleRevisionError) as caught:
        store.objects.write([Edit("source", "a", DOCUMENT, 1)], "anna", noon)
    assert caught.value.current is None
    store.objects.write([Edit("source", "a", DOCUMENT, NEW)], "anna", noon)


def test_an_edit_may_expect_that_nothing_else_was_edited(store: Store, noon: datetime) -> None:
    store.objects.write([Edit("channel", "c", {"url": "x"})], "anna", noon, basis=0)
    with pytest.raises(OutdatedError):
        store.objects.write([Edit("source", "a", DOCUMENT)], "anna", noon, basis=0)
    store.objects.write([Edit("source", "a", DOCUMENT)], "anna", noon, basis=1)


def test_of_many_who_edit_at_once_one_is_first(store: Store, noon: datetime) -> None:
    seen = list[str]()

    def edit() -> None:
        try:
            store.objects.write([Edit("source", "a", DOCUMENT, NEW)], "anna", noon)
            seen.append("stored")
        except StaleRevisionError:
            seen.append("stale")

    threads = [threading.Thread(target=edit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == ["stale"] * 5 + ["stored"]
    assert store.desk.find_broken_link() is None


def test_a_source_rests_until_a_time_or_until_somebody_resumes_it(store: Store, noon: datetime) -> None:
    store.objects.pause("a", noon + timedelta(hours=1), "anna", noon)
    store.objects.pause("b", None, "anna", noon)
    assert store.objects.pauses() == {
        "a": SourcePause("a", noon + timedelta(hours=1), "anna", noon),
        "b": SourcePause("b", None, "anna", noon),
    }
    assert store.objects.latest() == 2
    assert store.objects.resume("a", "ben", noon)
    assert not store.objects.resume("a", "ben", noon)
    assert list(store.objects.pauses()) == ["b"]
    assert (store.objects.current(), store.objects.log(), store.objects.get(1)) == ([], [], None)
    assert [(each.what, each.subject.partition(" (")[0]) for each in store.desk.actions()] == [
        ("resume", "source a"),
        ("pause", "source b"),
        ("pause", "source a"),
    ]


def test_a_glance_sees_what_is_there_and_makes_nothing(state_url: str, tmp_path: Path, noon: datetime) -> None:
    assert desk_rows(state_url) == []
    assert list(tmp_path.iterdir()) == []
    with Store.open(state_url) as store:
        store.objects.write([Edit("source", "a", {"kind": "feed"})], "anna", noon)
        store.objects.pause("a", None, "anna", noon)
        assert desk_rows(state_url) == [
            DeskRow(2, "pause", "a", '{"until":null}'),
            DeskRow(1, "source", "a", '{"kind":"feed"}'),
        ]


def test_a_database_that_is_read_only_stores_nothing(name: str, noon: datetime) -> None:
    server = postgres.shared()
    with Store.open(server.url(name)) as store:
        store.objects.write([Edit("source", "a", DOCUMENT)], "anna", noon)
    server.sql("DROP ROLE IF EXISTS looker")
    server.sql("CREATE ROLE looker LOGIN")
    server.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", name)
    url = server.url(name).replace("postgres@", "looker@")
    assert desk_rows(url)[0].name == "a"
    with Store.open(url) as store:
        with pytest.raises(StateError, match="this user may not do that"):
            store.objects.write([Edit("source", "b", DOCUMENT)], "anna", noon)
        assert store.objects.latest() == 1


def test_actions_of_before_the_links_are_kept_and_the_chain_begins_behind_them(tmp_path: Path, noon: datetime) -> None:
    file = tmp_path / "state.db"
    with Store.open(f"sqlite:///{file}") as store:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(
                "INSERT INTO actions VALUES (1, '2025-01-01 00:00:00.000000', 'ben', 'accept', 'x', NULL)"
            )
            connection.commit()
        store.desk.record(Action(noon, "anna", "accept", "y"))
        assert [each.who for each in store.desk.actions()] == ["anna", "ben"]
        assert store.desk.find_broken_link() is None


def test_a_state_without_the_table_has_nothing(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        connection.execute("CREATE TABLE deliveries (id INTEGER)")
    assert desk_rows(f"sqlite:///{tmp_path}/state.db") == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE actions SET who = 'eve' WHERE id = 2", "action 2 was edited"),
        ("UPDATE actions SET at = '2025-01-01 00:00:00.000000' WHERE id = 3", "action 3 was edited"),
        ("DELETE FROM actions WHERE id = 2", "action 3 was edited, or one before it was edited or removed"),
        ("UPDATE actions SET link = NULL WHERE id = 3", "action 3 has no link"),
        ("INSERT INTO actions VALUES (9, '2025-01-01', 'eve', 'accept', 'x', NULL)", "action 9 has no link"),
    ],
)
def test_an_action_that_was_edited_is_found(tmp_path: Path, noon: datetime, statement: str, says: str) -> None:
    with Store.open(f"sqlite:///{tmp_path}/state.db") as store:
        for number in range(4):
            store.desk.record(Action(noon, "anna", "accept", f"source {number}"))
        assert store.desk.find_broken_link() is None
        with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
            connection.execute(statement)
            connection.commit()
        assert says in (store.desk.find_broken_link() or "")
