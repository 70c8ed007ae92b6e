"""An entity is added to the configuration: one alert names the stored entries that mention it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from state.storage.entities import Entities
from tests.configurations import LIST

SOURCES = (
    LIST
    + """\
label = "The list"
[sources.wire]
kind = "json"
url = "{site}/wire"
items = "@"
key = "name"
listing = "window"
label = "The wire"
[channels.desk]
url = "{mail}"
[[alerts]]
to = ["desk"]
[entities.vega]
names = ["Vega Bank"]
"""
)


@pytest.fixture
def run(
    site: Any, post_office: Any, configure: Callable[..., Path], watch: Callable[..., Any]
) -> Callable[..., list[str]]:
    """Runs once with further entities; returns the subjects of the mails that came of it."""
    site.page("/list", json.dumps([{"name": "Vega Bank"}, {"name": "Orion Freight LLC"}]))
    site.page("/wire", json.dumps([{"name": "Orion Freight sues"}, {"name": "It rains"}]))
    settings = SOURCES.format(site=site.url("").rstrip("/"), mail=post_office.url("desk@example.org"))

    def once(entities: str = "") -> list[str]:
        before = len(post_office.mails)
        configure(settings + entities)
        done = watch("--once")
        assert done.code == 0, done
        return [mail["Subject"] for mail in post_office.mails[before:]]

    once()
    return once


ORION = "[entities.orion]\nnames = ['Orion Freight']\n"


def test_it_is_told_once_where_a_new_entity_stands_already(run: Callable[..., list[str]], post_office: Any) -> None:
    assert run(ORION) == ["Newly watched: orion: 2 stored entries mention it"]
    text = post_office.mails[-1].get_body(("plain",)).get_content()
    assert "NEWLY WATCHED: orion" in text
    assert "orion: Orion Freight sues (The wire)" in text
    assert run(ORION) == []


def test_a_name_that_is_added_tells_only_what_it_alone_finds(run: Callable[..., list[str]]) -> None:
    run(ORION)
    both = "[entities.orion]\nnames = ['Orion Freight', 'It rains']\n"
    assert run(both) == ["Newly watched: orion: 1 stored entry mentions it"]


def test_an_entity_that_nothing_mentions_or_that_is_taken_out_is_no_news(run: Callable[..., list[str]]) -> None:
    assert run("[entities.lyra]\nnames = ['Lyra Mining']\n") == []
    assert run() == []


def test_an_entity_that_was_only_renamed_is_no_news(run: Callable[..., list[str]]) -> None:
    run(ORION)
    assert run(ORION.replace("entities.orion", "entities.freight")) == []


def test_the_first_entity_ever_is_an_addition_too(
    run: Callable[..., list[str]], configure: Callable[..., Path], watch: Callable[..., Any], post_office: Any
) -> None:
    file = configure("", "none.toml")
    text = (file.parent / "watch.toml").read_text(encoding="utf-8")
    (file.parent / "watch.toml").write_text(text.replace('[entities.vega]\nnames = ["Vega Bank"]\n', ""))
    assert watch("--once").code == 0
    (file.parent / "watch.toml").write_text(text)
    assert watch("--once").code == 0
    assert post_office.mails[-1]["Subject"] == "Newly watched: vega: 1 stored entry mentions it"


def test_a_kill_before_it_is_stored_tells_it_at_the_next_start(
    run: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:

    with monkeypatch.context() as patched:
        patched.setattr(Entities, "keep", lambda *_: False)  # as far as a killed process gets
        assert run(ORION) == []
    assert run(ORION) == ["Newly watched: orion: 2 stored entries mention it"]


def test_an_entry_that_was_cleared_is_not_told_of_when_its_entity_is_added_again(
    run: Callable[..., list[str]], watch: Callable[..., Any], post_office: Any
) -> None:
    run(ORION)
    assert watch("clear", "orion", "list", "Orion Freight LLC", "--why", "another firm").code == 0
    run()
    assert run(ORION) == ["Newly watched: orion: 1 stored entry mentions it"]
    text = post_office.mails[-1].get_body().get_content()
    assert "Orion Freight sues" in text
    assert "LLC" not in text


def test_a_channel_is_told_of_the_new_entities_that_its_rules_are_for(
    run: Callable[..., list[str]], post_office: Any
) -> None:
    both = f"{ORION}[entities.rain]\nnames = ['It rains']\n"
    of_one = post_office.url("rain@example.org")
    rules = '[channels.one]\nurl = "{}"\n[[alerts]]\nentities = ["{}"]\nto = ["one"]\n'
    told = run(both + rules.format(of_one, "rain"))
    assert sorted(told) == [
        "Newly watched: orion, rain: 3 stored entries mention one of them",
        "Newly watched: rain: 1 stored entry mentions it",
    ]
    for mail in post_office.mails[-2:]:
        text = mail.get_body().get_content()
        assert ("orion" in text.lower(), "one of them" in text) == (("desk" in mail["To"]),) * 2
    lyra = both + "[entities.lyra]\nnames = ['Vega']\n" + rules.format(of_one, "rain")
    assert run(lyra) == ["Newly watched: lyra: 1 stored entry mentions it"]  # to the desk alone
