"""The kind `table`."""

from collections.abc import Iterator
from itertools import repeat
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sources.errors import NotFound
from sources.model import Entry, Get, Page
from sources.model.entry import Rows
from sources.options import Selector
from sources.pagination.columns import Columns, Fields, Names
from sources.pagination.next_page import HtmlPaged, Tally, follow_link, is_further_page
from sources.reading.entry_fingerprints import OWN_LINK

if TYPE_CHECKING:
    from sources.formats import tables
    from sources.formats.records import RecordCut
    from sources.kinds._long_tables import LongTable


class Table(HtmlPaged):
    """The rows of an HTML table, one entry each. Columns are called by their headings: "Name", or "Dates / from"."""

    proven = "captures"

    url: str = Field(description="the page with the table")
    table: Selector | None = Field(default=None, description="CSS of the table; default: the one with most rows")
    key: Names = Field(min_length=1, description="the column, or columns, that tell one entry from another")
    title: Names = Field(default=(), description="the column, or columns, to show an entry by; default: the key")
    fields: Fields = Field(default=(), description="the columns to compare, or name = column, or columns; default: all")
    link: str | Literal[False] | None = Field(
        default=None,
        description="the column with the entry's link; default: the row's own, at the title, the key or the first;"
        " false: none",
    )

    @property
    def uncompared(self) -> tuple[str, ...]:
        """A link that nobody asked for is shown, and makes no change: many sites write them anew at each visit."""
        return self.ignore if self.link else (*self.ignore, OWN_LINK)

    def parse(self, page: Page) -> Iterator[Rows | Entry | Get]:
        """One entry per row, then the next page."""
        from sources.formats.tables import table_of  # noqa: PLC0415 - with lxml slow to import; most checks read nothing
        from sources.kinds._long_tables import long_table  # noqa: PLC0415 - as above

        long = long_table(page, self.table)
        page = long.page if long else page
        try:
            found: tables.HtmlTable | LongTable = long or table_of(page, self.table)
            names, where, title, fields = found.columns, f"the table at {page.url}", self.title, self.fields
            columns = Columns(names, where, key=self.key, title=title, fields=fields, link=self.link or None)
        except NotFound:
            if is_further_page(page):
                return
            raise
        links = getattr(found, "links", ()) if self.link is not False else ()
        entries: Iterator[Rows | Entry]
        if links or self.link:
            entries = (columns.linked(*each) for each in zip(found.rows, repeat(page.url), links or repeat(())))
        else:
            entries = map(columns.batch, long.batches) if long else columns.rows(found.rows)
        tally = Tally()
        yield from tally.of(entries)
        if following := self.following(page, tally):
            yield following

    def cut(self, page: Page) -> "RecordCut | None":
        """Its rows, if they are plain, and all on this page."""
        from sources.kinds._long_tables import cut_rows  # noqa: PLC0415 - as above

        return None if type(self).parse is not Table.parse or self.counting or self.next else cut_rows(page)

    def essence(self, page: Page) -> bytes | None:
        """The table's markup, and the link to the next page."""
        from sources.formats.tables import find_markup  # noqa: PLC0415 - as above

        if self.pages:
            return None
        following = follow_link(page, self.next)
        return f"{following.url if following else ''}\n{find_markup(page, self.table)}".encode()
