"""Pages about one firm, and lists of links to them: what `watch add` writes, and what is told when one changes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from sources import Get, Page
from sources.options import HttpOptions
from tests.growth import growth
from watcher.propose.find import find

Watch = Callable[..., Any]
Configure = Callable[..., Path]

FIRM = {"Firm": "Northgate Energy SE", "Seat": "Hamburg", "Status": "Active", "Licence": "P-1154", "Since": "2018"}
MENU = "<nav><a href=/>Home</a> <a href=/firms>Firms</a> <a href=/about>About</a></nav>"


def firm_page(labels: dict[str, str], cell: str = "<tr><th>{}</th><td>{}</td></tr>", around: str = "table") -> str:
    rows = "".join(cell.format(*pair) for pair in labels.items())
    return (
        f"<html><head><title>Northgate Energy SE – Register of firms</title></head><body>{MENU}"
        f"<h1>Northgate Energy SE</h1><{around}>{rows}</{around}><footer>Phone: 1</footer></body></html>"
    )


@pytest.fixture
def added(site: Any, configure: Configure, watch: Watch, post_office: Any) -> Callable[..., dict[str, Any]]:
    """Adds a page, with a channel that mails every change, and takes the baseline: the source as it was written."""

    def add(page: Any, *options: str, path: str = "/firms/8003") -> dict[str, Any]:
        site.page(path, page)
        file = configure(
            '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
            f'[channels.desk]\nurl = "{post_office.url("desk@example.org")}"\n[[alerts]]\nto = ["desk"]\n'
        )
        ran = watch("add", site.url(path), "--yes", "--name", "it", *options)
        assert ran.code == 0, ran.err
        source: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))["sources"]["it"]
        assert watch("--once").code == 0
        return source | {"out": " ".join(ran.out.split())}

    return add


def fields_told(watch: Watch) -> list[dict[str, Any]]:
    """The fields of each change of a check."""
    (source,) = json.loads(watch("--once", "--json").out)["sources"]
    return [change["fields"] for change in source["changes"]]


FORMS = {"cells": ("<tr><th>{}</th><td>{}</td></tr>", "table"), "terms": ("<dt>{}<dd>{}", "dl")}


@pytest.mark.parametrize("form", FORMS)
def test_the_page_of_a_firm_is_one_entry_and_no_table(form: str, added: Any, watch: Watch) -> None:
    source = added(firm_page(FIRM, *FORMS[form]))
    assert (source["kind"], source["label"]) == ("record", "Register of firms")
    assert "key" not in source
    (entry,) = json.loads(watch("try", "it", "--json").out)["entries"]
    assert (entry["title"], entry["fields"]) == ("Northgate Energy SE", FIRM)


def test_a_firm_that_is_renamed_is_told_once_and_its_seat_is_not_gone(
    added: Any, site: Any, watch: Watch, post_office: Any
) -> None:
    added(firm_page(FIRM))
    site.page("/firms/8003", firm_page(FIRM | {"Firm": "Northgate Power SE"}))
    assert fields_told(watch) == [{"Firm": {"before": "Northgate Energy SE", "after": "Northgate Power SE"}}]
    (_, mail) = post_office.mails
    text = mail.get_body(("plain",)).get_content()
    assert "Northgate Power SE" in text
    assert "Hamburg" not in text


def test_a_label_that_is_renamed_is_one_note(added: Any, site: Any, watch: Watch) -> None:
    added(firm_page(FIRM))
    renamed = {"Registered office" if name == "Seat" else name: value for name, value in FIRM.items()}
    site.page("/firms/8003", firm_page(renamed))
    assert fields_told(watch) == [{"label": {"before": "Seat", "after": "Registered office"}}]
    site.page("/firms/8003", firm_page(renamed | {"Registered office": "Bremen"}))
    assert fields_told(watch) == [{"Registered office": {"before": "Hamburg", "after": "Bremen"}}]


def test_an_error_page_in_the_frame_of_the_site_is_no_news_of_the_firm(added: Any, site: Any, watch: Watch) -> None:
    contact = "<div><p>Phone: 1</p><p>Fax: 2</p></div>"
    whole = firm_page(FIRM).replace("</table>", f"</table>{contact}")
    added(whole)
    site.page("/firms/8003", f"{MENU}<h1>Northgate Energy SE</h1><p>Sorry, try again later.</p>{contact}")
    (source,) = json.loads(watch("--once", "--json").out)["sources"]
    assert (source["status"], source["reason"], source["changes"]) == ("suspicious", "field_emptied", [])
    assert source["message"] == "5 of the 7 fields of the only entry are gone at once"
    site.page("/firms/8003", whole)
    (source,) = json.loads(watch("--once", "--json").out)["sources"]
    assert (source["status"], source["changes"]) == ("unchanged", [])


def test_the_page_of_another_firm_is_no_news_of_the_firm(added: Any, site: Any, watch: Watch) -> None:
    added(firm_page(FIRM))
    another = {"Firm": "Southgate Water AG", "Seat": "Bremen", "Status": "Active", "Licence": "P-77", "Since": "2018"}
    site.page("/firms/8003", firm_page(another).replace(FIRM["Firm"], another["Firm"]))
    (source,) = json.loads(watch("--once", "--json").out)["sources"]
    assert (source["status"], source["reason"], source["changes"]) == ("suspicious", "another_entry", [])
    assert source["message"] == (
        "another title, and other values in 3 of its 5 fields (max_changed): Northgate Energy SE → Southgate Water AG"
    )
    site.page("/firms/8003", firm_page(FIRM))
    (source,) = json.loads(watch("--once", "--json").out)["sources"]
    assert (source["status"], source["changes"]) == ("unchanged", [])


def test_ten_thousand_labels_are_not_proposed_as_a_page_about_one(
    site: Any, configure: Configure, watch: Watch
) -> None:
    site.page("/all", firm_page({f"Firm {n}": f"P-{n}" for n in range(10_000)}))
    configure('[http]\nprivate_addresses = "allow"\nspacing = "0s"\n')
    ran = watch("add", site.url("/all"))
    assert "Traceback" not in ran.err
    assert "record" not in ran.out.partition("[sources")[2]


@pytest.mark.parametrize("form", [*FORMS, "boxes"])
def test_what_it_takes_to_look_at_labels_grows_with_their_number(form: str) -> None:
    cell, around = FORMS.get(form, ("<div><span>{}</span><b>{}</b></div>", "div"))

    def look(size: int) -> None:
        body = firm_page({f"Firm {at}": f"P-{at}" for at in range(size)}, cell, around).encode()
        url = "https://register.example/firms"
        find(Page(Get(url), url, 200, {"content-type": "text/html"}, body, datetime.now(UTC)), HttpOptions())

    assert growth(look, 500, 5000, runs=3) < 3


def test_labels_from_right_to_left_nested_and_repeated_are_one_entry(added: Any, watch: Watch) -> None:
    officer = "<dl><dt>שם<dd>{}<dt>מאז<dd>{}</dl>"
    body = (
        f"<html dir=rtl><head><title>נורת'גייט | מרשם</title></head><body><h1>נורת'גייט אנרגיה</h1><dl><dt>מקום:<dd>חיפה"
        f"<dt>מנהל<dd>{officer.format('א. אלון', 2018)}<dt>מנהל<dd>{officer.format('ב. ברוש', 2020)}<dt>מספר<dd>P-7</dl>"
    )
    assert added(body)["kind"] == "record"
    (entry,) = json.loads(watch("try", "it", "--json").out)["entries"]
    assert entry["title"] == "נורת'גייט אנרגיה"
    assert entry["fields"] == {
        "מקום": "חיפה", "מנהל / שם": "א. אלון; ב. ברוש", "מנהל / מאז": "2018; 2020", "מספר": "P-7"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Northgate Energy SE – Register of firms", "Register of firms"),
        ("Northgate Energy SE", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_the_page_of_a_firm_is_called_by_its_site_and_not_by_a_piece_of_its_address(
    title: str, label: str, added: Any
) -> None:
    page = firm_page(FIRM).replace("Northgate Energy SE – Register of firms", title)
    assert added(page, path="/firm7")["label"] == label


NAMES = ["Gum Payments Ltd", "Hazel Energy SE", "Alder Capital AG", "Birch Bank plc", "Cedar Pay SA", "Elm Pay BV"]


def serve_firms(site: Any) -> str:
    """A list of links to firms, and the page of each."""
    for number, name in enumerate(NAMES):
        site.page(f"/firms/{number}", firm_page(FIRM | {"Firm": name, "Licence": f"P-{number}"}))
    links = "".join(f"<li><a href=/firms/{number}>{name}</a>" for number, name in enumerate(NAMES))
    return f"<title>Firms | Payments Authority</title>{MENU}<h1>Licensed firms</h1><ul class=firms>{links}</ul>"


def test_a_list_of_links_is_proposed_with_the_pages_that_it_links_to(added: Any, site: Any, watch: Watch) -> None:
    source = added(serve_firms(site), path="/firms")
    assert (source["kind"], source["item"], source["link"]) == ("list", "ul.firms > li", "a@href")
    assert source["detail"] == {"kind": "record"}
    assert source["listing"] == "complete"
    assert "each entry is a link to a page about one: its labels are read, too (detail), here of 3" in source["out"]
    tried = json.loads(watch("try", "it", "--json").out)["entries"]
    assert [entry["title"] for entry in tried] == NAMES
    assert [entry["fields"].get("Licence") for entry in tried] == ["P-0", "P-1", "P-2", None, None, None]
    site.page("/firms/5", firm_page(FIRM | {"Firm": NAMES[5], "Licence": "P-5", "Status": "Suspended"}))
    assert "the first 3 are shown with the fields of their own pages (detail)" in " ".join(
        watch("try", "it").out.split()
    )


@pytest.mark.parametrize("address", ["firm{}.html", "/firm.php?id={}", "/firm{}", "/?id={}", "/{}-pay"])
def test_a_list_of_links_is_found_wherever_on_the_site_they_lead(address: str, added: Any) -> None:
    links = "".join(f"<li><a href={address.format(number)}>{name}</a>" for number, name in enumerate(NAMES * 2))
    source = added(f"{MENU}<h1>Licensed firms</h1><ul class=firms>{links}</ul>", path="/firms.html")
    assert (source["kind"], source["item"]) == ("list", "ul.firms > li")


def test_the_links_on_a_page_that_found_nothing_are_no_list(added: Any) -> None:
    links = " | ".join(
        f"<a href={path}>{name}</a>" for path, name in (("/", "Home"), ("/new", "Latest"), ("/s", "Search"))
    )
    assert added(f"<div>{links}</div><p>No firm of this number is known.</p>")["kind"] == "text"


def test_the_feed_of_a_page_with_a_list_is_named(added: Any) -> None:
    feed = '<link rel=alternate type="application/rss+xml" href="/news.rss">'
    news = "".join(
        f"<article><h3><a href=/news/{n}>Case {n} was decided</a></h3><p>Reason</p></article>" for n in range(6)
    )
    assert (
        "it links to a feed, too: watch add http://127.0.0.1:" in added(f"{feed}<h1>News</h1>{news}", path="/n")["out"]
    )


def test_a_register_with_headings_between_its_rows_is_complete(added: Any, site: Any, watch: Watch) -> None:
    def register(numbers: range) -> str:
        rows = "".join(f"<tr><td>{n}<td><a href=/c/{n}>Case {n}</a><td>Prouty" for n in numbers)
        return f"<table class=c><thead><tr><th>No.<th>Case<th>Judge<tbody><tr><td>May<td><td>{rows}</table>"

    source = added(register(range(40, 20, -1)), path="/cases")
    assert (source["kind"], source["listing"]) == ("list", "complete")
    assert "1 element without a link left out, such as “May”" in source["out"]
    site.page("/cases", register(range(40, 21, -1)))
    (seen,) = json.loads(watch("--once", "--json").out)["sources"]
    assert [(change["change"], change["title"]) for change in seen["changes"]] == [("removed", "Case 21")]


def test_links_to_documents_or_to_prose_get_no_detail(added: Any, site: Any) -> None:
    links = "".join(f"<li><a href=/papers/{n}.pdf>Minutes of meeting no. {n}</a>" for n in range(6))
    assert "detail" not in added(f"<h1>Minutes</h1><ul>{links}</ul>", path="/papers")
    assert not any(".pdf" in path and path != "/papers/0.pdf" for path in site.paths)


def test_the_wrong_places_of_a_detail_are_seen_before_it_is_watched(
    site: Any, configure: Configure, watch: Watch
) -> None:
    site.page("/firms", serve_firms(site))
    configure(
        f'[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[sources.it]\nkind = "list"\nurl = "{site.url("/firms")}"\n'
        'item = "ul.firms > li"\nlink = "a@href"\ndetail = { fields = { status = ".absent" } }\n'
    )
    ran = watch("try", "it")
    assert "no item has '.absent' (option fields.status)" in " ".join(ran.out.split())


ROWS = "".join(f"<tr><td>P-{number}<td>{name}<td>Active" for number, name in enumerate(NAMES))
ANSWER = f"<h1>Found</h1><table><tr><th>Number<th>Firm<th>Status{ROWS}</table>"


def search_page(attributes: str, hidden: str = "", field: str = "name=q") -> str:
    return (
        f"<title>Search</title>{MENU}<h1>Search the register</h1><p>Enter the name of a firm.</p><form {attributes}>"
        f"{hidden}<label for=w>Name of the firm: </label><input type=TEXT id=w {field}><button name=go value=1>Search</button></form>"
    )


def test_a_form_to_search_is_named_and_not_written_without_words(site: Any, configure: Configure, watch: Watch) -> None:
    site.page("/search", search_page("action=/found"))
    file = configure('[http]\nprivate_addresses = "allow"\nspacing = "0s"\n')
    ran = watch("add", site.url("/search"), "--yes")
    assert ran.code == 2
    assert "is a form to search (Name of the firm): say what for (--search)" in " ".join(ran.err.split())
    assert "sources" not in tomllib.loads(file.read_text("utf-8"))


def test_a_form_that_is_an_address_is_written_as_one(added: Any, site: Any, watch: Watch) -> None:
    site.page("/found", lambda asked: ANSWER if asked.query.get("q") == "payments ltd" else "<p>Nothing found.</p>")
    source = added(search_page("action=/found", "<input type=hidden name=sort value=name>"), "--search", "payments ltd")
    assert source["url"] == site.url("/found?sort=name&q=payments+ltd&go=1")
    assert (source["kind"], source["key"]) == ("table", "Number")
    assert len(json.loads(watch("try", "it", "--json").out)["entries"]) == len(NAMES)


def test_a_form_that_is_sent_is_written_with_what_changes_in_it_taken_anew(added: Any, site: Any, watch: Watch) -> None:
    tokens = [f"{number:040}" for number in range(100)]
    given = list[str]()

    def form(_: Any) -> str:
        given.append(tokens[len(given)])
        return search_page("method=post action=/found", f"<input type=hidden name=csrf value={given[-1]}>")

    def answer(asked: Any) -> str:
        sent = parse_qs(asked.body.decode())
        assert sent["csrf"][0] in given
        return ANSWER if sent["q"] == ["payments"] else "<p>Nothing found.</p>"

    site.page("/found", answer)
    source = added(form, "--search", "payments", path="/search")
    assert source["form"] == {"csrf": "{taken_0}", "q": "payments", "go": "1"}
    assert source["before"] == {"url": site.url("/search"), "take": {"taken_0": '[name="csrf"]@value'}}
    assert len(json.loads(watch("try", "it", "--json").out)["entries"]) == len(NAMES)


def test_on_a_terminal_it_asks_what_to_search_for(
    site: Any, configure: Configure, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page("/search", search_page("action=/found"))
    site.page("/found", ANSWER)
    file = configure('[http]\nprivate_addresses = "allow"\nspacing = "0s"\n')
    monkeypatch.setattr("watcher.propose.offer.can_answer", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: "payments" if "what for?" in question else "y")
    assert watch("add", site.url("/search"), "--name", "it").code == 0
    assert tomllib.loads(file.read_text("utf-8"))["sources"]["it"]["url"].endswith("/found?q=payments&go=1")


def test_a_form_that_only_a_script_sends_says_what_brings_a_browser(
    site: Any, configure: Configure, watch: Watch
) -> None:
    site.page("/search", search_page("", field=""))
    configure('[http]\nprivate_addresses = "allow"\nspacing = "0s"\n[browser]\ncommand = "there-is-none"\n')
    ran = watch("add", site.url("/search"), "--search", "payments", "--yes")
    assert ran.code == 1
    assert "is a form that only a script sends; " in " ".join(ran.err.split())


def test_a_field_in_no_form_is_named_and_asked_only_where_words_are_given(added: Any, watch: Watch) -> None:
    page = (
        f"<title>Search</title>{MENU}<h1>Firms</h1><label for=q>Name or number:</label><input id=q><button>Go</button>"
    )
    assert "it has a field to search (Name or number): --search says what for" in added(page)["out"]


def test_a_page_of_text_with_a_field_to_search_stays_a_text(added: Any) -> None:
    prose = "<p>The authority supervises firms that take payments from the public, and says so here.</p>" * 12
    assert added(search_page("action=/found") + prose)["kind"] == "text"
