"""The API: what a program asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from alerts.event.change_json import ChangeJson, change_json
from sources import Entry
from state.model import Acceptance, Commit, DeliveryState, Difference, Event, Health, Route, SourceState, Status
from state.storage.daemons import DaemonSeen
from tests.watcher.web.conftest import ADDRESS, NOW, TOKEN, read
from watcher.web.desk import Desk
from watcher.web.search import EntryIndex, Follower

Changed = Callable[..., Event]


@pytest.fixture
def api(nobody: TestClient) -> TestClient:
    nobody.headers["authorization"] = f"Bearer {TOKEN}"
    nobody.base_url = nobody.base_url.join("/api/v1/")
    return nobody


@pytest.fixture
def register(desk: Desk) -> None:
    """Three entries of a source."""
    names = ["Первый", "Sable Capital", "Third"]
    new = [(bytes([n]), Entry(f"k{n}", name, fields={"Status": "Active"})) for n, name in enumerate(names)]
    accepted = Acceptance(Difference((), new, {}, {}, b"", 3, ()), (), "", "", fresh=True)
    state = SourceState("fca", revision=1, health=Health(Status.OK), entries=3, checked=NOW)
    desk.store.commit("fca", lambda _: Commit(state, accepted))


@pytest.fixture
def indexed(desk: Desk, register: None, tmp_path: Path) -> Iterator[None]:
    """Their search index."""
    with closing(EntryIndex(tmp_path / "search.db")) as index:
        desk.search = Follower(desk.store, index)
        desk.search.catch_up()
        yield


def test_changes_come_in_pages_as_watch_log_gives_them(api: TestClient, changed: Changed, desk: Desk) -> None:
    events = [changed(f"Firm {number}", hours=number) for number in range(7)]
    found: list[Any] = []
    cursor = ""
    while cursor is not None:
        answer = api.get("changes", params={"limit": 3, "cursor": cursor}).json()
        found, cursor = found + answer["items"], answer["next"]
    assert found == [change_json(desk.store.log.event(event.id) or event) for event in events]
    TypeAdapter(list[ChangeJson]).validate_python(found, strict=True)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("entity=sable", ["Sable Capital"]),
        ("after=2025-07-14T00:00", ["Another Ltd"]),
        ("source=fca&title=another", ["Another Ltd"]),
        ("authority=report", []),
        ("change=added", []),
    ],
)
def test_filters_are_those_of_the_page(api: TestClient, changed: Changed, query: str, titles: list[str]) -> None:
    changed("Sable Capital", hours=30)
    changed("Another Ltd")
    assert [each["title"] for each in api.get(f"changes?{query}").json()["items"]] == titles


def test_one_change_cites_what_was_known_before(api: TestClient, changed: Changed) -> None:
    before = changed(hours=5)
    event = changed(hours=1)
    answer = api.get(f"changes/{event.id}").json()
    assert [each["id"] for each in answer["related"]] == [before.id]
    assert answer["handled"] is None
    assert api.get(f"changes/{before.id}").json()["related"] == []


def test_a_change_is_handled_and_not(api: TestClient, changed: Changed, desk: Desk) -> None:
    event = changed()
    assert api.post(f"changes/{event.id}/handled").json()["handled"]["who"] == "token"
    assert api.get(f"changes/{event.id}").json()["handled"]["who"] == "token"
    assert api.post(f"changes/{event.id}/handled?undo=true").json()["handled"] is None
    assert [action.what for action in desk.store.desk.actions()] == ["unhandled", "handled"]


@pytest.mark.usefixtures("register")
def test_sources_and_their_entries(api: TestClient) -> None:
    [source] = api.get("sources").json()["items"]
    assert source | {"held": None} == api.get("sources/fca").json()
    assert (source["status"], source["entries"], source["kind"], source["enabled"]) == ("ok", 3, "table", True)
    first = api.get("sources/fca/entries?limit=2").json()
    rest = api.get(f"sources/fca/entries?cursor={first['next']}").json()
    assert [each["title"] for each in first["items"] + rest["items"]] == ["Первый", "Sable Capital", "Third"]
    assert rest["next"] is None
    assert api.get("sources/fca/entries?find=%20").json() == api.get("sources/fca/entries").json()


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("words", ["первый", "ACTIVE", "capit sable", "act", "ab", "tive", "«»", 'a" OR words : "b'])
def test_a_program_finds_what_a_person_finds(api: TestClient, words: str) -> None:
    shown = read(api, f"{ADDRESS}/entries?{urlencode({'find': words, 'source': 'fca', 'present': 1})}").select(
        "a.title"
    )
    found = api.get("sources/fca/entries", params={"find": words}).json()["items"]
    assert [each["title"] for each in found] == [link.text for link in reversed(shown)]


@pytest.mark.usefixtures("indexed")
def test_what_is_found_comes_in_pages(api: TestClient) -> None:
    first = api.get("sources/fca/entries?find=active&limit=2").json()
    rest = api.get(f"sources/fca/entries?find=active&limit=2&cursor={first['next']}").json()
    assert [each["key"] for each in first["items"] + rest["items"]] == ["k0", "k1", "k2"]
    assert rest["next"] is None


@pytest.mark.usefixtures("indexed")
def test_an_index_that_lacks_entries_gives_no_part_of_them(api: TestClient, desk: Desk) -> None:
    assert desk.search
    desk.search.is_ready = False
    answer = api.get("sources/fca/entries?find=sable")
    assert (answer.status_code, answer.headers["retry-after"], list(answer.json())) == (503, "5", ["error"])
    desk.search = None
    assert api.get("sources/fca/entries?find=sable").status_code == 503
    assert api.get("sources/fca/entries").status_code == 200


@pytest.mark.usefixtures("indexed")
def test_an_entry_has_its_history(api: TestClient, changed: Changed) -> None:
    event = changed("Sable Capital", key="k1")
    number = api.get("sources/fca/entries?find=sable").json()["items"][0]["id"]
    answer = api.get(f"entries/{number}").json()
    assert (answer["key"], answer["present"]) == ("k1", True)
    assert [each["id"] for each in answer["changes"]] == [event.id]


def test_a_case_is_that_of_watch_case(api: TestClient, changed: Changed) -> None:
    event = changed()
    answer = api.get("cases/sable").json()
    assert ([item["id"] for item in answer["items"]], answer["names"]) == ([event.id], ["Sable Capital"])


def test_a_delivery_is_tried_again(api: TestClient, desk: Desk, changed: Changed) -> None:
    event = desk.store.log.add_alert((changed(), [Route("desk", NOW - timedelta(hours=1))]))
    [delivery] = desk.store.outbox.deliveries()
    desk.store.outbox.drop(delivery.id)
    [shown] = api.get("deliveries?state=dead").json()["items"]
    assert (shown["id"], shown["event"], shown["state"]) == (delivery.id, event.id, "dead")
    assert api.post(f"deliveries/{delivery.id}/retry").json() == {"delivery": delivery.id}
    assert [each.id for each in desk.store.outbox.deliveries(DeliveryState.PENDING)] == [delivery.id]


def test_a_source_is_checked_when_somebody_asks(api: TestClient, desk: Desk) -> None:
    assert api.post("sources/fca/check").json()["daemon"] is False
    desk.store.daemons.note(DaemonSeen("host:1:a", "host", NOW, NOW, {}))
    answer = api.post("sources/fca/check")
    assert (answer.status_code, answer.json()["daemon"]) == (202, True)
    assert list(desk.store.requests.pending()) == ["fca"]
    desk.store.commit("fca", lambda state: Commit(SourceState("fca", wait_until=NOW + timedelta(hours=1))))
    assert "asked to be left alone" in api.post("sources/fca/check").json()["error"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("changes?after=yesterday", 400),
        ("changes?cursor=nonsense", 400),
        ("changes?sourse=fca", 422),
        ("changes?limit=501", 422),
        ("changes/999", 404),
        ("changes/99999999999999999999", 422),
        ("changes/999/proof.zip", 404),
        ("sources/no", 404),
        ("sources/no/entries", 404),
        ("sources/fca/entries?at=yesterday", 400),
        ("entries/999", 404),
        ("cases/nobody", 404),
        ("deliveries?state=lost", 422),
        ("nothing", 404),
    ],
)
def test_what_is_wrong_is_said_in_json(api: TestClient, path: str, status: int) -> None:
    answer = api.get(path)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_a_stranger_gets_401_in_json(nobody: TestClient) -> None:
    answer = nobody.get("/api/v1/changes")
    assert (answer.status_code, answer.headers["www-authenticate"], "error" in answer.json()) == (401, "Bearer", True)
    assert nobody.post("/api/v1/sources/fca/check").status_code == 401


def test_tokens_are_not_guessed_fast_and_a_right_one_is_let_in_all_the_same(nobody: TestClient) -> None:
    wrong = {"authorization": "Bearer wrong"}
    seen = [nobody.get("/api/v1/sources", headers=wrong).status_code for _ in range(7)]
    assert (seen[:5], seen[-1]) == ([401] * 5, 429)
    assert "retry-after" in nobody.get("/api/v1/sources", headers=wrong).headers
    assert nobody.get("/api/v1/sources", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize(("headers", "status"), [({"host": "evil.test"}, 421), ({"origin": "https://evil.test"}, 403)])
def test_the_boundary_answers_programs_in_json(api: TestClient, headers: dict[str, str], status: int) -> None:
    answer = api.post("sources/fca/check", headers=headers)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
