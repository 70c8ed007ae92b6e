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
from watcher.config.schema import object_schemas
from watcher.web.actions import OBJECT_OF

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
[sources.bot]
kind = "pushed"
"""
GIVEN = {
    "clear": {"entity": "telegram", "why": "a street"},
    "comments": {"text": "Whose is it?"},
    "assign": {"to": None},
    "importance": {"value": "high"},
    "share": {"until": "2100-01-01"},
    "follows": {"entities": ["telegram"], "by": "atom"},
    "entries": {"entries": [{"key": "1", "title": "Telegram"}]},
    "match": {"name": "Telegram", "birth_date": "1990", "country": "RU", "identifiers": "INN 7707083893"},
}


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
    made = filled.put("/api/v1/config/entities/desk", json={"names": ["A"]}, headers={"If-None-Match": "*"})
    assert made.status_code == 201
    first["me"] = 1  # the token that is made below, which is deleted after it
    first["entries"] = filled.get("/api/v1/sources/list/entries?find=telegram").json()["items"][0]["id"]
    document = filled.get("/api/openapi.json").json()
    order = ["get", "post", "put", "delete"]  # first those that change nothing; last what ends a held snapshot
    known = sorted(
        operations(document), key=lambda each: (each.path.endswith("/accept"), order.index(each.method), each.path)
    )
    held = kept.held()
    assert {each.method for each in known} == set(order)
    for method, path, about in known:
        values = {"name": "list", "entity": "telegram", "number": first.get(path.split("/")[3])}
        values |= {"name": "bot"} if (method, path.rpartition("/")[2]) == ("post", "entries") else {}
        values |= {"table": "entities", "name": "desk"} if "{table}" in path else {}
        values["snapshot"] = held
        if "{comment}" in path:
            comments = filled.get(path.removesuffix("/{comment}").format(**values)).json()
            values["comment"] = comments["items"][0]["id"]
        bodies = (
            {"{name}": {"names": ["B"]}, "tokens": {"name": "a", "scope": "read"}}
            | GIVEN
            | {"accept": {"snapshot": held}}
        )
        sent = bodies.get(path.rpartition("/")[2]) if "requestBody" in about else None
        body: dict[str, Any] = {"headers": {"If-Match": "*"}} | ({"json": sent} if sent else {})
        required = [each["name"] for each in about.get("parameters", []) if each["in"] == "query" and each["required"]]
        asked = dict.fromkeys(required, "2020-01-01")  # all that is required is the time before
        answer = filled.request(method, path.format(**values), params=asked, **body)
        decides = path.endswith(("/approve", "/reject"))  # nothing waits for that here; in test_act.py something does
        assert answer.status_code == 404 if decides else answer.is_success, (path, answer.text)
        if answer.status_code == 204:
            continue
        described = about["responses"][str(answer.status_code)]["content"][answer.headers["content-type"]]
        if "schema" in described and answer.headers["content-type"] == "application/json":
            Draft202012Validator(described["schema"] | {"components": document["components"]}).validate(answer.json())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answer_of_the_api_is_a_fault(filled: TestClient, data: st.DataObject) -> None:
    for operation in operations(filled.get("/api/openapi.json").json()):
        path, query, headers = operation.path, dict[str, str](), dict[str, str]()
        for each in operation.about.get("parameters", []):
            listed = each["schema"].get("enum")
            value = data.draw(st.sampled_from(listed) if listed else TEXTS, each["name"])
            if each["in"] == "path":
                path = path.replace(f"{{{each['name']}}}", quote(value or "-", safe=""))
            elif data.draw(st.booleans()):
                given = query if each["in"] == "query" else headers
                given[each["name"]] = value if given is query else quote(value, safe='*"')
        body = data.draw(BODIES) if operation.method in {"post", "put"} else {}
        answer = filled.request(operation.method, path, params=query, headers=headers, **body)
        assert answer.status_code < 500, (path, query, body, answer.text)
        # 307: without the slash that a value ends with
        if operation.path.partition("{")[0] in path and answer.status_code not in {307, 404, 405}:
            assert str(answer.status_code) in operation.about["responses"], (path, query, answer.status_code)


def test_an_object_of_which_nothing_is_said_is_refused_unless_it_is_a_group(filled: TestClient) -> None:
    new = {"If-None-Match": "*"}
    codes = {table: filled.put(f"/api/v1/config/{table}/a", json={}, headers=new).status_code for table in OBJECT_OF}
    assert codes == dict.fromkeys(OBJECT_OF, 422) | {"groups": 201}


SOME = {
    "string": st.sampled_from(["", "1h", "a", "*", "${HOME}", "********", "(a+)+$", "http://127.0.0.1:9/", "{{ 1 }}"]),
    "integer": st.integers(-1, 1 << 70),
    "number": st.floats(0, 2),
    "boolean": st.booleans(),
    "array": st.lists(VALUES, max_size=3),
    "object": st.dictionaries(st.text(max_size=5), VALUES, max_size=3),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_table_of_the_configuration_is_a_fault(filled: TestClient, data: st.DataObject) -> None:
    for table, shape in zip(OBJECT_OF, object_schemas().values(), strict=True):
        made = {"kind": data.draw(st.sampled_from(["table", "json", "text", "csv"]))} if "source" in table else {}
        for key in data.draw(st.lists(st.sampled_from(sorted(shape["properties"])), max_size=4)):
            types = [
                part.get("type", "object") for part in shape["properties"][key].get("anyOf", [shape["properties"][key]])
            ]
            made[key] = data.draw(VALUES | SOME[types[0]], key)
        answer = filled.put(f"/api/v1/config/{table}/a", json=made, headers={"If-None-Match": "*"})
        assert answer.status_code in {201, 409, 412, 422}, (table, made, answer.text)
        if answer.status_code == 422:
            assert answer.json()["problems"]
        else:
            assert filled.get(f"/api/v1/config/{table}").status_code == 200
            assert filled.delete(f"/api/v1/config/{table}/a").status_code == 204


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(TEXTS, max_size=3), query=st.dictionaries(st.sampled_from(["key", "token", "next"]), TEXTS))
def test_no_address_of_a_feed_or_of_signing_in_is_a_fault(
    filled: TestClient, parts: list[str], query: dict[str, str]
) -> None:
    for place in ("feeds", "sign-in", "metrics"):
        path = "/".join(["", place, *(quote(part, safe="") for part in parts)])
        assert filled.get(path, params=query).status_code < 500
        assert filled.get(f"{path}.atom", params=query).status_code < 500
