"""The demo: the story's three alerts, each through the real pipeline, and nothing left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SUBJECTS = (
    "Subject: RECORD changed: Telegram Messenger Inc.: telegram.org, branch: не исполнено → в стадии согласования",
    "Subject: REPORT added: Telegram is opening an office in Russia",
    "Subject: STATEMENT added: Telegram has not opened an office in Russia",
)


def test_the_story_is_told_by_e_mail_and_chat_in_its_order(watch: Callable[..., Any]) -> None:
    ran = watch("demo")
    assert ran.code == 0
    places = [ran.out.index(subject) for subject in SUBJECTS]
    assert places == sorted(places)
    for subject in SUBJECTS:
        assert ran.out.count(subject.removeprefix("Subject: ")) == 2  # the desk's mail, and the chat
    assert "Last checked before: 2025-07-17 18:57:00 MSK" in ran.out
    assert ran.out.rstrip().endswith("3 changes, times in Europe/Moscow")


def test_it_leaves_nothing_behind(
    watch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    watch("demo")
    assert list((tmp_path / "tmp").iterdir()) == []
    assert list(folder.iterdir()) == [tmp_path / "tmp"]


def test_it_keeps_its_state_where_it_is_asked_to(watch: Callable[..., Any], folder: Path) -> None:
    watch("demo", "--keep", str(folder / "story"))
    log = watch("--config", str(folder / "story" / "watch.toml"), "log", "--entity", "telegram")
    assert "branch: не исполнено → в стадии согласования" in log.out
