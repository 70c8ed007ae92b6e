"""Rows in batches give the same result as one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import BadEntry, Entry, NotFound, Page
from sources.loader import kind
from sources.model.entry import Rows, each_alone
from sources.pagination.columns import Columns
from sources.reading.engine import read_here
from sources.reading.entry_fingerprints import Block, entry_fingerprint, row_fingerprints
from sources.reading.known_filter import KnownFilter, Profile
from sources.reading.messages import RowPack, packs, unpack

NAMES = ("No", "Name", "Status", "Remark")
Records = Sequence[Sequence[str]]

values = st.text(st.sampled_from("aB7 \u00a0\u200be\u0301|:=,"), max_size=4)
records = st.lists(st.tuples(st.sampled_from("123456"), values, values, values), max_size=12)


def columns(title: tuple[str, ...] = (), key: tuple[str, ...] = ("No",)) -> Columns:
    return Columns(NAMES, "a list", key=key, title=title)


@given(records, st.sampled_from([(), ("Name",), ("Name", "Status")]), st.sampled_from([("No",), ("No", "Remark")]))
def test_rows_are_the_entries_that_each_of_them_is(
    given: Records, title: tuple[str, ...], key: tuple[str, ...]
) -> None:
    rows = list(columns(title, key).rows(given))
    one_by_one = list(map(columns(title, key).entry, given))
    assert list(each_alone(rows)) == one_by_one
    assert [tuple(entry.fields) for entry in each_alone(rows)] == [tuple(entry.fields) for entry in one_by_one]
    assert sum(some.size for some in rows) == sum(entry.size for entry in one_by_one)


def test_fields_have_names_of_their_own_and_one_may_join_columns() -> None:
    fields = {"names": ("Name", "Remark"), "state": ("status",)}
    named = Columns(NAMES, "a list", key=("No",), fields=fields)
    records = [["1", "Ada", "open", "the Engineer"], ["2", "Bo", "", ""]]
    [rows] = named.rows(records)
    assert list(rows) == [named.entry(each) for each in records]
    assert [dict(entry.fields) for entry in rows] == [
        {"names": "Ada; the Engineer", "state": "open"},
        {"names": "Bo"},
    ]
    with pytest.raises(NotFound, match='"Alias"'):
        Columns(NAMES, "a list", key=("No",), fields={"names": ("Name", "Alias")})


@given(records, st.sets(st.sampled_from(["title", "url", "text", "published", *NAMES])))
def test_their_fingerprints_are_those_of_the_entries(given: Records, ignore: set[str]) -> None:
    for rows in columns(("Name",)).rows(given):
        assert row_fingerprints(rows, ignore) == [entry_fingerprint(entry, ignore) for entry in rows]


@given(records, records, st.sets(st.sampled_from(NAMES)), st.integers(1, 5))
def test_a_sieve_that_takes_them_together_holds_what_it_would_hold(
    before: Records, now: Records, ignore: set[str], size: int
) -> None:
    known = b"".join({entry_fingerprint(entry, ignore): None for entry in map(columns().entry, before)})
    together, apart = (KnownFilter(lambda: known, ignore, Profile(["Name"], "[1-4]"), keys=True) for _ in range(2))
    for at in range(0, len(now), size):
        [rows] = columns().rows(now[at : at + size])
        together.see_block(Block(row_fingerprints(rows, ignore), rows))
    for record in now:
        apart.see(columns().entry(record))
    for known_filter in (together, apart):
        known_filter.load()
    assert list(together.buffer) == list(apart.buffer)
    assert together.left() == apart.left()
    assert (together.order, together.taken, together.digest.value()) == (apart.order, apart.taken, apart.digest.value())
    for name in ("entries", "odd", "odd_key", "filled", "lacking"):
        assert getattr(together.profile, name) == getattr(apart.profile, name), name


@given(records, st.sampled_from([(), ("Name",), ("Name", "Status")]), st.sampled_from([("No",), ("No", "Remark")]))
def test_they_come_out_of_a_pack_as_they_went_in(given: Records, title: tuple[str, ...], key: tuple[str, ...]) -> None:
    for rows in columns(title, key).rows(given):
        [pack] = packs(Block(row_fingerprints(rows), rows))
        marks, entries = unpack(pack)
        assert (marks, list(entries)) == (row_fingerprints(rows), list(rows))


def test_keys_and_titles_that_are_a_field_are_packed_once() -> None:
    [rows] = columns().rows([["1", "Alpha", "valid", ""], ["2", "Beta", "valid", ""], ["3", "Gamma", "valid", ""]])
    for some in (rows, rows.only([0, 2])):
        [pack] = packs(Block(row_fingerprints(some), some))
        form = msgspec.msgpack.decode(pack.data, type=RowPack)
        assert (form.keys, form.titles) == ("No", None)


@pytest.mark.parametrize("key", ["", "x" * 10_001])
def test_a_row_whose_key_is_none_is_no_row(key: str) -> None:
    with pytest.raises(BadEntry):
        Rows(["1", key], ["one", "two"], {})


def test_a_record_with_a_value_too_few_shifts_none_of_the_others() -> None:
    with pytest.raises(ValueError, match="a list has not 4 values"):
        list(columns().rows([["1", "Alpha", "valid"], ["2", "Beta", "valid", "", "too many"]]))


def test_who_reads_a_page_gets_entries(make_page: Callable[..., Page]) -> None:
    page = make_page("No,Name\n1,Alpha\n2,\n", "text/csv")
    assert list(read_here(kind("csv")(url=page.url, key="No"), page)) == [
        Entry("1", fields={"No": "1", "Name": "Alpha"}),
        Entry("2", fields={"No": "2"}),
    ]
