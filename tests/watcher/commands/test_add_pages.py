"""`watch add` on lists of several pages: it finds the way to the next page, and tries it, without a given key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import LOOPBACK

Watch = Callable[..., Any]
Configure = Callable[..., Path]
Added = Callable[..., dict[str, Any]]
Serve = Callable[[Mapping[str, str]], Any]

FIRMS = [f"L-{1000 + 7 * n}" for n in range(60)]
ROOM = 20
NONE = object()  # in the place of a page: answered with 404


@pytest.fixture
def added(site: Any, configure: Configure, watch: Watch) -> Added:
    """Serves a list, adds it without asking, and returns the source as it was written, with the keys that it reads."""

    def add(serve: Any, path: str = "/list", *options: str) -> dict[str, Any]:
        def answer(asked: Any) -> Any:
            found = serve(asked.query)
            return site.Reply("no such page", 404) if found is NONE else found

        site.page(path, answer if callable(serve) else serve)
        file = configure(LOOPBACK)
        ran = watch("add", site.url(path), "--yes", "--name", "it", *options)
        assert ran.code == 0, ran.err
        source: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))["sources"]["it"]
        tried = json.loads(watch("try", "it", "--json").out)
        keys = [entry["key"] for entry in tried["entries"]]
        return source | {"keys": keys, "part": tried["part"], "said": " ".join(ran.out.split())}

    return add


def table(firms: list[str], pager: str) -> str:
    rows = "".join(f"<tr><td>{firm}<td>Firm {firm} Ltd<td>active" for firm in firms)
    return f"<h1>Licences</h1><table><tr><th>Number<th>Holder<th>Status{rows}</table><div class=pager>{pager}</div>"


def items(firms: list[str]) -> list[dict[str, Any]]:
    return [{"id": firm, "name": f"Firm {firm} Ltd", "state": "active"} for firm in firms]


def of(page: int) -> list[str]:
    return FIRMS[(page - 1) * ROOM : page * ROOM]


def at(offset: int) -> list[str]:
    return FIRMS[offset : offset + ROOM]


def by_next_link(query: Mapping[str, str]) -> str:
    page = int(query.get("page", 1))
    return table(of(page), f'<a rel="next" href="?page={page + 1}">more</a>' if page < 3 else "")


def by_words(query: Mapping[str, str]) -> str:
    page = int(query.get("page", 1))
    before = f'<a class="arrow" href="?page={page - 1}">Previous</a>' if page > 1 else ""
    return table(of(page), before + (f'<a class="arrow" href="?page={page + 1}">Next ›</a>' if page < 3 else ""))


def by_numbers(query: Mapping[str, str]) -> str:
    page = int(query.get("page", 0)) + 1
    links = (f'<li><a href="/list?page={n - 1}">{n}</a></li>' for n in range(1, 4) if n != page)
    return table(of(page), f"<ul>{''.join(links)}</ul>")


def by_offsets(query: Mapping[str, str]) -> str:
    start = int(query.get("start", 0))
    links = (f'<a href="/list?sort=name&start={n * ROOM}">{n + 1}</a>' for n in range(3) if n * ROOM != start)
    return table(at(start), " ".join(links))


HTML: dict[str, tuple[Serve, dict[str, Any]]] = {
    "a link that says next": (by_next_link, {"next": 'a[rel~="next"]'}),
    "a link that reads Next": (by_words, {"next": 'a:contains("Next ›")'}),
    "numbers from zero": (by_numbers, {"pages": {"parameter": "page", "first": 0}}),
    "offsets": (by_offsets, {"pages": {"parameter": "start", "step": 20}}),
}


@pytest.mark.parametrize("make", HTML)
def test_a_table_in_three_pages(make: str, added: Added) -> None:
    serve, options = HTML[make]
    source = added(serve)
    assert source["keys"] == FIRMS
    assert {name: source[name] for name in options} == options
    assert (source["key"], source["part"]) == ("Number", None)
    assert "the next page was found and read: 20 entries on page 2" in source["said"]


def test_pages_in_the_path(site: Any, added: Added) -> None:
    def page(number: int) -> str:
        links = "".join(f'<a href="/list/page/{n}/">{n}</a>' for n in range(1, 4) if n != number)
        return table(of(number), links)

    for number in (2, 3):
        site.page(f"/list/page/{number}/", page(number))
    source = added(page(1))
    assert source["pages"] == {"url": "/list/page/{}/"}
    assert source["keys"] == FIRMS


def test_articles_in_three_pages(added: Added) -> None:
    def serve(query: Mapping[str, str]) -> str:
        page = int(query.get("p", 1))
        news = "".join(
            f'<div class="item"><h3><a href="/case/{firm}">The authority has decided on {firm}</a></h3><p>{firm}</p></div>'
            for firm in of(page)
        )
        following = f'<li class="pager__item--next"><a href="?p={page + 1}">›</a></li>' if page < 3 else ""
        return f"<main>{news}</main><ul>{following}</ul>"

    source = added(serve)
    assert (source["kind"], source["next"]) == ("list", "li.pager__item--next > a")
    assert [key.rpartition("/")[2] for key in source["keys"]] == FIRMS


def by_page(query: Mapping[str, str]) -> Any:
    page = int(query.get("page", 1))
    return {"page": page, "total_pages": 3, "total": 60, "items": items(of(page))}


def by_offset(query: Mapping[str, str]) -> Any:
    offset = int(query.get("offset", 0))
    return {"meta": {"offset": offset, "limit": 20, "total_count": 60}, "data": items(at(offset))}


def by_cursor(query: Mapping[str, str]) -> Any:
    page = {"": 1, "bTI": 2, "bTM": 3}[query.get("cursor", "")]
    return {"results": items(of(page)), "next_cursor": {1: "bTI", 2: "bTM", 3: None}[page]}


def by_address(query: Mapping[str, str]) -> Any:
    page = int(query.get("page", 1))
    return {"count": 60, "next": f"/list?page={page + 1}" if page < 3 else None, "results": items(of(page))}


def by_total_alone(query: Mapping[str, str]) -> Any:
    return {"total": 60, "items": items(at(int(query.get("skip", 0))))}


def by_page_and_total_entries(query: Mapping[str, str]) -> Any:
    """As many do, it has no page behind the last one."""
    page = int(query.get("page", 1))
    return {"page": page, "total": 60, "items": items(of(page))} if page < 4 else NONE


def by_page_and_count_of_the_page(query: Mapping[str, str]) -> Any:
    page = int(query.get("page", 1))
    return {"page": page, "count": len(of(page)), "has_more": page < 3, "items": items(of(page))}


def by_page_from_zero(query: Mapping[str, str]) -> Any:
    page = int(query.get("page", 0)) + 1
    return {"content": items(of(page)), "totalElements": 60}


JSON: dict[str, tuple[Serve, dict[str, Any]]] = {
    "page and total": (by_page, {"pages": {"parameter": "page", "total": "total_pages"}}),
    "offset and limit": (by_offset, {"pages": {"parameter": "offset", "step": "entries", "total": "meta.total_count"}}),
    "a cursor": (by_cursor, {"pages": {"parameter": "cursor", "path": "next_cursor"}}),
    "an address": (by_address, {"next": "next"}),
    "a total and nothing else": (by_total_alone, {"pages": {"parameter": "skip", "step": "entries", "total": "total"}}),
    "page and a total of entries": (
        by_page_and_total_entries,
        {"pages": {"parameter": "page", "entries": "total"}},
    ),
    "page and a count of its own entries": (by_page_and_count_of_the_page, {"pages": {"parameter": "page"}}),
    "a total and pages from zero": (
        by_page_from_zero,
        {"pages": {"parameter": "page", "first": 0, "entries": "totalElements"}},
    ),
}


@pytest.mark.parametrize("make", JSON)
def test_an_api_in_three_pages(make: str, added: Added) -> None:
    serve, options = JSON[make]
    source = added(serve)
    assert source["keys"] == FIRMS, source["said"]
    assert {name: source[name] for name in options} == options
    assert (source["key"], source["part"]) == ("id", None)


def test_an_api_whose_header_has_the_next_address(site: Any, added: Added) -> None:
    def serve(query: Mapping[str, str]) -> Any:
        page = int(query.get("page", 1))
        link = {"Link": f'<{site.url("/list")}?page={page + 1}>; rel="next"'} if page < 3 else {}
        return site.Reply(items(of(page)), headers=link)

    source = added(serve)
    assert source["pages"] == {"parameter": "page"}
    assert source["keys"] == FIRMS


def test_a_next_link_that_leads_to_the_same_entries_is_not_proposed(added: Added) -> None:
    source = added(lambda query: table(of(1), '<a rel="next" href="?page=2">next</a>'))
    assert "next" not in source
    assert "there are further pages, and no way to them was found" in source["said"]


def test_a_list_of_one_page_gets_no_way_on(added: Added) -> None:
    source = added(lambda query: table(FIRMS, '<a href="?sort=name">sort</a> Showing 1 - 60 of 60'))
    assert not {"next", "pages"} & set(source)
    assert source["part"] is None


def test_of_a_long_rolling_list_the_first_page_is_watched(added: Added) -> None:
    def serve(query: Mapping[str, str]) -> str:
        page = int(query.get("page", 1))
        news = "".join(
            f'<div class="item"><h3><a href="/{page}/{n}">Decision {page}.{n} of the authority is out</a></h3>'
            f'<time datetime="{2025 - page:04}-03-{28 - n:02}">{28 - n} March {2025 - page}</time><p>Case {n}.</p></div>'
            for n in range(10)
        )
        return f'<main>{news}</main><a rel="next" href="?page={page + 1}">Older</a><p>Displaying {page * 10 - 9} - {page * 10} of 3,000</p>'

    source = added(serve)
    assert (source["kind"], source["listing"], source.get("next")) == ("list", "window", None)
    assert "page 1 of 300 of a rolling list, the newest first, is watched" in source["said"]
    assert len(source["keys"]) == 10


def test_a_long_register_is_read_whole_and_seldom(added: Added) -> None:
    def serve(query: Mapping[str, str]) -> Any:
        page = int(query.get("page", 1))
        firms = [f"F-{n}" for n in range(3 * page, 3 * page + 3)]
        return {"page": page, "total_pages": 60, "items": items(firms)}

    source = added(serve)
    assert (source["max_pages"], source["every"], len(source["keys"])) == (120, "6h", 180)


def test_a_saved_page_says_that_it_is_a_part(configure: Configure, watch: Watch, folder: Path) -> None:
    configure("")
    (folder / "page.html").write_text(by_next_link({}), encoding="utf-8")
    ran = watch("add", "page.html", "--url", "https://register.example/list", "--yes")
    said = " ".join(ran.out.split())
    assert "1 page is read, and there are more; from a saved page, the way to the others was not tried" in said
    assert 'this option would read the others: next = "a[rel~=\\"next\\"]"' in said
