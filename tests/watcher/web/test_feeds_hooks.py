"""Hooks: a POST has a source checked; a hub (WebSub) is asked, and confirms by a GET."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from sources import Get, Page
from sources.formats.feed_head import find_hub
from state.store import Store
from tests.watcher.web.conftest import ADDRESS, NOW, TOKEN
from watcher.config.load import load
from watcher.reports.feeds import hook_address, hook_name, renew_key
from watcher.web.desk import Desk
from watcher.web.feeds import subscribe
from watcher.web.server import create_app

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{}<entry><id>1</id><title>A</title></entry></feed>'


def hook(desk: Desk, name: str = "fca") -> str:
    return hook_address(name, desk.store, "")


def test_a_post_to_the_hook_has_the_source_checked(nobody: TestClient, desk: Desk) -> None:
    answer = nobody.post(hook(desk))
    assert (answer.status_code, answer.json()) == (
        202,
        {"source": "fca", "requested": NOW.isoformat(), "daemon": False},
    )
    assert desk.store.requests.pending() == {"fca": NOW}


def test_what_is_posted_is_not_read(nobody: TestClient, desk: Desk) -> None:
    assert nobody.post(hook(desk), content=b"\x00<script>" * 100).status_code == 202


@pytest.mark.parametrize("address", ["/hooks/fca", "/hooks/fca?key=wrong", "/hooks/nobody?key=", "/hooks/?key=x"])
def test_without_its_key_a_hook_is_not_there(nobody: TestClient, desk: Desk, address: str) -> None:
    hook(desk)
    answers = nobody.post(address), nobody.get(address, headers={"accept-language": "de"})
    assert [(each.status_code, "no such hook" in each.json()["error"]) for each in answers] == [(404, True)] * 2
    assert desk.store.requests.pending() == {}


def test_the_key_of_a_feed_or_of_another_source_opens_no_hook(nobody: TestClient, desk: Desk) -> None:
    other = parse_qs(urlsplit(hook_address("other", desk.store, "")).query)["key"][0]
    assert nobody.post(f"/hooks/fca?key={other}").status_code == 404


def test_a_renewed_address_ends_the_old_one(nobody: TestClient, desk: Desk) -> None:
    before = hook(desk)
    renew_key(hook_name("fca"), desk.store)
    assert (nobody.post(before).status_code, nobody.post(hook(desk)).status_code) == (404, 202)


def test_who_guesses_keys_has_to_wait(nobody: TestClient, desk: Desk) -> None:
    answers = [nobody.post("/hooks/fca?key=guess", headers={"accept-language": "de"}) for _ in range(7)]
    assert (answers[-1].status_code, "too many attempts" in answers[-1].json()["error"]) == (429, True)


def test_a_source_that_must_not_be_checked_says_why(nobody: TestClient, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "watch.toml"
    file.write_text(file.read_text() + "enabled = false\n")
    desk.use(load(file))
    answer = nobody.post(hook(desk))
    assert (answer.status_code, "enabled = false" in answer.json()["error"]) == (409, True)


def test_a_hub_is_answered_with_its_challenge_for_this_feed_alone(nobody: TestClient, desk: Desk) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "tulip", "hub.topic": "http://127.0.0.1:9/register"}
    address = hook(desk) + "&"
    right = nobody.get(address, params=parse_qs(urlsplit(address).query) | asked)
    wrong = nobody.get(address, params=parse_qs(urlsplit(address).query) | asked | {"hub.topic": "http://other.test/"})
    assert (right.status_code, right.text, wrong.status_code) == (200, "tulip", 404)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (ATOM.format('<link rel="hub" href="/hub"/><link rel="self" href="/me"/>'), {}),
        (ATOM.format(""), {"link": '</hub>; rel="hub", </me>; rel=self'}),
        ('{"hubs": [{"type": "WebSub", "url": "/hub"}], "feed_url": "/me", "items": []}', {}),
    ],
)
def test_a_feed_names_its_hub_in_its_head_or_in_a_header(body: str, headers: dict[str, str]) -> None:
    page = Page(Get("http://a.test/feed"), "http://a.test/feed", 200, headers, body.encode(), NOW)
    assert find_hub(page) == ("/hub", "/me")


@pytest.mark.parametrize(
    "body", [ATOM.format(""), "{}", "[1]", '{"hubs": 3}', "{", ATOM.format("") + '<link rel="hub" href="/late"/>']
)
def test_a_feed_without_a_hub_offers_none(body: str) -> None:
    page = Page(Get("http://a.test/feed"), "http://a.test/feed", 200, {}, body.encode(), NOW)
    assert find_hub(page) is None


@pytest.fixture
def hubbed(watch: Callable[..., Any], configure: Callable[..., Path], site: Any) -> Iterator[Desk]:
    """A desk that watches a feed with a hub, which was read once."""
    hub = site.url("/hub")
    site.page("/feed", ATOM.format(f'<link rel="hub" href="{hub}"/>'), type="application/atom+xml")
    site.page("/hub", status=202)
    file = configure(
        f'[http]\nprivate_addresses = "allow"\n[web]\nbase_url = "{ADDRESS}"\nwebsub = true\n'
        f'[sources.news]\nkind = "feed"\nurl = "{site.url("/feed")}"\n'
    )
    assert watch("--once").code == 0
    config = load(file)
    with Store.open(config.state) as store:
        yield Desk(config, store, TOKEN)


def test_the_hub_of_a_feed_is_asked_to_call_its_hook(hubbed: Desk, site: Any) -> None:
    assert asyncio.run(subscribe(hubbed)) == 1
    form = {name: value[0] for name, value in parse_qs(site.requests[-1].body.decode()).items()}
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", site.url("/feed"))
    with TestClient(create_app(hubbed), ADDRESS) as hub:
        confirmed = hub.get(form["hub.callback"] + "&hub.mode=subscribe&hub.challenge=x&hub.topic=" + form["hub.topic"])
        assert (confirmed.text, hub.post(form["hub.callback"]).status_code) == ("x", 202)
    assert list(hubbed.store.requests.pending()) == ["news"]


def test_a_hub_that_answers_with_an_error_changes_nothing(hubbed: Desk, site: Any) -> None:
    site.page("/hub", "no", status=500)
    assert asyncio.run(subscribe(hubbed)) == 0


def test_the_command_prints_the_address_of_a_hook(hubbed: Desk, watch: Callable[..., Any]) -> None:
    before = watch("check", "--hook", "news").out.strip()
    assert before == hook_address("news", hubbed.store, ADDRESS)
    assert watch("check", "--hook", "--renew", "news").out.strip() not in {before, ""}
    assert watch("check", "--renew", "news").code == 2
