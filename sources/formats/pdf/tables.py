"""The rows of tables in a PDF file, over all of its pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sources.errors import BadDocument, NotFound
from sources.formats.pdf.direction import logical
from sources.formats.pdf.document import faults, no_text, opened
from sources.formats.tabular.column_names import unique_names
from sources.text import clean, listing

if TYPE_CHECKING:
    from sources.model import Page

MOST_PAGES = 500  # a page of a table takes about a tenth of a second
_HEAD = 5  # rows of a table in which the headings may stand
_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010]\n(?=[^\W\d_])")


class Row(NamedTuple):
    """One row: the number of the page where it begins, and its values."""

    page: int
    values: Sequence[str]


class PageTable(NamedTuple):
    """A table on one page: the page's number from 1, and its rows."""

    page: int
    rows: Sequence[Sequence[str]]


def tables_in(page: Page, *, borders: bool = True) -> Iterator[PageTable]:
    """The tables of a PDF file, page by page. Without `borders` the spaces between columns tell them.

    Raises WrongContent, and BadDocument as `opened` does, also for a file without text.
    """
    import pdfplumber  # noqa: PLC0415 - slow to import; few sources need it

    with opened(page, MOST_PAGES):
        pass
    way = "lines" if borders else "text"
    settings = {"vertical_strategy": way, "horizontal_strategy": way}
    texts = False
    with faults(page.url), pdfplumber.open(io.BytesIO(page.body)) as document:
        for sheet in document.pages:
            texts = texts or bool(sheet.chars)
            for table in sheet.extract_tables(settings):
                yield PageTable(sheet.page_number, [[unwrapped(value or "") for value in row] for row in table])
            sheet.close()  # forgets its objects, of which a long file has millions
    if not texts:
        raise no_text(page.url)


def joined_tables(tables: Iterable[PageTable], key: Sequence[str], where: str) -> tuple[list[str], Iterator[Row]]:
    """The columns' names, and the rows of the table that has the columns of `key`, over all its pages.

    Headings that are repeated on each page are left out, and a row that goes on at the top of the next page is one.
    Raises NotFound, which lists the headings that were seen, and BadDocument where the columns differ between pages.
    """
    wanted, seen, rest = set(map(_plain, key)), dict[str, None](), iter(tables)
    for table in rest:
        for at, row in enumerate(table.rows[:_HEAD]):
            if wanted <= set(map(_plain, row)):
                first = PageTable(table.page, table.rows[at + 1 :])
                return unique_names(row), _whole_rows(_rows(first, rest, row, where), _places(row, wanted))
        seen |= dict.fromkeys(filter(None, map(clean, table.rows[0] if table.rows else ())))
    found = f"the first rows of its tables have {listing(seen, most=30)}" if seen else "it has no table with borders"
    raise NotFound(f"{where} has no table with the columns {listing(key)} (option key); {found}")


def unwrapped(text: str) -> str:
    """The text of a cell as one line: words that were divided at the end of a line are joined."""
    lines = "\n".join(logical(line) for line in text.split("\n"))
    return clean(_HYPHEN.sub(_undivided, lines))


def _undivided(found: re.Match[str]) -> str:
    after = found.string[found.end()]
    return "" if after.islower() or found[0][0] == "\u00ad" else "-"


def _rows(first: PageTable, rest: Iterable[PageTable], headings: Sequence[str], where: str) -> Iterator[Row]:
    yield from (Row(first.page, row) for row in first.rows)
    names = list(map(_plain, headings))
    for table in rest:
        head = list(map(_plain, table.rows[0])) if table.rows else []
        if len(head) == len(names):
            yield from (Row(table.page, row) for row in (table.rows[1:] if head == names else table.rows))
        elif set(filter(None, head)) & set(names) - {""}:
            raise BadDocument(f"{where}: the table on page {table.page} has other columns than before: {listing(head)}")


def _whole_rows(rows: Iterable[Row], key: Sequence[int]) -> Iterator[Row]:
    """The rows; one without a key at the top of a page goes on from the page before."""
    held: Row | None = None
    for row in rows:
        if not any(row.values):
            continue
        if held and not any(row.values[at] for at in key) and held.page < row.page:
            held = Row(held.page, [_together(*pair) for pair in zip(held.values, row.values, strict=True)])
            continue
        if held:
            yield held
        held = row
    if held:
        yield held


def _together(above: str, below: str) -> str:
    return unwrapped(f"{above}\n{below}") if above and below else above or below


def _places(row: Sequence[str], wanted: set[str]) -> list[int]:
    return [at for at, name in enumerate(row) if _plain(name) in wanted]


def _plain(name: str) -> str:
    return clean(name).casefold()
