"""A part of a page is pointed at: the proposal follows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sources import Get, Page
from sources.model.transcript import Place
from sources.options import HttpOptions
from watcher.propose.point import Click, PagePart, Role, find_parts, point
from watcher.propose.proposal import Proposal

FIRMS = "".join(
    f"<li class='firm{' old' if n == 3 else ''}'><b>Firm {n}</b> <span class=town>Town {n % 2}</span> <i>No {n + 70}</i>"
    for n in range(6)
)
ROWS = "".join(f"<tr><td>Officer {n}<td>20{n + 10}<td>active</tr>" for n in range(4))
PAGE = f"""<!doctype html><title>Register</title><body><nav><a href=/a>Start</a> <a href=/b>Contact</a></nav>
<main><h1>Firms struck off</h1><p>They may not trade.</p><ol>{FIRMS}</ol>
<table><tr><th>Name<th>Since<th>Status</tr>{ROWS}</table>
<section class=terms><p>The fee is 12.</p><p>It is due in May.</p><div><p>Visitors: 4711</p></div></section></main>"""


def page_of(body: str) -> Page:
    url = "https://register.example/list"
    return Page(Get(url), url, 200, {"content-type": "text/html"}, body.encode(), datetime(2025, 7, 1, tzinfo=UTC))


def part(words: str, page: Page) -> PagePart:
    return next(each for each in find_parts(page) if words in each.text)


def pointed(*told: tuple[Role, str], body: str = PAGE) -> Proposal:
    """The first proposal after words were pressed."""
    page = page_of(body)
    clicks = [Click(role, part(words, page).number) for role, words in told]
    return point(page, clicks, HttpOptions(), {})[0]


def titles(proposal: Proposal) -> list[str]:
    return [entry.title for entry in proposal.entries]


def test_the_parts_are_those_with_text_in_the_order_of_the_page() -> None:
    page = page_of(f"<script>x</script><p>One <a href=/>two</a>, <b>three</b></p><ul><li>4 <p>5</ul>{PAGE}")
    parts = find_parts(page)
    assert [each.text for each in parts][:6] == ["One two, three", "4", "5", "Start", "Contact", "Firms struck off"]
    row = [each for each in parts if each.text in {"Officer 2", "2012"}]
    assert len({each.line for each in row}) == 1


def test_a_box_is_that_of_the_part_with_its_text_the_first_of_the_first() -> None:
    places = [
        Place(0, 0, 90, 10, "FIRM 1 Town 1"),
        Place(0, 0, 20, 10, "FIRM 1"),
        Place(30, 0, 20, 10, "Town 1"),
        Place(30, 0, 10, 10, "Town 1"),
        Place(30, 20, 20, 10, "Town 1"),
    ]
    parts = find_parts(page_of(PAGE), places)
    assert next(each.box for each in parts if each.text == "Firm 1") == places[1]
    assert [each.box for each in parts if each.text == "Town 1"] == [places[2], places[4], None]


@pytest.mark.parametrize(
    ("words", "kind", "count"), [("Officer 2", "table", 4), ("Firm 4", "list", 6), ("Start", "list", 2)]
)
def test_an_entry_is_pointed_at(words: str, kind: str, count: int) -> None:
    proposal = pointed(("entry", words))
    assert (proposal.kind, len(proposal.entries)) == (kind, count)
    assert any(words in f"{entry.title} {entry.fields} {entry.text}" for entry in proposal.entries)


def test_two_parts_of_one_row_are_not_two_entries() -> None:
    page = page_of(PAGE)
    clicks = [Click("entry", part(words, page).number) for words in ("Officer 1", "2011")]
    assert point(page, clicks, HttpOptions(), {}) == []


def test_what_is_not_an_entry_is_told_from_the_others() -> None:
    proposal = pointed(("title", "Firm 4"), ("not", "Firm 3"))
    assert titles(proposal) == ["Firm 0", "Firm 1", "Firm 2", "Firm 4", "Firm 5"]
    assert proposal.options["item"].endswith(":not(.old)")


def test_without_an_entry_what_is_not_wanted_leaves_the_others() -> None:
    assert pointed(("not", "Officer 2")).kind == "list"
    assert pointed(("not", "Firm 3"), ("not", "Firm 4")).kind == "table"


def test_columns_of_a_list_are_its_title_its_key_and_its_fields() -> None:
    proposal = pointed(("title", "Town 1"), ("key", "No 72"), ("field", "Firm 4"))
    assert [(entry.title, entry.key, list(entry.fields.values())) for entry in proposal.entries[:2]] == [
        ("Town 0", "No 70", ["Firm 0"]),
        ("Town 1", "No 71", ["Firm 1"]),
    ]


def test_columns_of_a_table_are_named() -> None:
    proposal = pointed(("title", "active"), ("key", "2011"), ("field", "Officer 3"))
    assert proposal.options == {"title": "Status", "key": "Since", "fields": ["Name"]}
    assert proposal.entries[0].fields == {"Name": "Officer 0"}


def test_not_this_in_an_entry_that_is_wanted_is_a_column_left_out() -> None:
    proposal = pointed(("entry", "Officer 2"), ("not", "2012"))
    assert (proposal.kind, proposal.options["ignore"], len(proposal.entries)) == ("table", ["Since"], 4)


def test_a_row_that_is_no_entry_leaves_no_column_out() -> None:
    proposal = pointed(("title", "Firm 4"), ("not", "No 73"))
    assert "ignore" not in proposal.options
    assert titles(proposal) == ["Firm 0", "Firm 1", "Firm 2", "Firm 4", "Firm 5"]


def test_a_page_about_one_is_pointed_at_by_a_value() -> None:
    body = f"<h1>Firm 1</h1><dl><dt>Status<dd>Active<dt>Number<dd>77<dt>Town<dd>Bern<dt>Seat<dd>Lake 3</dl>{ROWS}"
    proposal = pointed(("entry", "Bern"), ("not", "77"), body=body)
    assert proposal.kind == "record"
    assert proposal.entries[0].fields["Town"] == "Bern"
    assert proposal.options["ignore"] == ["Number"]
    assert pointed(("field", "Bern"), body=body).options["fields"] == ["Town"]


def test_a_sentence_is_the_text_of_the_smallest_block_around_it() -> None:
    page = page_of(PAGE)
    fee, due = part("The fee", page).number, part("It is due", page).number
    one, around = point(page, [Click("text", fee)], HttpOptions(), {})
    assert (one.entries[0].text, around.options["select"]) == ("The fee is 12.", "section.terms")
    (both,) = point(page, [Click("text", fee), Click("text", due)], HttpOptions(), {})
    assert both.entries[0].text == "The fee is 12.\nIt is due in May.\nVisitors: 4711"


def test_not_this_is_removed_from_a_text() -> None:
    proposal = pointed(("text", "The fee"), ("text", "It is due"), ("not", "Visitors"))
    assert proposal.entries[0].text == "The fee is 12.\nIt is due in May."


def test_the_options_of_the_page_are_those_of_the_source() -> None:
    page = page_of(PAGE)
    found = point(page, [Click("entry", part("Firm 4", page).number)], HttpOptions(), {"fetch": "browser"})
    assert all(each.options["fetch"] == "browser" for each in found)


@pytest.mark.parametrize("name", ["1", "a b", "x'y", 'q"', "ünï", "a:b", "#", "\\", "--", "a" * 5000])
def test_odd_names_are_pointed_at(name: str) -> None:
    quoted = name.replace('"', "&quot;")
    items = "".join(f'<li id="{quoted}" class="{quoted}">Firm {n} <b>N{n}</b><i></i></li>' for n in range(4))
    body = f'<div id="{quoted}" class="{quoted}"><ul>{items}</ul><p>The fee is 12, and it is due in May.</p></div>'
    assert len(pointed(("entry", "Firm 2"), body=body).entries) == 4
    assert pointed(("text", "The fee"), body=body).entries[0].text == "The fee is 12, and it is due in May."


def test_what_is_said_of_a_part_that_is_not_there_is_left_out() -> None:
    assert point(page_of(PAGE), [Click("entry", 10**6)], HttpOptions(), {})


def test_a_page_of_ten_thousand_parts_is_pointed_at() -> None:
    rows = "".join(f"<tr><td>Firm {n}<td>{n}</tr>" for n in range(5000))
    page = page_of(f"<table><tr><th>Name<th>No</tr>{rows}</table>")
    assert len(find_parts(page)) == 10_002
    last = Click("entry", part("Firm 4999", page).number)
    assert len(point(page, [last], HttpOptions(), {})[0].entries) == 5000


def test_a_page_that_is_nested_deeply_is_pointed_at() -> None:
    page = page_of(f"<p>The fee is 12.</p>{'<div>' * 2000}deep{'</div>' * 2000}")
    assert point(page, [Click("text", part("The fee", page).number)], HttpOptions(), {})
    point(page, [Click("text", part("deep", page).number)], HttpOptions(), {})
