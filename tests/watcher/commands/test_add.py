"""`watch add`: what is proposed for a page, and what is written to watch.toml."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import LOOPBACK
from tests.pdf_writers import by_reportlab, pages_of
from watcher.propose.block import append_to, block, name_for
from watcher.propose.proposal import choose_key, count_shared

Watch = Callable[..., Any]
Configure = Callable[..., Path]

ROWS = "".join(f"<tr><td>LIC-{n}<td>Company {n} Ltd<td>{n:02}.03.2025" for n in range(1, 9))
TABLE = f"<h1>Licences</h1><table><tr><th>Number<th>Holder<th>Issued{ROWS}</table>"
MENU = "".join(f'<li><a href="/m{n}">Section number {n}</a></li>' for n in range(30))
NEWS = "".join(
    f'<div class="item"><h3><a href="/news/{n}">The authority has decided case {n} at last</a></h3>'
    f'<time datetime="2025-03-{n:02}">{n} March</time><p>Reason {n}.</p></div>'
    for n in range(1, 8)
)


@pytest.fixture
def added(site: Any, configure: Configure, watch: Watch, folder: Path) -> Callable[..., dict[str, Any]]:
    """Serves a page, adds it without asking, and returns the source as it was written, with the entries it reads."""

    def add(page: Any, *options: str, type: str | None = None) -> dict[str, Any]:  # noqa: A002 - as the site says it
        site.page("/list", page, type=type)
        file = configure(LOOPBACK)
        ran = watch("add", site.url("/list"), "--yes", "--name", "it", *options)
        assert ran.code == 0, ran.err
        source: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))["sources"]["it"]
        entries = json.loads(watch("try", "it", "--json").out)["entries"]
        return source | {"entries": entries, "out": " ".join(ran.out.split())}

    return add


Added = Callable[..., dict[str, Any]]


def test_a_table_is_proposed_with_its_number_as_key(added: Added) -> None:
    source = added(TABLE)
    assert (source["kind"], source["key"], source["title"]) == ("table", "Number", "Holder")
    assert [entry["key"] for entry in source["entries"]] == [f"LIC-{n}" for n in range(1, 9)]
    assert 'key: "Number": unique, filled in every entry; it looks like an identifier' in source["out"]
    assert "LIC-5" in source["out"]
    assert "... and 3 more" in source["out"]


@pytest.mark.parametrize(("status", "kept"), [(301, "/list#/all"), (308, "/list#/all"), (302, "/old#/all")])
def test_the_new_address_of_a_page_that_moved_permanently_is_written(
    site: Any, configure: Configure, watch: Watch, status: int, kept: str
) -> None:
    site.page("/list", TABLE)
    site.page("/old", status=status, headers={"Location": "/list"})
    file, asked = configure(LOOPBACK), site.url("/old#/all")
    ran = watch("add", asked, "--yes", "--name", "it")
    assert tomllib.loads(file.read_text("utf-8"))["sources"]["it"]["url"] == site.url(kept), ran
    said = f"{asked} moved permanently to {site.url('/list#/all')}"
    assert (said in " ".join(ran.out.split())) == (status != 302)


def test_an_address_with_a_password_stays_as_it_is_when_its_page_moved(
    site: Any, configure: Configure, watch: Watch
) -> None:
    site.page("/list", TABLE)
    site.page("/old", status=301, headers={"Location": "/list"})
    file, asked = configure(LOOPBACK), site.url("/old").replace("//", "//me:secret@")
    assert watch("add", asked, "--yes", "--name", "it").code == 0
    assert tomllib.loads(file.read_text("utf-8"))["sources"]["it"]["url"] == asked


@pytest.mark.parametrize(
    "firm",
    [
        '<li><a href="/{n}">Firm {n} Ltd</a> <t=>struck off {n}</t=> <t=>{n}2 May</t=></li>',
        '<li data-a("={n}><o:p><b=><a href="/{n}">Firm {n} Ltd</a></b=><p=>struck off {n}</p=></o:p></li>',
        '<l:i><li class="c=: d"><x= class="at">Firm {n} Ltd</x=> <a.b id="i{n}">struck off {n}</a.b></li></l:i>',
    ],
)
def test_a_tag_or_an_attribute_that_css_cannot_name_is_no_part_of_what_is_proposed(firm: str, added: Added) -> None:
    source = added(f"<main><u=><o:l>{''.join(firm.format(n=n) for n in range(2, 12))}</o:l></u=></main>")
    assert len(source["entries"]) == 10
    assert "struck off 4" in json.dumps(source["entries"][2])


def test_menus_and_footers_lose_however_long_they_are(added: Added) -> None:
    page = f"<nav><ul>{MENU}</ul></nav><main>{NEWS}</main><footer><ul>{MENU}</ul></footer>"
    source = added(page)
    assert (source["kind"], source["item"]) == ("list", "div.item")
    assert [entry["key"].rpartition("/")[2] for entry in source["entries"]] == [str(n) for n in range(1, 8)]
    assert source["entries"][0]["published"] == "2025-03-01T00:00:00+00:00"
    assert source["entries"][0]["title"] == "The authority has decided case 1 at last"


def test_an_unmarked_menu_loses_too(added: Added) -> None:
    menu = "".join(f'<li><a href="/m{n}">Topic {n}</a></li>' for n in range(40))
    assert added(f"<body><ul class='links'>{menu}</ul><div>{NEWS}</div>")["item"] == "div.item"


def test_of_several_tables_the_register_is_named_in_a_way_that_lasts(added: Added) -> None:
    filler = "<table>" + "".join(f"<tr><td>{n}<td>" for n in range(20)) + "</table>"
    page = f"{filler}<table id='register'>{TABLE.partition('<table>')[2]}"
    source = added(page)
    assert (source["table"], len(source["entries"])) == ("table#register", 8)


def test_a_first_row_of_data_is_not_taken_for_headings(added: Added) -> None:
    rows = "".join(f'<tr><td>{n:02}.08.2026<td><a href="?id={n}">Verdict in case {n}</a>' for n in range(1, 7))
    source = added(f"<table>{rows}</table>")
    assert (source["kind"], len(source["entries"])) == ("list", 6)
    assert source["entries"][5]["title"] == "Verdict in case 6"


def test_rows_of_many_tables_are_one_list_without_their_headings(added: Added) -> None:
    tables = "".join(
        f"<h2>Month {m}</h2><table class='month'><tr><td>No<td>Case"
        + "".join(f"<tr><td>{m}-{n}<td><a href='/{m}/{n}'>Case {m} of {n}</a>" for n in range(1, 6))
        + "</table>"
        for m in range(1, 5)
    )
    source = added(tables)
    assert len(source["entries"]) == len({entry["key"] for entry in source["entries"]}) == 20


def test_the_lists_in_a_json_document(added: Added) -> None:
    items = [{"@id": f"n/{n}", "attributes": {"name": f"Firm {n}", "state": "active"}} for n in range(5)]
    source = added({"meta": {"facets": [{"value": "x"}, {"value": "y"}]}, "found-items": items})
    assert (source.get("items"), source["key"], source.get("title")) == ('"found-items"', '"@id"', "attributes.name"), (
        source["out"]
    )
    assert [entry["key"] for entry in source["entries"]] == [f"n/{n}" for n in range(5)]


def test_a_key_of_two_members_where_none_tells_the_entries_apart(added: Added) -> None:
    bills = [{"type": kind, "number": n, "title": f"Act {n}"} for kind in ("HR", "S") for n in (4400, 5005, 77)]
    source = added(bills)
    assert (source["items"], source["key"]) == ("@", "[type, number]")
    assert len({entry["key"] for entry in source["entries"]}) == 6


def test_a_feed_whose_ids_repeat_gets_a_key_that_does_not(added: Added) -> None:
    item = "<item><guid>case-{0}</guid><title>Filing {1} in case {0}</title><link>https://e.example/{0}</link></item>"
    items = "".join(item.format(case, filing) for case in range(3) for filing in ("one", "two"))
    source = added(f"<rss version='2.0'><channel>{items}</channel></rss>", type="application/rss+xml")
    assert (source["kind"], source["key"]) == ("feed", ["id", "title"])
    assert len({entry["key"] for entry in source["entries"]}) == 6


def test_the_feed_that_a_page_links_to_where_nothing_repeats_on_it(site: Any, added: Added) -> None:
    items = "".join(f"<item><guid>{n}</guid><title>News {n}</title></item>" for n in range(4))
    site.page("/rss", f"<rss version='2.0'><channel>{items}</channel></rss>", type="application/rss+xml")
    source = added("<head><link rel=alternate type='application/rss+xml' href='/rss'></head><p>Welcome.</p>")
    assert (source["kind"], source["url"], len(source["entries"])) == ("feed", site.url("/rss"), 4)


def test_a_page_on_which_nothing_repeats_can_be_watched_as_text(added: Added) -> None:
    source = added("<h1>Notice</h1><p>The register is closed.</p>")
    assert (source["kind"], len(source["entries"])) == ("text", 1)


def test_a_file_of_rows_without_headings(added: Added) -> None:
    lines = "".join(f"{4000 + n * 7};Company {n};2025-01-{n:02}\n" for n in range(1, 10))
    source = added(f"Updated: yesterday\n{lines}", type="text/csv")
    assert source["columns"] == ["column 1", "column 2", "column 3"]
    assert (source["kind"], source["key"], len(source["entries"])) == ("csv", "column 2", 9)


def test_an_xml_document_that_is_no_feed(added: Added) -> None:
    people = "".join(f"<person nr='{n * 13}'><name>Person {n}</name><born>19{n}0</born></person>" for n in range(1, 7))
    source = added(f"<?xml version='1.0'?><list><people>{people}</people></list>", type="text/xml")
    assert (source["kind"], source["items"]) == ("xml", "people/person")
    assert len(source["entries"]) == 6


def test_the_key_that_is_asked_for(added: Added) -> None:
    source = added(TABLE, "--key", "holder")
    assert source["key"] == "Holder"
    assert source["entries"][0]["key"] == "Company 1 Ltd"


def test_a_key_that_is_no_column_is_refused_with_the_columns(site: Any, configure: Configure, watch: Watch) -> None:
    configure(LOOPBACK)
    site.page("/list", TABLE)
    ran = watch("add", site.url("/list"), "--yes", "--key", "Nmber")
    assert ran.code == 2
    assert '"Number", "Holder", "Issued"' in ran.err


def test_another_of_the_proposals_can_be_taken(added: Added) -> None:
    page = f"{TABLE}<div>{NEWS}</div>"
    kinds = {added(page, "--take", number)["kind"] for number in ("1", "2")}
    assert kinds == {"table", "list"}


def test_a_page_that_a_kind_was_made_for(configure: Configure, watch: Watch, folder: Path) -> None:
    file = configure("")
    post = '<div class="tgme_widget_message" data-post="example/{0}"><div class="tgme_widget_message_text">Post {0}</div></div>'
    posts = "".join(post.format(n) for n in range(1, 4))
    (folder / "page.html").write_text(f'<section class="tgme_channel_history">{posts}</section>', encoding="utf-8")
    assert watch("add", "page.html", "--url", "https://t.me/s/example", "--yes").code == 0
    (source,) = tomllib.loads(file.read_text("utf-8"))["sources"].values()
    assert source == {"kind": "telegram", "channel": "example"}


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"# mine\n",
        b'state = "sqlite:///other.db"',
        b'# mine\r\n[entities.x]\r\nnames = ["X"] # \xd0\xa5\r\n',
        b"\xef\xbb\xbf# with a mark\n\n\n",
    ],
)
def test_every_other_byte_of_the_file_stays(before: bytes, site: Any, folder: Path, watch: Watch) -> None:
    site.page("/list", TABLE)
    (folder / "page.html").write_text(TABLE, encoding="utf-8")
    (folder / "watch.toml").write_bytes(before)
    assert watch("add", "page.html", "--url", "https://register.example/list", "--yes").code == 0
    after = (folder / "watch.toml").read_bytes()
    assert after.startswith(before)
    assert after.count(b"\r\n") == (after.count(b"\n") if b"\r\n" in before else 0)
    assert "register" in tomllib.loads(after.decode("utf-8-sig"))["sources"]
    assert watch("check-config").code == 0


def test_a_link_to_the_file_stays_one_and_its_rights_too(folder: Path, watch: Watch) -> None:
    (folder / "page.html").write_text(TABLE, encoding="utf-8")
    real = folder / "real.toml"
    real.touch(mode=0o640)
    (folder / "watch.toml").symlink_to(real)
    watch("add", "page.html", "--url", "https://register.example/list", "--yes")
    assert (folder / "watch.toml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "[sources.register]" in real.read_text("utf-8")
    assert {file.name for file in folder.iterdir()} == {"page.html", "real.toml", "watch.toml"}


def test_without_a_yes_and_a_terminal_nothing_is_written(site: Any, configure: Configure, watch: Watch) -> None:
    site.page("/list", TABLE)
    file = configure(LOOPBACK)
    ran = watch("add", site.url("/list"))
    assert ran.code == 0
    assert "nothing was written; --yes writes these lines at the end of watch.toml" in ran.out
    assert 'kind = "table"' in ran.out
    assert file.read_text("utf-8") == LOOPBACK


@pytest.mark.parametrize(("answer", "written"), [("y", True), ("Yes", True), ("", False), ("n", False)])
def test_on_a_terminal_it_asks(
    answer: str, written: bool, site: Any, configure: Configure, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page("/list", TABLE)
    file = configure(LOOPBACK)
    monkeypatch.setattr("watcher.propose.offer.can_answer", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert watch("add", site.url("/list")).code == 0
    assert ("[sources." in file.read_text("utf-8")) is written


def test_without_a_configuration_it_says_how_to_get_one(folder: Path, watch: Watch) -> None:
    (folder / "page.html").write_text(TABLE, encoding="utf-8")
    ran = watch("add", "page.html", "--url", "https://register.example/list")
    assert ran.code == 0
    assert "`watch init` writes a first one here" in " ".join(ran.out.split())
    assert '[sources.register]\nkind = "table"' in ran.out
    assert watch("add", "page.html", "--url", "https://register.example/list", "--yes").code == 2
    assert {file.name for file in folder.iterdir()} == {"page.html"}


def test_a_broken_configuration_is_refused_with_its_errors(site: Any, configure: Configure, watch: Watch) -> None:
    site.page("/list", TABLE)
    file = configure(f'{LOOPBACK}[sources.x]\nkind = "tabel"\n')
    before = file.read_bytes()
    ran = watch("add", site.url("/list"), "--yes")
    assert ran.code == 2
    assert 'sources.x.kind: there is no kind "tabel"' in ran.err
    assert file.read_bytes() == before
    assert site.requests == []


def test_a_block_that_would_break_the_configuration_is_not_written(folder: Path, watch: Watch) -> None:
    (folder / "page.html").write_text(TABLE, encoding="utf-8")
    (folder / "watch.toml").write_text("sources = {}\n", encoding="utf-8")
    ran = watch("add", "page.html", "--url", "https://register.example/list", "--yes")
    assert ran.code == 2
    assert "watch.toml:" in ran.err
    assert (folder / "watch.toml").read_text("utf-8") == "sources = {}\n"
    assert {file.name for file in folder.iterdir()} == {"page.html", "watch.toml"}


def test_a_saved_page_says_its_own_address_or_has_to_be_told_it(
    configure: Configure, watch: Watch, folder: Path
) -> None:
    configure("")
    (folder / "page.html").write_text(TABLE, encoding="utf-8")
    ran = watch("add", "page.html", "--yes")
    assert ran.code == 2
    assert "give its address with --url" in ran.out
    canonical = '<link rel="canonical" href="https://register.example/all">'
    (folder / "page.html").write_text(canonical + TABLE, encoding="utf-8")
    assert watch("add", "page.html", "--yes").code == 0
    assert 'url = "https://register.example/all"' in (folder / "watch.toml").read_text("utf-8")


def test_a_page_that_cannot_be_fetched_is_no_source(site: Any, configure: Configure, watch: Watch) -> None:
    file = configure(LOOPBACK)
    ran = watch("add", site.url("/missing"), "--yes")
    assert ran.code == 1
    assert "http_404" in ran.err
    assert file.read_text("utf-8") == LOOPBACK


@pytest.mark.parametrize(("address", "said"), [("ftp://register.example/", "begins with"), (".", "is a folder")])
def test_what_is_no_page_is_a_usage_error(address: str, said: str, configure: Configure, watch: Watch) -> None:
    configure("")
    ran = watch("add", address)
    assert ran.code == 2
    assert said in ran.err


def test_a_name_that_is_taken_is_refused(configure: Configure, watch: Watch, folder: Path) -> None:
    configure('[sources.register]\nkind = "feed"\nurl = "https://register.example/rss"\n')
    (folder / "page.html").write_text(TABLE, encoding="utf-8")
    options = ("page.html", "--url", "https://register.example/list", "--yes")
    assert watch("add", *options, "--name", "register").code == 2
    assert watch("add", *options).code == 0
    assert "[sources.register-2]" in (folder / "watch.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("url", "title", "taken", "name"),
    [
        ("https://www.fcc.gov/supplychain/coveredlist", "", [], "fcc-coveredlist"),
        ("https://www.courts.example.gov/opinions/2018/index.html", "", [], "courts-example-opinions"),
        ("https://register.example/list", "", ["register"], "register-2"),
        ("http://127.0.0.1:8000/", "All Licences of the Authority", [], "all-licences-of"),
        ("http://127.0.0.1:8000/", "Реестр", [], "source"),
    ],
)
def test_a_source_is_named_after_its_address(url: str, title: str, taken: list[str], name: str) -> None:
    assert name_for(url, title, taken) == name


def test_a_block_says_exactly_what_was_meant() -> None:
    options = {
        "item": 'a[title="x\\y"]',
        "key": ["№", "two\nlines"],
        "header": 2,
        "fields": {"a b": "td", "c": "${X}\x7f"},
    }
    text = block("My source", "list", "https://e.example/?a=1&b=2", options, "why\nso")
    (source,) = tomllib.loads(text)["sources"].values()
    fields = {"a b": "td", "c": "$${X}\x7f"}
    assert source == {"kind": "list", "url": "https://e.example/?a=1&b=2", **options, "fields": fields}
    assert text.startswith("# why so\n")


def test_one_empty_line_stands_before_the_block() -> None:
    for before in (b"a = 1", b"a = 1\n", b"a = 1\n\n"):
        assert append_to(before, "[b]\n") == b"a = 1\n\n[b]\n"
    assert append_to(b"", "[b]\n") == b"[b]\n"


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"Name": ["Alfa Ltd", "Beta Ltd", "Gamma Ltd"], "Licence No": ["7-A", "8-A", "9-B"]}, ("Licence No",)),
        ({"№": ["1", "2", "3"], "Name": ["Alfa Ltd", "Beta Ltd", "Gamma Ltd"]}, ("Name",)),
        ({"Date": ["01.02.2025", "02.02.2025", "03.02.2025"], "Name": ["Alfa", "Beta Ltd", "Gamma"]}, ("Name",)),
        ({"Name": ["Alfa Ltd", "Alfa Ltd", "Beta Ltd"], "Seat": ["Riga", "Oslo", "Oslo"]}, ("Name", "Seat")),
        ({"Name": ["Alfa Ltd", "Alfa Ltd", "Beta Ltd"], "Seat": ["Riga", "Riga", "Oslo"]}, ("Name",)),
        ({"id": ["3", "1", "2"], "Name": ["", "Beta Ltd", "Gamma Ltd"]}, ("id",)),
        ({"text": ["word " * 50, "other " * 50, "third " * 50], "ref": ["a1", "b2", "c3"]}, ("ref",)),
    ],
)
def test_the_key_is_what_is_unique_filled_and_stable(columns: dict[str, list[str]], key: tuple[str, ...]) -> None:
    chosen = choose_key(columns)
    assert (chosen, count_shared(columns, chosen)) == (key, 0)


@pytest.mark.parametrize(
    ("firms", "said"),
    [
        (["Alfa Ltd", "Beta Ltd", "Gamma Ltd"], "unique, filled in every entry"),
        (
            ["Alfa Ltd", "Alfa Ltd", "Beta Ltd"],
            "not unique (2 entries share theirs: their edits will be seen as one removed and one added)",
        ),
        (["Alfa Ltd"], "filled in every entry; it looks like a name"),
    ],
)
def test_a_key_is_called_unique_only_where_it_is(firms: list[str], said: str, added: Added) -> None:
    rows = "".join(f"<tr><td>{name}<td>Case {number}<td>Open" for number, name in enumerate(firms))
    source = added(f"<table><tr><th>Firm<th>Remark<th>State{rows}</table>", "--key", "Firm")
    assert f'key: "Firm": {said}' in source["out"]


def test_a_key_that_is_unique_in_the_first_rows_alone_is_not_called_so(added: Added) -> None:
    rows = "".join(f"P-{number},Firm {number},open\n" for number in range(3100))
    source = added(f"Number,Firm,State\n{rows}P-7,Another firm,open\n", type="text/csv")
    assert "not unique (2 entries share theirs" in source["out"]


def test_what_the_site_asks_of_programs_is_said(added: Added, site: Any) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /list\nCrawl-delay: 5\n", type="text/plain")
    assert "its robots.txt asks programs not to request this page, and to wait 5 s" in " ".join(
        added(TABLE)["out"].split()
    )


def test_of_a_pdf_file_its_text_is_proposed_and_the_kind_for_tables_named(added: Added) -> None:
    source = added(pages_of("Licence 12\nTelegram", "Licence 13"), type="application/pdf")
    assert source["kind"] == "pdf_text"
    (entry,) = source["entries"]
    assert "Telegram" in entry["text"]
    assert 'kind = "pdf_table"' in " ".join(source["out"].split())


def test_the_table_of_a_pdf_file_is_proposed_row_by_row(added: Added, tmp_path: Path) -> None:
    rows = [("Number", "Name", "Status"), *((f"PI-{n:03}", f"Firm {n} Ltd", "Active") for n in range(1, 90))]
    source = added(by_reportlab(rows, tmp_path), type="application/pdf")
    assert (source["kind"], source["key"]) == ("pdf_table", "Number")
    assert len(source["entries"]) == 89
    assert "also there (--take 2): a PDF file: its text" in " ".join(source["out"].split())


def test_a_pdf_file_that_cannot_be_read_here_says_what_is_missing(
    site: Any, configure: Callable[..., Path], watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_missing(*_: object) -> None:
        return None

    monkeypatch.setattr("sources.formats.pdf.find_spec", is_missing)
    configure(LOOPBACK)
    site.page("/minutes.pdf", pages_of("Licence 12"), type="application/pdf")
    ran = watch("add", site.url("/minutes.pdf"))
    assert ran.code == 1
    assert 'PDF files need the extra "pdf": pip install "registry-watch[pdf]"' in " ".join(ran.err.split())


def test_a_pdf_file_without_text_says_so(site: Any, configure: Configure, watch: Watch) -> None:
    configure(LOOPBACK)
    site.page("/scan.pdf", pages_of(""), type="application/pdf")
    ran = watch("add", site.url("/scan.pdf"))
    assert (ran.code, "its pages are empty, or pictures, as a scan makes" in " ".join(ran.err.split())) == (1, True)


def _zipped(cut: slice) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("firms.csv", "id,name\n" + "".join(f"{at},Firm {at}\n" for at in range(2000)))
    return out.getvalue()[cut]


_ITEMS = "".join(f"<firm><id>{at}</id><name>Firm {at}</name></firm>" for at in range(30))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (_zipped(slice(9000)), "is damaged or cut off"),
        (_zipped(slice(9000)) + bytes(9000), "is damaged or cut off"),
        (f"<?xml version='1.0'?><firms>{_ITEMS}<firm><id>7", "is not well-formed XML, or cut off"),
        ("<?xml version='1.0'?><rss version='2.0'><channel><title>News</title><item><tit", "the answer was cut off"),
    ],
    ids=["zip", "zip with zeros", "xml", "feed"],
)
def test_a_document_that_breaks_off_is_no_text_to_watch(
    site: Any, configure: Configure, watch: Watch, body: bytes | str, said: str
) -> None:
    configure(LOOPBACK)
    site.page("/data", body, type="application/octet-stream" if isinstance(body, bytes) else "application/xml")
    ran = watch("add", site.url("/data"))
    assert (ran.code, said in " ".join(ran.err.split()), ran.out) == (1, True, "")


def test_a_kind_of_the_catalogue_is_added_by_its_name_without_a_look_at_its_site(
    watch: Watch, configure: Configure
) -> None:
    file = configure(LOOPBACK)
    shown = watch("add", "ofac sdn")
    assert (shown.code, '[sources.ofac-sdn]\nkind = "ofac_sdn"\n' in shown.out) == (0, True)
    assert "--yes" in shown.out
    assert watch("add", "OFAC_sdn", "--yes").code == 0
    assert tomllib.loads(file.read_text("utf-8"))["sources"]["ofac-sdn"] == {"kind": "ofac_sdn"}
    again = watch("add", "ofac_sdn", "--yes")
    assert (again.code, 'the source "ofac-sdn" has this address already' in again.err) == (2, True)
    assert watch("add", "ofac_sdn", "--yes", "--name", "second").code == 0


def test_words_that_several_kinds_have_list_these(watch: Watch, configure: Configure) -> None:
    before = configure(LOOPBACK).read_bytes()
    ran = watch("add", "sanctions", "--yes")
    assert ran.code == 1
    assert {"ofac_sdn", "un_sanctions"} <= {line.split(" ")[0] for line in ran.out.splitlines()}
    assert configure(LOOPBACK).read_bytes() == before


def test_a_kind_says_which_options_it_needs_and_takes_them(
    watch: Watch, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = configure(LOOPBACK)
    ran = watch("add", "companies_house", "--yes")
    assert (ran.code, "company (its number" in ran.err) == (2, True)
    ran = watch("add", "companies_house", "--yes", "--option", "company=1 2", "--option", "auth=k:")
    assert (ran.code, "company: " in ran.err) == (2, True)
    monkeypatch.setenv("HOUSE_KEY", "secret")
    given = ("--option", "company=SC123456", "--option", "auth=${HOUSE_KEY}:", "--authority", "statement")
    assert watch("add", "companies_house", "--yes", *given).code == 0
    source = tomllib.loads(file.read_text("utf-8"))["sources"]["companies-house"]
    kept = {"kind": "companies_house", "company": "SC123456", "auth": "${HOUSE_KEY}:", "authority": "statement"}
    assert source == kept
    assert watch("check-config").code == 0
