"""A snapshot that is held, taken through the API."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from state.store import Store
from tests.configurations import LIST
from tests.watcher.web.conftest import ADDRESS, NOW, TOKEN
from watcher.config.load import load
from watcher.web.desk import Desk
from watcher.web.server import create_app


def test_only_the_snapshot_that_was_looked_at_is_taken(
    site: Any, configure: Callable[..., Path], watch: Callable[..., Any]
) -> None:
    config = load(configure(LIST.format(site=site.url(""))))
    rows = [{"name": f"Company {number}"} for number in range(40)]
    site.page("/list", rows)
    assert watch("--once").code == 0
    site.page("/list", rows[:3])
    assert watch("--once").code == 1
    with Store.open(config.state) as store:
        desk = Desk(config, store, TOKEN, lambda: NOW)
        api = TestClient(create_app(desk), ADDRESS, headers={"authorization": f"Bearer {TOKEN}"})
        held = api.get("/api/v1/sources/list").json()["held"]
        assert (held["entries"], held["removed"]) == (3, 37)
        refused = api.post("/api/v1/sources/list/accept", json={"snapshot": "another"})
        assert (refused.status_code, store.source("list").entries) == (409, 40)
        taken = api.post("/api/v1/sources/list/accept", json={"snapshot": held["snapshot"]})
        assert taken.json() == {"source": "list", "snapshot": held["snapshot"], "entries": 3, "changes": 37}
        assert api.get("/api/v1/sources/list").json()["held"] is None
        again = api.post("/api/v1/sources/list/accept", json={"snapshot": held["snapshot"]})
        assert again.status_code == 409
        assert again.json() == {"error": f"token has accepted snapshot {held['snapshot']} already"}
        assert [action.what for action in desk.store.desk.actions()] == ["accept"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"snapshot": 7}', '{"snapshot": "a", "more": 1}', "\xff"])
def test_a_body_that_is_not_understood_is_refused(nobody: TestClient, body: str) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    answer = nobody.post("/api/v1/sources/fca/accept", content=body.encode("latin-1"), headers=headers)
    assert answer.status_code in {400, 422}
    assert list(answer.json()) == ["error"]
