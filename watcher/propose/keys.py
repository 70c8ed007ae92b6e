"""Which columns distinguish the entries of a register, also after an entry is edited. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from watcher.propose import looks

_MOST_TOGETHER, _MOST_TRIED = 4, 9  # columns in a key, and from how many they are chosen
_ID_NAME = re.compile(
    r"(?:^|[^a-zа-яё])(?:id|uuid|guid|no|nr|num|number|nummer|key|code|ref|reference|docket|slug|номер|код|№|番号)"
    r"(?:$|[^a-zа-яё])|[a-z](?:Id|ID|Number|Key|No)$|№|#",
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
    stable = {name: _SORTS[sort := _sort(name, each)][0] + _is_id(name, sort) for name, each in usable.items()}
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


def _is_id(name: str, sort: str) -> bool:
    return sort in ("id", "number", "place") and _EXACTLY_ID.fullmatch(name) is not None


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
