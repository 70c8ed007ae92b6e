"""The kind `table`."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from sources.columns import Columns, Names
from sources.html import next_page
from sources.model import Entry, Get, Page, Source
from sources.selectors import Css
from sources.tables import find_table, read_table


class Table(Source):
    """The rows of an HTML table, one entry each. Columns are called by their headings: "Name", or "Dates / from"."""

    url: str = Field(description="the page with the table")
    table: Css | None = Field(default=None, description="CSS of the table; default: the one with most rows")
    key: Names = Field(min_length=1, description="the column, or columns, that tell one entry from another")
    title: Names = Field(default=(), description="the column, or columns, to show an entry by; default: the key")
    fields: Names = Field(default=(), description="the columns to compare; default: all")
    next: Css | None = Field(default=None, description="CSS of the link to the next page")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per row, then the next page."""
        table = read_table(find_table(page, self.table))
        columns = Columns(table.columns, f"the table at {page.url}", key=self.key, title=self.title, fields=self.fields)
        for row in table.rows:
            yield columns.entry(row)
        following = next_page(page, self.next)
        if following:
            yield following
