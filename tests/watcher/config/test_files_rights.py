"""Files that other users may change are reported: by check-config, by status, and in the log at the start."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.watcher.commands.test_check_config import CONFIG, HEALTH
from watcher.config.files import find_unsafe, kind_files
from watcher.config.load import load

KIND = """
from sources import Entry, Source
class Own(Source):
    url: str
    def parse(self, page):
        yield Entry("1")
"""


@pytest.fixture
def home(configure: Callable[..., Path], folder: Path) -> Path:
    """A folder with a sound configuration, an include, a state, evidence and presets, closed to others."""
    configure(CONFIG + HEALTH, "more.toml").chmod(0o640)
    configure('include = ["more.toml"]\npresets = "presets"\n[evidence]\n').chmod(0o640)
    (folder / "state.db").touch(0o600)
    for name in ("presets", "evidence"):
        (folder / name).mkdir(mode=0o700)
    (folder / "evidence" / "2025-07-14-0a.warc.gz").touch(0o600)
    folder.chmod(0o755)
    return folder


def test_what_only_its_owner_may_change_is_no_warning(home: Path) -> None:
    assert load().unsafe == ()


@pytest.mark.parametrize(
    ("place", "mode", "says"),
    [
        ("watch.toml", 0o666, "watch.toml: everybody on this machine may change the configuration"),
        ("more.toml", 0o642, "more.toml: everybody on this machine may change the configuration"),
        ("state.db", 0o666, "state.db: everybody on this machine may change the state"),
        ("evidence", 0o777, "evidence: everybody on this machine may change the evidence"),
        ("evidence/2025-07-14-0a.warc.gz", 0o666, "0a.warc.gz: everybody may change it"),
        ("presets", 0o777, "presets: everybody on this machine may change code or rules"),
    ],
)
def test_what_everybody_may_change_is_told(
    home: Path, watch: Callable[..., Any], place: str, mode: int, says: str
) -> None:
    (home / "evidence").chmod(0o755)
    (home / place).chmod(mode)
    for argv in (["check-config", "--json"], ["status", "--json"]):
        (told,) = json.loads(watch(*argv).out)["warnings"]
        assert says in told
    assert f"warning: {told}" in watch("check-config").err.splitlines()


def test_a_folder_in_which_everybody_may_put_another_file_is_told(home: Path, watch: Callable[..., Any]) -> None:
    home.chmod(0o777)
    told = json.loads(watch("status", "--json").out)["warnings"]
    assert [line.partition(" may put another ")[2].partition(" ")[0] for line in told] == [
        "watch.toml",
        "more.toml",
        "state.db",
        "evidence",
    ]
    home.chmod(0o1777)  # as /tmp: nobody may take away what is another's
    assert load().unsafe == ()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_file_that_belongs_to_a_third_is_told(home: Path) -> None:
    os.chown(home / "more.toml", 12345, -1)
    assert [line.partition(",")[0] for line in load().unsafe] == ["more.toml: belongs to another user (12345)"]
    os.chown(home / "watch.toml", 12345, -1)
    assert [line.partition(":")[0] for line in load().unsafe] == ["watch.toml"]  # the same owner's: told once


def test_a_kind_from_elsewhere_that_everybody_may_change_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own_kind.py"
    file.write_text(KIND)
    monkeypatch.syspath_prepend(tmp_path)
    import own_kind  # type: ignore[import-not-found]

    kinds = kind_files([own_kind.Own, *load_kinds()], None)
    assert kinds == [file, tmp_path]
    assert list(find_unsafe((), None, None, kinds)) == []
    file.chmod(0o646)
    (told,) = find_unsafe((), None, None, kinds)
    assert "own_kind.py: everybody on this machine may change code" in told


def load_kinds() -> list[Any]:
    from sources.loader import kind

    return [kind("table")]


def test_status_says_it_in_a_line(home: Path, watch: Callable[..., Any]) -> None:
    (home / "state.db").chmod(0o666)
    assert "warning: state.db: everybody on this machine may change the state" in " ".join(watch("status").out.split())
