"""What a page shows of the list that it is a page of, and how much of that list was read."""

from collections.abc import Sequence
from typing import NamedTuple


class Remainder(NamedTuple):
    """What one page shows of its list.

    `addresses` are those of later pages, in order, `page` is its own number. `pages` and `entries` are how many there
    are, as it says. `more` is set where it says that there are more, without an address. `option` is the line of TOML
    that would follow, "" where none is known.
    """

    addresses: Sequence[str] = ()
    page: int | None = None
    pages: int | None = None
    entries: int | None = None
    more: bool = False
    option: str = ""


class ListCoverage(NamedTuple):
    """How much of a list was read, where that was not all of it; None for a number that is not known."""

    pages_read: int
    entries_read: int
    pages: int | None
    entries: int | None
    option: str
    rolling: bool = False  # the source's listing is a window, though its configuration does not say so

    @property
    def words(self) -> str:
        """What is read, for people: "1 of 3 pages is read"."""
        verb = "is" if self.pages_read == 1 else "are"
        if self.pages and self.pages > self.pages_read:
            return f"{self.pages_read} of {self.pages} pages {verb} read"
        if self.entries and self.entries > self.entries_read:
            return f"{self.entries_read} of {self.entries} entries are read"
        return f"{'1 page is' if self.pages_read == 1 else f'{self.pages_read} pages are'} read, and there are more"

    @property
    def advice(self) -> str:
        """The options that would change that, "" where none is known."""
        others = [f"this option would read the others: {self.option}"] if self.option else []
        window = ['where the first page of a rolling list is enough: listing = "window"'] if self.rolling else []
        return "; ".join([*others, *window])
