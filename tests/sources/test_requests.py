"""Requests that the configuration writes: search forms, POST endpoints, tokens of an earlier page, dates.

Each runs through the whole program against a loopback site.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine

from sources.loader import kind

NOON = datetime(2025, 7, 16, 12, tzinfo=UTC)

GRAPHQL = """
kind = "json"
items = "data.licences.nodes"
key = "id"
body = { query = "query($after: String) { licences(after: $after, first: 2) { nodes { id } } }", variables = { after = "{cursor}" } }
pages = { path = "data.licences.next" }
"""
SEARCH = """
kind = "list"
item = "li"
listing = "complete"
form = { csrf = "{token}", name = "bank", p = "{page}" }
"""


class Licences:
    """A GraphQL endpoint: two nodes a page; the cursor is the number of those before."""

    def __init__(self, site: Any, *names: str) -> None:
        self.names, self.asked = list(names), list[Any]()
        site.page("/graphql", self._answer)
        self.options = f'{GRAPHQL}url = "{site.url("/graphql")}"'

    def _answer(self, asked: Any) -> Any:
        after = json.loads(asked.body)["variables"]["after"]
        self.asked.append(after)
        at = after or 0
        following = at + 2 if at + 2 < len(self.names) else None
        nodes = [{"id": name} for name in self.names[at : at + 2]]
        return {"data": {"licences": {"nodes": nodes, "next": following}}}


class Search:
    """A form that wants the token of its page, and its cookie; each visit has another token."""

    def __init__(self, site: Any, *pages: list[str]) -> None:
        self.pages, self.sent, self.visits = pages, list[dict[str, list[str]]](), 0
        site.page("/form", self._form)
        site.page("/search", self._found)
        before = f'before = {{ url = "{site.url("/form")}", take = {{ token = "input[name=csrf]@value" }} }}'
        self.options = f'{SEARCH}{before}\nurl = "{site.url("/search")}"'

    def _form(self, _: Any) -> str:
        self.visits += 1
        return f'<form><input name="csrf" value="t{self.visits}"></form>'

    def _found(self, asked: Any) -> str:
        self.sent.append(sent := parse_qs(asked.body.decode()))
        assert asked.method == "POST"
        assert sent["csrf"] == [f"t{self.visits}"]
        number = int(sent["p"][0])
        rows = self.pages[number - 1] if number <= len(self.pages) else []
        return f"<ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul><p>{'-' * 200}</p>"


def changes(said: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change["change"], change["title"]) for change in said["changes"]]


def test_a_graphql_endpoint_is_read_from_cursor_to_cursor(site: Any, once: Any) -> None:
    licences = Licences(site, "A", "B", "C", "D", "E")
    assert (once(licences.options)["entries"], licences.asked) == (5, [None, 2, 4])
    licences.names[3] = "F"
    assert sorted(changes(once(licences.options))) == [("added", "F"), ("removed", "D")]


def test_a_search_form_is_sent_with_the_token_of_its_page(site: Any, once: Any) -> None:
    search = Search(site, ["Alpha bank", "Beta bank"], ["Gamma bank"])
    said = once(search.options)
    assert (said["status"], said["entries"]) == ("baseline", 3)
    assert [sent["p"] for sent in search.sent] == [["1"], ["2"], ["3"]]
    assert once(search.options)["status"] == "unchanged"
    assert search.visits == 2


def test_a_page_without_the_token_is_a_failure_that_names_the_option(site: Any, once: Any) -> None:
    search = Search(site, ["Alpha bank"])
    site.page("/form", "<form><p>The search has moved to another page.</p></form>")
    said = once(search.options)
    assert (said["status"], said["reason"]) == ("failing", "not_found")
    assert "option before, take.token" in said["message"]


def test_another_search_is_a_new_baseline(site: Any, once: Any) -> None:
    search = Search(site, ["Alpha bank"])
    once(search.options)
    assert once(search.options.replace('"bank"', '"fund"'))["status"] == "baseline"


def test_a_token_goes_into_a_header_and_to_the_further_pages(site: Any, once: Any) -> None:
    site.page("/token", {"session": {"key": "k1"}})
    site.page("/list", lambda asked: {"rows": [{"id": asked.headers["x-key"] + asked.query["page"]}], "all": 2})
    said = once(
        f'kind = "json"\nurl = "{site.url("/list")}?page=1"\nitems = "rows"\nkey = "id"\nheaders = {{ X-Key = "{{key}}" }}\n'
        f'pages = {{ parameter = "page", entries = "all" }}\n'
        f'before = {{ url = "{site.url("/token")}", take = {{ key = "session.key" }} }}'
    )
    assert (said["status"], said["entries"]) == ("baseline", 2)


def test_dates_are_those_of_the_check_and_no_new_baseline(site: Any, once: Any) -> None:
    asked: list[str] = []
    site.page("/acts", lambda request: asked.append(request.query["from"] + " " + request.query["to"]) or [{"id": 1}])
    url = site.url("/acts") + "?from={since}&to={today:%d.%m.%Y}"
    options = f'kind = "json"\nurl = "{url}"\nitems = "@"\nkey = "id"\nlisting = "window"'
    with time_machine.travel(NOON, tick=True):
        assert once(options)["status"] == "baseline"
    with time_machine.travel(NOON.replace(day=18), tick=True):
        assert once(options)["status"] == "unchanged"
    assert asked[0] == "2025-06-16 16.07.2025"
    assert set(asked[1:]) == {"2025-07-15 18.07.2025"}


def test_offsets_are_counted_by_entries_and_stay_numbers(site: Any, once: Any) -> None:
    asked: list[Any] = []

    def answer(request: Any) -> Any:
        asked.append(json.loads(request.body)["from"])
        return [{"id": at} for at in range(asked[-1], min(asked[-1] + 3, 7))]

    site.page("/rows", answer)
    said = once(
        f'kind = "json"\nurl = "{site.url("/rows")}"\nitems = "@"\nkey = "id"\nbody = {{ from = "{{offset}}" }}'
    )
    assert (said["entries"], asked) == (7, [0, 3, 6, 7])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"form": {"a": "b"}, "body": {}}, "give one of them"),
        ({"form": {"a": "b"}, "method": "GET"}, "write the values into url"),
        ({"form": {"a": "{cursor}"}}, "{cursor} needs pages"),
        ({"pages": {"first": 2}}, "pages needs a parameter"),
        ({"headers": {"X": "{page}"}}, "headers can have"),
        ({"form": {"a": "{since}"}, "listing": "complete"}, 'listing = "window"'),
        ({"before": {"url": "https://a.test/", "take": {"today": "a"}}}, "no name for a value"),
        ({"before": {"url": "https://a.test/", "take": {"a": "][ ||"}}}, "no CSS selector"),
    ],
)
def test_a_request_that_cannot_be_made_is_refused_when_it_is_loaded(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace("{", r"\{")):
        kind("list").model_validate({"url": "https://a.test/", "item": "li"} | options)


def test_a_large_answer_to_a_form_is_read_in_the_subprocess(site: Any, once: Any) -> None:
    search = Search(site, [f"Bank {number} {'-' * 700}" for number in range(100)], ["Gamma bank"])
    assert once(search.options)["entries"] == 101
