"""Secrets that are entered at the desk: sealed in the state, masked elsewhere, and what becomes of them without the key."""

from __future__ import annotations

import logging
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from state.errors import StateError
from state.model import Event, EventKind
from state.storage.objects import Edit
from tests.storing import add_event
from tests.watcher.config.conftest import FEED, NOW, Desk
from watcher.config import edit
from watcher.config.config_secrets import KeyPath
from watcher.config.load import load
from watcher.config.sealing import MASK, read_or_make
from watcher.delivery.operator_alerts import FailingChannels
from watcher.trials.previews import find_silent

WORD = "hunter2-and-more"


@pytest.fixture
def set_up(desk: Desk) -> Desk:
    desk.put("channel", "mail", {"url": f"mailto://desk:{WORD}@mail.example"})
    desk.put("source", "a", FEED | {"auth": f"desk:{WORD}", "headers": {"X-Word": WORD}, "every": "1h"})
    desk.put("source", "b", FEED | {"url": f"https://b.example/feed?api_key={WORD}"})
    desk.put("rule", "all", {"to": ["mail"]})
    return desk


def stored(desk: Desk) -> str:
    with closing(sqlite3.connect(desk.file.parent / "state.db")) as connection:
        return "\n".join(connection.iterdump())


def test_a_secret_is_nowhere_in_the_state_and_used_all_the_same(set_up: Desk) -> None:
    assert WORD not in stored(set_up)
    config = set_up.load()
    assert config.channels["mail"].url == f"mailto://desk:{WORD}@mail.example"
    assert (config.sources["a"].auth, config.sources["a"].headers) == (f"desk:{WORD}", {"X-Word": WORD})
    assert WORD in str(config.sources["b"].url)
    assert WORD not in config.secrets.hide(f"said {WORD}")
    assert stat.S_IMODE((set_up.file.parent / "state.db.key").stat().st_mode) == 0o600


def test_a_secret_is_shown_as_a_mask_and_kept_by_it(set_up: Desk) -> None:
    shown = set_up.load().objects
    assert shown["channel", "mail"].document == {"url": MASK}
    assert shown["source", "a"].document == FEED | {"auth": MASK, "headers": {"X-Word": MASK}, "every": "1h"}
    assert shown["source", "b"].document["url"] == MASK
    set_up.put("source", "a", shown["source", "a"].document | {"every": "2h"})
    assert set_up.load().sources["a"].auth == f"desk:{WORD}"
    with pytest.raises(edit.RefusedEdit) as caught:
        set_up.put("source", "c", FEED | {"auth": MASK})
    assert caught.value.problems[0][0] == ("auth",)
    with pytest.raises(edit.StaleEdit) as stale:
        set_up.put("source", "a", FEED, set_up.store.objects.latest() - 1)
    assert (stale.value.document or {})["auth"] == MASK


def test_secrets_of_a_file_are_masked_and_references_are_not(desk: Desk) -> None:
    desk.file.write_text(
        f'[channels.a]\nurl = "mailto://desk:{WORD}@mail.example"\n'
        '[channels.b]\nurl = "mailto://desk:${SMTP_WORD}@mail.example"\n[groups.g]\nauth = "desk:plain"\n'
    )
    shown = desk.load().objects
    assert shown["channel", "a"].document == {"url": MASK}
    assert shown["channel", "b"].document == {"url": "mailto://desk:${SMTP_WORD}@mail.example"}
    assert shown["group", "g"].document == {"auth": MASK}


def test_references_are_to_what_the_administrator_allows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_WORD", WORD)
    desk.file.write_text('[web]\nenv = ["SMTP_*"]\n')
    desk.put("channel", "mail", {"url": "mailto://desk:${SMTP_WORD}@mail.example"})
    assert desk.load().objects["channel", "mail"].document["url"] == "mailto://desk:${SMTP_WORD}@mail.example"
    assert desk.load().channels["mail"].url == f"mailto://desk:{WORD}@mail.example"
    desk.file.write_text("")
    with pytest.raises(Exception, match=r"the desk, revision 1: channels\.mail\.url: .*may not be used at the desk"):
        desk.load()


@pytest.mark.parametrize("how", ["missing", "another", "unreadable"])
def test_without_the_key_what_has_no_secret_goes_on(set_up: Desk, how: str, caplog: pytest.LogCaptureFixture) -> None:
    set_up.put("source", "plain", FEED)
    set_up.put("group", "g", {"auth": f"desk:{WORD}"})
    set_up.put("source", "member", FEED | {"group": "g"})
    key = set_up.file.parent / "state.db.key"
    kept = key.read_bytes()
    if how == "missing":
        key.unlink()
    else:
        key.write_bytes(b"another" if how == "another" else b"\xff\xfe")
    with caplog.at_level(logging.WARNING):
        config = set_up.load()
    assert list(config.sources) == ["tass", "plain"]
    assert not config.channels
    assert [rule.to for rule in config.alerts] == [("mail",)]
    for name in ("channel mail", "source a", "source b", "group g", "source member"):
        assert name in caplog.text
    assert "enter them anew at the desk" in caplog.text
    if how == "unreadable":
        with pytest.raises(StateError, match="the key cannot be read or written: it is no text"):
            set_up.put("source", "a", FEED | {"auth": "desk:other-word"})
    else:
        set_up.put("source", "a", FEED | {"auth": "desk:other-word"})
        assert set_up.load().sources["a"].auth == "desk:other-word"
    with pytest.raises(edit.RefusedEdit, match="enter them anew"):
        set_up.put("source", "b", {"kind": "feed", "url": MASK})
    set_up.put("source", "b", None)
    key.write_bytes(kept)
    assert set_up.load().channels["mail"].url.endswith("mail.example")


def test_what_is_for_a_channel_whose_key_is_lost_waits(set_up: Desk) -> None:
    event = Event(EventKind.CHANGE, "plain", "Plain", "record", NOW, None, {})
    add_event(set_up.store, event, ["mail"], NOW)
    (set_up.file.parent / "state.db.key").unlink()
    config = set_up.load()
    later = NOW + timedelta(hours=1)
    assert FailingChannels(config, set_up.store, later).mark_unknown_dead(later) == 0
    assert set_up.store.outbox.counts()["pending"] == 1
    assert list(find_silent(config, set_up.store)) == []
    others = replace(config, locked={})
    assert FailingChannels(others, set_up.store, later).mark_unknown_dead(later) == 1


def test_a_key_that_is_given_later_opens_what_was_sealed_before(set_up: Desk) -> None:
    set_up.file.write_text('[web]\nkey = "a key of many letters"\n')
    assert set_up.load().sources["a"].auth == f"desk:{WORD}"
    set_up.put("source", "c", FEED | {"auth": "c:word-of-c"})
    (set_up.file.parent / "state.db.key").unlink()
    config = set_up.load()
    assert config.sources["c"].auth == "c:word-of-c"
    assert ("source", "a") in config.locked


def test_of_two_that_make_a_key_at_once_both_have_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.exists
    monkeypatch.setattr(Path, "exists", lambda self: False)  # as if the other had looked before the file was there
    assert [read_or_make(tmp_path / "k", lambda made=made: made) for made in ("a", "b")] == ["a", "a"]
    monkeypatch.setattr(Path, "exists", real)
    assert [file.name for file in tmp_path.iterdir()] == ["k"]


def test_a_forged_seal_is_refused(set_up: Desk) -> None:
    problems: list[tuple[KeyPath, str]] = []
    forged: dict[str, Any] = {"url": {"sealed secret": "gAAAA"}}
    with pytest.raises(edit.RefusedEdit) as caught:
        edit.apply(load(set_up.file), set_up.store, [Edit("channel", "c", forged)], "eve", NOW)
    problems += caught.value.problems
    assert "enter them anew" in problems[0][1]
