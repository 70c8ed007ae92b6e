"""XPath within selections, JSONPath and jq as JMESPath: the same is selected, or the path is refused."""

from __future__ import annotations

import json

import jmespath
import pytest
from lxml import html

from sources.formats.selectors import select
from watcher.importing.job import ImportedJob, LeftOut
from watcher.importing.targets import NoPath, Selection, from_jq, from_jsonpath, json_options, settle

PAGE = html.fromstring("""<html><body><div id="content"><ul><li>1</li></ul><p class="a b">x</p><ul><li>2</li><li>3</li></ul></div>
<div class="b c"><h1><a href="/x">News, of | today</a></h1><i>4</i></div><div class="c"><a>5</a></div><p lang="en">6</p></body></html>""")
TAKEN = [
    "/html/body/p", "//*[@id='content']/ul[2]", "//h1|//i", "(//h1 | //p)", "(//ul/li)[2]", "//li/following-sibling::li", "//div[@class='c'][1]",
    "//*[name()='h1']", "//p/text()", " //div[not(@id) and @class='c']/a",
]  # fmt: skip
REFUSED = ["count(//a)", "//a[", "", "/", ".", "//a]", "//PropertyGroup/Version", "re:test(//a, 'x')", "//a" * 1000]


@pytest.mark.parametrize("path", TAKEN)
def test_a_path_is_taken_as_it_is(path: str) -> None:
    selection = Selection()
    selection.take_xpath(path, [])
    (taken,) = selection.css
    assert select(PAGE, taken) == PAGE.xpath(path.strip().removesuffix("/text()")) != []


@pytest.mark.parametrize("path", REFUSED)
def test_what_selects_no_elements_is_refused(path: str) -> None:
    with pytest.raises(LeftOut):
        Selection().take_xpath(path, [])


WITHIN = [
    ("xpath://div[@id='content']", "xpath:.//li", ["1", "2", "3"]),
    ("xpath://ul", "xpath://li[1]", ["1", "2"]),
    ("#content, .c", "xpath://a", ["News, of | today", "5"]),
    ("xpath:(//div)[2]", "a", ["News, of | today"]),
    ("xpath:(//ul)[2] | //h1", "li + li", ["3"]),
    ("#content", "li", ["1", "2", "3"]),
]


@pytest.mark.parametrize(("outer", "inner", "texts"), WITHIN)
def test_selectors_and_paths_select_within_each_other(outer: str, inner: str, texts: list[str]) -> None:
    selection, job = Selection(), ImportedJob("there", "https://a.example/")
    for each in (outer, inner):
        take = selection.take_xpath if each.startswith("xpath:") else selection.take_css
        take(each.removeprefix("xpath:"), [])
    settle(job, selection)
    assert [element.text for element in select(PAGE, job.options["select"])] == texts


@pytest.mark.parametrize("inner", ["(//li)[1]", "//a | //b", "li"])
def test_a_path_that_counts_in_a_whole_document_is_refused_within_a_selection(inner: str) -> None:
    selection = Selection()
    selection.take_css("ul", [])
    with pytest.raises(LeftOut, match="within ul"):
        selection.take_xpath(inner, [])


DOCUMENT = {"items": [{"id": 1, "t": "a", "m": {"d": "x"}}, {"id": 2, "t": "b", "m": {"d": "y"}}], "a b": {"c-d": 5}}
FOUND = [
    (from_jsonpath, "$.items[0].t", ["a"]),
    (from_jsonpath, "$['a b']['c-d']", [5]),
    (from_jsonpath, "$.items[*].t", ["a", "b"]),
    (from_jsonpath, "$.items[0:1].id", [1]),
    (from_jsonpath, "$.nothing", []),
    (from_jq, ".items[].t", ["a", "b"]),
    (from_jq, ".items | .[1] | .m.d", ["y"]),
    (from_jq, '."a b"."c-d"', [5]),
    (from_jq, "[.items[] | .id]", [1, 2]),
    (from_jq, ".", [DOCUMENT]),
    (from_jq, ".items[] | {id, when: .m.d}", DOCUMENT["items"]),
]


@pytest.mark.parametrize(("read", "path", "values"), FOUND, ids=[path for _, path, _ in FOUND])
def test_the_options_find_what_the_path_finds(read: object, path: str, values: object) -> None:
    assert callable(read)
    assert jmespath.search(json_options(read(path))["items"], DOCUMENT) == values


def test_members_become_fields_and_one_of_them_the_key() -> None:
    made = json_options(from_jq(".items[] | {id, when: .m.d}"))
    assert (made["key"], made["fields"]) == ("id", {"id": "id", "when": "m.d"})


@pytest.mark.parametrize("path", ["$..price", "$.a[?(@.b)]", "a.b", "$.a[", json.dumps("x")])
def test_a_jsonpath_that_does_more_than_select_is_refused(path: str) -> None:
    with pytest.raises(NoPath):
        from_jsonpath(path)


@pytest.mark.parametrize(
    "path", [".a | length", "map(.a)", ".a + 1", ".[] | select(.x)", "{a: .b}", ".a | {b: .c | d}"]
)
def test_jq_that_does_more_than_select_is_refused(path: str) -> None:
    with pytest.raises(NoPath):
        from_jq(path)
