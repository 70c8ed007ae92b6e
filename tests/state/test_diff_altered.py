"""A snapshot of which only the altered records are read has the difference that it has when it is read whole."""

from __future__ import annotations

import gzip
import random
from dataclasses import replace

import pytest

from sources import BadDocument, NotFound
from sources.formats import records
from sources.reading.records import find_altered
from tests.altered import Compared, compare, compare_any, page_of, source_of

HEAD = b"No,Name,Status\n"
LINES = [b"%d,Company %d,%s" % (at, at * 7, (b"valid", b"revoked", b"")[at % 3]) for at in range(5_000)]


def of_csv(before: bytes, after: bytes, **options: object) -> Compared:
    return compare(source_of("csv", key="No", **options), page_of(before), page_of(after))


def content(lines: list[bytes], ends: bytes = b"\n", head: bytes = HEAD) -> bytes:
    return head + ends.join(lines) + ends


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_changed_added_and_removed_lines(ends: bytes) -> None:
    after = [b"17,Company 119,annulled", *LINES[:17], *LINES[18:3000], *LINES[3001:], b"9999,New,", b"9998,New too,x"]
    found = of_csv(content(LINES, ends), content(after, ends))
    assert found.altered == found.whole
    assert sorted(change.kind for change in found.whole["changes"]) == ["added", "added", "changed", "removed"]


def test_lines_in_another_order_are_no_change() -> None:
    mixed = LINES[:]
    random.Random(1).shuffle(mixed)
    found = of_csv(content(LINES), content(mixed))
    assert (found.altered, found.whole["changes"]) == (found.whole, [])


@pytest.mark.parametrize(
    "after",
    [
        [*LINES[:100], *LINES[3_000:4_000], *LINES[100:3_000], *LINES[4_000:]],  # a section stands elsewhere
        LINES[::-1],
        [b"%d,New,x" % at for at in range(10_000, 12_000)] + LINES,
        [b"new,%s,x" % (b"y" * 20_000), *LINES],
        LINES[2_000:],
        [*LINES[:-1], LINES[-1] + b"!"],
    ],
)
@pytest.mark.parametrize("lacks_end", [0, 1])
def test_sections_put_in_taken_out_and_moved(after: list[bytes], lacks_end: int) -> None:
    body = content(after)
    for pages in ((content(LINES), body[: len(body) - lacks_end]), (body, content(LINES)[: -1 if lacks_end else None])):
        found = of_csv(*pages)
        assert found.altered == found.whole


def test_a_line_that_is_repeated_beside_itself_is_read_whole() -> None:
    for more in ([LINES[9]], [b"9,Firm,x", b"9,Firm,x"]):
        found = of_csv(content(LINES), content([*LINES[:9], *more, *LINES[9:]]))
        assert found.altered in (None, found.whole)
    assert of_csv(content(LINES), content([*LINES[:9], LINES[9], *LINES[9:]])).altered is None


def test_rows_that_move_between_two_parts_of_a_table_are_those_of_the_whole() -> None:
    rows = [b"<tr><td>%d</td><td>Company %d</td></tr>\n" % (at, at * 7) for at in range(2_000)]
    head, part = b"<table><tr><th>No</th><th>Name</th></tr>\n", b"<tr><th>No</th><th>Name</th></tr>\n"
    before = head + b"".join([*rows[:900], part, *rows[900:]]) + b"</table>"
    for places in ([*rows[:901], part, *rows[901:]], [*rows[1:900], part, *rows[900:], rows[0]], [*rows[:899], part]):
        found = compare(source_of("table", key="No"), page_of(before), page_of(head + b"".join(places) + b"</table>"))
        assert found.altered in (None, found.whole)


def test_values_that_are_ignored_or_only_written_otherwise_are_no_change() -> None:
    after = [*LINES[:5], LINES[5].replace(b"Company", b"  Company "), b"6,Company 42,other", *LINES[7:]]
    found = of_csv(content(LINES), content(after), ignore=["Status"])
    assert (found.altered, found.whole["changes"]) == (found.whole, [])


def test_a_packed_file_and_one_with_a_mark_and_lines_above() -> None:
    above = b"\xef\xbb\xbfRegister, as of 1 May\n" + HEAD
    pages = [gzip.compress(content(lines, head=above)) for lines in (LINES, LINES[:-1])]
    found = of_csv(*pages, header=2)
    assert found.altered == found.whole


@pytest.mark.parametrize(
    "after",
    [
        content(LINES, head=b"No,Status,Name\n"),  # the columns mean something else
        content([b'1,"over\ntwo lines",x', *LINES[2:]]),  # an entry of two lines
        content([b"1,Company 7,x\r2,Company 14,y", *LINES[3:]]),  # a line that ends otherwise
        content([*LINES, LINES[0]]),  # an entry twice
        content([*LINES[:9], b"9,Company  63,valid", *LINES[9:]]),  # the same
    ],
)
def test_what_is_not_sure_is_read_whole(after: bytes) -> None:
    assert of_csv(content(LINES), after).altered is None


def test_two_pages_that_differ_in_too_much_are_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = content(LINES[:500]), content([line + b"!" for line in LINES[:500]])
    assert of_csv(*pages).altered is not None
    monkeypatch.setattr(records, "_MOST", len(pages[1]) - len(HEAD) - 1)
    assert of_csv(*pages).altered is None


def test_of_a_page_that_cannot_be_read_the_whole_says_why() -> None:
    with pytest.raises(BadDocument, match="4 values for 3 columns"):
        of_csv(content(LINES), content([*LINES, b"1,2,3,4"]))
    pages = page_of(content(LINES)), page_of(content([*LINES, b"1,2,3,4"]))
    assert find_altered(source_of("csv", key="No"), *pages, len(LINES)) is None


def test_a_page_with_entries_of_several_lines_is_read_whole() -> None:
    before = [b'0,"over\ntwo lines",x', *LINES[1:]]
    assert of_csv(content(before), content([*before, b"9999,New,x"])).altered is None


def test_links_that_an_address_moved_are_read_whole() -> None:
    pages = page_of(content(LINES)), replace(page_of(content(LINES[:-1])), url="https://example.org/new/list")
    assert compare(source_of("csv", key="No", link="Name"), *pages).altered is None
    found = compare(source_of("csv", key="No"), *pages)
    assert found.altered == found.whole


def test_a_mark_at_the_beginning_of_a_line_below_is_part_of_it() -> None:
    places = {"columns": ["No", "Name", "Status"], "delimiter": ","}
    added = [*LINES[:3000], b'\xef\xbb\xbf"New",x,y', *LINES[3000:]]
    below = of_csv(content(LINES, head=b""), content(added, head=b""), **places)
    assert below.altered in (None, below.whole)
    marked = of_csv(content(LINES, head=b"\xef\xbb\xbf"), content(LINES[1:], head=b"\xef\xbb\xbf"), **places)
    assert marked.altered == marked.whole


def test_where_the_only_item_with_a_member_is_gone_the_whole_says_so() -> None:
    items = [b'{"id": %d}' % at for at in range(5_000)]
    pages = [page_of(b"[%s]" % b",".join(some)) for some in ([*items, b'{"id": "a", "end": 1}'], items)]
    source = source_of("json", items="@", key="id", fields={"end": "end"})
    with pytest.raises(NotFound, match="no item has 'end'"):
        compare(source, *pages)
    assert find_altered(source, *pages, 5_001) is None


def test_a_page_of_which_no_item_would_be_read_is_read_whole() -> None:
    items = [b'{"id": "a", "end": 1}', b'{"id": 1}', b'{"id": 2}']
    pages = [page_of(b"[%s]" % b",".join(some)) for some in (items, items[1:])]
    found = compare_any(source_of("json", items="@", key="id", fields={"end": "end"}), *pages)
    assert (found.altered, type(found.error)) == (None, NotFound)
