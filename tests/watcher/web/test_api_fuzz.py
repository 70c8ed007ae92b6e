"""Every operation of the API, asked what nobody would ask: no answer is a fault, and each is what the schema says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from state.model import Event
from tests.watcher.web.conftest import ADDRESS, TOKEN
from watcher.web.app import create_app
from watcher.web.desk import Desk

ODD = ["", "0", "-1", str(1 << 63), "fca", "sable", "*", "..", "a/b", "\x00", "2025-02-30", "9999-12-31T23:59-23:59"]
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=30), st.integers(-3, 5).map(str))
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["snapshot", "alert", "x"]), inner),
    max_leaves=5,
)


class Operation(NamedTuple):
    """One operation, as the OpenAPI document describes it."""

    method: str
    path: str
    parameters: list[dict[str, Any]]
    statuses: set[int]


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, about in methods.items():
            yield Operation(method, path, about.get("parameters", []), set(map(int, about["responses"])))


@pytest.fixture
def api(desk: Desk, changed: Callable[..., Event]) -> TestClient:
    changed()
    headers = {"authorization": f"Bearer {TOKEN}"}
    return TestClient(create_app(desk), ADDRESS, headers=headers, raise_server_exceptions=False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answer_of_the_api_is_a_fault(api: TestClient, data: st.DataObject) -> None:
    found = list(operations(api.get("/api/openapi.json").json()))
    assert len(found) >= 13
    for operation in found:
        path, query = operation.path, {}
        for each in operation.parameters:
            value = data.draw(TEXTS, each["name"])
            if each["in"] == "path":
                path = path.replace(f"{{{each['name']}}}", quote(value or "-", safe=""))
            elif data.draw(st.booleans()):
                query[each["name"]] = value
        body = {"json": data.draw(BODIES)} if operation.method == "post" else {}
        answer = api.request(operation.method, path, params=query, **body)
        assert answer.status_code < 500, (path, query, body, answer.text)
        if operation.path.partition("{")[0] in path and answer.status_code not in {404, 405}:
            assert answer.status_code in operation.statuses, (path, query, answer.status_code)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(TEXTS, max_size=3), query=st.dictionaries(st.sampled_from(["key", "token", "next"]), TEXTS))
def test_no_address_of_a_feed_or_of_signing_in_is_a_fault(
    api: TestClient, parts: list[str], query: dict[str, str]
) -> None:
    for place in ("feeds", "sign-in", "metrics"):
        path = "/".join(["", place, *(quote(part, safe="") for part in parts)])
        assert api.get(path, params=query).status_code < 500
        assert api.get(f"{path}.atom", params=query).status_code < 500
