"""Lines without quotes are split as the csv module splits them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from hypothesis import assume, given
from hypothesis import strategies as st

from sources import BadDocument
from sources.formats.delimited import read_delimited, split_plain
from sources.text import clean

documents = st.lists(st.text(st.sampled_from('ab ,;"\r\n\t\x1a'), max_size=12), max_size=8).map("\n".join)


def by_csv(text: str, delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        strict=True,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        skipinitialspace=delimiter != " ",
    )
    try:
        yield from ((reader.line_num, row) for row in reader if any(value.strip("\x1a").strip() for value in row))
    except csv.Error:
        raise BadDocument(f"a list, line {reader.line_num}: ") from None


def outcome(records: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]] | str:
    try:
        return list(records)
    except BadDocument as error:
        return error.message.split(":")[0]


@given(documents, st.sampled_from([",", ";", " ", '"']), st.sampled_from(['"', "", "a"]))
def test_records_are_those_of_the_csv_module(text: str, delimiter: str, quote: str) -> None:
    assume(delimiter != quote)
    found = read_delimited(io.StringIO(text, newline=""), delimiter, quote, "a list")
    assert outcome(found) == outcome(by_csv(text, delimiter, quote))


@given(
    st.lists(st.lists(st.text('a ,\x1a\u3000"', max_size=3), min_size=2, max_size=3), min_size=1),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_many_plain_lines_are_split_into_the_same_values(records: list[list[str]], end: str) -> None:
    text = end.join(map(";".join, records))
    if text and (values := split_plain(text, ";", '"', 2)):
        lines = io.StringIO(text, newline="")
        each = [list(map(clean, row)) for _, row in read_delimited(lines, ";", '"', "a list")]
        assert [list(map(clean, values[at : at + 2])) for at in range(0, len(values), 2)] == each
