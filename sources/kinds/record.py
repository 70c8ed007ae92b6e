"""The kind `record`."""

from collections.abc import Iterator

from pydantic import Field

from sources.errors import NotFound
from sources.model import Entry, Get, Page
from sources.options import Selector
from sources.pagination.columns import Names
from sources.pagination.requests import Asking
from sources.text import fold_name, headline, listing


class Record(Asking):
    """A page about one (a firm, a case, a notice), as one entry: its fields are the labels on the page.

    A label and its value are `dt` and `dd`, two cells of a row, two elements that alternate, or "Label: value". A label
    that stands in several parts of the page has the heading of its part before it: "Registered office / City".
    """

    proven = "captures"

    url: str = Field(description="the page")
    select: Selector | None = Field(
        default=None, description="CSS of the part with the labels; default: the page without menus and footers"
    )
    fields: Names = Field(default=(), description="the labels to compare; default: all")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """The entry. Raises NotFound when nothing matches `select`, or no label has a value."""
        from sources.formats.html import text_of  # noqa: PLC0415 - with lxml slow to import; most checks read nothing
        from sources.formats.labels import read_labels  # noqa: PLC0415 - as above
        from sources.formats.selectors import describe_named, keep_outermost, select  # noqa: PLC0415 - as above

        root = page.html
        parts = keep_outermost(select(root, self.select)) if self.select else [root]
        if not parts:
            seen = describe_named(root)
            raise NotFound(f"{page.url} has nothing that matches {self.select!r} (option select); it has {seen}")
        values = {each.name: each.value for part in parts for each in read_labels(part) if each.value}
        headings = (*root.iter("h1"), *root.iter("title"))
        title = next((line for each in headings if (line := headline(text_of(each) or each.text or ""))), "")
        if not values:
            raise NotFound(f"{page.url} has no labels with values below {title!r}; the kind text reads such a page")
        wanted = set(map(fold_name, self.fields))
        fields = {name: value for name, value in values.items() if not wanted or fold_name(name) in wanted}
        if not fields:
            seen = listing(values)
            raise NotFound(f"{page.url} has none of the labels {listing(self.fields)} (option fields); it has {seen}")
        yield Entry("page", title or self.url, fields, self.url)
