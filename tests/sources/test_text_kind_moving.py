"""What moves at each look at a page of text, and what leaves it out."""

from __future__ import annotations

from typing import Any

import pytest

from sources.kinds.text import Text, find_moving
from tests.sources.conftest import MakePage

STATEMENT = "<h1>Statement</h1><p>" + "The authority supervises payment firms in the country. " * 5 + "</p>"


def moving(
    make_page: MakePage, first: str, then: str, sent: str = "text/html", **options: Any
) -> tuple[str, dict[str, Any]]:
    source = Text(url="https://register.example/", **options)
    one, other = (make_page(text, sent) for text in (first, then))
    found = find_moving(source, other, *(next(source.parse(page)).text for page in (one, other)))
    return found.words, dict(found.options)


@pytest.mark.parametrize(
    ("page", "options"),
    [
        (f"<main>{STATEMENT}</main><footer>Page generated {{}}</footer>", {"select": "main"}),
        (f"<main>{STATEMENT}<p class='clock x9'>Time {{}}</p></main><footer>Us</footer>", {"remove": ("p.clock",)}),
        (f"<div>{STATEMENT}<div id=counter><p>Visitors</p><p>{{}}</p></div></div>", {"remove_lines": (r"^\d+:\d+:\d+$",)}),
        (f"<div>{STATEMENT}<footer>It is {{}} here</footer></div>", {"remove": ("footer",)}),
        (f"<div>{STATEMENT}<p>Page generated at {{}} by us</p></div>",
         {"remove_lines": (r"^Page generated at \d+:\d+:\d+ by us$",)}),
        (f"<div>{STATEMENT}<p>(c) [1] {{}}</p><p>x</p></div>", {}),
        (f"<div>{STATEMENT}<p>Seen by {{}} firms (all day).</p></div>",
         {"remove_lines": (r"^Seen by \d+:\d+:\d+ firms \(all day\)\.$",)}),
        ("<div><p>All there is, read at {}</p></div>", {}),
    ],
)  # fmt: skip
def test_the_lines_that_move_are_left_out_and_nothing_else_is(
    page: str, options: dict[str, Any], make_page: MakePage
) -> None:
    words, found = moving(make_page, page.format(*["05:04:28"] * 5), page.format(*["05:04:31"] * 5))
    assert found == options
    assert words.count("“") == 2
    if found:
        whole, other = (
            next(Text(url="https://a.example/", **found).parse(make_page(page.format(at).encode()))).text
            for at in ("05:04:28", "05:04:31")
        )
        assert whole == other
        assert "The authority supervises" in whole


def test_a_line_whose_words_move_may_be_the_news_and_is_not_left_out(make_page: MakePage) -> None:
    page = f"<main>{STATEMENT}<p>Northgate holds {{}} licence.</p></main>"
    words, found = moving(make_page, page.format("a"), page.format("no"))
    assert (words, found) == ("“Northgate holds a licence.” → “Northgate holds no licence.”", {})


def test_what_is_left_out_already_stays_so(make_page: MakePage) -> None:
    page = f"<div>{STATEMENT}<p class=ad>{{}}</p><p class=clock>{{}}</p></div>"
    _, found = moving(make_page, page.format("One", "5:01"), page.format("Two", "5:02"), remove=[".ad"])
    assert found == {"remove": (".ad", "p.clock")}


def test_a_moving_part_whose_tag_css_cannot_name_is_named_by_its_class(make_page: MakePage) -> None:
    page = f"<div>{STATEMENT}<x= class=clock>{{}}</x=></div>"
    assert moving(make_page, page.format("5:01"), page.format("5:02"))[1] == {"remove": ("*.clock",)}


def test_of_a_plain_text_only_its_lines_can_be_left_out(make_page: MakePage) -> None:
    text = "Notice of the authority\nServed as number {}.\n"
    words, found = moving(make_page, text.format(17), text.format(18), "text/plain")
    assert found == {"remove_lines": (r"^Served as number \d+\.$",)}
    assert words == "“Served as number 17.” → “Served as number 18.”"


def test_a_page_of_which_everything_moves_has_no_such_part(make_page: MakePage) -> None:
    one, other = ("".join(f"<p>{side} {number}</p>" for number in range(40)) for side in ("one", "two"))
    assert moving(make_page, one, other)[1] == {}
