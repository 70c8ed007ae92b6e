"""Clearing a hit at the desk and by the API: an entry is not about an entity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from tests.watcher.web.conftest import ADDRESS, TOKEN, press, read
from watcher.web.server import create_app

Looking = Callable[[], TestClient]
WATCHED = """
[entities.telegram]
names = ["Telegram"]
[entities.max]
names = ["Max"]
[web.users.vera]
[web.users.eda]
role = "editor"
sources = ["other"]
"""


@pytest.fixture
def hit(kept: Any, looking: Looking) -> TestClient:
    """A browser at a desk where the first entry of a list, as it was first read, mentions an entity."""
    kept.configure(more=WATCHED)
    kept.check()
    return looking()


@pytest.fixture
def api(hit: TestClient) -> Callable[..., Response]:
    """Asks what the API does with the entry; `other` is another path."""

    def ask(method: str, other: str = "", **asked: Any) -> Response:
        path = other or f"{entry_of(hit)}/clear"
        return hit.request(method, f"/api/v1{path}", headers={"authorization": f"Bearer {TOKEN}"}, **asked)

    return ask


def entry_of(browser: TestClient) -> str:
    return str(read(browser, "/entries").select_one("a.title")["href"])


def clear(browser: TestClient, address: str, **given: str) -> Response:
    return press(browser, address, f"{address}/clear", **{"entity": "telegram", "why": "a street", **given})


def said(browser: TestClient, address: str) -> str:
    """What the part of a page about clearings says."""
    part = read(browser, address).select_one("section[aria-labelledby=cleared]")
    return " ".join(part.text.split()) if part else ""


def test_a_hit_is_cleared_at_its_page_and_that_is_ended_there(hit: TestClient) -> None:
    address = entry_of(hit)
    answer = clear(hit, address, until="2100-01-01")
    assert answer.headers["location"] == f"{address}#cleared"
    assert "telegram is not meant · by token" in said(hit, address)
    assert "until 2100-01-01" in said(hit, address)
    assert "a street" in said(hit, address)
    told = read(hit, "/cases/telegram").select_one("details.cleared")
    assert told.summary.text == "1 entry is cleared for telegram"
    link = told.a["href"]
    assert link == "/changes?source=list&entry=Telegram"
    assert read(hit, link).select_one(".nothing")
    assert "Cleared hits1" in read(hit, "/sources/list").text.replace("\n", "")
    press(hit, address, f"{address}/clear/end", entity="telegram")
    assert "ended by hand" in said(hit, address)
    assert not read(hit, address).select_one(f'form[action="{address}/clear/end"]')
    assert not read(hit, "/cases/telegram").select("details.cleared")


def test_changes_say_for_whom_their_entry_is_cleared_and_what_ended_that(
    kept: Any, hit: TestClient, looking: Looking
) -> None:
    address = entry_of(hit)
    clear(hit, address)
    kept.show("B")
    kept.check()
    browser = looking()
    row = read(browser, "/changes").select_one(".change")
    assert "cleared for telegram" in row.text
    assert not row.select(".entity")
    change = row.select_one("a.title")["href"]
    assert "Cleared for telegram" in read(browser, change).select_one("p.note").text
    assert not read(browser, change).select_one(f'form[action="{change}/clear"]')
    press(browser, change, f"{change}/clear/end", entity="telegram")
    clear(browser, change, why="a river")
    assert "a river" in said(browser, change)
    kept.site.page("/list", [{"name": "Telegram", "branch": "B", "birth_date": "1960-03-12"}])
    kept.check()
    row = read(browser, "/changes").select_one(".change")
    assert "had been cleared for telegram" in row.text
    note = read(browser, row.select_one("a.title")["href"]).select_one("p.note").text
    assert "It had been cleared for telegram by token" in note
    assert "a river”. That no longer holds: birth_date changed." in note


def test_what_has_changed_since_it_was_shown_is_not_cleared(kept: Any, hit: TestClient) -> None:
    address = entry_of(hit)
    form = read(hit, address).select_one(f'form[action="{address}/clear"]')
    shown = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    kept.show("B")
    kept.check()
    answer = hit.post(f"{address}/clear", data={**shown, "entity": "telegram", "why": "a street"})
    assert answer.status_code == 409
    assert "has changed since" in answer.text
    assert "a street" not in said(hit, address)


def test_who_only_looks_is_offered_nothing_and_who_may_not_see_it_finds_nothing(hit: TestClient) -> None:
    address = entry_of(hit)
    clear(hit, address)
    desk = hit.app.state.desk  # type: ignore[attr-defined]
    for who, found in (("vera", 200), ("eda", 404)):
        browser = TestClient(create_app(desk), ADDRESS, follow_redirects=False, raise_server_exceptions=False)
        browser.cookies.set("registry-watch", desk.sessions.begin(who))
        assert browser.get(address).status_code == found
        token = {"x-csrf-token": desk.sessions.csrf(browser.cookies["registry-watch"])}
        sent = {"entity": "telegram", "why": "x", "last": "0"}
        refused = [browser.post(f"{address}/{what}", data=sent, headers=token) for what in ("clear", "clear/end")]
        refused += [browser.post(f"/api/v1{address}/clear", json={"entity": "telegram", "why": "x"}, headers=token)]
        refused += [browser.delete(f"/api/v1{address}/clear", headers=token)]
        assert {each.status_code for each in refused} == {403 if who == "vera" else 404}
        if who == "vera":
            assert not read(browser, address).select("section[aria-labelledby=cleared] form")
            assert "a street" in said(browser, address)
    assert hit.post(f"{address}/clear", data={"entity": "telegram", "why": "x", "last": "0"}).status_code == 403


def test_the_api_clears_and_ends(hit: TestClient, api: Callable[..., Response]) -> None:
    made = api("POST", json={"entity": "telegram", "why": " a street ", "until": "2100-01-01T00:00:00Z"})
    assert made.status_code == 200
    known = made.json()
    assert known.pop("at")
    assert known == {
        "entity": "telegram",
        "source": "list",
        "key": "Telegram",
        "why": "a street",
        "who": "token",
        "until": "2100-01-01T00:00:00+00:00",
        "ended": None,
    }
    assert api("GET", f"{entry_of(hit)}").json()["clearings"] == [made.json()]
    api("POST", json={"entity": "max", "why": "nobody"})
    assert api("DELETE", params={"entity": "max"}).status_code == 204
    assert api("DELETE", params={"entity": "max"}).status_code == 404
    assert api("DELETE").status_code == 204
    assert api("DELETE").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"entity": "telegram"}, 422),
        ({"entity": "telegram", "why": "  "}, 422),
        ({"entity": "telegram", "why": "x\0"}, 422),
        ({"entity": "telegram", "why": "x", "untill": None}, 422),
        ({"entity": "nobody", "why": "x"}, 404),
        ({"entity": "telegram", "why": "x", "until": "2020-01-01"}, 400),
    ],
)
def test_what_cannot_be_cleared_is_refused_with_the_reason(
    api: Callable[..., Response], body: dict[str, Any], status: int
) -> None:
    answer = api("POST", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert api("POST", "/entries/999/clear", json={"entity": "telegram", "why": "x"}).status_code == 404
