"""`watch serve` as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from state.store import Store
from tests.torture.processes import until

TOKEN = "a-token-that-must-not-be-kept"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watch.toml").write_text(
        'state = "sqlite:///state.db"\n[web]\nlisten = "127.0.0.1:0"\ntoken = "${WEB_TOKEN}"\n'
    )
    Store.open(f"sqlite:///{tmp_path}/state.db").close()
    return tmp_path


@contextmanager
def serving(folder: Path, *, journal: bool) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A desk, and the file with its standard error, which a unit's journal would keep."""
    kept = folder / "journal"
    with kept.open("w") as err:
        stat = os.fstat(err.fileno())
        extra = {"JOURNAL_STREAM": f"{stat.st_dev}:{stat.st_ino}"} if journal else {}
        process = subprocess.Popen(
            [sys.executable, "-m", "watcher.cli", "--config", str(folder / "watch.toml"), "serve"],
            env={**os.environ, "WEB_TOKEN": TOKEN, **extra},
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        )
        with process:
            try:
                yield process, kept
            finally:
                process.terminate()


def test_it_says_where_it_listens_and_how_to_sign_in(folder: Path) -> None:
    with serving(folder, journal=False) as (process, _):
        assert process.stdout
        first, second = process.stdout.readline().split()[-1], process.stdout.readline().split()[-1]
        assert second == f"{first}sign-in?token={TOKEN}"
        answer = httpx.get(f"{first}api/v1/changes", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.json() == {"items": [], "next": None}
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_journal_keeps_no_token(folder: Path) -> None:
    with serving(folder, journal=True) as (process, kept):
        assert process.stdout
        address = process.stdout.readline().split()[-1]
        assert httpx.get(f"{address}sign-in?token={TOKEN}").status_code == 303
        assert httpx.get(f"{address}nothing?token={TOKEN}").status_code == 404
        process.send_signal(signal.SIGHUP)
        until(lambda: "read again" in kept.read_text())
        process.terminate()
        assert TOKEN not in process.stdout.read() + kept.read_text()


def test_the_fetcher_and_the_readers_of_proofs_are_not_loaded_at_the_start() -> None:
    code = "import sys, watcher.web.server; print({'httpx', 'aiohttp', 'asn1crypto'} & {*sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "set()"
