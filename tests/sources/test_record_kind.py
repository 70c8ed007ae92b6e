from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from sources import BadDocument, Entry, NotFound, Page
from sources.formats.html import parse_text
from sources.formats.labels import MOST_LABELS, read_labels
from sources.loader import kind
from tests.growth import growth

MakePage = Callable[..., Page]

URL = "https://register.example/companies/8003"
FIRM = {"Seat": "Hamburg", "Status": "Active since 2018", "Licence no.": "P-1154"}

FORMS = {
    "cells of a table": "<table><tr><th>Seat</th><td>Hamburg</td></tr><tr><th>Status:</th><td>Active <b>since 2018</b>"
    "</td></tr><tr><th>Licence no.</th><td>P-1154</td></tr></table>",
    "two pairs of cells in a row": "<table><tr><th>Seat<td>Hamburg<th>Status<td>Active since 2018<tr><th>Licence no.<td>"
    "P-1154</table>",
    "cells without headings": "<table><tr><td>Seat<td>Hamburg<tr><td>Status<td>Active since 2018<tr><td>Licence no.<td>"
    "P-1154</table>",
    "a table below a heading of its own": "<table><tr><th>Property<th>Value<tr><th>Seat<td>Hamburg<tr><th>Status<td>Active"
    " since 2018<tr><th>Licence no.<td>P-1154</table>",
    "a list of terms": "<dl><dt>Seat<dd>Hamburg<dt>Status<dd>Active since 2018<dt>Licence no.<dd>P-1154</dl>",
    "a list of terms in boxes": "<dl><div><dt>Seat<dd>Hamburg</div><div><dt>Status<dd>Active since 2018</div><div><dt>"
    "Licence no.<dd>P-1154</div></dl>",
    "rows of boxes": "<div class=r><div class=l>Seat</div><div class=v>Hamburg</div></div><div class=r><div class=l>Status"
    "</div><div class=v>Active since 2018</div></div><div class=r><div class=l><label>Licence no.:</label></div>"
    "<div class=v><p>P-1154</p></div></div>",
    "boxes that alternate": "<section><h3>Seat</h3><p>Hamburg</p><h3>Status</h3><p>Active since 2018</p><h3>Licence no."
    "</h3><p>P-1154</p></section>",
    "paragraphs": "<p><strong>Seat:</strong> Hamburg</p><p><strong>Status</strong>: Active since 2018</p><p>Licence no.:"
    " P-1154</p>",
    "points": "<ul><li>Seat: Hamburg<li>Status: Active since 2018<li>Licence no.: P-1154</ul>",
    "lines": "<p>Seat: Hamburg<br>Status: Active since 2018<br>Licence no.: P-1154</p>",
}


def page_of(body: str) -> str:
    return (
        "<html><head><title>Register of companies</title></head><body><nav><dl><dt>Menu<dd>Home</dl></nav>"
        f"<h1>Northgate Energy SE</h1>{body}<footer><p>Phone: 1</p><p>Fax: 2</p></footer></body></html>"
    )


def entry(page: Page, **options: object) -> Entry:
    (found,) = kind("record").model_validate({"url": URL, **options}).parse(page)
    assert isinstance(found, Entry)
    return found


def labels(body: str) -> dict[str, str]:
    root = parse_text(page_of(body))
    assert root is not None
    return {each.name: each.value for each in read_labels(root)}


@pytest.mark.parametrize("form", FORMS)
def test_labels_and_values_are_the_fields_of_one_entry(form: str, make_page: MakePage) -> None:
    assert entry(make_page(page_of(FORMS[form]))) == Entry("page", "Northgate Energy SE", FIRM, URL)


def test_without_a_heading_the_title_is_that_of_the_page(make_page: MakePage) -> None:
    page = page_of(FORMS["points"]).replace("<h1>Northgate Energy SE</h1>", "<h1> </h1>")
    assert entry(make_page(page)).title == "Register of companies"


def test_labels_within_a_value_are_fields_of_their_own() -> None:
    officer = "<dl><dt>Name<dd>{}<dt>Since<dd>{}</dl>"
    body = f"<dl><dt>Seat<dd>Hamburg<dt>Officer<dd>{officer.format('A. Alder', 2018)}{officer.format('B. Birch', 2020)}</dl>"
    assert labels(body) == {"Seat": "Hamburg", "Officer / Name": "A. Alder; B. Birch", "Officer / Since": "2018; 2020"}


def test_a_label_that_repeats_is_one_field_and_keeps_its_name() -> None:
    body = "<dl><dt>Director<dd>A. Alder<dt>Director<dd>B. Birch<dt>Seat<dd>Hamburg</dl>"
    assert labels(body) == {"Director": "A. Alder; B. Birch", "Seat": "Hamburg"}
    assert labels(body.replace("<dt>Director<dd>A. Alder", "")) == {"Director": "B. Birch", "Seat": "Hamburg"}


def test_of_two_tables_with_the_same_labels_the_headings_tell_them_apart() -> None:
    table = "<h2>{}</h2><table><tr><th>City<td>{}<tr><th>{}<td>yes</table>"
    body = table.format("Office", "Hamburg", "Open") + table.format("Branch", "Bremen", "Leased")
    assert labels(body) == {"Office / City": "Hamburg", "Branch / City": "Bremen", "Open": "yes", "Leased": "yes"}


def test_lists_and_prose_have_no_labels() -> None:
    rows = "".join(f"<tr><th>Firm {n}<td>Active<td>{n}" for n in range(3))
    cards = "".join(f"<div class=c><h3><a href=/{n}>Firm</a></h3><p>Active</p></div>" for n in range(3))
    prose = "<h2>Aims</h2><p>First.</p><p>Second.</p><h2>Means</h2><p>One note: it is long.</p>"
    assert labels(f"<table><thead><tr><th>Firm<th>Status<th>No.</thead>{rows}</table>{cards}{prose}") == {}


def test_a_table_of_its_own_is_no_value() -> None:
    body = "<div><h3>Seat</h3><p>Hamburg</p><h3>Events</h3><div><table><tr><th>Day<th>What<tr><td>1<td>x</table></div></div>"
    assert labels(body) == {"Seat": "Hamburg"}


def test_text_from_right_to_left(make_page: MakePage) -> None:
    body = "<dl><dt>\u200fמקום:\u200f<dd>חיפה<dt>الحالة：<dd>\u202bنشط\u202c</dl>"
    page = make_page(page_of(body).replace("<html>", "<html dir=rtl>"))
    assert entry(page).fields == {"מקום": "חיפה", "الحالة": "نشط"}


def test_a_main_part_that_moves_to_another_element_is_read_as_before(make_page: MakePage) -> None:
    before = make_page(page_of(f"<main><div class=a>{FORMS['rows of boxes']}</div></main>"))
    after = make_page(page_of(f"<section id=x><article>{FORMS['rows of boxes']}</article></section>"))
    assert entry(before) == entry(after)
    with pytest.raises(NotFound, match=r"nothing that matches 'main' \(option select\); it has \"#x\""):
        entry(after, select="main")


def test_some_labels_of_a_part(make_page: MakePage) -> None:
    page = make_page(page_of(f"<div id=a>{FORMS['points']}</div><p>Note: x</p><p>Hint: y</p>"))
    assert entry(page, select="#a").fields == FIRM
    assert entry(page, fields=["status", "Hint"]).fields == {"Status": FIRM["Status"], "Hint": "y"}
    with pytest.raises(NotFound, match=r'none of the labels "Sanctoin" \(option fields\); it has "Seat", "Status"'):
        entry(page, fields=["Sanctoin"])


def test_a_page_that_only_says_that_there_is_nothing_is_named_by_its_heading(make_page: MakePage) -> None:
    page = page_of("<p>No company has this number.</p>").replace("Northgate Energy SE", "Company not found")
    with pytest.raises(NotFound, match="has no labels with values below 'Company not found'; the kind text reads"):
        entry(make_page(page))


@pytest.mark.parametrize("body", ["<p>Nothing but prose.</p>", "<dl><dt>Seat<dd></dl>", ""])
def test_a_page_without_labels_is_an_error(body: str, make_page: MakePage) -> None:
    with pytest.raises(NotFound, match=r"has no labels with values below .*; the kind text reads"):
        entry(make_page(page_of(body)))


def test_ten_thousand_labels_are_no_page_about_one(make_page: MakePage) -> None:
    rows = "".join(f"<tr><th>Label {n}<td>Value {n}" for n in range(10_000))
    with pytest.raises(BadDocument, match=f"more than {MOST_LABELS:,} labels: it is a list, not"):
        entry(make_page(page_of(f"<table>{rows}</table>")))


@pytest.mark.parametrize(
    "make",
    [
        lambda size: "<div>" * size + "x" + "</div>" * size,
        lambda size: "<div><b>a:</b>" * size + "x" + "</div>" * size,
        lambda size: "<dl><dt>a<dd>" * size + "x",
        lambda size: "<table><tr><td>a:<td>" * size + "x",
        lambda size: "<p>" + "a: b<br>" * size,
    ],
)
def test_a_hostile_page_costs_no_more_than_its_length(make: Callable[[int], str]) -> None:
    pages = {size: parse_text(make(size)) for size in (75, 600)}

    def read(size: int) -> None:
        root = pages[size]
        assert root is not None
        with suppress(BadDocument):
            read_labels(root)

    assert growth(read, min(pages), max(pages), runs=3) < 4


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("<ul><li>Exchange of <b>crypto</b><li>Custody</ul>", "Exchange of crypto; Custody"),
        ("<ol><li><p>One<p>more<li>Two</ol>", "One more; Two"),
        ("Since 2018: <ul><li>Exchange<li>Custody</ul>", "Since 2018: Exchange Custody"),
        ("<ul><li>A<ul><li>B</ul></ul>", "A B"),
    ],
)
def test_the_items_of_a_list_are_told_apart(value: str, told: str) -> None:
    assert labels(f"<dl><dt>Permissions<dd>{value}<dt>Seat<dd>Hamburg</dl>")["Permissions"] == told
