"""The pagers of HTML pages: which links lead to further pages of the same list, and what the page says of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import Get, Page, SourceError
from sources.formats.download import FileBody
from sources.pagination.html_pager import Numbering, find_pager, is_last
from tests.growth import growth

URL = "https://register.example/list?type=a"


def page(body: str, url: str = URL) -> Page:
    html = f"<html><body><h1>Register</h1>{body}</body></html>"
    return Page(Get(url), url, 200, {"content-type": "text/html"}, html.encode(), datetime(2025, 7, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("link", "css"),
    [
        ('<a rel="next" href="?type=a&p=2">2</a>', 'a[rel~="next"]'),
        ('<link rel="next" href="?type=a&p=2">', 'link[rel~="next"]'),
        ('<a class="pager-next" href="?type=a&p=2">&gt;</a>', "a.pager-next"),
        ('<ul><li class="next"><a href="?type=a&p=2">&raquo;</a></li></ul>', "li.next > a"),
        ('<a title="Go to next page" href="?type=a&p=2">&rsaquo;</a>', 'a[title="Go to next page"]'),
        ('<a aria-label="Next" href="?type=a&p=2">&rsaquo;</a>', 'a[aria-label="Next"]'),
        ('<a href="?type=a&p=2">Следующая страница &rarr;</a>', 'a:contains("Следующая страница →")'),
        ('<a href="/list/page/2/">Older posts</a>', 'a:contains("Older posts")'),
    ],
)
def test_the_link_to_the_next_page(link: str, css: str) -> None:
    found = find_pager(page(link))
    assert found.css == css
    assert found.following in (f"{URL}&p=2", "https://register.example/list/page/2/")


SHEET = "<td><span>1</span></td><td><a href=\"javascript:__doPostBack('grid','Page$2')\">2</a></td>"


ROWS = "".join(f"<li><b>L-{number}</b> Northgate Payments {number} Ltd</li>" for number in range(4))
TABLE = "<table><tbody>" + "".join(f"<tr><td>L-{number}<td>Firm {number} Ltd" for number in range(4)) + "</table>"


@pytest.mark.parametrize(
    ("pager", "click"),
    [
        ('<ul class="pagination"><li><a href="#">1</a><li><a href="#">2</a><li><a href="#">3</a></ul>', ""),
        ('<ul><li class="active"><a href="#">1</a><li><a href="#">2</a><li><a href="#">3</a></ul>', "li.active + li a"),
        ('<nav><button aria-current="true">1</button><button>2</button></nav>', "button[aria-current] + button"),
        (f"<table><tr>{SHEET}</tr></table>", 'td:has(> span) + td a[href^="javascript:__doPostBack"]'),
        ('<a href="#" class="next">Next</a>', "a.next"),
        ('<a class="paginate_button next" tabindex="0">Weiter</a>', "a.next"),
        (
            '<div><span>Seite</span><button aria-label="Next page">&rsaquo;</button></div>',
            'button[aria-label="Next page"]',
        ),
        ('<button class="btn load-more">Gib mir mehr</button>', "button.load-more"),
        (f"{TABLE}<button>Показать ещё</button>", 'button:contains("Показать ещё")'),
        (f'{TABLE}<hr><div><a href="#" class="btn">Több találat</a></div>', "a.btn"),
        (f'<ul>{ROWS}</ul><button id="on">और दिखाएँ</button><footer>Us</footer>', "button#on"),
        (f"<ul>{ROWS}<li><a href='javascript:on()'>المزيد</a></li></ul>", 'a:contains("المزيد")'),
        (
            f"<div>{ROWS.replace('li>', 'div>')}</div><p><button disabled>‹</button><button>›</button></p>",
            'button:contains("›")',
        ),
    ],
)
def test_a_pager_that_a_script_drives_says_that_there_is_more(pager: str, click: str) -> None:
    assert find_pager(page(pager)).click == click


@pytest.mark.parametrize(
    "part",
    [
        '<a href="#" class="next disabled">Next</a>',
        '<li class="disabled"><a href="#">Next</a></li>',
        "<button disabled>Next</button>",
        '<div style="display: none"><button>Load more</button></div>',
        '<ul><li><a href="#">1</a><li><a href="#">2</a><li class="active"><a href="#">3</a></ul>',
        '<div class="slick-dots"><button>1</button><button>2</button><button>3</button></div>',
        f"<table>{''.join(f'<tr><td><a href=#>{day}</a>' for day in range(1, 31))}</table>",
        '<li>Northgate Ltd <a href="#">Show more</a></li><li>Southgate Ltd <a href="#">Show more</a></li>',
        "<div><button>Show more</button></div>" * 3,
        '<a href="#">12</a> of our firms and <a href="#">13</a> of theirs',
        '<a href="#next">Next</a>',
        f"{TABLE}<a href='#'>Top</a>",
        f"{TABLE}<a href='javascript:history.back()'>Back</a>",
        f"{TABLE}<button onclick='window.print()'>Print</button>",
        f"{TABLE}<button>Yes</button><button>No</button>",
        f"{TABLE}<div>Was this of use to you? <button>Yes</button></div>",
        f"{TABLE}<button aria-expanded=false>Sources</button>",
        f"<form>{TABLE}<button>Send</button></form>",
        f"<ul>{ROWS}</ul><button>Menu</button><p>{'The authority supervises payment firms in the country. ' * 9}</p>",
        "<p>One paragraph.</p><p>Another one.</p><p>The last one.</p><button>Share</button>",
    ],
)
def test_what_no_script_pages(part: str) -> None:
    assert find_pager(page(part)).click is None


@pytest.mark.parametrize(
    ("rows", "scrolls"),
    [
        ('<div role=grid aria-rowcount="{}">' + "<div role=row aria-rowindex=1>A</div>" * 3 + "</div>", (3, 40, -1)),
        (
            '<div style="position:relative;height:{}px">'
            + "".join(f'<div style="position:absolute;top:{40 * n}px;height:40px">A</div>' for n in range(3))
            + "</div>",
            (120, 4000, 400),
        ),
    ],
)
def test_a_list_that_draws_what_is_in_sight_says_that_there_is_more(rows: str, scrolls: tuple[int, int, int]) -> None:
    assert [find_pager(page(rows.format(size))).scrolls for size in scrolls] == [False, True, True]


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="https://other.example/list?p=2">next</a>',
        '<a rel="next" href="/another-article">Next</a>',
        '<a href="#" class="next">next</a>',
        '<a href="javascript:next()">Next</a>',
        '<li class="disabled"><a class="next" href="?type=a&p=1">Next</a></li>',
        '<a class="next" aria-disabled="true" href="?type=a&p=1">Next</a>',
        '<a href="?type=a&sort=name">Sort by name</a>',
        '<a href="?year=2024">2024</a><a href="?year=2023">2023</a>',
        '<a href="?type=a&page=3">3</a>',
        '<a class="slick-next" href="?type=a&slide=2">&rsaquo;</a>',
    ],
)
def test_what_is_no_way_on(link: str) -> None:
    found = find_pager(page(link))
    assert (found.following, found.numbering) == ("", None)


def numbers(places: dict[int, str]) -> str:
    return "".join(f'<a href="{address}">{number}</a> ' for number, address in places.items())


@pytest.mark.parametrize(
    ("url", "places", "way"),
    [
        (URL, {2: "?type=a&page=2", 3: "?type=a&page=3"}, ("page", "", 1, 1, [2, 3])),
        (URL, {2: "?page=1&type=a"}, ("page", "", 0, 1, [2])),
        (URL, {2: "?type=a&start=11", 3: "?type=a&start=21"}, ("start", "", 1, 10, [2, 3])),
        (f"{URL}&page=2", {1: "?type=a", 3: "?type=a&page=3"}, ("page", "", 1, 1, [3])),
        ("https://r.example/l/", {2: "/l/p20/", 3: "/l/p40/"}, ("", "/l/p{}/", 0, 20, [2, 3])),
        ("https://r.example/l.html", {2: "l-2.html", 9: "l-9.html"}, ("", "/l-{}.html", 1, 1, [2, 9])),
    ],
)
def test_numbered_links(url: str, places: dict[int, str], way: tuple[str, str, int, int, list[int]]) -> None:
    counted = find_pager(page(numbers(places), url)).numbering
    assert isinstance(counted, Numbering)
    assert (*counted[:4], list(counted.later)) == way


def test_on_the_last_page_no_number_follows() -> None:
    last = page(numbers({1: "?type=a&page=1", 2: "?type=a&page=2"}), f"{URL}&page=3")
    assert find_pager(last).numbering is None
    assert is_last(last, "page", "", 3)
    assert not is_last(last, "page", "", 1)
    assert not is_last(page("<p>no pager at all</p>"), "page", "", 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Showing 1 to 20 of 60 entries", (None, None, 60)),
        ("Displaying <b>1 - 10</b> of <b>3,167</b> results.", (None, None, 3167)),
        ("Показано 1–20 из 1 204", (None, None, 1204)),
        ("1-20 von 60 Treffern", (None, None, 60)),
        ("Showing 20 of 60", (None, None, 60)),
        ("Page 2 of 3", (2, 3, None)),
        ("Страница 1 из 12", (1, 12, None)),
        ("Showing 41 to 60 of 60 entries", (None, None, None)),
        ("Showing 60 of 60", (None, None, None)),
        ("Decision 12 of 2024", (None, None, None)),
        ("Valid from 1-2-2024 to 3-4-2025", (None, None, None)),
    ],
)
def test_what_the_page_says_in_words(words: str, said: tuple[int | None, int | None, int | None]) -> None:
    told = find_pager(page(f"<p>{words}</p>")).said
    assert (told.page, told.pages, told.entries) == said


def test_of_a_large_page_the_ends_are_looked_at() -> None:
    rows = "".join(f"<tr><td>{n}<td>Firm {n}" for n in range(20_000))
    script = f"<script>{'x' * 100_000}</script>"
    found = find_pager(page(f'<table>{rows}</table><a rel="next" href="?type=a&p=2">next</a>{script}'))
    assert found.following == f"{URL}&p=2"


def test_of_a_page_that_is_a_file_no_more_than_its_ends_is_read() -> None:
    class Sliced(FileBody):
        def __getitem__(self, part: slice) -> bytes:
            read.append(len(found := super().__getitem__(part)))
            return found

    read, rows = list[int](), "".join(f"<tr><td>{n}<td>Firm {n}" for n in range(300_000))
    large = page(f'<table>{rows}</table><a rel="next" href="?type=a&p=2">next</a><script>{"x" * 100_000}</script>')
    with TemporaryFile() as file:
        file.write(large.content)
        found = find_pager(replace(large, content=Sliced.of(file)))
    assert (found.following, sum(read) < len(large.content) - 1_000_000) == (f"{URL}&p=2", True)


def test_a_hostile_pager_costs_no_more_than_its_length() -> None:
    def read(size: int) -> None:
        links = "".join(f'<a class="next" title="next" href="?type=a&p={n}">Next</a>' for n in range(size))
        find_pager(page(f"<p>{'1 - 2 of ' * (30 * size)}</p>{links}{'<a href=?x>' * (2 * size)}"))

    assert growth(read, 125, 1_000) < 3


@pytest.mark.parametrize(
    "part",
    [
        '<a href="#">1</a> ',
        "<button>Next</button>",
        "<div style='height:9px'>",
        "<i aria-rowcount=3><b aria-rowindex=1>",
        "<li>A</li><li>B</li><li>C</li><li><button>D</button></li>",
        "<div><li>A</li><li>B</li><li>C</li><button>D</button>",
    ],
)
def test_a_hostile_script_pager_costs_no_more_than_its_length(part: str) -> None:
    assert growth(lambda size: find_pager(page(part * size)), 30, 240) < 3


pieces = st.sampled_from(
    ["<a rel=next href='", "<a class=next href='", "<li class=next>", "<a title='Next' href='", "?page=2'>", "//[", "http://[x'>",
     "/p{}/2'>", "2</a>", "Next</a>", "&#0;", "1-20 of 60", "Page 1 of 3", "\u0664", "\x0b", "</li>", '"', "'", ">"]
)  # fmt: skip


@given(st.lists(pieces | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_a_page_holds_nothing_fails(body: str) -> None:
    with suppress(SourceError):
        found = find_pager(page(body))
        assert not found.following or found.css
