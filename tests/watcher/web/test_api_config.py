"""A watch is set up by the API alone: a program that is a stranger to it may copy the first test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from state.store import Store
from tests.watcher.web.conftest import ADDRESS, TOKEN
from watcher.config.load import load
from watcher.web.desk import Desk
from watcher.web.server import create_app

CONFIGURATION = """
[http]
private_addresses = "allow"
spacing = "0s"
[web]
env = ["HOOK_*"]
{more}
[channels.filed]
url = "json://127.0.0.1:9/"
"""
NEW = {"If-None-Match": "*"}


@pytest.fixture
def opened(configure: Callable[..., Path]) -> Iterator[Callable[..., Desk]]:
    """Opens a desk over a configuration file."""
    stores = list[Store]()

    def open_(more: str = "") -> Desk:
        config = load(configure(CONFIGURATION.format(more=more)))
        stores.append(Store.open(config.state))
        return Desk(config, stores[-1], TOKEN)

    yield open_
    for store in stores:
        store.close()


@pytest.fixture
def desk(opened: Callable[..., Desk]) -> Desk:
    return opened()


@pytest.fixture
def api(desk: Desk) -> TestClient:
    """A program with the token."""
    return program(desk)


def program(desk: Desk, token: str = TOKEN) -> TestClient:
    headers = {"Authorization": f"Bearer {token}"}
    return TestClient(create_app(desk), f"{ADDRESS}/api/v1", headers=headers, raise_server_exceptions=False)


def problems(answer: Response) -> dict[tuple[Any, ...], str]:
    assert answer.status_code == 422, answer.text
    return {tuple(each["path"]): each["message"] for each in answer.json()["problems"]}


def test_everything_is_set_up_by_the_api(api: TestClient, site: Any, desk: Desk) -> None:
    site.page("/list", [{"name": "Sable Capital Ltd", "status": "active"}])
    source = {"kind": "json", "url": site.url("/list"), "items": "@", "key": "name", "every": "1h"}

    # what is wrong is said for each key
    wrong = api.put("/config/sources/register", json=source | {"every": "often", "kee": 1}, headers=NEW)
    assert set(problems(wrong)) == {("every",), ("kee",)}

    # try it before it is saved: nothing is stored
    tried = api.post("/config/sources/register/try", json=source)
    assert tried.json()["entries"][0]["fields"] == {"name": "Sable Capital Ltd", "status": "active"}
    assert api.get("/config/sources").json() == {"items": []}

    # a group, its member, whom to look for, where to tell, and what is told
    assert api.put("/config/groups/slow", json={"every": "2h"}, headers=NEW).status_code == 201
    assert api.put("/config/sources/register", json=source | {"group": "slow"}, headers=NEW).status_code == 201
    assert api.put("/config/entities/sable", json={"names": ["Sable Capital"]}, headers=NEW).status_code == 201
    chat = site.url("/chat").replace("http", "json")
    assert api.put("/config/channels/chat", json={"url": chat}, headers=NEW).status_code == 201
    assert api.put("/config/rules/all", json={"to": ["chat"]}, headers=NEW).status_code == 201

    # the table as it is, and its revision; an edit says which one it replaces
    seen = api.get("/config/sources/register")
    assert seen.json() == source | {"group": "slow"}
    edited = api.put("/config/sources/register", json=source, headers={"If-Match": seen.headers["etag"]})
    assert (edited.status_code, edited.json()) == (200, source)
    late = api.put(
        "/config/sources/register", json=source | {"every": "3h"}, headers={"If-Match": seen.headers["etag"]}
    )
    assert late.status_code == 412
    assert (late.json()["current"], late.json()["yours"]["every"]) == (source, "3h")
    assert f'"{late.json()["revision"]}"' == edited.headers["etag"]
    assert api.put("/config/sources/register", json=source).status_code == 428
    assert api.put("/config/sources/register", json=source, headers=NEW).status_code == 412

    # what is used stays, and what stands in a file is edited there
    used = api.delete("/config/channels/chat")
    assert (used.status_code, "rule all" in used.json()["error"]) == (409, True)
    filed = api.put("/config/channels/filed", json={"url": chat}, headers=NEW)
    assert (filed.status_code, "watch.toml, line" in filed.json()["error"]) == (409, True)
    assert api.delete("/config/channels/filed").status_code == 409

    # a source rests, and is checked again
    assert api.post("/sources/register/pause", json={"until": "2999-01-01T00:00:00Z"}).json()["paused"]
    assert api.get("/sources/register").json()["paused_until"] == "2999-01-01T00:00:00+00:00"
    assert api.post("/sources/register/resume").json() == {"source": "register", "paused": False, "until": None}

    assert api.delete("/config/rules/all").status_code == 204
    assert api.delete("/config/rules/all").status_code == 404
    assert desk.config.sources["register"].url == site.url("/list")
    assert load(desk.config.path).entities["sable"].names == ("Sable Capital",)


def test_lists_say_where_each_object_is_from(api: TestClient) -> None:
    api.put("/config/channels/chat", json={"url": "json://127.0.0.1:9/"}, headers=NEW)
    chat, filed = api.get("/config/channels").json()["items"]
    assert (chat["name"], chat["file"], chat["line"]) == ("chat", None, None)
    assert chat["revision"] > 0
    assert (filed["name"], filed["file"], filed["revision"]) == ("filed", "watch.toml", None)
    assert filed["line"] > 1


def test_secrets_are_written_and_never_read(api: TestClient, desk: Desk) -> None:
    url = "json://user:hunter2hunter2@127.0.0.1:9/path"
    made = api.put("/config/channels/chat", json={"url": url}, headers=NEW)
    assert made.json() == {"url": "********"}
    kept = api.put("/config/channels/chat", json={"url": "********", "give_up": "1h"}, headers={"If-Match": "*"})
    assert kept.status_code == 200
    assert desk.config.channels["chat"].url == url
    late = api.put("/config/channels/chat", json={"url": url}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["yours"]) == (412, {"url": "********"})
    for answer in (made, kept, late, api.get("/config/channels"), api.get("/config/channels/chat")):
        assert "hunter2" not in answer.text
    assert "hunter2" not in "".join(str(each) for each in desk.store.objects.log())


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_an_administrator_configures(role: str, opened: Callable[..., Desk]) -> None:
    desk = opened(f'proxy_header = "X-User"\ntrusted_proxies = ["127.0.0.1"]\n[web.users.vera]\nrole = "{role}"')
    browser = TestClient(create_app(desk), ADDRESS, headers={"X-User": "vera"}, client=("127.0.0.1", 1))
    for method, address in (
        ("GET", "/config/sources"),
        ("GET", "/config/channels/filed"),
        ("PUT", "/config/sources/a"),
        ("DELETE", "/config/channels/filed"),
        ("POST", "/config/sources/a/try"),
    ):
        answer = browser.request(method, f"/api/v1{address}", json=None if method in {"GET", "DELETE"} else {})
        assert (answer.status_code, "the role is not admin" in answer.json()["error"]) == (403, True), address
    token = desk.sessions.csrf("proxy:vera")
    paused = browser.post("/api/v1/sources/a/pause", json={}, headers={"X-CSRF-Token": token})
    assert paused.status_code == (403 if role == "viewer" else 404)  # an editor may, and there is no such source


def test_nobody_is_told_to_sign_in(desk: Desk) -> None:
    assert program(desk, "wrong").get("/config/sources").status_code == 401
    assert program(desk, "wrong").put("/config/sources/a", json={}).status_code == 401


def test_editing_can_be_off(opened: Callable[..., Desk]) -> None:
    api = program(opened("edit = false"))
    answer = api.put("/config/entities/a", json={"names": ["A"]}, headers=NEW)
    assert (answer.status_code, "[web] edit" in answer.json()["error"]) == (403, True)
    assert api.get("/config/channels/filed").status_code == 200


@pytest.mark.parametrize("name", ["a/b", "..a", "100%", "Реестр", "a b", "try", "new", "a/try"])
def test_a_name_may_have_odd_characters(name: str, api: TestClient) -> None:
    address = f"/config/entities/{quoted(name)}"
    assert api.put(address, json={"names": ["A"]}, headers=NEW).status_code == 201
    assert api.get(address).json() == {"names": ["A"]}
    assert [each["name"] for each in api.get("/config/entities").json()["items"]] == [name]
    assert api.delete(address).status_code == 204


def quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")


@pytest.mark.parametrize("name", ["-a", " a", "a*", "a[b]", "what?", "x" * 300])
def test_what_is_no_name_is_refused(name: str, api: TestClient) -> None:
    assert problems(api.put(f"/config/entities/{quoted(name)}", json={"names": ["A"]}, headers=NEW))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b"{", 422),
        (b'{"names": ["a"], "x": NaN}', 422),
        (b'{"names": ["\\ud800"]}', 422),
        (b'{"names": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", 400),
        (b'{"names": ["' + b"x" * 999_900 + b'"]}', 422),
        (b'{"names": ["' + b"x" * 1_100_000 + b'"]}', 413),
        (b'{"names": null}', 422),
        (b'{"names": [1e999]}', 422),
    ],
)
def test_a_bad_body_is_refused_and_nothing_is_stored(body: bytes, status: int, api: TestClient, desk: Desk) -> None:
    answer = api.put("/config/entities/a", content=body, headers=NEW | {"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert len(answer.text) < 2_000
    assert desk.store.objects.latest() == 0


@pytest.mark.parametrize("tag", ['"999999999999999999999999"', "x", '"-1"', "", '"0"', 'W/"1"', "1, 2"])
def test_a_tag_that_is_none_matches_nothing(tag: str, api: TestClient) -> None:
    api.put("/config/entities/a", json={"names": ["A"]}, headers=NEW)
    answer = api.put("/config/entities/a", json={"names": ["B"]}, headers={"If-Match": tag})
    assert answer.status_code == 412
    assert api.get("/config/entities/a").json() == {"names": ["A"]}


def test_what_was_deleted_meanwhile_is_not_made_again(api: TestClient) -> None:
    seen = api.put("/config/entities/a", json={"names": ["A"]}, headers=NEW).headers["etag"]
    api.delete("/config/entities/a")
    for tag in (seen, "*"):
        answer = api.put("/config/entities/a", json={"names": ["B"]}, headers={"If-Match": tag})
        assert (answer.status_code, answer.json()["current"]) == (412, None)


def test_a_trial_is_bounded_and_guarded(
    api: TestClient, site: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = {"kind": "json", "url": site.url("/slow"), "items": "@", "key": "name"}
    site.silent("/slow")
    monkeypatch.setattr("watcher.web.actions.LONGEST", 0.3)
    slow = api.post("/config/sources/a/try", json=source)
    assert (slow.status_code, "more than 0.3 s" in slow.json()["error"]) == (400, True)
    monkeypatch.setattr("watcher.web.actions._WAIT", 0.01)
    with desk.look_turns, desk.look_turns:
        busy = api.post("/config/sources/a/try", json=source)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert api.post("/config/sources/a/try").status_code == 404
    assert problems(api.post("/config/sources/a/try", json={"kind": "nothing"}))


def test_a_private_address_is_not_tried_where_that_is_refused(configure: Callable[..., Path], site: Any) -> None:
    config = load(configure('[http]\nprivate_addresses = "refuse"\n'))
    with Store.open(config.state) as store:
        source = {"kind": "json", "url": site.url("/list"), "items": "@", "key": "name"}
        answer = program(Desk(config, store, TOKEN)).post("/config/sources/a/try", json=source)
    assert "private_addresses" in problems(answer)[("url",)]
    assert not site.requests


@pytest.mark.parametrize("until", ["2001-01-01T00:00:00Z", "soon", 1e30, "0001-01-01", "9999-12-31T23:59:59-23:59"])
def test_a_pause_ends_later(until: Any, api: TestClient, site: Any, desk: Desk) -> None:
    api.put("/config/sources/a", json={"kind": "json", "url": site.url(), "items": "@", "key": "name"}, headers=NEW)
    assert api.post("/sources/a/pause", json={"until": until}).status_code in {200, 400, 422}
    assert api.post("/sources/a/pause").json() == {"source": "a", "paused": True, "until": None}
    assert set(desk.store.objects.pauses()) == {"a"}
    assert api.post("/sources/b/pause").status_code == 404
