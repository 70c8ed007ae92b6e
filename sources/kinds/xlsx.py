"""The kind `xlsx`."""

from collections.abc import Iterator
from itertools import islice

from pydantic import Field, PositiveInt

from sources.errors import NotFound
from sources.formats.delimited import unique_names
from sources.formats.workbooks import read_rows
from sources.model import Entry, Get, Page
from sources.pagination.columns import Columns, Fields, Names
from sources.pagination.detail import Detailed


class Xlsx(Detailed):
    """The rows of a sheet of a workbook (.xlsx, .xls, .ods), one entry each. Dates are written 2025-07-16."""

    proven = "captures"

    url: str = Field(description="the workbook")
    sheet: PositiveInt | str | None = Field(
        default=None, description="the sheet: its name, or its number from 1; default: the first"
    )
    header_row: int = Field(default=1, ge=1, description="the row with the columns' names; those above are left out")
    key: Names = Field(min_length=1, description="the column, or columns, that tell one entry from another")
    title: Names = Field(default=(), description="the column, or columns, to show an entry by; default: the key")
    fields: Fields = Field(default=(), description="the columns to compare, or name = column, or columns; default: all")
    link: str | None = Field(default=None, description="the column with the address of each entry")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per row with a value. Raises NotFound for a missing sheet or column."""
        rows = read_rows(page, self.sheet, self.max_bytes)
        headings = next(islice(rows, self.header_row - 1, None), [])
        if not any(headings):
            raise NotFound(f"{page.url} has no headings in row {self.header_row} (option header_row)")
        columns = Columns(
            unique_names(headings), page.url, key=self.key, title=self.title, fields=self.fields, link=self.link
        )
        after_gap = False
        for row in rows:
            after_gap = after_gap or not any(row)
            # A single cell below an empty row is a remark of the export, such as the filters that were set.
            if any(row) and not (after_gap and len(row) > 2 and sum(map(bool, row)) == 1):
                yield columns.linked(row, page.url) if self.link else columns.entry(row)
