"""Who may read the program's files: only the owner, and for some the group."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import DESK, LIST

CONFIGURATION = LIST + DESK
TABLE = "<table><tr><th>Name<th>Since<tr><td>Telegram<td>2021<tr><td>Zoom<td>2022<tr><td>Viber<td>2023</table>"


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir() if file.is_file()}


def test_the_state_its_log_its_lock_and_its_copy_are_for_their_owner_alone(
    watch: Callable[..., Any], configure: Callable[..., Path], site: Any, folder: Path
) -> None:
    site.page("/list", [{"name": "Telegram"}])
    site.page("/hook")
    configure(CONFIGURATION.format(site=site.url(""), hook=site.url("").replace("http", "json"))).chmod(0o640)
    assert watch("--once").code == 0
    assert watch("backup", "copy.db").code == 0
    made = {name: mode for name, mode in modes(folder).items() if name != "watch.toml"}
    assert {"state.db", "copy.db"} < set(made)
    assert any("lock" in name for name in made)
    assert set(made.values()) == {0o600}


def test_evidence_is_for_its_owner_and_a_proof_for_the_group_at_most(
    watch: Callable[..., Any], configure: Callable[..., Path], site: Any, folder: Path
) -> None:
    site.page("/list", [{"name": "Telegram"}])
    site.page("/hook")
    configure("[evidence]\n" + CONFIGURATION.format(site=site.url(""), hook=site.url("").replace("http", "json")))
    assert watch("--once").code == 0
    assert watch("verify", "--export", "chain.jsonl").code == 0
    assert [watch("evidence", "1", "--out", out).code for out in ("proof", "proof.zip")] == [0, 0]
    assert set(modes(folder / "evidence").values()) == {0o600}
    assert set(modes(folder / "proof").values()) == {0o640}
    assert {name: modes(folder)[name] for name in ("chain.jsonl", "proof.zip")} == {
        "chain.jsonl": 0o640,
        "proof.zip": 0o640,
    }


def test_a_first_configuration_is_closed_to_others(watch: Callable[..., Any], folder: Path) -> None:
    assert watch("init").code == 0
    assert modes(folder) == {"watch.toml": 0o640, "watch.schema.json": 0o640}


def test_a_tighter_umask_makes_it_tighter(watch: Callable[..., Any], folder: Path) -> None:
    os.umask(0o077)
    assert watch("init").code == 0
    assert set(modes(folder).values()) == {0o600}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_whoever_writes_into_a_file_keeps_the_mode_that_somebody_gave_it(
    watch: Callable[..., Any], configure: Callable[..., Path], site: Any, mode: int
) -> None:
    file = configure('[http]\nprivate_addresses = "allow"\n')
    file.chmod(mode)
    site.page("/list", TABLE)
    assert watch("add", site.url("/list"), "--yes").code == 0
    assert "[sources." in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert watch("init", "--force").code == 0
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_file_that_this_user_may_not_read_says_what_to_do(
    watch: Callable[..., Any], configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = configure("")

    def closed(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "read_bytes", closed)
    ran = watch("check-config")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "watch.toml: cannot be read: Permission denied; let this user read it, as chmod o+r does\n"
