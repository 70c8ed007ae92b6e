"""Every operation of the OpenAPI document, over a state that has something for each: it answers as the document says, and
asked what nobody would ask, without a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.watcher.web.conftest import TOKEN

ODD = [
    "",
    "0",
    "-1",
    "2",
    str(1 << 63),
    "list",
    "telegram",
    "*",
    "..",
    "a/b",
    "\x00",
    "2025-02-30",
    "9999-12-31T23:59-23:59",
]
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=30), st.integers(-3, 5).map(str))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["snapshot", "alert", "x"]), inner),
    max_leaves=5,
)
BODIES = st.builds(lambda value: {"json": value}, VALUES) | st.builds(lambda raw: {"content": raw}, st.binary())
MORE = """
[entities.telegram]
names = ["Telegram"]
[channels.c]
url = "json://127.0.0.1:1/"
[[alerts]]
to = ["c"]
"""


class Operation(NamedTuple):
    """One operation, as the OpenAPI document describes it."""

    method: str
    path: str
    about: dict[str, Any]


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, about in methods.items():
            yield Operation(method, path, about)


@pytest.fixture
def filled(kept: Any, looking: Callable[[], TestClient]) -> TestClient:
    """The API over entries, a change with its evidence, a delivery that waits, and a snapshot that is held."""
    kept.configure(more=MORE)
    firms = [f"Firm {number}" for number in range(30)]
    for branch, there in (("A", firms), ("B", firms), ("B", firms[:2])):
        kept.show(branch, *there)
        kept.check()
    api = looking()
    api.cookies.clear()
    api.headers["authorization"] = f"Bearer {TOKEN}"
    return api


def test_every_operation_answers_as_the_document_says(filled: TestClient, kept: Any) -> None:
    first = {what: filled.get(f"/api/v1/{what}").json()["items"][0]["id"] for what in ("changes", "deliveries")}
    first["entries"] = filled.get("/api/v1/sources/list/entries?find=telegram").json()["items"][0]["id"]
    document = filled.get("/api/openapi.json").json()
    known = sorted(operations(document), key=lambda each: (each.method, each.path))  # first those that change nothing
    assert {each.method for each in known} == {"get", "post"}
    for method, path, about in known:
        values = {"name": "list", "entity": "telegram", "number": first.get(path.split("/")[3])}
        body = {"json": {"snapshot": kept.held()}} if "requestBody" in about else {}
        required = [each["name"] for each in about.get("parameters", []) if each["in"] == "query" and each["required"]]
        asked = dict.fromkeys(required, "2020-01-01")  # all that is required is the time before
        answer = filled.request(method, path.format(**values), params=asked, **body)
        decides = path.endswith(("/approve", "/reject"))  # nothing waits for that here; in test_act.py something does
        assert answer.status_code == 404 if decides else answer.is_success, (path, answer.text)
        described = about["responses"][str(answer.status_code)]["content"][answer.headers["content-type"]]
        if "schema" in described and answer.headers["content-type"] == "application/json":
            Draft202012Validator(described["schema"] | {"components": document["components"]}).validate(answer.json())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answer_of_the_api_is_a_fault(filled: TestClient, data: st.DataObject) -> None:
    for operation in operations(filled.get("/api/openapi.json").json()):
        path, query = operation.path, {}
        for each in operation.about.get("parameters", []):
            value = data.draw(TEXTS, each["name"])
            if each["in"] == "path":
                path = path.replace(f"{{{each['name']}}}", quote(value or "-", safe=""))
            elif data.draw(st.booleans()):
                query[each["name"]] = value
        body = data.draw(BODIES) if operation.method == "post" else {}
        answer = filled.request(operation.method, path, params=query, **body)
        assert answer.status_code < 500, (path, query, body, answer.text)
        # 307: without the slash that a value ends with
        if operation.path.partition("{")[0] in path and answer.status_code not in {307, 404, 405}:
            assert str(answer.status_code) in operation.about["responses"], (path, query, answer.status_code)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(TEXTS, max_size=3), query=st.dictionaries(st.sampled_from(["key", "token", "next"]), TEXTS))
def test_no_address_of_a_feed_or_of_signing_in_is_a_fault(
    filled: TestClient, parts: list[str], query: dict[str, str]
) -> None:
    for place in ("feeds", "sign-in", "metrics"):
        path = "/".join(["", place, *(quote(part, safe="") for part in parts)])
        assert filled.get(path, params=query).status_code < 500
        assert filled.get(f"{path}.atom", params=query).status_code < 500
