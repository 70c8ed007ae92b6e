"""What is configured at the desk: merged with the files, edited, and refused as check-config refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from state.storage.objects import NEW, Edit
from tests.watcher.config.conftest import FEED, FILE, NOW, Desk
from watcher.config import edit
from watcher.errors import ConfigError

MAIL = {"url": "mailto://desk:secret-word@mail.example"}


def refused(desk: Desk, object_: str, name: str, document: dict[str, Any] | None) -> list[tuple[Any, str]]:
    latest = desk.store.objects.latest()
    with pytest.raises(edit.RefusedEdit) as caught:
        desk.put(object_, name, document)
    assert desk.store.objects.latest() == latest
    return caught.value.problems


def test_objects_of_the_desk_are_merged_with_those_of_files(desk: Desk) -> None:
    desk.put("channel", "mail", MAIL)
    desk.put("entity", "max", {"names": ["MAX"]})
    desk.put("group", "slow", {"every": "6h", "authority": "report"})
    desk.apply(
        Edit("source", "register", FEED | {"group": "slow", "authority": "record"}),
        Edit("rule", "urgent", {"sources": ["register"], "entities": ["max"], "to": ["mail"]}),
    )
    config = desk.load()
    assert list(config.sources) == ["tass", "register"]
    register = config.sources["register"]
    assert (register.every.total_seconds(), register.authority, register.group) == (6 * 3600, "record", "slow")
    assert config.alerts[0].name == "urgent"
    assert config.channels["mail"].url == MAIL["url"]
    assert config.entities["max"].names == ("MAX",)
    assert config.revision == desk.store.objects.latest() == 5
    placed = config.objects["source", "register"]
    assert (placed.file, placed.revision) == (None, 4)
    tass = config.objects["source", "tass"]
    assert (Path(tass.file or "").name, tass.line, tass.revision) == ("watch.toml", 2, None)


def test_a_group_of_a_file_has_the_defaults_of_its_members(desk: Desk) -> None:
    desk.file.write_text(
        '[groups.g]\nkind = "feed"\nevery = "2h"\n[sources.a]\ngroup = "g"\nurl = "https://a.example/"\n'
    )
    assert desk.load().sources["a"].every.total_seconds() == 7200
    desk.file.write_text(
        '[groups.g]\nkind = "feed"\nevery = "soon"\n[sources.a]\ngroup = "g"\nurl = "https://a.example/"\n'
    )
    with pytest.raises(ConfigError) as caught:
        desk.load()
    (line,) = caught.value.problems
    assert "watch.toml:3: groups.g.every: a duration is" in line
    desk.file.write_text('[sources.a]\ngroup = "h"\nkind = "feed"\nurl = "https://a.example/"\n')
    with pytest.raises(ConfigError, match=r'a\.group: there is no group "h"'):
        desk.load()


def test_what_is_wrong_is_said_with_its_place_and_nothing_is_stored(desk: Desk) -> None:
    (problem,) = refused(desk, "source", "a", FEED | {"evry": "1h"})
    assert problem[0] == ("evry",)
    assert 'did you mean "every"?' in problem[1]
    assert refused(desk, "source", "a", {"kind": "feed"})[0][0] == ("url",)
    assert refused(desk, "rule", "r", {"to": ["nobody"]})[0][0] == ("to",)
    assert refused(desk, "rule", "r", {"name": "s", "to": ["nobody"]})[0][0] == ("name",)
    assert refused(desk, "entity", "e", {"names": ["..."]})[0][0] == ("names",)
    assert "is not a name" in refused(desk, "source", "a*", FEED)[0][1]
    assert "where 100,000 are the most" in refused(desk, "entity", "e", {"names": ["x" * 100_000]})[0][1]
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    for odd in ("\ud800", float("nan"), NOW, deep):
        assert "no text that could be stored" in refused(desk, "entity", "e", {"names": [odd]})[0][1]
    for address in ("http://127.0.0.1/feed", "http://[::1]/feed", "http://2130706433/feed", "https://169.254.169.254/"):
        ((at, what),) = refused(desk, "source", "a", FEED | {"url": address})
        assert (at, "is not on the public internet; list it in private_addresses" in what) == (("url",), True)
    for url in ("mailto://${HOME}", "json://user:${HOME}@hook.example/"):
        assert refused(desk, "channel", "c", {"url": url})[0][1].startswith("${HOME} may not be used at the desk")


def test_of_two_editors_the_second_is_told(desk: Desk) -> None:
    first = desk.put("source", "a", FEED, NEW)
    with pytest.raises(edit.StaleEdit, match="is there already"):
        desk.put("source", "a", FEED, NEW)
    second = desk.put("source", "a", FEED | {"every": "1h"}, first.id)
    with pytest.raises(edit.StaleEdit, match="was edited by somebody else") as caught:
        desk.put("source", "a", FEED | {"every": "2h"}, first.id)
    assert (caught.value.document, caught.value.revision) == (second.document, second.id)


def test_a_name_of_a_file_is_edited_there(desk: Desk) -> None:
    with pytest.raises(edit.TakenByFile, match=r"watch\.toml, line 2, which is edited there"):
        desk.put("source", "tass", FEED)
    desk.put("source", "a", FEED)
    desk.file.write_text(FILE + '[sources.a]\nkind = "feed"\nurl = "https://file.example/"\n')
    config = desk.load()
    assert config.sources["a"].url == "https://file.example/"
    assert any("watch.toml:5: sources.a: the desk has this source too (revision 1)" in line for line in config.warnings)
    with pytest.raises(edit.TakenByFile):
        desk.put("source", "a", FEED)
    desk.apply(Edit("channel", "mail", MAIL), Edit("rule", "r", {"to": ["mail"], "sources": ["a"]}))
    desk.put("source", "a", None)  # the file's is still there, and used
    assert not any("the desk has" in line for line in desk.load().warnings)
    assert desk.load().sources["a"].url == "https://file.example/"


def test_one_channel_at_most_is_for_readers(desk: Desk) -> None:
    post = {"url": "mailto://127.0.0.1?from=a@example.org&to={reader}", "readers": True}
    desk.put("channel", "post", post)
    taken = '"post" is the channel for readers already'
    assert refused(desk, "channel", "other", post) == [(("readers",), taken)]
    only = '"post" is the channel for what readers follow: nothing else is sent there'
    assert refused(desk, "rule", "urgent", {"to": ["post"]}) == [(("to",), only)]


def test_what_is_used_is_not_deleted(desk: Desk) -> None:
    desk.put("channel", "mail", MAIL)
    desk.put("rule", "urgent", {"to": ["mail"]})
    desk.put("group", "g", {"every": "1h"})
    desk.put("source", "a", FEED | {"group": "g"})
    with pytest.raises(edit.EditError, match="is still used: rule urgent; change that first"):
        desk.put("channel", "mail", None)
    with pytest.raises(edit.EditError, match="is still used: source a; change that first"):
        desk.put("group", "g", None)
    desk.apply(Edit("rule", "urgent", None), Edit("channel", "mail", None))
    assert not desk.load().channels


def test_an_edit_is_taken_back_and_a_deletion_too(desk: Desk) -> None:
    made = desk.put("source", "a", FEED)
    changed = desk.put("source", "a", FEED | {"every": "1h"})
    assert edit.undo(desk.load(), desk.store, changed.id, "anna", NOW).document == FEED
    gone = desk.put("source", "a", None)
    back = edit.undo(desk.load(), desk.store, gone.id, "anna", NOW)
    assert desk.load().sources["a"].url == FEED["url"]
    with pytest.raises(edit.EditError, match="is not its last"):
        edit.undo(desk.load(), desk.store, made.id, "anna", NOW)
    assert [each.id for each in desk.store.objects.log()] == [back.id, gone.id, 3, changed.id, made.id]
    assert [action.what for action in desk.store.desk.actions()] == ["create", "delete", "edit", "edit", "create"]


def test_a_draft_is_not_stored_and_its_secrets_are_hidden(desk: Desk) -> None:
    config = desk.load()
    made = edit.draft(config, desk.store, Edit("source", "a", FEED | {"auth": "anna:word-of-the-draft"}))
    assert made.sources["a"].auth == "anna:word-of-the-draft"
    assert "word-of-the-draft" not in config.secrets.hide("a fault: word-of-the-draft")
    assert desk.store.objects.latest() == 0
    assert "a" not in desk.load().sources


def test_editing_can_be_switched_off(desk: Desk) -> None:
    desk.file.write_text(FILE + "[web]\nedit = false\n")
    with pytest.raises(edit.EditingOff):
        desk.put("source", "a", FEED)
