"""A proposal: which columns make its key, as they distinguish the entries of a register also after an entry is edited;
and the test whether the kind that it names can read the page with its options.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from pydantic import ValidationError

from sources import Entry, Get, Page, Source, SourceError
from sources.loader import KindError, kind
from sources.options import HttpOptions
from sources.reading.engine import read_page
from sources.text import listing
from watcher.propose import looks
from watcher.trials.try_source import count_sharing_a_key

_MOST_TOGETHER, _MOST_TRIED = 4, 9  # columns in a key, and from how many they are chosen
_ID_NAME = re.compile(
    r"(?:^|[^a-zа-яё])(?:id|uuid|guid|no|nr|num|number|nummer|key|code|ref|reference|docket|slug|номер|код|№|番号)"
    r"(?:$|[^a-zа-яё])|[a-z](?:Id|ID|Number|Key|No)$|№|#"
)
_EXACTLY_ID = re.compile(r"@?(?:.*[.:_-])?(?:id|uuid|guid)|.*[a-z]Id|.*UUID", re.IGNORECASE)
_ID_VALUE = re.compile(r"(?=\S*\d)[\w./:#()+-]{1,64}")
_NAMING = re.compile(r"name|title|caption|subject|наимен|назван|имя", re.IGNORECASE)
_SORTS = {  # of values: how unlikely a change of one is, 0 to 6, and the reason for it or against it
    "id": (5.0, "it looks like an identifier"),
    "link": (4.0, "it is an address"),
    "name": (3.5, "it looks like a name"),
    "number": (1.5, "it is a number"),
    "place": (1.0, "it only counts the rows, so it moves when one is put between"),
    "date": (0.7, "it is a date, which is corrected at times"),
    "text": (0.5, "it is a long text, which is edited at times"),
}
_TOGETHER = "together they stay the same when the rest is edited"


def choose_key(columns: Mapping[str, Sequence[str]], most: int = _MOST_TOGETHER) -> tuple[str, ...]:
    """The columns (name to values, all of the same length) that make the best key; none if all are empty.

    One column if one is unique, else up to `most` together. Equal rows count as one entry.
    """
    rows = _distinct_rows(columns)
    usable = {name: values for name, values in columns.items() if any(values)}
    if not usable or not rows:
        return ()
    at = {name: place for place, name in enumerate(columns)}
    # a column that is called exactly "id" is one
    sorts = {name: _sort(name, each) for name, each in usable.items()}
    is_id = {name for name in sorts if sorts[name] in ("id", "number", "place") and _EXACTLY_ID.fullmatch(name)}
    stable = {name: _SORTS[sort][0] + (name in is_id) for name, sort in sorts.items()}
    # those that may form a key together: they distinguish most entries, and are stable
    worth = {name: looks.distinct(each) * looks.filled_share(each) * stable[name] for name, each in usable.items()}
    together = set(sorted(worth, key=worth.__getitem__, reverse=True)[:_MOST_TRIED])
    best: tuple[float, tuple[str, ...]] = -math.inf, ()
    for number in range(1, most + 1):
        for names in combinations([name for name in usable if number == 1 or name in together], number):
            keys = [tuple(row[at[name]] for name in names) for row in rows]
            value = _value(keys, min(stable[name] for name in names), number)
            if value > best[0] + 1e-9:
                best = value, tuple(sorted(names, key=at.__getitem__))
        if not count_shared(columns, best[1]):
            break
    return best[1]


def explain(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> str:
    """The reasons for and against these columns as a key."""
    keys = list(zip(*(columns[name] for name in names), strict=True))
    empty = sum(not any(key) for key in keys)
    full = "filled in every entry" if not empty else f"empty in {empty} of {len(keys)} entries"
    stable = _SORTS[_sort(names[0], columns[names[0]])][1] if len(names) == 1 else _TOGETHER
    return f"{full}; {stable}"


def count_shared(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> int:
    """How many different rows share their values in these columns with another."""
    places = [place for place, name in enumerate(columns) if name in names]
    times = Counter(tuple(row[place] for place in places) for row in _distinct_rows(columns))
    return sum(count for count in times.values() if count > 1)


def naming(columns: Mapping[str, Sequence[str]]) -> str | None:
    """The column to show as an entry's title: one called a name, else the one with most words that is no long text."""

    def worth(name: str) -> float:
        values = columns[name]
        words = sum(map(str.isalpha, "".join(values))) / max(1, len("".join(values)))
        value = looks.filled_share(values) * (0.3 + looks.distinct(values)) * words
        value *= min(1.0, 0.3 + looks.mean_length(values) / 40) * (2.5 if _NAMING.search(name) else 1)
        return value * {"id": 0.3, "link": 0.1, "date": 0.1, "text": 0.6}.get(_sort(name, values), 1.0)

    best = max(columns, key=worth, default=None)
    return best if best is not None and worth(best) > 0.2 else None


def _distinct_rows(columns: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(zip(*columns.values(), strict=True)))


def _value(keys: Sequence[tuple[str, ...]], stable: float, columns: int) -> float:
    """The score of a key: uniqueness counts most, then few empty values, then stability, then few columns."""
    shared = sum(times for times in Counter(keys).values() if times > 1)
    full = sum(any(key) for key in keys) / len(keys)
    return 10 * full + stable - 2 * math.log2(1 + shared) - (6 if shared or full < 1 else 0) - 1.5 * (columns - 1)


def _sort(name: str, values: Sequence[str]) -> str:
    says_id = bool(_EXACTLY_ID.fullmatch(name) or _ID_NAME.search(name) or _ID_NAME.search(name.lower()))
    if name.endswith(("@href", "@src")) or looks.share(values, looks.is_link) > 0.8:
        return "link"
    if looks.share(values, looks.is_date) > 0.5 or looks.share(values, looks.is_clock) > 0.8:
        return "date"
    if _counts_rows(values) and not _EXACTLY_ID.fullmatch(name):
        return "place"
    if looks.mean_length(values) > 120:  # characters: a longer value is a text, which is edited, rather than a name
        return "text"
    numbers = looks.share(values, looks.is_number) > 0.8 or looks.share(values, looks.is_host_address) > 0.5
    if says_id or (not numbers and looks.share(values, _ID_VALUE.fullmatch) > 0.8):
        return "id"
    return "number" if numbers else "name"


def _counts_rows(values: Sequence[str]) -> bool:
    """Whether the values are 1, 2, 3 ... or the reverse: the position of a row."""
    places = filter(None, (re.fullmatch(r"\W*(\d+)\W*", value) for value in values))
    numbers = [int(place[1]) for place in places]
    steps = {after - before for before, after in pairwise(numbers)}
    return steps in ({1}, {-1}) and len(numbers) >= max(3, len(values) - 1)


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
