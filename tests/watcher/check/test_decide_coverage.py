"""A source reads one of a register's three pages: it is treated as a part, not as the whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from state.model import EventKind
from tests.configurations import LOOPBACK

Watch = Callable[..., Any]
Configure = Callable[..., Path]

PAGES = 3
ON_A_PAGE = 20


def rows(firms: list[str], page: int) -> list[str]:
    return firms[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]


def table(firms: list[str], page: int, pager: Callable[[int], str]) -> str:
    body = "".join(f"<tr><td>{firm}<td>Firm {firm} Ltd<td>active" for firm in rows(firms, page))
    return f"<h1>Licences</h1><table><tr><th>Number<th>Holder<th>Status{body}</table>{pager(page)}"


PAGERS: dict[str, Callable[[int], str]] = {
    "a next link": lambda page: f'<a rel="next" href="?page={page + 1}">Next</a>' if page < PAGES else "",
    "page numbers": lambda page: "".join(
        f'<a href="?page={n}">{n}</a>' if n != page else f"<b>{n}</b>" for n in range(1, PAGES + 1)
    ),
    "showing 1-20 of 60": lambda page: f"<p>Showing {page * 20 - 19} - {page * 20} of <b>60</b> licences</p>",
    "page 1 of 3": lambda page: f"<p>Page {page} of 3</p>",
}


class Register:
    """The register as a table (/list) and as an API (/api), of as many firms as it has, in its order."""

    def __init__(self, site: Any, pager: Callable[[int], str]) -> None:
        self.firms = [f"L-{n:03}" for n in range(1, PAGES * ON_A_PAGE + 1)]
        self.url = site.url("/list")
        self.api = site.url("/api")
        site.page("/list", lambda asked: table(self.firms, int(asked.query.get("page", 1)), pager))
        site.page("/api", lambda asked: self._answer(int(asked.query.get("page", 1))))

    def _answer(self, page: int) -> dict[str, Any]:
        items = [{"id": firm, "name": f"Firm {firm} Ltd"} for firm in rows(self.firms, page)]
        return {"page": page, "total": len(self.firms), "total_pages": PAGES, "items": items}

    def move(self, firm: str) -> None:
        """To the end of the register, as when a list is sorted by what was last edited."""
        self.firms.remove(firm)
        self.firms.append(firm)


def once(watch: Watch) -> dict[str, Any]:
    (source,) = json.loads(watch("--once", "--json").out)["sources"]
    return dict(source)


def kinds(source: dict[str, Any]) -> set[str]:
    return {change["change"] for change in source["changes"]}


@pytest.mark.parametrize("how", PAGERS)
def test_nothing_is_removed_from_a_part(
    how: str, site: Any, configure: Configure, watch: Watch, state_url: str
) -> None:
    register = Register(site, PAGERS[how])
    configure(
        f'state = "{state_url}"\n{LOOPBACK}[sources.it]\nkind = "table"\nkey = "Number"\nurl = "{register.url}"\n'
    )
    assert once(watch)["entries"] == 20
    register.move("L-007")
    assert kinds(once(watch)) == {"added"}
    assert json.loads(watch("status", "--json").out)["sources"][0]["part"]


def test_a_rolling_list_loses_nothing_either_and_does_not_grow(site: Any, configure: Configure, watch: Watch) -> None:
    register = Register(site, PAGERS["a next link"])
    configure(f'{LOOPBACK}[sources.it]\nkind = "list"\nitem = "tr:has(td)"\nurl = "{register.url}"\n')
    once(watch)
    register.move("L-007")
    changed = once(watch)
    assert (kinds(changed), changed["entries"]) == ({"added"}, 20)
    assert 'first page of a rolling list is enough: listing = "window"' in " ".join(watch("status").out.split())


def test_a_window_that_is_called_one_keeps_its_removals(site: Any, configure: Configure, watch: Watch) -> None:
    register = Register(site, PAGERS["a next link"])
    window = f'kind = "list"\nitem = "tr:has(td)"\nlisting = "window"\nurl = "{register.url}"\n'
    configure(f"{LOOPBACK}[sources.it]\n{window}")
    once(watch)
    register.firms.remove("L-007")
    assert "removed" in kinds(once(watch))
    assert json.loads(watch("status", "--json").out)["sources"][0]["part"] is None
    assert json.loads(watch("try", "it", "--json").out)["part"] is None


@pytest.mark.parametrize("option", ['next = "a[rel=next]"', 'pages = { parameter = "page" }'])
def test_of_a_register_that_is_read_whole_what_is_gone_is_removed(
    option: str, site: Any, configure: Configure, watch: Watch
) -> None:
    register = Register(site, lambda page: PAGERS["a next link"](page) + PAGERS["page numbers"](page))
    configure(f'{LOOPBACK}[sources.it]\nkind = "table"\nkey = "Number"\nurl = "{register.url}"\n{option}\n')
    assert once(watch)["entries"] == 60
    register.move("L-007")
    assert once(watch)["status"] == "unchanged"
    register.firms.remove("L-007")
    removed = once(watch)
    assert [(each["change"], each["key"]) for each in removed["changes"]] == [("removed", "L-007")]
    assert json.loads(watch("status", "--json").out)["sources"][0]["part"] is None


def test_a_document_that_states_a_total_is_a_part_until_all_of_it_is_read(
    site: Any, configure: Configure, watch: Watch
) -> None:
    register = Register(site, PAGERS["a next link"])
    source = f'{LOOPBACK}[sources.it]\nkind = "json"\nitems = "items"\nkey = "id"\nurl = "{register.api}"\n'
    configure(source)
    assert once(watch)["entries"] == 20
    register.firms.remove("L-007")
    assert kinds(once(watch)) == {"added"}
    (state,) = json.loads(watch("status", "--json").out)["sources"]
    assert state["part"] == "1 of 3 pages is read"
    configure(f'{source}pages = {{ parameter = "page", total = "total_pages" }}\n')
    whole = once(watch)
    assert (whole["entries"], kinds(whole)) == (59, {"removed"})  # now that the end was seen without it
    assert json.loads(watch("status", "--json").out)["sources"][0]["part"] is None


def test_what_stops_at_max_pages_is_a_part_too(site: Any, configure: Configure, watch: Watch) -> None:
    register = Register(site, PAGERS["a next link"])
    options = 'kind = "table"\nkey = "Number"\nnext = "a[rel=next]"\nmax_pages = 2\n'
    configure(f'{LOOPBACK}[sources.it]\n{options}url = "{register.url}"\n')
    assert once(watch)["entries"] == 40
    register.firms.remove("L-007")
    assert kinds(once(watch)) == {"added"}
    said = " ".join(watch("status").out.split())
    assert 'listing = "window"' not in said
    assert "it: 2 pages are read, and there are more; nothing counts as removed" in said
    assert "this option would read the others: max_pages = 4" in said


def test_the_baseline_status_check_and_try_say_so_and_name_the_option(
    site: Any, configure: Configure, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    register = Register(site, PAGERS["page numbers"])
    configure(f'{LOOPBACK}[sources.it]\nkind = "table"\nkey = "Number"\nurl = "{register.url}"\n')
    ran = watch("--once")
    assert "1 of 3 pages is read" in ran.out
    option = 'this option would read the others: pages = { parameter = "page" }'
    for command in (("status",), ("status", "it"), ("try", "it")):
        said = " ".join(watch(*command).out.split())
        assert "1 of 3 pages is read" in said, command
        assert option in said, command
    assert option in caplog.text
    assert json.loads(watch("try", "it", "--json").out)["part"] == "1 of 3 pages is read"


def shown(page: int, firms: int = 40) -> str:
    return f"<p>Showing {page * 20 - 19} - {min(page * 20, firms)} of {firms} licences</p>"


class Heedless:
    """A register of 40 firms that says so; where it does not heed the page's number, every page is the first."""

    def __init__(self, site: Any) -> None:
        firms = [f"L-{n:03}" for n in range(1, 41)]
        self.firms, self.heeds = firms, True
        site.page("/list", lambda asked: table(self.firms, self._page(asked), shown))
        site.page("/api", lambda asked: {"total": 40, "items": [{"id": firm} for firm in self._rows(asked)]})

    def _page(self, asked: Any) -> int:
        return int(asked.query.get("page", 1)) if self.heeds else 1

    def _rows(self, asked: Any) -> list[str]:
        return rows(self.firms, self._page(asked))


COUNTED = {
    "table": 'kind = "table"\nkey = "Number"\npages = { parameter = "page" }\n',
    "json": 'kind = "json"\nitems = "items"\nkey = "id"\npages = { parameter = "page" }\n',
}


@pytest.mark.parametrize(("kind", "path"), [("table", "/list"), ("json", "/api")])
def test_a_page_that_repeats_the_first_is_no_further_page_of_the_stated_total(
    kind: str, path: str, site: Any, configure: Configure, watch: Watch
) -> None:
    register = Heedless(site)
    configure(f'{LOOPBACK}[sources.it]\n{COUNTED[kind]}url = "{site.url(path)}"\n')
    assert once(watch)["entries"] == 40
    assert json.loads(watch("status", "--json").out)["sources"][0]["part"] is None
    register.heeds = False
    part = once(watch)
    assert (part["changes"], part["entries"]) == ([], 40)
    assert json.loads(watch("status", "--json").out)["sources"][0]["part"] == "20 of 40 entries are read"
    assert json.loads(watch("try", "it", "--json").out)["part"] == "20 of 40 entries are read"


@pytest.mark.parametrize("beyond", [1, 2])
def test_a_page_beyond_the_last_that_repeats_another_does_not_make_a_part(
    beyond: int, site: Any, configure: Configure, watch: Watch
) -> None:
    firms = [f"L-{n:03}" for n in range(1, 41)]

    def answer(asked: Any) -> str:
        number = int(asked.query.get("page", 1))
        return table(firms, number if number < 3 else beyond, lambda page: shown(page, len(firms)))

    site.page("/list", answer)
    configure(f'{LOOPBACK}[sources.it]\n{COUNTED["table"]}url = "{site.url("/list")}"\n')
    assert once(watch)["entries"] == 40
    assert json.loads(watch("status", "--json").out)["sources"][0]["part"] is None
    firms.remove("L-007")
    assert kinds(once(watch)) == {"removed"}


def test_an_edit_that_rereads_the_stored_pages_of_a_part_removes_nothing(
    site: Any, configure: Configure, watch: Watch
) -> None:
    register = Heedless(site)
    source = f'{LOOPBACK}[sources.it]\n{COUNTED["json"]}url = "{site.url("/api")}"\n'
    configure(source)
    once(watch)
    register.heeds = False
    once(watch)
    configure(f'{source}title = "id"\n')
    edited = once(watch)
    assert (edited["changes"], edited["entries"]) == ([], 40)


ENTITY = '[entities.fifty]\nnames = ["Firm L-050 Ltd"]\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [("", 'next = "a[rel=next]"\n'), ('next = "a[rel=next]"\nmax_pages = 1\n', 'next = "a[rel=next]"\n')],
    ids=["a way on", "a higher limit"],
)
def test_further_pages_that_an_edit_reads_are_no_news(
    before: str, after: str, site: Any, configure: Configure, watch: Watch, store: Any
) -> None:
    register = Register(site, PAGERS["a next link"])
    source = f'{LOOPBACK}{ENTITY}[sources.it]\nkind = "table"\nkey = "Number"\nurl = "{register.url}"\n'
    configure(source + before)
    once(watch)
    register.firms[0] = "L-000"  # what changes on the page that was known is news all the same
    configure(source + after)
    wider = once(watch)
    assert [(each["change"], each["key"]) for each in wider["changes"]] == [("added", "L-000"), ("removed", "L-001")]
    assert wider["entries"] == 60
    told = store.log.events(kind=EventKind.BASELINE)[0].data
    assert (told["entries"], told["further"], told["moved"]) == (40, True, False)
    assert [item["key"] for item in told["mentioned"]] == ["L-050"]
    assert once(watch)["status"] == "unchanged"


def test_pages_that_an_edit_no_longer_reads_are_not_forgotten(site: Any, configure: Configure, watch: Watch) -> None:
    register = Register(site, PAGERS["a next link"])
    source = f'{LOOPBACK}[sources.it]\nkind = "table"\nkey = "Number"\nurl = "{register.url}"\n'
    configure(f'{source}next = "a[rel=next]"\n')
    once(watch)
    for options in ("", 'next = "a[rel=next]"\n'):
        configure(source + options)
        result = once(watch)
        assert (result["changes"], result["entries"]) == ([], 60)
