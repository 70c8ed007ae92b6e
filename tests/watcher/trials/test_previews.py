"""What an object of the configuration would do is known before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.options import Entity
from sources import TimedOut
from sources.reading.engine import read_page
from state.store import Store
from watcher.config.load import Config, load
from watcher.trials.previews import NotSentError, preview_entity, preview_rule, preview_source, send_test
from watcher.trials.try_source import read_site

CONFIGURATION = """
[http]
private_addresses = "allow"
[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
[entities.sable]
names = ["Sable Capital"]
[channels.chat]
url = "json{site}/chat"
[channels.public]
url = "json{site}/public"
approve = ["chat"]
[[alerts]]
entities = ["sable"]
to = ["chat"]
[[alerts]]
changes = ["changed"]
to = ["public"]
"""


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def config(site: Any, configure: Callable[..., Any]) -> Config:
    text = CONFIGURATION.format(site=site.url("")).replace("jsonhttp", "json")
    return load(configure(text))


def test_each_entry_says_whom_it_mentions_and_who_is_alerted(config: Config, site: Any) -> None:
    site.page("/list", [{"name": "Sable Capital Ltd"}, {"name": "Nobody"}])
    trial = read_site(config, config.sources["list"], read_page, [], [])
    sable, nobody = preview_source(config, "list", trial, now(), 20)
    assert (sable.event.entities, [route.channel for route in sable.routes]) == (["sable"], ["chat"])
    assert (nobody.event.entities, nobody.routes) == ([], [])
    assert len(preview_source(config, "list", trial, now(), 1)) == 1


def test_a_site_that_is_slow_is_given_up(config: Config, site: Any) -> None:
    site.silent("/list")
    with pytest.raises(TimedOut, match=r"more than 0\.3 s"):
        read_site(config, config.sources["list"], read_page, [], [], 0.3)


def test_an_entity_finds_changes_and_says_by_which_reading(
    config: Config, store: Store, happened: Callable[..., Any]
) -> None:
    happened("Сбербанк оштрафован")
    happened("Firm", Owner=("Sberbank of Russia", "Nobody"))
    happened("Nobody")
    found = list(preview_entity("bank", Entity(names=("Сбербанк", "Sberbank")), config, store))
    assert {each.event.data["title"] for each in found} == {"Сбербанк оштрафован", "Firm"}
    assert all(finding.how for each in found for finding in each.findings)
    assert not list(preview_entity("bank", Entity(names=("Zenith",)), config, store))


def test_of_a_page_of_text_only_the_added_lines_are_searched(
    site: Any, configure: Callable[..., Any], store: Store, happened: Callable[..., Any]
) -> None:
    config = load(configure(f'[sources.page]\nkind = "text"\nurl = "{site.url("/page")}"\n'))
    entity = Entity(names=("Zenith",))
    happened("Page", source="page", text=("Zenith\nold", "Zenith\nnew"))
    assert not list(preview_entity("z", entity, config, store))
    happened("Page", source="page", text=("old", "Zenith\nold"))
    (found,) = preview_entity("z", entity, config, store)
    assert found.findings[0].field == "text"


def test_a_sentence_that_came_to_a_long_text_is_found(
    config: Config, store: Store, happened: Callable[..., Any]
) -> None:
    long = "Nothing to say of it. " * 20
    happened("Page", text=(long, f"{long}Zenith was fined."))
    (found,) = preview_entity("z", Entity(names=("Zenith",)), config, store)
    assert [each.against for each in found.findings] == [None]


def test_more_changes_than_one_page_has_are_looked_through(
    config: Config, store: Store, happened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.trials.previews.MOST", 2)
    monkeypatch.setattr("watcher.trials.previews.LOOKED_THROUGH", 5)
    for number in range(7):
        happened(f"Zenith {number}")
    found = [each.event.data["title"] for each in preview_entity("z", Entity(names=("Zenith",)), config, store)]
    assert found == [f"Zenith {number}" for number in (6, 5, 4, 3, 2)]


def test_a_rule_says_which_changes_it_would_have_sent_and_where_to(
    config: Config, store: Store, happened: Callable[..., Any]
) -> None:
    happened("Sable", entities=("sable",))
    happened("Firm")
    happened("Gone", "removed")
    entities, changed = config.alerts
    assert [each.event.data["title"] for each in preview_rule(entities, config, store)] == ["Sable"]
    found = list(preview_rule(changed, config, store))
    assert [each.event.data["title"] for each in found] == ["Firm", "Sable"]
    assert [(route.channel, bool(route.approval)) for route in found[0].routes] == [("public", True)]


def test_a_channel_takes_a_test_alert_or_says_why_not(config: Config, site: Any) -> None:
    site.page("/chat")
    assert "test" in send_test(config, "chat", now).lower()
    assert len(site.sent("/chat")) == 1
    site.page("/chat", "no such room", status=404)
    with pytest.raises(NotSentError, match=r"chat: not sent: .*404"):
        send_test(config, "chat", now)
