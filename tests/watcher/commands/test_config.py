"""`watch config`: what is configured, taken out and put in, and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from state.storage.objects import Edit
from state.store import Store
from tests.watcher.conftest import Configure, Ran
from watcher.config import edit
from watcher.config.load import load

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
FILE = '[sources.tass]\nkind = "feed"\nurl = "https://tass.example/rss"\n'
FEED = {"kind": "feed", "url": "https://register.example/feed.xml"}
MAIL = {"url": "mailtos://desk:secret-word@mail.example"}
DESK = """\
# What we watch.
[sources.register]  # the first
kind = "feed"
url = "https://register.example/feed.xml"   # their feed

[groups.slow]
every = "6h"

[channels.mail]
# ask Anna
url = "mailtos://desk:secret-word@mail.example"

[[alerts]]
name = "urgent"
# all of it
to = ["mail"]
"""

Watch = Callable[..., Ran]


@pytest.fixture
def put(store: Store, configure: Configure) -> Iterator[Callable[..., None]]:
    file = configure(FILE)

    def apply(object_: str, name: str, document: dict[str, Any] | None) -> None:
        edit.apply(load(file), store, [Edit(object_, name, document)], "anna", NOW)

    return apply


def test_every_object_is_shown_with_where_it_is_from(put: Callable[..., None], watch: Watch) -> None:
    put("source", "register", FEED)
    put("entity", "max", {"names": ["MAX"]})
    ran = watch("config")
    assert ran.code == 0
    assert [line.split(maxsplit=2) for line in ran.out.splitlines()[1:]] == [
        ["source", "tass", "watch.toml:1"],
        ["entity", "max", "the desk, revision 2"],
        ["source", "register", "the desk, revision 1"],
    ]
    tass = json.loads(watch("config", "--json").out)[0]
    assert {**tass, "line": 0} == {
        "object": "source",
        "name": "tass",
        "file": "watch.toml",
        "line": 0,
        "revision": None,
    }


def test_the_log_says_who_edited_what_and_each_edit_can_be_taken_back(
    put: Callable[..., None], watch: Watch, folder: Path
) -> None:
    assert watch("config", "log").out.split() == ["REVISION", "WHEN", "WHO", "OBJECT", "NAME"]
    put("source", "register", FEED)
    put("source", "register", FEED | {"every": "1h"})
    put("source", "register", None)
    newest = json.loads(watch("config", "log", "--json", "--limit", "1").out)
    assert newest == [
        {"revision": 3, "object": "source", "name": "register", "who": "anna", "when": "2026-03-03T12:00:00+00:00"}
    ]
    assert "is again as it was before (revision 4)" in watch("config", "undo", "3").out
    assert load(folder / "watch.toml").sources["register"].every.total_seconds() == 3600
    assert watch("config", "undo", "4").out.startswith("source register is no longer at the desk")
    assert (watch("config", "undo", "99").code, watch("config", "undo", "all").code) == (2, 2)
    assert '"all" is no number of an edit' in watch("config", "undo", "all").err
    assert "revision 1 of the source register is not its last" in watch("config", "undo", "1").err


def test_what_is_exported_can_be_imported_elsewhere_and_comments_of_the_file_stay(
    watch: Watch, configure: Configure, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(FILE)
    desk = folder / "desk.toml"
    desk.write_text(DESK)
    assert watch("config", "import", "desk.toml").out.startswith("4 objects imported")
    with Store.open(f"sqlite:///{folder}/state.db") as store:
        edit.apply(load(), store, [Edit("source", "more", FEED)], "anna", NOW)
    ran = watch("config", "export", "--out", "desk.toml")
    assert (ran.code, ran.out) == (0, "")
    assert "set CHANNEL_MAIL_URL where" in ran.err
    written = desk.read_text()
    secret = 'url = "${CHANNEL_MAIL_URL}" # sealed at the desk: set CHANNEL_MAIL_URL'
    assert (
        written.replace(secret, f'url = "{MAIL["url"]}"').replace(
            '\n[sources.more]\nkind = "feed"\nurl = "https://register.example/feed.xml"\n', ""
        )
        == DESK
    )
    assert b"secret-word" not in b"".join(file.read_bytes() for file in folder.iterdir())
    (folder / "elsewhere.toml").write_text(f'state = "sqlite:///other.db"\n{FILE}\n{written}')
    assert watch("check-config", "--config", "elsewhere.toml").code == 2
    monkeypatch.setenv("CHANNEL_MAIL_URL", MAIL["url"])
    assert watch("check-config", "--config", "elsewhere.toml").code == 0


def test_an_import_is_whole_or_nothing(put: Callable[..., None], watch: Watch, folder: Path, store: Store) -> None:
    file = folder / "desk.toml"
    for text, said in (
        (f'{FILE.replace("tass", "new")}[sources.bad]\nkind = "feed"\n', "sources.bad.url: "),
        (FILE.replace("tass", "new") + FILE, "the source tass is that of watch.toml"),
        ("[http]\nspacing = '1s'\n", "http: the desk has only sources, groups"),
        ("[[alerts]]\nto = []\n", "give each rule a `name` of its own"),
        ("[sources.new]\nkind = ", "desk.toml: is not valid TOML"),
        ("sources = 1", "sources: has to be tables"),
        ("[sources]\na = 1", "has to be a table"),
        ("é".encode("latin-1"), "is not UTF-8"),
    ):
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        ran = watch("config", "import", "desk.toml")
        assert (ran.code, said in ran.err, store.objects.latest()) == (2, True, 0), ran.err
    assert watch("config", "import", "nowhere.toml").code == 2
    assert watch("config", "export", "--out", str(file)).code == 2  # it holds something else


@pytest.mark.parametrize("wrong", [["import"], ["undo"], ["log", "3"], ["--out", "x"], ["purge"]])
def test_what_cannot_be_asked_is_said(wrong: list[str], watch: Watch, configure: Configure) -> None:
    configure(FILE)
    assert watch("config", *wrong).code == 2


def test_a_lost_key_keeps_nobody_from_taking_the_rest_out(put: Callable[..., None], watch: Watch, folder: Path) -> None:
    put("channel", "mail", MAIL)
    put("entity", "max", {"names": ["MAX"]})
    (folder / "state.db.key").unlink()
    ran = watch("config", "export")
    assert ran.code == 0
    assert '[channels.mail]\nurl = "${CHANNEL_MAIL_URL}"' in ran.out
    assert "names" in ran.out


def test_an_edit_is_found_and_taken_back_where_the_files_make_it_wrong(
    put: Callable[..., None], watch: Watch, configure: Configure
) -> None:
    entity = '[entities.max]\nnames = ["MAX"]\n[channels.desk]\nurl = "json://127.0.0.1:1/"\n'
    configure(FILE + entity)
    put("source", "register", FEED)
    put("rule", "max", {"to": ["desk"], "entities": ["max"]})
    configure(FILE + entity.replace("entities.max", "entities.other"))
    assert watch("check-config").code == 2
    assert "rule" in watch("config", "log").out
    shown = watch("config")
    assert "the desk, revision 2" in shown.out
    assert 'alerts.max.entities: there is no entity "max"' in shown.err
    assert watch("config", "undo", "2").code == 0
    assert watch("check-config").code == 0
    assert watch("config").err == ""
