"""`watch state copy`: its output, and what it refuses; and what `doctor` says of a server's user."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import postgres

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)


@pytest.fixture
def target() -> Iterator[str]:
    server = postgres.shared()
    name = server.new()
    yield server.url(name)
    server.drop(name)


def test_it_says_how_much_was_copied_and_what_to_do_next(
    watch: Callable[..., Any], happened: Callable[..., Any], target: str
) -> None:
    for title in ("one", "two"):
        happened(title, to=("desk",))
    ran = watch("state", "copy", "state.db", target)
    assert ran.code == 0, ran.err
    assert "events                2 rows" in ran.out
    assert "what was written is what was read" in ran.out
    assert f'next: state = "{target}" in watch.toml' in " ".join(ran.out.split())


def test_a_file_is_named_whole_as_the_configuration_may_be_elsewhere(
    watch: Callable[..., Any], happened: Callable[..., Any], tmp_path: Path
) -> None:
    happened("one")
    ran = watch("state", "copy", "sqlite:///state.db", "sqlite:///other.db")
    assert f'state = "sqlite:///{tmp_path}/other.db"' in " ".join(ran.out.split())


def test_the_program_goes_on_with_the_copy(
    watch: Callable[..., Any], configure: Callable[..., Path], happened: Callable[..., Any], target: str
) -> None:
    happened("Telegram Messenger Inc")
    said = json.loads(watch("state", "copy", "--json", "state.db", target).out)
    assert {each["table"]: each["rows"] for each in said["tables"]}["events"] == 1
    configure(f'state = "{target}"\n')
    assert "Telegram Messenger Inc" in watch("log").out


def test_a_second_copy_is_refused(watch: Callable[..., Any], happened: Callable[..., Any], target: str) -> None:
    happened("one")
    watch("state", "copy", "state.db", target)
    ran = watch("state", "copy", "state.db", target)
    assert (ran.code, "it holds a state already, and was left as it is" in ran.err) == (1, True)


def test_a_password_comes_from_the_environment_and_is_shown_nowhere(
    watch: Callable[..., Any], happened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    happened("one")
    monkeypatch.setenv("PASSWORD", "hunter/22")
    ran = watch("state", "copy", "state.db", target.replace("postgres@", "postgres:${PASSWORD}@"))
    assert ran.code == 0, ran.err
    assert "hunter" not in ran.out + ran.err


def test_a_reference_without_a_value_is_refused(watch: Callable[..., Any]) -> None:
    ran = watch("state", "copy", "state.db", "postgresql+psycopg://me:${NOBODY_SET_THIS}@h/d")
    assert (ran.code, "environment variable NOBODY_SET_THIS is not set" in ran.err) == (2, True)


def test_looking_at_an_empty_database_makes_nothing_in_it(
    watch: Callable[..., Any], configure: Callable[..., Path], target: str
) -> None:
    configure(f'state = "{target}"\n')
    assert watch("status").code == 0
    assert watch("log").code == 0
    name = target.split("@/")[1].partition("?")[0]
    assert postgres.shared().sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name) == []


def test_a_backup_of_a_server_is_left_to_its_own_tools(
    watch: Callable[..., Any], configure: Callable[..., Path], target: str
) -> None:
    configure(f'state = "{target.replace("postgres@", "postgres:hunter22@")}"\n')
    ran = watch("backup", "copy.db")
    assert ran.code == 2
    assert "pg_dump --format=custom --file=copy.db" in ran.err
    assert "hunter22" not in ran.err


def test_the_doctor_calls_a_user_who_may_only_read_an_error(
    watch: Callable[..., Any], configure: Callable[..., Path]
) -> None:
    def examine(url: str) -> tuple[int, str]:
        configure(f"state = '{url}'")
        ran = watch("doctor", "--json")
        found = json.loads(ran.out)["findings"]
        errors = [each for each in found if (each["area"], each["level"]) == ("state", "error")]
        return ran.code, "".join(f"{each['says']}; {each['do']}" for each in errors)

    server = postgres.shared()
    name = server.lend()
    server.sql("DROP ROLE IF EXISTS onlooker")
    server.sql("CREATE ROLE onlooker LOGIN")
    server.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker", name)
    owner, other = server.url(name), server.url(name).replace("postgres@", "onlooker@")
    assert examine(owner) == (0, "")
    code, error = examine(other)
    assert (code, "this user may not do that; give it the right" in error) == (1, True)
    server.give_back(name)
