"""Opening the state: new, old, newer, damaged, foreign, unreachable. Nothing is overwritten."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import column, event, insert, table

from sources import Entry
from state.db import migrate, sqlite
from state.db.connect import open_database
from state.db.copy import copy_state
from state.db.glance import desk_rows
from state.db.migrate import SCHEMA, all_tables
from state.db.tables.core import Utc
from state.errors import StateError
from state.evidence.witnesses import WitnessAnswer, WitnessKind
from state.store import Store
from tests import next_schema, postgres, quick_states
from tests.conftest import SERVER
from tests.storing import add_event, came, set_due
from tests.torture.processes import Script, ended

OPEN_AND_WRITE = """
import sys
from datetime import datetime, UTC
from state.store import Store
from tests.storing import set_due
print("ready", flush=True)
sys.stdin.readline()
with Store.open(sys.argv[1]) as store:
    set_due(store, {sys.argv[2]: datetime.now(UTC)})
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file, but for the tests that ask for `state_url`."""
    return f"sqlite:///{tmp_path}/state.db"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def as_the_program_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the short cuts of the suite."""
    monkeypatch.setattr(sqlite, "_make_shrinkable", quick_states.make_shrinkable)
    monkeypatch.setattr(sqlite, "_prepare", quick_states.by_the_book)


def refused(url: str) -> str:
    with pytest.raises(StateError) as caught:
        Store.open(url)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_new_file_is_for_its_owner_only(url: str, file: Path) -> None:
    with Store.open(url) as store:
        set_due(store, {})
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert modes == dict.fromkeys(["state.db", "state.db-wal", "state.db-shm"], 0o600)


@pytest.mark.usefixtures("as_the_program_does")
def test_the_migrations_make_what_the_tables_say(state_url: str) -> None:
    with closing(open_database(state_url)) as database, database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []
        assert context.get_current_revision() == SCHEMA


def test_a_state_of_the_suite_is_what_the_migrations_make(
    url: str, file: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    Store.open(url).close()
    request.getfixturevalue("as_the_program_does")
    Store.open(f"sqlite:///{tmp_path}/migrated.db").close()
    assert quick_states.dump(file) == quick_states.dump(tmp_path / "migrated.db")


def test_a_state_that_is_up_to_date_is_opened_without_a_look_at_the_migrations(
    state_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(state_url).close()
    monkeypatch.setattr(migrate, "_SCRIPTS", None)
    Store.open(state_url).close()


@pytest.mark.usefixtures("as_the_program_does")
def test_what_is_committed_survives_a_power_cut(url: str) -> None:
    with closing(open_database(url)) as database, database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_two_processes_that_start_at_once_on_a_new_file_both_succeed(url: str) -> None:
    with ExitStack() as stack:
        starters = [stack.enter_context(Script(OPEN_AND_WRITE, url, name)) for name in ("one", "two", "three")]
        assert [each.stdout.readline() for each in starters] == ["ready\n"] * 3
        for each in starters:
            print("go", file=each.stdin, flush=True)
        assert [(each.stdout.read(), each.wait()) for each in starters] == [("", 0)] * 3
    with Store.open(url) as store:
        assert [state.name for state in store.sources()] == ["one", "three", "two"]


def test_a_migration_that_is_killed_midway_leaves_an_empty_file(url: str, file: Path) -> None:
    code = """
import os, sys
from state.db import backend
from state.store import Store
real = backend.upgrade
backend.upgrade = lambda *rest: (real(*rest), os.kill(os.getpid(), 9))
Store.open(sys.argv[1])
"""
    assert ended(code, url) == (-9, "")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT * FROM sqlite_master").fetchall() == []
    Store.open(url).close()


@pytest.mark.parametrize("version", ["0001", "0012", "0016"])
def test_a_state_of_an_unreleased_build_is_refused_and_left_alone(url: str, file: Path, version: str) -> None:
    Store.open(url).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.commit()
    before = file.read_bytes()
    message = refused(url)
    assert (
        f"a build before a92dfda7 wrote it (schema {version}), and it was left as it is; run `watch status`" in message
    )
    assert file.read_bytes() == before


def test_a_migration_of_a_state_with_rows_that_is_killed_midway_loses_none_of_them(
    url: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(url) as store:
        set_due(store, {"one": datetime.now(UTC)})
    scripts = next_schema.write(tmp_path / "migrations")
    code = f"""
import os, sys
from pathlib import Path
from state.db import backend, migrate
from state.store import Store
migrate._SCRIPTS, backend.SCHEMA = Path({str(scripts)!r}), "{next_schema.NEXT}"
real = backend.upgrade
backend.upgrade = lambda *rest: (real(*rest), os.kill(os.getpid(), 9))
Store.open(sys.argv[1])
"""
    assert ended(code, url) == (-9, "")
    assert next_schema.version(file) == SCHEMA
    next_schema.use(monkeypatch, scripts)
    with Store.open(url) as store:
        assert [state.name for state in store.sources()] == ["one"]
    assert next_schema.version(file) == next_schema.NEXT


@pytest.mark.usefixtures("as_the_program_does")
@pytest.mark.parametrize("kept_in", ["sqlite", SERVER])
def test_the_stamps_of_an_earlier_build_are_taken_over(
    url: str, kept_in: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if kept_in == "postgresql":
        name = postgres.shared().new()
        request.addfinalizer(lambda: postgres.shared().drop(name))
        url = postgres.shared().url(name)
    with monkeypatch.context() as earlier:
        next_schema.use(earlier, next_schema.write_until(tmp_path / "migrations", "0017"))
        at = datetime(2025, 7, 14, 12, tzinfo=UTC)
        columns = table("stamps", *map(column, ("number", "link", "authority", "answer")), column("at", Utc()))
        with closing(open_database(url)) as database, database.writing() as connection:
            for number in (5, 3):
                row = {"number": number, "link": bytes([number] * 32), "at": at, "authority": "tsa", "answer": b"stamp"}
                connection.execute(insert(columns), row)
    with Store.open(url) as store:
        kept = store.evidence.witness_answers()
        assert kept == [
            WitnessAnswer(WitnessKind.AUTHORITY, "tsa", number, bytes([number] * 32), "", at, b"stamp")
            for number in (3, 5)
        ]
        store.evidence.add_witness_answer(kept[0]._replace(authority="another"))
        assert len(store.evidence.witness_answers()) == 3


@pytest.mark.usefixtures("as_the_program_does")
def test_changes_of_an_earlier_build_can_be_told_in_other_languages(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at = datetime(2025, 7, 14, 12, tzinfo=UTC)
    with monkeypatch.context() as earlier:
        next_schema.use(earlier, next_schema.write_until(tmp_path / "migrations", "0021"))
        with Store.open(url) as store:
            number = add_event(store, came("Отозвана", at), [], at).id
    told = {"title": "Revoked", "fields": {}, "text": None, "engine": "E"}
    with Store.open(url) as store:
        assert store.discussion.of_change(number).translations == {}
        store.translations.tell({number: told}, "en")
        assert store.discussion.of_change(number).translations == {"en": told}


def test_a_newer_state_is_refused_and_left_alone(url: str, file: Path) -> None:
    Store.open(url).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = file.read_bytes()
    message = refused(url)
    assert str(file) in message
    assert "newer version of this program (schema 9999); upgrade" in message
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"precious", b"precious notes\n" * 1000], ids=["short", "long"])
def test_a_file_that_is_no_database_is_left_alone(url: str, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert f"{file}: this is not a state file" in refused(url)
    assert file.read_bytes() == content


def test_the_database_of_another_program_is_left_alone(url: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    before = file.read_bytes()
    assert "database of another program" in refused(url)
    assert file.read_bytes() == before


def test_a_damaged_file_says_what_to_do(url: str, file: Path) -> None:
    damaged = file.with_name("damaged.db")
    with Store.open(url) as store:
        set_due(store, {})
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file, damaged)
    with damaged.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * 4096 * 8)
    message = refused(f"sqlite:///{damaged}")
    assert "the file is damaged; restore a backup" in message


def test_a_file_that_was_emptied_is_refused_until_it_is_removed(url: str, file: Path) -> None:
    with Store.open(url) as store, store.database.sending_lock(0):
        set_due(store, {})
    for suffix in ("-wal", "-shm"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)
    file.write_bytes(b"")
    assert "it was emptied: state.db.lock beside it" in refused(url)
    assert not file.stat().st_size
    file.unlink()
    Store.open(url).close()


@pytest.mark.parametrize("instead", ["nothing", "a copy"])
def test_a_file_that_is_taken_away_from_an_open_state_is_said_and_taken_back(
    url: str, file: Path, tmp_path: Path, instead: str
) -> None:
    with Store.open(url) as store:
        file.rename(tmp_path / "away.db")
        if instead == "a copy":
            shutil.copy(tmp_path / "away.db", file)
        for use in (store.sources, lambda: set_due(store, {"one": datetime.now(UTC)})):
            with pytest.raises(StateError, match="moved, removed or replaced while it was in use"):
                use()
        (tmp_path / "away.db").rename(file)
        assert store.sources() == []


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    assert f"the folder {tmp_path / 'nowhere'} is missing; create it" in refused(
        f"sqlite:///{tmp_path}/nowhere/state.db"
    )


def test_a_folder_in_place_of_the_file_says_so(tmp_path: Path) -> None:
    assert "cannot be opened" in refused(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "state.db", ""])
def test_anything_but_a_file_or_a_server_is_refused(url: str) -> None:
    assert 'such as "sqlite:///state.db"' in refused(url)


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[None]:
    """Without root's rights: root can write to any folder."""
    for folder in (tmp_path, *tmp_path.parents[:3]):  # of the test, the worker, the run and the user
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)
    tmp_path.chmod(0o755)


def test_a_folder_that_cannot_be_written_says_so(url: str, file: Path, tmp_path: Path, nobody: None) -> None:
    if os.geteuid() == tmp_path.stat().st_uid:
        tmp_path.chmod(0o555)
    assert f"{file}: it cannot be created: Permission denied" in refused(url)
    assert not file.exists()


@pytest.fixture
def closed(url: str, tmp_path: Path) -> str:
    """A state in a folder that nobody but root may look into."""
    (tmp_path / "closed").mkdir(0o700)
    Store.open(url.replace("state.db", "closed/state.db")).close()
    return url.replace("state.db", "closed/state.db")


@pytest.mark.parametrize("use", [open_database, desk_rows, lambda url: copy_state(url, url)])
def test_a_folder_that_may_not_be_looked_into_says_so(
    use: Callable[[str], object], closed: str, tmp_path: Path, nobody: None
) -> None:
    if os.geteuid() == tmp_path.stat().st_uid:
        (tmp_path / "closed").chmod(0)
    with pytest.raises(StateError, match="it cannot be opened; give this user the right"):
        use(closed)


def test_a_full_disk_is_a_plain_error_and_stores_nothing(desk: Any) -> None:
    engine = desk.store._database._engine
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 45"))
    with pytest.raises(StateError, match="no space is left on its disk; nothing of this was stored"):
        desk.check("register", [Entry(number, "x" * 1000) for number in range(1, 500)])
    assert desk.store.source("register").revision == 0
    desk.check("register", [Entry("1")])
    assert desk.store.database.problems() == []


def test_a_state_that_another_process_keeps_locked_is_a_plain_error(
    url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.db.sqlite._PATIENCE", 0.1)
    with Store.open(url) as store, closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError, match="another process has kept it locked"):
            set_due(store, {})
        assert store.sources() == []
        other.execute("ROLLBACK")
        set_due(store, {})


def test_a_thread_waits_for_its_turn_however_long_another_one_writes(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("state.db.sqlite._PATIENCE", 0.1)
    with Store.open(url) as store, ThreadPoolExecutor() as threads:
        with store._database.writing():
            waiting = threads.submit(set_due, store, {})
            time.sleep(0.5)
            assert not waiting.done()
        waiting.result(timeout=60)


def test_a_relative_file_is_taken_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Store.open("sqlite:///here.db").close()
    assert (tmp_path / "here.db").exists()


def test_a_sound_file_has_no_problems(store: Store) -> None:
    assert store.database.problems() == []


def test_a_file_system_that_is_mounted_read_only_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "the right to write" in refused(f"sqlite:///{tmp_path}")
    monkeypatch.setattr(sqlite, "is_read_only", lambda folder: folder == tmp_path.parent)
    assert "is mounted read-only" in refused(f"sqlite:///{tmp_path}")
