"""The fast path for simple tables gives the same result as the grid."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import tostring

from sources.formats.html import parse_text
from sources.formats.tables import HtmlTable, read_grid, read_simple_table

TEXTS = st.text(st.sampled_from("aЯ 1&<>\u00a0\u200b\n\"'é/|"), max_size=4)
SHAPES = ("<table>{head}{rows}</table>", "<table><tbody>{head}{rows}</tbody></table>")
FRAMES = (*SHAPES, "<table id='a>b'><thead class=x>{head}</thead><tbody>{rows}</tbody></table>")


def row(tag: str, texts: list[str]) -> str:
    cells = "".join(f"<{tag} title='x > y'>{escape(text)}</{tag}>" for text in texts)
    return f"<tr class='r'>{cells}</tr>\n"


def tables(markup: str) -> tuple[HtmlTable | None, HtmlTable]:
    """The results of the fast path and of the grid."""
    root = parse_text(f"<html><body>{markup}</body></html>")
    assert root is not None
    table = next(root.iter("table"))
    return read_simple_table(tostring(table, encoding="unicode", with_tail=False)), read_grid(table)


@settings(max_examples=150, deadline=None)
@given(
    frame=st.sampled_from(FRAMES),
    names=st.lists(TEXTS, min_size=1, max_size=3),
    cells=st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=4),
    wide=st.booleans(),
)
def test_it_is_what_the_cells_say(frame: str, names: list[str], cells: list[list[str]], wide: bool) -> None:
    fitted = [(texts * 3)[: len(names)] if wide else texts for texts in cells]
    markup = frame.format(head=row("th", names), rows="".join(row("td", texts) for texts in fitted))
    quick, slow = tables(markup)
    if quick:
        assert (list(quick.headings), [list(texts) for texts in quick.rows]) == (
            list(slow.headings),
            [list(texts) for texts in slow.rows],
        )


def test_a_usual_table_is_simple() -> None:
    for frame in FRAMES:
        quick, _ = tables(frame.format(head=row("th", ["No", "Name"]), rows=row("td", ["1", "A & B"]) * 2))
        assert quick
        assert quick.columns == ["No", "Name"]
        assert quick.rows == [["1", "A & B"], ["1", "A & B"]]


@pytest.mark.parametrize(
    "cells", ["<td>1</td>", "<td>1</td><th>2</th>", "<td colspan=2>1</td>", "<td>1</td><td><a href='/'>2</a></td>"]
)
def test_what_is_not_so_simple_is_read_cell_by_cell(cells: str) -> None:
    quick, slow = tables(f"<table>{row('th', ['No', 'Name'])}<tr>{cells}</tr></table>")
    assert quick is None
    assert slow.rows or slow.headings
