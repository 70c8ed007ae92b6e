"""`watch feed`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest

from state.model import Event

CONFIGURATION = """
[web]
base_url = "https://watch.example.org"
[entities.telegram]
names = ["Telegram"]
[sources.rkn-landing]
kind = "feed"
url = "https://a.example/"
[channels.desk]
url = "json://localhost"
[[alerts]]
name = "records"
authority = "record"
to = ["desk"]
"""


@pytest.fixture(autouse=True)
def configured(configure: Callable[..., Path]) -> None:
    configure(CONFIGURATION)


def test_the_feeds_are_written_for_a_static_host(
    watch: Callable[..., Any], happened: Callable[..., Event], tmp_path: Path
) -> None:
    happened(entities=("telegram",), branch=("a", "b"))
    assert watch("feed", "--out", str(tmp_path / "www")).out.startswith("wrote 4 feeds to")
    names = ["changes", "entities/telegram", "rules/records", "sources/rkn-landing"]
    for name in names:
        parsed = feedparser.parse((tmp_path / "www" / f"{name}.atom").read_bytes())
        assert (parsed.bozo, len(parsed.entries)) == (False, 1)


def test_an_address_works_no_longer_once_it_is_renewed(
    watch: Callable[..., Any], happened: Callable[..., Event]
) -> None:
    happened()
    first = watch("feed").out.splitlines()
    assert [line.partition("?key=")[0] for line in first][:2] == [
        "https://watch.example.org/feeds/changes.atom",
        "https://watch.example.org/feeds/sources/rkn-landing.atom",
    ]
    assert watch("feed").out.splitlines() == first
    [new] = watch("feed", "--renew", "changes").out.splitlines()
    assert new not in first
    assert watch("feed").out.splitlines() == [new, *first[1:]]


def test_what_cannot_be_is_said(watch: Callable[..., Any], happened: Callable[..., Event], tmp_path: Path) -> None:
    happened()
    (tmp_path / "file").touch()
    assert (watch("feed", "--renew", "nothing").code, watch("feed", "--out", str(tmp_path / "file")).code) == (2, 2)


def test_a_name_that_is_too_long_for_a_file_is_said(
    watch: Callable[..., Any], configure: Callable[..., Path], happened: Callable[..., Event], tmp_path: Path
) -> None:
    happened()
    configure(CONFIGURATION.replace("telegram", "t" * 300))
    ran = watch("feed", "--out", str(tmp_path / "www"))
    assert (ran.code, "give what it is of a shorter name" in ran.err, len(ran.err) < 400) == (2, True, True)


def test_two_rules_of_one_name_are_refused(watch: Callable[..., Any], configure: Callable[..., Path]) -> None:
    configure(CONFIGURATION + '[[alerts]]\nname = "records"\nto = ["desk"]\n')
    assert '"records" is the name of another rule already' in watch("check-config").err


def test_without_a_state_there_are_no_feeds(watch: Callable[..., Any]) -> None:
    ran = watch("feed")
    assert (ran.code, "there is no state yet" in ran.err) == (2, True)


def test_a_desk_on_a_socket_has_no_addresses_without_a_base_url(
    watch: Callable[..., Any], configure: Callable[..., Path], happened: Callable[..., Event]
) -> None:
    happened()
    configure(CONFIGURATION.replace('base_url = "https://watch.example.org"', 'listen = "unix:/run/web.sock"'))
    ran = watch("feed")
    assert (ran.code, "web.base_url" in ran.err) == (2, True)
