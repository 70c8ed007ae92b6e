"""What never reaches a page: other hosts, other sites, bodies that are too large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from state.model import Event
from tests.watcher.web.conftest import ADDRESS, csrf, read
from watcher.config.settings import WebOptions
from watcher.web.desk import Desk
from watcher.web.server import create_app


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "127.0.0.1.evil.test:8350",
        "169.254.169.254",
        "[::ffff:1.2.3.4]",
        "a b",
        "",
        "x@127.0.0.1",
        "127.0.0.1/evil",
    ],
)
def test_a_name_that_was_rebound_is_refused(browser: TestClient, host: str) -> None:
    assert browser.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(
    browser: TestClient, changed: Callable[..., Event], desk: Desk, headers: dict[str, str]
) -> None:
    event = changed()
    form = {"csrf": csrf(browser.get("/").text)}
    assert browser.post(f"/changes/{event.id}/handled", data=form, headers=headers).status_code == 403
    assert not desk.store.discussion.of_change(event.id).handled


def test_a_form_without_our_token_changes_nothing(
    browser: TestClient, changed: Callable[..., Event], desk: Desk
) -> None:
    event = changed()
    assert browser.post(f"/changes/{event.id}/handled", data={"csrf": "guess"}).status_code == 403
    assert browser.post(f"/changes/{event.id}/handled").status_code == 403
    assert not desk.store.discussion.of_change(event.id).handled


def test_a_body_of_50_mb_is_refused_before_it_is_read(browser: TestClient) -> None:
    assert browser.post("/sign-in", content=b"x" * 1_000_001).status_code == 413
    assert (
        browser.post(
            "/sign-in",
            content=iter([b"token="] + [b"x" * 100_000] * 20),
            headers={"content-type": "application/x-www-form-urlencoded"},
        ).status_code
        == 413
    )


def test_every_answer_forbids_what_no_page_needs(nobody: TestClient) -> None:
    for address in ("/", "/sign-in", "/nothing", "/static/desk.css"):
        headers = nobody.get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["/sources/%00", "/cases/a%00b", "/entries?find=%00", "/changes?source=a%00"])
@pytest.mark.parametrize("begin", ["", "/shared", "/act", "/feeds/changes.atom", "/api/v1"])
def test_no_address_has_a_nul_whoever_asks(nobody: TestClient, begin: str, address: str) -> None:
    assert nobody.get(f"{begin}{address}").status_code == 400


def test_a_program_is_told_which_header_it_lacks(browser: TestClient, changed: Callable[..., Event]) -> None:
    asked = browser.post(f"/api/v1/changes/{changed().id}/handled")
    assert (asked.status_code, "x-csrf-token" in asked.json()["error"]) == (403, True)


ACTIONS = (
    "/sources/fca/accept",
    "/deliveries/1/retry",
    "/deliveries/1/drop",
    "/evidence/verify",
    "/add",
    "/add/x",
    "/add/kind/tass",
)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_needs_our_token_and_an_editor(browser: TestClient, desk: Desk, action: str) -> None:
    form = {"csrf": csrf(browser.get("/").text), "snapshot": "x", "url": "x"}
    assert browser.post(action, data=form | {"csrf": "guess"}).status_code == 403
    assert browser.get(action).status_code in {200, 404, 405}
    viewers = {"users": {"ada": {}}, "proxy_header": "X-User", "trusted_proxies": ["127.0.0.1/32"]}
    desk.use(replace(desk.config, web=WebOptions.model_validate(viewers)))
    viewer = TestClient(create_app(desk), ADDRESS, client=("127.0.0.1", 5000))
    token = csrf(viewer.get("/", headers={"x-user": "ada"}).text)
    assert viewer.post(action, data=form | {"csrf": token}, headers={"x-user": "ada"}).status_code == 403
    assert not desk.store.desk.actions()


def test_a_viewer_sees_no_action(desk: Desk, changed: Callable[..., Event]) -> None:
    event = changed()
    viewers = {"users": {"ada": {}}, "proxy_header": "X-User", "trusted_proxies": ["127.0.0.1/32"]}
    desk.use(replace(desk.config, web=WebOptions.model_validate(viewers)))
    viewer = TestClient(create_app(desk), ADDRESS, client=("127.0.0.1", 5000), headers={"x-user": "ada"})
    for address in ("/deliveries", "/evidence", "/add", "/sources/fca", f"/changes/{event.id}"):
        buttons = read(viewer, address).select('main form:not([action="/me/follows"], [action$="/comments"]) button')
        assert buttons == [], address


@pytest.mark.parametrize("address", ["/", "/healthz", "/api/v1/changes", "/feeds/changes.atom"])
def test_what_is_only_asked_for_its_head_is_answered_as_what_is_read(browser: TestClient, address: str) -> None:
    read, head = browser.get(address), browser.head(address)
    assert (head.status_code, head.headers["content-type"]) == (read.status_code, read.headers["content-type"])
