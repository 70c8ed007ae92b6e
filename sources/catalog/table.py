"""The kind `table`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from sources.errors import NotFound
from sources.extract.columns import Columns, Names
from sources.extract.pagination import HtmlPaged, Tally, counted_on
from sources.formats.markup.html import next_page
from sources.formats.markup.selectors import Css
from sources.formats.tabular import tables
from sources.formats.tabular.long_tables import LongTable, long_table
from sources.formats.tabular.tables import markup_of, table_of
from sources.model import Get, Page, Proven
from sources.reading.row_batch import Rows


class Table(HtmlPaged):
    """The rows of an HTML table, one entry each. Columns are called by their headings: "Name", or "Dates / from"."""

    proven: ClassVar[Proven | None] = "captures"

    url: str = Field(description="the page with the table")
    table: Css | None = Field(default=None, description="CSS of the table; default: the one with most rows")
    key: Names = Field(min_length=1, description="the column, or columns, that tell one entry from another")
    title: Names = Field(default=(), description="the column, or columns, to show an entry by; default: the key")
    fields: Names = Field(default=(), description="the columns to compare; default: all")

    def parse(self, page: Page) -> Iterator[Rows | Get]:
        """One entry per row, then the next page."""
        long = long_table(page, self.table)
        page = long.page if long else page
        try:
            rows = self._rows(page, long or table_of(page, self.table))
        except NotFound:
            if counted_on(page):
                return
            raise
        tally = Tally()
        yield from tally.of_rows(rows)
        following = self.following(page, tally)
        if following:
            yield following

    def essence(self, page: Page) -> bytes | None:
        """The table's markup, and the link to the next page."""
        if self.pages:
            return None
        following = next_page(page, self.next)
        return f"{following.url if following else ''}\n{markup_of(page, self.table)}".encode()

    def _rows(self, page: Page, found: tables.Table | LongTable) -> Iterator[Rows]:
        columns = Columns(found.columns, f"the table at {page.url}", key=self.key, title=self.title, fields=self.fields)
        return columns.rows(found.rows)
