from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from sources import Entry, NotFound, Page, WrongContent
from sources.loader import kind

MakePage = Callable[..., Page]

URL = "https://example.org/rules"
PAGE = """<html><head><title> Rules &amp;
 Terms</title><script>track()</script></head><body><nav id=menu>Home</nav>
<main id=text><h1>Rules</h1><p>First <b>rule</b>.<br>Second rule.</p><div class=views>1,234 views</div>after</main>
<footer>Footer</footer></body></html>"""


def entry(page: Page, **options: object) -> Entry:
    (found,) = kind("text").model_validate({"url": URL, **options}).parse(page)
    assert isinstance(found, Entry)
    return found


def test_a_page_is_one_entry_of_lines(make_page: MakePage) -> None:
    lines = "Home\nRules\nFirst rule.\nSecond rule.\n1,234 views\nafter\nFooter"
    assert entry(make_page(PAGE)) == Entry("page", "Rules & Terms", url=URL, text=lines)


def test_a_page_without_a_title_is_called_as_its_heading(make_page: MakePage) -> None:
    assert entry(make_page("<nav>Home</nav><h1>Sanctions <i>in force</i></h1><p>None.")).title == "Sanctions in force"


def test_a_part_of_the_page_less_what_does_not_count(make_page: MakePage) -> None:
    page = make_page(PAGE)
    assert entry(page, select="main", remove=[".views"]).text == "Rules\nFirst rule.\nSecond rule.\nafter"
    assert entry(page, remove=["nav", "main", ".absent"]).text == "Footer"
    assert entry(page, select="b, p, footer").text == "First rule.\nSecond rule.\nFooter"
    assert page.html.cssselect(".views")  # the page itself stays whole


def test_plain_text_keeps_its_lines(make_page: MakePage) -> None:
    page = make_page("Rules < terms\r\n\r\n  First\trule \r\nSecond <b>", "text/plain")
    assert entry(page) == Entry("page", "Rules < terms", url=URL, text="Rules < terms\nFirst rule\nSecond <b>")
    assert entry(make_page('{"a": 1}', "application/json")).text == '{"a": 1}'
    assert entry(make_page("Only a line", "")).title == "Only a line"
    with pytest.raises(NotFound, match="plain text"):
        entry(page, select="main")


def test_a_part_that_is_not_there_lists_those_that_are(make_page: MakePage) -> None:
    with pytest.raises(NotFound, match=r"nothing that matches '#content' \(option select\); it has \"#text\""):
        entry(make_page(PAGE), select="#content")


@pytest.mark.parametrize("options", [{"select": ".views", "remove": ".views"}, {"remove": "body"}])
def test_no_text_at_all_is_an_error(options: dict[str, object], make_page: MakePage) -> None:
    with pytest.raises(NotFound, match="no text"):
        entry(make_page(PAGE), **options)


def test_what_is_no_text_is_refused(make_page: MakePage) -> None:
    for body in (b"%PDF-1.7 ...", b"PK\x03\x04....", bytes(range(256)) * 4):
        with pytest.raises(WrongContent, match="no text but"):
            entry(make_page(body, "application/octet-stream"))


def test_names_are_looked_for_in_added_lines_alone() -> None:
    assert kind("text").mentions_in == "added_lines"
    assert kind("list").mentions_in == "entry"


@pytest.mark.parametrize("options", [{"select": "a["}, {"remove": ["a["]}, {"item": "a"}])
def test_options_are_checked_at_load(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind("text").model_validate({"url": URL, **options})


def test_one_part_of_several_by_its_place(make_page: MakePage) -> None:
    page = make_page("<title>T</title><h4>3.1</h4><h4>3.0</h4><h4>2.9</h4>")
    for part, text in ((1, "3.1"), (2, "3.0"), (-1, "2.9"), (None, "3.1\n3.0\n2.9")):
        assert entry(page, select="h4", part=part).text == text
    with pytest.raises(NotFound, match="has 3 parts that match 'h4', and part = 4 is none of them"):
        entry(page, select="h4", part=4)
    for options in ({"part": 0, "select": "p"}, {"part": 1}):
        with pytest.raises(ValidationError, match="-1 for the last"):
            entry(page, **options)
