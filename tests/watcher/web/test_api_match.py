"""POST /api/v1/match: who may be an entry, as a program asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from sources import Entry
from state.model import Acceptance, Clearing, Commit, Difference, Event, SourceState
from tests.watcher.web.conftest import NOW
from tests.watcher.web.test_viewers import as_
from watcher.config.settings import WebOptions, WebUser
from watcher.web.desk import Desk
from watcher.web.pages import screening

ADA = {"name": "Sable Capital", "country": "CH"}


@pytest.fixture
def lists(desk: Desk) -> None:
    """Two lists with the same firm."""
    for name in ("fca", "eu"):
        put(desk, name, Entry("k1", "Sable Capital", fields={"country": "Switzerland"}), Entry("k2", "Other Ltd"))
    users = {"ann": WebUser(role="viewer"), "bob": WebUser(role="viewer", sources=("fca",))}
    desk.use(replace(desk.config, web=WebOptions(users=users)))


def put(desk: Desk, name: str, *entries: Entry) -> None:
    new = [(f"{name} {entry.key}".encode(), entry) for entry in entries]
    accepted = Acceptance(Difference((), new, {}, {}, b"", len(new), ()), (), "", "", fresh=True)
    desk.store.commit(name, lambda before: Commit(SourceState(name, entries=len(new)), accepted))


@pytest.fixture
def ann(desk: Desk, lists: None) -> TestClient:
    """A program of a viewer, whose token may read."""
    return as_(desk, "ann", "read")


def test_a_viewer_gets_the_hits_with_their_reasons(ann: TestClient) -> None:
    answer = ann.post("/api/v1/match", json=ADA)
    assert answer.status_code == 200, answer.text
    eu, fca = answer.json()["items"]
    assert eu == {
        "score": 93,
        "source": "eu",
        "key": "k1",
        "title": "Sable Capital",
        "url": None,
        "reasons": ["name: “Sable Capital” in both", "country: ch in both"],
        "cleared": None,
    }
    assert fca["source"] == "fca"
    assert len(ann.post("/api/v1/match", json=ADA | {"limit": 1}).json()["items"]) == 1
    assert ann.post("/api/v1/match", json={"name": "Nobody Known"}).json() == {"items": []}


def test_who_is_limited_finds_his_part(desk: Desk, lists: None) -> None:
    items = as_(desk, "bob", "read").post("/api/v1/match", json=ADA).json()["items"]
    assert [each["source"] for each in items] == ["fca"]


def test_who_is_limited_to_entities_finds_what_changes_told_of_them(
    desk: Desk, lists: None, changed: Callable[..., Event]
) -> None:
    put(desk, "fca", Entry("Sable Capital", "Sable Capital"), Entry("Sable Capital Two", "Sable Capital Two"))
    changed("Sable Capital")
    users = {"cleo": WebUser(role="viewer", entities=("sable",))}
    desk.use(replace(desk.config, web=WebOptions(users=users)))
    items = as_(desk, "cleo", "read").post("/api/v1/match", json={"name": "Sable Capital"}).json()["items"]
    assert [(each["source"], each["key"]) for each in items] == [("fca", "Sable Capital")]


def test_what_was_cleared_of_an_entity_of_that_name_is_shown_so(desk: Desk, ann: TestClient) -> None:
    assert desk.store.clearings.clear(Clearing("sable", "eu", "k1", "another firm", "ada", NOW), lambda _: {})
    eu, fca = ann.post("/api/v1/match", json=ADA).json()["items"]
    assert (eu["cleared"]["why"], eu["cleared"]["who"], fca["cleared"]) == ("another firm", "ada", None)


def test_each_request_goes_on_with_an_index_that_is_not_complete(
    desk: Desk, ann: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.storage.screening._PART", 1)
    monkeypatch.setattr(screening, "LONGEST", 0.0)
    answers = [ann.post("/api/v1/match", json=ADA) for _ in range(6)]
    assert [each.status_code for each in answers[:2]] == [503, 503]
    assert answers[0].headers["retry-after"] == "5"
    assert "are still to be read" in answers[0].json()["error"]
    assert answers[-1].status_code == 200
    assert len(answers[-1].json()["items"]) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "name"),
        ({"name": "A"}, "name"),
        ({"name": "x" * 1001}, "name"),
        (ADA | {"limit": 101}, "limit"),
        (ADA | {"birthdate": "1960"}, "birthdate"),
        (ADA | {"birth_date": "soon"}, "birth_date “soon”"),
    ],
)
def test_what_is_not_understood_is_refused(ann: TestClient, body: dict[str, object], said: str) -> None:
    answer = ann.post("/api/v1/match", json=body)
    assert answer.status_code == 422
    assert said in answer.json()["error"]


def test_nobody_is_told_anything(nobody: TestClient, lists: None) -> None:
    assert nobody.post("/api/v1/match", json=ADA).status_code == 401
