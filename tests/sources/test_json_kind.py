from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from sources import BadDocument, BadEntry, Entry, Get, NotFound, Page, WrongContent
from sources.loader import kind

MakePage = Callable[..., Page]

URL = "https://example.org/api/list"
DOCUMENT = {
    "count": 2,
    "next": "/api/list?page=2",
    "data": {
        "items": [
            {
                "id": 7,
                "name": "Alpha Ltd",
                "at": "2025-05-01T10:00:00+03:00",
                "url": "/a/7",
                "who": {"city": "Moscow"},
                "tags": ["x"],
            },
            {
                "id": 8,
                "name": "Beta Inc",
                "at": "2025-05-02T10:00:00+03:00",
                "url": "/a/8",
                "who": {"city": "Perm"},
                "tags": [],
            },
        ]
    },
}


def entries(page: Page, **options: object) -> list[Entry | Get]:
    return list(kind("json").model_validate({"url": URL, "items": "data.items", "key": "id", **options}).parse(page))


@pytest.fixture
def page(make_page: MakePage) -> Page:
    return make_page(json.dumps(DOCUMENT), "application/json", URL)


def test_every_member_is_a_field_unless_fields_are_named(page: Page) -> None:
    first, second = entries(page)
    assert first == Entry("7", "7", DOCUMENT["data"]["items"][0])  # type: ignore[index]
    assert isinstance(second, Entry)
    assert second.fields["who"] == '{"city": "Perm"}'
    assert second.fields["tags"] == "[]"


def test_title_link_date_and_fields_are_paths(page: Page) -> None:
    first, _ = entries(page, title="name", link="url", published="at", fields={"city": "who.city", "tag": "tags[0]"})
    moment = datetime(2025, 5, 1, 7, tzinfo=UTC)
    assert first == Entry("7", "Alpha Ltd", {"city": "Moscow", "tag": "x"}, "https://example.org/a/7", moment)


def test_a_key_of_several_members(page: Page) -> None:
    assert [entry.key for entry in entries(page, key="[name, who.city]")] == ["Alpha Ltd | Moscow", "Beta Inc | Perm"]  # type: ignore[union-attr]


def test_the_next_page_is_an_address_in_the_document(page: Page) -> None:
    assert entries(page, next="next")[2:] == [Get("https://example.org/api/list?page=2")]
    assert len(entries(page, next="absent")) == 2


def test_a_document_that_is_the_list_itself(make_page: MakePage) -> None:
    page = make_page('[{"id": 1}, {"id": 2}]', "application/json")
    assert [entry.key for entry in entries(page, items="@")] == ["1", "2"]  # type: ignore[union-attr]
    names = entries(make_page('["a", "b"]'), items="@", key="@")
    assert names == [Entry("a", "", {"value": "a"}), Entry("b", "", {"value": "b"})]


def test_an_empty_list_has_no_entries(make_page: MakePage) -> None:
    assert entries(make_page('{"data": {"items": []}}')) == []


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ('{"data": {"rows": []}}', 'nothing; seen: "data", "data.rows"'),
        ('{"data": {"items": null}}', 'nothing; seen: "data", "data.items"'),
        ('{"data": {"items": {"id": 1}}}', 'no list but {"id": 1}'),
        ("[]", "nothing; seen: a list of 0"),
    ],
)
def test_items_that_are_no_list_say_what_is_there(document: str, what: str, make_page: MakePage) -> None:
    with pytest.raises(NotFound) as caught:
        entries(make_page(document))
    assert what in caught.value.message


@pytest.mark.parametrize("options", [{"key": "nr"}, {"title": "nom"}, {"fields": {"n": "nom.first"}}, {"link": "href"}])
def test_a_member_that_no_item_has_lists_those_they_have(options: dict[str, object], page: Page) -> None:
    with pytest.raises(NotFound, match=r'no item has .*"id", "name", "at", "url"'):
        entries(page, **options)


def test_a_path_may_say_that_its_member_can_be_absent(page: Page) -> None:
    first, _ = entries(page, fields={"name": "name", "ended": "ended || `null`"})
    assert first == Entry("7", "", {"name": "Alpha Ltd"})


@pytest.mark.parametrize("item", ['{"name": "x"}', '{"id": null}', '{"id": []}', "null"])
def test_an_item_without_a_key_is_an_error(item: str, make_page: MakePage) -> None:
    with pytest.raises(BadEntry):
        entries(make_page(f'{{"data": {{"items": [{{"id": 1}}, {item}]}}}}'))


def test_an_item_whose_number_was_left_blank_is_an_entry(make_page: MakePage) -> None:
    first, second = entries(make_page('{"data": {"items": [{"id": "1"}, {"id": " ", "name": "x"}]}}'))
    assert (first, second) == (Entry("1", "", {"id": "1"}), Entry("(blank)", "", {"name": "x"}))


def test_a_function_that_meets_a_wrong_type_is_a_typed_error(page: Page) -> None:
    with pytest.raises(BadDocument, match="cannot be applied"):
        entries(page, key="join('-', [id, name])")


@pytest.mark.parametrize("body", ["<html>", '{"data": {"items": [{"id": 1}', "", "[" * 100_000])
def test_what_is_not_json_is_an_error(body: str, make_page: MakePage) -> None:
    with pytest.raises(WrongContent):
        entries(make_page(body))


@pytest.mark.parametrize(
    "options", [{"items": "a["}, {"key": ""}, {"fields": {"x": "a..b"}}, {"next": "("}, {"columns": "a"}]
)
def test_options_are_checked_at_load(options: dict[str, object], page: Page) -> None:
    with pytest.raises(ValidationError):
        entries(page, **options)


@pytest.mark.parametrize(
    ("within", "html"),
    [
        ("script#__NEXT_DATA__::text", '<script id="__NEXT_DATA__" type="application/json">{}</script>'),
        ("main@data-page", "<main data-page='{}'></main>"),
        ("xpath:substring-before(substring-after(//script, 'data = '), ';')", "<script>data = {}; go()</script>"),
    ],
)
def test_a_document_within_a_page_of_html_is_read_as_one_alone(
    make_page: MakePage, page: Page, within: str, html: str
) -> None:
    shell = f"<!doctype html><title>Register</title><body>{html.format(json.dumps(DOCUMENT))}"
    assert entries(make_page(shell, url=URL), within=within) == entries(page)


def test_what_is_personal_is_left_out_of_a_document_within_a_page(make_page: MakePage) -> None:
    shell = make_page(f"<script>{json.dumps(DOCUMENT)}</script>", url=URL)
    options = {"url": URL, "items": "data.items", "key": "id", "within": "script::text", "personal": ["name"]}
    source = kind("json").model_validate(options)
    kept = make_page(source.without_personal(shell) or b"", url=URL)
    assert b"Alpha" not in kept.body
    assert list(source.parse(kept)) == list(source.parse(shell))


@pytest.mark.parametrize(
    ("html", "error"),
    [("<p>moved</p>", NotFound), ("<script></script>", NotFound), ("<script>go()</script>", WrongContent)],
)
def test_a_page_without_a_document_within_says_so(make_page: MakePage, html: str, error: type[Exception]) -> None:
    with pytest.raises(error, match="option within"):
        entries(make_page(html), within="script::text")


@pytest.mark.parametrize(
    ("within", "html"),
    [
        ("script#data::text", "<div id=app></div><script id=data type='application/json'>{}</script>"),
        ("#app@data-page", "<div id=app data-page='{}'></div>"),
    ],
)
def test_a_shell_whose_data_is_read_needs_no_browser(
    once: Callable[..., Any], site: Any, within: str, html: str
) -> None:
    site.page("/list", f"<!doctype html><body>{html.format(json.dumps(DOCUMENT))}<script src=app.js></script></body>")
    place = f'items = "data.items"\nkey = "id"\nwithin = "{within}"'
    assert once(f'kind = "json"\nurl = "{site.url("/list")}"\n{place}')["entries"] == 2
