"""A table of very many plain rows is parsed without a tree, with the same result."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import Get, Page, SourceError
from sources.kinds import _long_tables as long_tables
from sources.loader import kind
from sources.model.entry import each_alone

TEXTS = st.one_of(
    st.text(st.sampled_from("ab é\u00a0\u0301\n\t\x0c\x01&;#<>'\""), max_size=5),
    st.sampled_from(
        ["&amp;", "&lt;b&gt;", "&nbsp;x", "&#233;", "&#0;x", "&bogus;", "&#x80;", "a&b", "&amp;lt;", "<b>x</b>", ""]
    ),
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        " class=a",
        " class='a b'",
        ' title="x > y"',
        " title='<td>'",
        ' colspan="2"',
        " hidden",
        ' a="1" b',
        " /",
        " title=a/",
    ]
)
CELLS = st.tuples(st.sampled_from(["td", "td", "td", "td", "th"]), ATTRIBUTES, TEXTS)
ODD = st.sampled_from(
    [
        "",
        "",
        "",
        "<!-- x -->",
        "text",
        "</tbody><tbody>",
        "<tr><td>one",
        "</table><table><tr><td>1<td>2",
        "<script>",
        "<tr></tr>",
    ]
)
ROWS = st.lists(st.tuples(st.lists(CELLS, min_size=2, max_size=3), ATTRIBUTES, ODD), max_size=2)
ROWS = st.just([]) | st.just([]) | ROWS
RUN_TEXTS = st.sampled_from(
    [
        "x",
        "é",
        "e\u0301",
        " a  b ",
        "\u00a0",
        "",
        "a|b",
        "&amp;",
        "&lt;b&gt;",
        "&nbsp;x",
        "&#0;x",
        "&bogus;",
        "&#x80;",
        "a&b",
        "&amp;lt;",
        "\x01",
    ]
)
PLAIN = st.sampled_from(["", " class=a", " class='a b'", ' title="&nbsp;"', " hidden", ' a="1" b', "\n"])
RUNS = st.lists(
    st.tuples(st.lists(st.tuples(st.just("td"), PLAIN, RUN_TEXTS), min_size=2, max_size=2), PLAIN, st.just("")),
    max_size=9,
)
PAGES = st.sampled_from(
    [
        "<html><body><p><table><tr><th>K</th><th>V</th></tr>{}</table></body></html>",
        "<html><body><table><thead><tr><th>K</th><th>V</th></tr></thead><tbody>{}</tbody></table><p>end</body></html>",
        "<html><body><table><tr><td><table><tr><th>K</th><th>V</th></tr>{}</table></td></tr></table></body></html>",
        "<html><body><!-- <table> {} --><table><tr><th>K</th><th>V</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>",
        "<html><body><table><tr><th>K</th><th></th></tr>{}</table></body></html>",
        "<html><body><table><tr><th>K</th><th>V</th></tr>{}",
    ]
)  # fmt: skip


def written(rows: Any) -> str:
    return "".join(
        f"<tr{own}>{''.join(f'<{tag}{more}>{text}</{tag}>' for tag, more, text in cells)}</tr>\n{odd}"
        for cells, own, odd in rows
    )


def plain(number: int) -> str:
    return "".join(f"<tr><td>k{at}</td>\n<td class='v'>v {at % 3}</td></tr>\n" for at in range(number))


def read(markup: str, **options: Any) -> list[Any] | str:
    page = Page(Get("http://a.example"), "http://a.example", 200, {}, markup.encode(), datetime.now(UTC))
    try:
        return list(each_alone(kind("table")(url="http://a.example", key="K", **options).parse(page)))
    except SourceError as error:
        return f"{error.code}: {error.message}"


@pytest.fixture
def few_rows_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_tables, "LEAST", 3)
    monkeypatch.setattr(long_tables, "_BLOCK", 2)


@pytest.mark.usefixtures("few_rows_are_long")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page=PAGES, before=ROWS, run=RUNS, number=st.integers(1, 6), after=ROWS)
def test_a_long_table_is_read_as_with_a_tree(page: str, before: Any, run: Any, number: int, after: Any) -> None:
    markup = page.format(written(before) + plain(number) + written(run) + written(after))
    quick = read(markup)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_tables, "LEAST", 10**9)
        assert quick == read(markup)


def test_a_plain_table_of_a_thousand_rows_is_read_without_its_tree() -> None:
    markup = "<html><body><table><tr><th>K</th><th>V</th></tr>{}</table><a rel=next href=/2>next</a></body></html>"
    page = Page(
        Get("http://a.example"),
        "http://a.example",
        200,
        {},
        markup.format(plain(1500)).encode(),
        datetime.now(UTC),
    )
    found = long_tables.long_table(page, None)
    assert found is not None
    assert "html" not in vars(page)
    assert len(list(found.rows)) == 1500
    assert len(found.page.body) < 500
    *entries, following = read(page.text, next="a[rel=next]")
    assert (len(entries), following.url) == (1500, "http://a.example/2")


def test_rows_that_span_are_left_to_the_tree() -> None:
    rows = "".join(f"<tr><td colspan=1>k{number}</td><td>v</td></tr>" for number in range(1500))
    markup = f"<html><body><table><tr><th>K</th><th>V</th></tr>{rows}</table></body></html>"
    page = Page(Get("http://a.example"), "http://a.example", 200, {}, markup.encode(), datetime.now(UTC))
    assert long_tables.long_table(page, None) is None
    assert len(read(markup)) == 1500
