from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml.html import fromstring
from pydantic import BaseModel, ValidationError

from sources import BadDocument, Page, WrongContent
from sources.formats.html import parse_text, plain, text_of
from sources.formats.json_paths import JsonPath
from sources.options import Selector
from sources.pagination.next_page import follow_link

MakePage = Callable[..., Page]


class Options(BaseModel):
    css: Selector = "a"
    path: JsonPath = "a"


def test_a_page_is_parsed_from_its_decoded_text(make_page: MakePage) -> None:
    page = make_page("<meta charset=utf-8><p>Реестр".encode("cp1251"), "text/html; charset=windows-1251")
    assert page.html.findtext(".//p") == "Реестр"


@pytest.mark.parametrize(
    ("body", "content_type", "what"),
    [
        (b"%PDF-1.7 ...", "text/html", "a PDF file"),
        (b"PK\x03\x04...", "text/html", "a ZIP file"),
        (b"\x89PNG....", "", "an image"),
        (b"....", "image/jpeg", "image/jpeg"),
        (b'{"a": "<p>"}', "text/html", "JSON"),
        (b"[1]", "application/json", "JSON"),
    ],
)
def test_what_is_plainly_no_html_says_what_it_is(
    body: bytes, content_type: str, what: str, make_page: MakePage
) -> None:
    with pytest.raises(WrongContent, match=what):
        _ = make_page(body, content_type).html


@pytest.mark.parametrize("body", ["", " \n ", "<!-- nothing -->"])
def test_an_empty_page_is_a_bad_document(body: str, make_page: MakePage) -> None:
    with pytest.raises(BadDocument, match="empty"):
        _ = make_page(body).html


def test_html_is_read_whatever_type_the_server_gives_it(make_page: MakePage) -> None:
    for content_type in ("", "text/plain", "application/json", "application/octet-stream"):
        assert make_page("<p>x</p>", content_type).html.findtext(".//p") == "x"


def test_deep_nesting_is_read_whole_or_refused(make_page: MakePage) -> None:
    unclosed = "".join(f"<div><font>{at}" for at in range(500))
    assert "499" in text_of(make_page(unclosed).html)
    with pytest.raises(BadDocument, match="too deeply"):
        _ = make_page("<div>" * 5000 + "lost").html


@pytest.mark.parametrize("end", ["</body>", "</html>", "</body></html><html><body>", "</BODY >\n</HTML>"])
def test_what_stands_after_the_end_of_the_document_is_read_too(end: str, make_page: MakePage) -> None:
    page = make_page(f"<html><body><table><tr><td>1</table>{end}<p>2</p><table><tr><td>3</table></body></html>")
    assert text_of(page.html) == "1\n2\n3"


def test_a_text_of_many_megabytes_is_not_dropped(make_page: MakePage) -> None:
    assert len(text_of(make_page("<p>" + "x" * 11_000_000 + "</p>").html)) == 11_000_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br/><br/>three", "one\ntwo\nthree"),
        ("<b>b</b><i>i</i> x", "bi x"),
        ("one\n  two", "one two"),
        ("<pre>one\n  two</pre>", "one\ntwo"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("a<!-- c -->b<script>s</script><style>t</style>", "ab"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("&laquo;a&nbsp;b&raquo;", "«a b»"),
    ],
)
def test_text_is_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(fromstring(f"<div>{html}</div>")) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>one</p><p>two &amp; more</p>", "one\ntwo & more"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("a < b and c > d", "a < b and c > d"),
        ("List<String> in Java", "List<String> in Java"),
        ("AT&T", "AT&T"),
        ("", ""),
    ],
)
def test_only_what_is_html_is_read_as_html(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize("css", ["a[", "table >", "p:nonsense", "a::text", ""])
def test_a_selector_that_does_not_compile_is_a_configuration_error(css: str) -> None:
    with pytest.raises(ValidationError, match="is no CSS selector"):
        Options(css=css)


@pytest.mark.parametrize("path", ["a[", "a..b", "join(", ""])
def test_a_path_that_does_not_compile_is_a_configuration_error(path: str) -> None:
    with pytest.raises(ValidationError, match="is no JMESPath"):
        Options(path=path)


def test_the_next_page_ends_where_its_link_leads_to_itself(make_page: MakePage) -> None:
    page = make_page('<a class=next href="?page=2">next</a>')
    following = follow_link(page, "a.next")
    assert following is not None
    assert following.url == "https://example.org/list?page=2"
    assert follow_link(make_page('<a class=next href="#">next</a>'), "a.next") is None
    assert follow_link(page, "a.absent") is None
    assert follow_link(page, None) is None


@pytest.mark.parametrize("sign", ["\0", "\x0b", "\x1f", "\ufffe", "&#1;", "&#x1F;", "&#0011;", "&#xfffe"])
def test_characters_that_no_xml_may_have_are_left_out_so_that_a_tree_can_be_changed(sign: str) -> None:
    root = parse_text(f"<div><b>a</b>Tele{sign}gram &#123; &#10;<i>z</i></div>")
    assert root is not None
    root.find(".//b").drop_tree()
    assert text_of(root) == "Telegram { z"
