from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring

from sources import BadDocument
from sources.formats.tables import HtmlTable, read_table


def read(html: str) -> HtmlTable:
    return read_table(next(fromstring(f"<div>{html}</div>").iter("table")))


def test_rows_of_a_plain_table() -> None:
    table = read("<table><tr><th>Name<th>Date<tr><td>A<td>1<tr><td>B<td>2</table>")
    assert table.columns == ["Name", "Date"]
    assert table.rows == [["A", "1"], ["B", "2"]]


def test_a_table_without_th_has_its_headings_in_the_first_row() -> None:
    table = read("<table><tr><td><b>Name</b><td>Date<tr><td>A<td>1</table>")
    assert (table.columns, table.rows) == (["Name", "Date"], [["A", "1"]])


def test_a_row_heading_of_th_is_a_cell_like_others() -> None:
    table = read("<table><tr><th>No<th>Name<tr><th>1<td>A<tr><th>2<td>B</table>")
    assert table.rows == [["1", "A"], ["2", "B"]]


def test_cells_that_span_rows_stand_in_each_of_them() -> None:
    table = read(
        "<table><tr><th>Order<th>Address<th>Coin<tr><td rowspan=3>7<td>a<td>x<tr><td>b<td>y<tr><td>c<td>z</table>"
    )
    assert table.rows == [["7", "a", "x"], ["7", "b", "y"], ["7", "c", "z"]]


def test_a_cell_that_spans_both_ways_fills_its_rectangle() -> None:
    table = read(
        "<table><tr><th>A<th>B<th>C<th>D<tr><td>1<td colspan=2 rowspan=2>x<td>2<tr><td>3<td>4"
        "<tr><td>5<td>6<td>7<td>8</table>"
    )
    assert table.rows == [["1", "x", "x", "2"], ["3", "x", "x", "4"], ["5", "6", "7", "8"]]


@pytest.mark.parametrize("span", ["0", "99999", "70000000000000000000000", "3 rows"])
def test_a_span_of_zero_or_beyond_the_end_ends_with_the_section(span: str) -> None:
    table = read(
        f"<table><thead><tr><th>A<th>B</thead><tbody><tr><td rowspan='{span}'>x<td>1<tr><td>2<tr><td>3</tbody>"
        "<tbody><tr><td>y<td>4</tbody></table>"
    )
    assert table.rows == [["x", "1"], ["x", "2"], ["x", "3"], ["y", "4"]]


@pytest.mark.parametrize("span", ["-1", "x", "", "1.5"])
def test_a_span_that_is_no_number_is_one(span: str) -> None:
    table = read(f"<table><tr><th>A<th>B<tr><td rowspan='{span}' colspan='{span}'>x<td>1<tr><td>y<td>2</table>")
    assert table.rows == [["x", "1"], ["y", "2"]]


def test_a_colspan_wider_than_the_table_makes_no_columns() -> None:
    table = read("<table><tr><th>A<th colspan=50>B<tr><td>1<td>2<tr><td colspan=100>a note<tr><td>3<td>4</table>")
    assert table.columns == ["A", "B"]
    assert table.rows == [["1", "2"], ["3", "4"]]


def test_spans_that_blow_the_table_up_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.formats.tables._MOST_PLACES", 50_000)
    with pytest.raises(BadDocument, match="span more than"):
        read("<table>" + "<tr><td colspan=1000 rowspan=65534>x" * 3000 + "</table>")


def test_the_rows_of_a_nested_table_are_not_rows_of_the_outer_but_its_text_is_kept() -> None:
    inner = "<table><tr><td>Moscow<td>RU<tr><td>Berlin<td>DE</table>"
    table = read(f"<table><tr><th>Name<th>Places<tr><td>A<td>{inner}<tr><td>B<td>none</table>")
    assert table.columns == ["Name", "Places"]
    assert table.rows == [["A", "Moscow RU\nBerlin DE"], ["B", "none"]]


def test_headings_in_two_rows_are_named_by_both() -> None:
    html = "<table><tr><th rowspan=2>Name<th colspan=2>Dates<tr><th>from<th>to<tr><td>A<td>1<td>2</table>"
    for markup in (
        html,
        html.replace("th", "td"),
        html.replace("<table>", "<table><thead>").replace("<tr><td", "</thead><tr><td"),
    ):
        table = read(markup)
        assert table.columns == ["Name", "Dates / from", "Dates / to"]
        assert table.rows == [["A", "1", "2"]]


def test_headings_in_two_rows_without_rowspan_are_named_by_both() -> None:
    table = read("<table><tr><td>Name<td colspan=2>Dates<tr><td></td><td>from<td>to<tr><td>A<td>1<td>2</table>")
    assert table.columns == ["Name", "Dates / from", "Dates / to"]
    assert table.rows == [["A", "1", "2"]]


def test_a_heading_over_two_columns_without_names_of_their_own() -> None:
    table = read("<table><tr><th>Name<th colspan=2>Dates<tr><td>A<td>1<td>2<tr><td>B<td>3<td>4</table>")
    assert table.columns == ["Name", "Dates", "Dates (2)"]
    assert table.rows == [["A", "1", "2"], ["B", "3", "4"]]


def test_headings_of_the_same_name_are_told_apart_whatever_their_case() -> None:
    table = read("<table><tr><th>Date<th>DATE<th>Date (2)<th>Date<tr><td>1<td>2<td>3<td>4</table>")
    assert table.columns == ["Date", "DATE (2)", "Date (2) (2)", "Date (3)"]


def test_rows_shorter_and_longer_than_the_headings() -> None:
    table = read("<table><tr><th>A<th>B<tr><td>1<tr><td>2<td>3<td>4</table>")
    assert table.columns == ["A", "B", "column 3"]
    assert table.rows == [["1", "", ""], ["2", "3", "4"]]


def test_an_empty_column_without_a_heading_is_no_column() -> None:
    assert read("<table><tr><th>A<th>B<tr><td>1<td>2<td>&nbsp;<tr><td>3<td>4</table>").columns == ["A", "B"]


def test_titles_notes_repeated_headings_empty_rows_and_the_footer_are_no_records() -> None:
    heading = "<tr><th>A<th>B</tr>"
    table = read(
        f"<table><tr><td colspan=2>The register</tr>{heading}<tr><td>1<td>2</tr>"
        f"<tr><td colspan=2>Section two</tr>{heading}"
        "<tr><td>&nbsp;<td>\u200b</tr><tr><td>3<td>4</tr><tfoot><tr><td>A<td>B</tfoot></table>"
    )
    assert table.columns == ["A", "B"]
    assert table.rows == [["1", "2"], ["3", "4"]]


def test_a_table_of_headings_alone_has_no_records() -> None:
    table = read("<table><thead><tr><th>A<th>B</thead><tbody></tbody></table>")
    assert (table.columns, table.rows) == (["A", "B"], [])
    assert read("<table><tr><th>A<th>B</table>").rows == []
    table = read("<table><tr><th rowspan=2>A<th colspan=2>B<tr><th>from<th>to</table>")
    assert (table.columns, table.rows) == (["A", "B / from", "B / to"], [])


def test_a_table_of_th_alone_has_its_headings_in_the_first_row() -> None:
    assert read("<table><tr><th>A<th>B<tr><th>1<th>2<tr><th>3<th>4</table>").rows == [["1", "2"], ["3", "4"]]


def test_invisible_characters_and_line_breaks_in_cells() -> None:
    table = read("<table><tr><th>A\u200b<th>B<tr><td>\u200b x\u00a0y \u200b<td>one<br>two</table>")
    assert table.columns == ["A", "B"]
    assert table.rows == [["x y", "one\ntwo"]]


@pytest.mark.parametrize(
    "hidden", ['style="display:none"', "STYLE='color: red;\n Display: None'", 'style="visibility:hidden"', "hidden"]
)
def test_what_a_cell_hides_beside_what_it_shows_does_not_count(hidden: str) -> None:
    def date(cell: str) -> str:
        return read(f"<table><tr><th>Name<th>Date<tr><td>A<td>{cell}<tr {hidden}><td>B<td>2 May</table>").rows[0][1]

    assert date(f"<span {hidden}>20240123</span>23 Jan 2024") == "23 Jan 2024"
    assert date(f"<div><b {hidden}>20240123 <i>x</i></b></div> <p>23 Jan 2024</p>") == "23 Jan 2024"
    # a cell that shows nothing shows it later, as a row and a cell do
    assert date(f"<span {hidden}>20240123</span>") == "20240123"
    assert date("<span class=hidden-xs>23</span> Jan") == "23 Jan"
    assert date("<span style='overflow-y:hidden;backface-visibility: hidden'>23</span> Jan") == "23 Jan"
    assert read(f"<table><tr><th>Name<th>Date<tr {hidden}><td>A<td {hidden}>1</table>").rows == [["A", "1"]]


def test_a_cell_that_says_it_with_a_picture() -> None:
    assert read("<table><tr><th>A<th>Done<tr><td>x<td><img src=tick.png alt=yes></table>").rows == [["x", "yes"]]


CELL = st.tuples(st.sampled_from(["td", "th"]), st.integers(0, 4), st.integers(0, 4), st.sampled_from(["", "a", "b"]))


@settings(deadline=None)
@given(st.lists(st.lists(CELL, max_size=5), max_size=6))
def test_no_arrangement_of_spans_makes_rows_of_unequal_length(rows: list[list[tuple[str, int, int, str]]]) -> None:
    cells = (
        "".join(f"<{tag} rowspan={down} colspan={right}>{text}</{tag}>" for tag, down, right, text in row)
        for row in rows
    )
    table = read("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    assert len({name.casefold() for name in table.columns}) == len(table.headings)
    assert all(len(row) == len(table.headings) and any(row) for row in table.rows)
