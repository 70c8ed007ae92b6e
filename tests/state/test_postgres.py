"""The state on a PostgreSQL server: messages for its errors, locks, and restarts of the server."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources import Entry
from state.db.connect import connect, open_database
from state.errors import StateError
from state.model import Commit
from state.store import Store
from tests import postgres
from tests.storing import set_due
from tests.torture.processes import Script, ended

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)

NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)

WRITE_SLOWLY = """
import sys, time
from state.store import Store
with Store.open(sys.argv[1]) as store:
    def slow(state):
        print("in it", flush=True)
        sys.stdin.readline()
    store.commit("register", slow)
"""


@pytest.fixture
def name() -> Iterator[str]:
    server = postgres.shared()
    name = server.new("state")
    yield name
    server.drop(name)


@pytest.fixture
def url(name: str) -> str:
    return postgres.shared().url(name)


@pytest.fixture
def writer(url: str) -> Iterator[Script]:
    """Another process in the middle of a transaction on `register`."""
    with Script(WRITE_SLOWLY, url) as process:
        assert process.stdout.readline() == "in it\n"
        yield process


def refused(url: str) -> str:
    with pytest.raises(StateError) as caught:
        Store.open(url)
    message = str(caught.value)
    assert "\n" not in message
    return message


def nothing(_: Any) -> None:
    return None


def test_a_newer_state_is_refused_and_left_alone(url: str, name: str) -> None:
    postgres.shared().sql("UPDATE alembic_version SET version_num = '9999'", name)
    assert "newer version of this program (schema 9999); upgrade" in refused(url)
    assert postgres.shared().sql("SELECT version_num FROM alembic_version", name) == [("9999",)]


@pytest.mark.parametrize("option", ["sslmod=verify-full", "connect_timeout=soon"])
def test_an_option_of_the_address_that_is_none_is_named(url: str, option: str) -> None:
    said = refused(f"{url}&{option}")
    assert "its address has an option that cannot be used; correct `state` (" in said
    assert option.partition("=")[0] in said.partition("(")[2]


def test_the_database_of_another_program_is_left_alone() -> None:
    server = postgres.shared()
    name = server.new()
    server.sql("CREATE TABLE precious (note text)", name)
    assert "database of another program" in refused(server.url(name))
    assert server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name) == [("precious",)]
    server.drop(name)


def test_a_migration_that_is_killed_midway_leaves_an_empty_database() -> None:
    server = postgres.shared()
    name = server.new()
    code = """
import os, sys
from state.db import backend
from state.store import Store
real = backend.upgrade
backend.upgrade = lambda *rest: (real(*rest), os.kill(os.getpid(), 9))
Store.open(sys.argv[1])
"""
    assert ended(code, server.url(name)) == (-9, "")
    database = connect(server.url(name))
    assert database.schema() is None
    database.close()
    Store.open(server.url(name)).close()
    server.drop(name)


def test_a_server_that_is_not_there_is_a_plain_error_without_the_password() -> None:
    message = refused("postgresql+psycopg://me:hunter22@127.0.0.1:1/x")
    assert message.startswith("postgresql://me:***@127.0.0.1:1/x: the database cannot be reached")
    assert "hunter22" not in message


def test_what_is_no_url_is_not_repeated() -> None:
    assert refused("postgresql://me:hunter22@h:port/x").startswith(
        "state: not a URL; it looks like postgresql+psycopg://"
    )


def test_a_database_that_is_not_there_says_so() -> None:
    assert "cannot be reached" in refused(postgres.shared().url("nowhere"))


def test_a_database_that_cannot_hold_every_text_is_refused_with_what_to_do() -> None:
    server = postgres.shared()
    server.sql("CREATE DATABASE bytes TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    with pytest.raises(StateError, match=r"its encoding is SQL_ASCII, and it has to be UTF8: CREATE DATABASE"):
        Store.open(server.url("bytes"))
    assert server.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "bytes") == [(0,)]


def test_a_user_without_rights_is_told_so(url: str, name: str) -> None:
    postgres.shared().sql("DROP ROLE IF EXISTS reader")
    postgres.shared().sql("CREATE ROLE reader LOGIN")
    postgres.shared().sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", name)
    with Store.open(url.replace("postgres@", "reader@")) as store:
        assert store.sources() == []
        with pytest.raises(StateError, match="this user may not do that; give it the right"):
            set_due(store, {"register": NOON})


def test_without_the_extra_it_says_what_to_install(url: str) -> None:
    code = "import sys; sys.modules['psycopg'] = None; from state.store import Store; Store.open(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, timeout=30, check=False)
    assert 'install the extra "postgres"' in done.stderr


def test_two_checks_of_one_source_wait_for_each_other_and_of_two_sources_do_not(url: str, writer: Script) -> None:
    with Store.open(url) as store:
        store.commit("other", nothing)
        done = threading.Event()
        second = threading.Thread(target=lambda: (store.commit("register", nothing), done.set()))
        second.start()
        assert not done.wait(0.3)
        writer.tell("go on")
        assert done.wait(60)
        second.join()


def test_what_concerns_the_whole_state_waits_for_every_writer(url: str, writer: Script) -> None:
    with Store.open(url) as store:
        done = threading.Event()
        second = threading.Thread(target=lambda: (set_due(store, {"other": NOON}), done.set()))
        second.start()
        assert not done.wait(0.3)
        writer.tell("go on")
        assert done.wait(60)
        second.join()


def test_a_process_that_stands_still_in_a_transaction_holds_nobody_up_for_long(
    url: str, writer: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends its transaction, which stores nothing; the process gets an error when it resumes."""
    writer.signal(signal.SIGSTOP)
    with Store.open(url) as store:
        store.commit("register", nothing)  # else it would wait until the writer goes on, which it does after this
    writer.signal(signal.SIGCONT)
    err = writer.tell("go on")
    assert "StateError" in err
    assert "stood still for 10 s in the middle of writing" in err or "cannot be reached" in err


def test_who_waits_too_long_is_told_so(url: str, writer: Script) -> None:
    with Store.open(url + "&options=-c%20lock_timeout%3D200ms") as store:
        with pytest.raises(StateError, match="another process has kept it locked"):
            store.commit("register", nothing)
        assert store.sources() == []


def test_options_of_the_url_count(url: str) -> None:
    given = url + "&options=-c%20work_mem%3D7MB&application_name=mine"
    with Store.open(given) as store, store._database.reading() as connection:
        found = connection.exec_driver_sql("SELECT current_setting('work_mem'), current_setting('application_name')")
        assert tuple(found.one()) == ("7MB", "mine")


def test_a_state_may_live_in_a_schema_of_its_own(url: str, name: str) -> None:
    postgres.shared().sql("CREATE SCHEMA watch", name)
    with Store.open(url + "&options=-c%20search_path%3Dwatch") as store:
        set_due(store, {"register": NOON})
    assert postgres.shared().sql("SELECT name FROM watch.sources", name) == [("register",)]
    assert postgres.shared().sql("SELECT name FROM public.sources", name) == []


def test_a_backup_is_left_to_the_servers_own_tools(url: str, tmp_path: Path) -> None:
    with Store.open(url) as store, pytest.raises(StateError, match="pg_dump --format=custom"):
        store.database.backup(tmp_path / "copy")


def test_its_size_is_that_of_the_database(url: str) -> None:
    with Store.open(url) as store:
        assert store.database.size() > 1_000_000
        assert store.database.problems() == []
        assert store.database.shrink(10) is False


def test_a_server_that_was_started_again_is_found_again_at_once(desk: Any) -> None:
    with postgres.server(**postgres.QUICK) as server:
        name = server.new()
        with Store.open(server.url(name)) as store:
            set_due(store, {"register": NOON})
            server.stop()
            with pytest.raises(StateError, match="cannot be reached; nothing of this was stored"):
                set_due(store, {"register": NOON})
            with pytest.raises(StateError, match="cannot be reached"):
                store.sources()
            server.start()
            assert store.source("register").due == NOON


def test_a_crash_of_the_server_loses_nothing_that_was_stored() -> None:
    with postgres.server() as server:
        name = server.new()
        with Store.open(server.url(name)) as store:
            for number in range(20):
                store.commit(f"s{number}", Commit)
            server.stop("immediate")
            server.start()
            assert len(store.sources()) == 20


def test_a_transaction_that_loses_its_server_midway_stores_nothing(url: str, name: str) -> None:
    def cut(state: Any) -> Commit:
        postgres.shared().sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        return Commit(state)

    with Store.open(url) as store:
        with pytest.raises(StateError, match="cannot be reached"):
            store.commit("register", cut)
        assert store.sources() == []


def test_content_with_what_no_database_takes_is_stored_all_the_same(desk: Any) -> None:
    desk.check("register", [Entry("a", "x\ud800y", fields={"n": "null \0 byte"})])
    assert desk.store.source("register").entries == 1


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


def test_a_connection_is_not_used_by_two_processes_after_a_fork(url: str) -> None:
    code = """
import os, sys
from state.store import Store
with Store.open(sys.argv[1]) as store:
    child = os.fork()
    with store._database.writing():
        pass
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    print(store.sources())
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, url], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_a_database_is_opened_by_either_form_of_its_url(url: str) -> None:
    database = open_database(url.replace("+psycopg", ""))
    assert database.name.startswith("postgresql://")
    database.close()
