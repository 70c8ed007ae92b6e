"""The kind `pdf_table`."""

from collections.abc import Iterator

from pydantic import Field

from sources.formats.pdf import join_tables, read_tables
from sources.kinds._pdf import OfPdf
from sources.model import Entry, Get, Page
from sources.pagination.columns import Columns, Names
from sources.pagination.detail import Detailed


class PdfTable(OfPdf, Detailed):
    """The rows of a table in a PDF file, over all its pages, one entry each. The link of an entry leads to its page."""

    key: Names = Field(min_length=1, description="the column, or columns, that tell one entry from another")
    title: Names = Field(default=(), description="the column, or columns, to show an entry by; default: the key")
    fields: Names = Field(default=(), description="the columns to compare; default: all")
    borders: bool = Field(
        default=True, description="false: it has no lines; each line of text is a row, and spaces tell columns"
    )

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per row. Raises NotFound, which lists the headings, and BadDocument."""
        names, rows = join_tables(read_tables(page, borders=self.borders), self.key, page.url, borders=self.borders)
        columns = Columns(names, f"the table in {page.url}", key=self.key, title=self.title, fields=self.fields)
        for number, values in rows:
            yield columns.entry(values).at(f"{page.url.partition('#')[0]}#page={number}")
