"""Of a large HTML table the rows that have altered are read alone, where the others cannot mean something else."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import Entry, SourceError
from sources.formats import records
from sources.kinds import _long_tables
from sources.reading.engine import read_here
from sources.reading.records import find_altered
from tests.altered import Compared, compare, page_of, source_of

HEAD = "<!doctype html><html><head><title>Register</title></head><body><span>x</span>\n<table class='list'>"
HEADING = "<thead><tr><th>No</th><th>Name</th><th>State</th></tr></thead>\n<tbody>\n"
TAIL = "\n</tbody></table><p>end</p><script>let rows = 1</script></body></html>\n"
ROWS = [
    f"<tr class='row'><td class=\"no\">{at}</td><td><a href='/c/{at}'>Компания <b>{at % 7}</b></a></td><td>a&amp;b</td></tr>"
    .replace(" <b>", "</a> <b>").replace("</a></td>", "</td>")
    for at in range(1_000)
]  # fmt: skip


def page(rows: list[str], heading: str = HEADING, tail: str = TAIL, between: str = "\n") -> bytes:
    return (HEAD + heading + between.join(rows) + tail).encode()


def of_table(before: bytes, after: bytes, **options: object) -> Compared:
    return compare(source_of("table", key="No", **options), page_of(before), page_of(after))


def altered(rows: list[str] = ROWS) -> list[str]:
    changed = rows[500].replace("Компания", "Фирма")
    return [rows[3], *rows[:3], *rows[4:500], changed, *rows[502:], rows[7].replace(">7<", ">9999<")]


@pytest.mark.parametrize("between", ["\n", "", "\r\n  "])
@pytest.mark.parametrize("heading", [HEADING, HEADING.replace("thead", "tbody"), HEADING[7:].replace("</thead>", "")])
@pytest.mark.parametrize("options", [{}, {"table": "table.list", "link": False}, {"link": "Name", "fields": ["State"]}])
def test_changed_added_removed_and_moved_rows(between: str, heading: str, options: dict[str, object]) -> None:
    found = of_table(page(ROWS, heading, between=between), page(altered(), heading, between=between), **options)
    assert found.altered == found.whole
    kinds = ["added", "removed"] if "fields" in options else ["added", "changed", "removed"]
    assert sorted(change.kind for change in found.whole["changes"]) == kinds


def test_rows_in_another_order_are_no_change() -> None:
    mixed = random.Random(1).sample(ROWS, len(ROWS))
    found = of_table(page(ROWS), page(mixed))
    assert (found.altered, found.whole["changes"]) == (found.whole, [])


@pytest.mark.parametrize(
    "after",
    [
        page(altered(), HEADING.replace("<th>Name</th><th>State</th>", "<th>State</th><th>Name</th>")),
        page([*ROWS[:9], ROWS[9].replace("<td>", "<td rowspan='2'>"), *ROWS[10:]]),
        page([*ROWS[:9], ROWS[9].replace("<td>", "<td><!-- "), *ROWS[10:]]),
        page([*ROWS[:9], "<tr><td>9</td><td>x</td></tr>", *ROWS[10:]]),
        page([*ROWS[:9], ROWS[9].replace("<tr class='row'>", "<tr class='row"), *ROWS[10:]]),
        page([*ROWS[:9], "</tbody></table><table><tbody>", *ROWS[9:]]),
        page([*ROWS[:9], "<tr><td></td><td></td><td></td></tr>", *ROWS[9:]]),
        page(ROWS, tail=TAIL.replace("<p>", "<table><tr><td>x</td></tr></table><p>")),
        page(ROWS, tail=""),
    ],
)
def test_what_is_not_sure_is_read_whole(after: bytes) -> None:
    assert find_altered(source_of("table", key="No"), page_of(page(ROWS)), page_of(after), len(ROWS)) is None


@pytest.mark.parametrize(
    "heading",
    [
        HEADING.replace("State", " "),
        HEADING.replace("<th>State", "<th rowspan=2>State"),
        HEADING.replace("<thead>", "<thead><tr><th colspan=3>Register</th></tr>"),
        HEADING.replace("th>", "td>")[7:].replace("</thead>", "<tr><td>x</td><td></td><td></td></tr>"),
    ],
)
def test_a_heading_that_is_not_plain_has_the_page_read_whole(heading: str) -> None:
    assert of_table(page(ROWS, heading), page(altered(), heading)).altered is None


def test_a_list_of_several_pages_and_one_in_another_encoding_are_read_whole() -> None:
    assert of_table(page(ROWS), page(altered()), next="a.next").altered is None
    assert of_table(page(ROWS).decode().encode("utf-16"), page(altered()).decode().encode("utf-16")).altered is None


@pytest.mark.parametrize(("classes", "spans"), [("aa", False), ("ab", True)])
def test_a_text_like_the_attribute_of_a_cell_that_spans_is_none_in_rows_written_alike(
    classes: str, spans: bool
) -> None:
    rows = [
        f"<tr class={classes[at % 2]}>\n <td>{at}</td> <td><b>{at}</b> or <br>x</td><td>{'span=' * (at > 0)}{at}</td></tr>"
        for at in range(1_000)
    ]
    found = of_table(page(rows), page([*rows[:8], rows[9], rows[8].replace("or", "and"), *rows[10:]]))
    assert found.altered == (None if spans else found.whole)
    wide = [*rows[:7], rows[7].replace("<td>", "<td rowspan=2>"), *rows[8:]]
    assert of_table(page(wide), page([*wide[:8], wide[8].replace("or", "and"), *wide[9:]])).altered is None


ODD = st.sampled_from([
    "<tr><td>7</td><td>x", "</table><table>", "<!--", "-->", "<tr><th>No</th><th>Name</th></tr>", "</tbody><tbody>",
    "<tr><td>8</td><td></td><td>z</td></tr>", "<tr><td rowspan=2>5</td><td>y</td></tr>", "</tr>", "<p>", "</td>",
    "<tr><td title='>5</td><td>y</td></tr>", "<TR><TD>6</TD><TD>é</TD></TR>", "<script>", "</script>", "</table>",
])  # fmt: skip
ROW = "<tr><td>{}</td>\n<td class=a>{}</td></tr>\n".format
TIDY = st.sampled_from(["a", "b", "'", '"', " é", "<a href='/1'>l</a>", "a<br/>b", "&amp;&#5;", "<b>x</b> y"])
PLAIN = st.builds(ROW, st.integers(0, 9), TIDY)
LOOSE = st.builds(ROW, st.integers(0, 9), st.sampled_from(["<b>x", "x</b>", "<i><b>n</b></i>", "<img alt=p>", "</a>"]))
PARTS = st.lists(PLAIN | PLAIN | PLAIN | LOOSE | ODD, max_size=9)
PLAINS = st.lists(PLAIN, min_size=1, max_size=9, unique_by=lambda row: row[8])
TOPS = st.sampled_from(["<thead>{}</thead><tbody>", "{}", "<tbody>{}", "<tr><td>x</td></tr>{}", "<!-- {} -->{}"])
NAMES = "<tr><th>No</th><th>Name</th></tr>"
HEADS = st.sampled_from([NAMES, NAMES, NAMES, "<tr><td>No</td><td>Name</td></tr>", ""])


@pytest.mark.parametrize("least", [3, 10**9])
@settings(max_examples=150, deadline=None)
@given(
    top=TOPS,
    head=HEADS,
    before=PLAINS | PARTS,
    after=PLAINS | PARTS,
    end=st.sampled_from(["</table>", "</table>", "", "<p>"]),
)
def test_the_answer_is_that_of_the_whole_page_or_none(
    top: str, head: str, before: list[str], after: list[str], end: str, least: int
) -> None:
    begins = "<html><table>" + top.replace("{}", head)
    bodies = [f"{begins}{''.join(rows)}{end}</body></html>".encode() for rows in (before, after)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "_NEAR", 1)
        patch.setattr(_long_tables, "LEAST", least)
        try:
            found = of_table(*bodies)
        except SourceError:
            source, [old, new] = source_of("table", key="No"), map(page_of, bodies)
            with suppress(SourceError):
                number = len({each.key for each in read_here(source, old) if isinstance(each, Entry)})
                assert find_altered(source, old, new, number) is None
        else:
            assert found.altered in (None, found.whole)
