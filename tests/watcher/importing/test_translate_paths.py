"""XPath as CSS, JSONPath and jq as JMESPath: the same is selected, or the path is refused."""

from __future__ import annotations

import json

import jmespath
import pytest
from lxml import html

from watcher.importing.translate.json_paths import NoPath, from_jq, from_jsonpath, options
from watcher.importing.translate.xpath import NoCss, to_css

PAGE = html.fromstring("""<html><body><div id="content"><ul><li>1</li></ul><p class="a b">x</p><ul><li>2</li><li>3</li></ul></div>
<div class="b c"><h1><a href="/x">News, of | today</a></h1><i>4</i></div><div class="c"><a>5</a></div><p lang="en">6</p></body></html>""")
SAME = [
    "/html/body/p", "//*[@id='content']/ul[2]", "//div[contains(@class,\"b\")]//a", "//ul/li[last()]", "//p[@lang]",
    "//div[contains(concat(' ', normalize-space(@class), ' '), ' c ')]", "//a[contains(., 'of | today')]",
    "//h1|//i", "(//h1 | //p)", "//div[not(@id) and @class='c']/a", "//a[starts-with(@href, '/')]", ".//ul/li[1]",
    "(//div[@class='c'])/a", "//p[position()=1]",
]  # fmt: skip
REFUSED = [
    "//a/@href", "count(//a)", "//li/following-sibling::li", "//div[@class='c'][2]", "//tr[td='x']", "//a[", "", "/", "//a]",
    "//text()", "//*[name()='x']", "ancestor::div", "//a[1+1]", "x" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("path", SAME)
def test_the_selector_finds_what_the_path_finds(path: str) -> None:
    css, one = to_css(path)
    assert (PAGE.cssselect(css), one) == (PAGE.xpath(path), 0)


def test_one_by_its_place_in_the_result_is_told() -> None:
    assert to_css("(//ul/li)[2]") == ("ul > li", 2)
    assert to_css("((//ul)//li)[last()]") == ("ul li", -1)
    assert to_css('(//div[contains(@class,"c")]//h1)[1]/a') == ('div[class*="c"] h1 > a', 1)
    for several in ("(//li)[position() >= 1 and position() <= 3]", "((//li)[2])[1]", "(//a)[1] | (//p)[1]"):
        assert to_css(several)[1] is None


@pytest.mark.parametrize("path", REFUSED)
def test_what_css_cannot_say_is_refused(path: str) -> None:
    with pytest.raises(NoCss):
        to_css(path)


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
    assert jmespath.search(options(read(path))["items"], DOCUMENT) == values


def test_members_become_fields_and_one_of_them_the_key() -> None:
    made = options(from_jq(".items[] | {id, when: .m.d}"))
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
