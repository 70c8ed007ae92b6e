"""A proposal, and the test whether the kind that it names can read the page with its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from sources import Entry, Get, Page, Source, SourceError
from sources.loader import KindError, kind
from sources.options import HttpOptions
from sources.reading.engine import read_page
from sources.text import listing
from watcher.propose.keys import choose_key, explain, naming
from watcher.trials.try_source import count_sharing_a_key


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a page could be read: a kind, its options (without `url`), a description, and remarks for people.

    `columns` has the values that a key can be made of, by the names that the option `key` accepts. `try_proposal` sets
    `entries`, and `shared`, the number of those that share their key with another one.
    """

    kind: str
    options: Mapping[str, Any]
    what: str
    key: Sequence[str] = ()  # the columns that make it; none for one entry, or where the kind has its own
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    entries: Sequence[Entry] = ()
    shared: int = 0
    remarks: Sequence[str] = ()
    more: bool = False  # the page leads to further ones
    own_address: bool = False  # the kind requests this page without the option `url`
    moving: bool = False  # it would change at each look

    def adding(self, options: Mapping[str, Any], *remarks: str) -> Proposal:
        """The proposal with further or other options, and further remarks."""
        return replace(self, options={**self.options, **options}, remarks=[*self.remarks, *filter(None, remarks)])

    def keyed(self, names: Sequence[str]) -> Proposal:
        """The proposal with these columns as its key."""
        several = f"[{', '.join(names)}]" if self.kind == "json" else list(names)
        return replace(self.adding({"key": names[0] if len(names) == 1 else several}), key=names)

    @property
    def key_words(self) -> str:
        """The key, with the reasons for and against it; that it is unique is said of the entries that were read."""
        if not self.key:
            return "the kind knows what tells its entries apart" if self.own_address else "there is one entry"
        again = len(self.entries) - len({entry.key for entry in self.entries})
        unique = f"unique, but for {again} equal to another in everything, " if again else "unique, "
        if self.shared:
            edits = "their edits will be seen as one removed and one added"
            unique = f"not unique ({self.shared} entries share theirs: {edits}), "
        said = unique if len(self.entries) > 1 else ""
        return f"{listing(self.key)}: {said}{explain(self.columns, self.key)}"


class Sketch(NamedTuple):
    """A possible proposal: its score (0 to about 3), and a function that makes it, which takes longer."""

    score: float
    work_out: Callable[[], Proposal | None]


def try_proposal(proposal: Proposal, page: Page, http: HttpOptions) -> Proposal | None:
    """The proposal with the entries that its kind reads from the page; None if it reads none."""
    try:
        source = source_of(proposal, page.url, http)
        entries, following = read_entries(source, page)
    except (KindError, ValidationError, SourceError):
        return None
    shared = count_sharing_a_key(entries, source.uncompared)
    return replace(proposal, entries=entries, shared=shared, more=following is not None) if entries else None


def read_entries(source: Source, page: Page) -> tuple[list[Entry], Get | None]:
    """The entries on a page, and the request for the next page, if it leads to one. Raises SourceError."""
    items = list(read_page(source, page))
    return [item for item in items if isinstance(item, Entry)], next((i for i in items if isinstance(i, Get)), None)


def source_of(proposal: Proposal, url: str, http: HttpOptions, further: Mapping[str, Any] | None = None) -> Source:
    """The proposed source, with `further` options. Raises KindError and ValidationError."""
    return kind(proposal.kind).model_validate({"url": url, **proposal.options, **(further or {})}).under(http)


def where_entries(proposal: Proposal) -> str:
    """The CSS of an entry on an HTML page; "" where none is known."""
    if proposal.kind == "list":
        return str(proposal.options["item"])
    return f"{proposal.options.get('table', 'table')} tr:has(> td + td)" if proposal.kind == "table" else ""


def propose_columns(kind: str, options: Mapping[str, Any], what: str, columns: dict[str, list[str]]) -> Proposal | None:
    """A proposal with its key and title; None if all columns are empty."""
    key, title = choose_key(columns), naming(columns)
    made = Proposal(kind, options, what, columns=columns).keyed(key) if key else None
    return made and made.adding({"title": title} if title and (title,) != key else {})
