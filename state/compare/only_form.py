"""Is a value the same in another form: a date written otherwise, other case or spaces, one more prefix? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import takewhile

from sources.formats.dates import read_date

_LONGEST_DATE = 40  # characters
_LONGEST_PREFIX = 60
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")  # which of the first two is the month, nobody can say
_SCHEMES = {("http", "https"), ("https", "http")}


class Forms:
    """Takes the values of many entries before and after, and says whether all are the same in another form.

    Every entry must have got the same prefix in a field, before values that differ: "verified" that becomes
    "unverified" everywhere is another value.
    """

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}
        self._prefixes: dict[str, tuple[str, str]] = {}
        self._rests: dict[str, str | None] = {}  # the value behind the prefix, None once there are several

    def take(self, name: str, before: str | None, after: str | None) -> bool:
        """Take a field's next value; whether it is the same in another form."""
        if before is None or after is None:
            return False
        if name in self._prefixes and self._take_prefix(name, before, after):
            return True  # before dates are looked for, which takes longer
        form = _form(before, after)
        if form:
            self._seen[form] = None
        return form is not None or self._take_prefix(name, before, after)

    def words(self) -> str:
        """What is different about the form: `dates rewritten, prefix "FRN " added`; "" where that cannot be said."""
        if any(rest is not None for rest in self._rests.values()):
            return ""
        prefixes = dict.fromkeys(map(_prefix_words, self._prefixes.values()))
        return ", ".join([*self._seen, *prefixes])

    def _take_prefix(self, name: str, before: str, after: str) -> bool:
        rest = _common_end(before, after)
        pair = before[: len(before) - len(rest)], after[: len(after) - len(rest)]
        if self._prefixes.get(name, pair) != pair or not _is_prefix(pair, rest):
            return False
        self._prefixes[name] = pair
        if self._rests.setdefault(name, rest) != rest:
            self._rests[name] = None
        return True


def _form(before: str, after: str) -> str | None:
    tight_before, tight_after = "".join(before.split()), "".join(after.split())
    if tight_before == tight_after:
        return "spaces"
    if tight_before.casefold() == tight_after.casefold():
        return "case"
    return "dates rewritten" if _same_date(before, after) else None


def _same_date(before: str, after: str) -> bool:
    """Whether both are dates, and can be the same one; where one of them has no time of day, of the same day."""
    if max(len(before), len(after)) > _LONGEST_DATE or (before.isdecimal() and after.isdecimal()):
        return False
    old, new = _moments(before), _moments(after)
    timed = any(map(_has_time, old)) and any(map(_has_time, new))
    return bool(old & new) if timed else bool({each.date() for each in old} & {each.date() for each in new})


@lru_cache(maxsize=4096)  # a column of dates has few different ones
def _moments(text: str) -> frozenset[datetime]:
    """The moments that a text can mean, in UTC."""
    return frozenset(_all_moments(text))


def _all_moments(text: str) -> Iterator[datetime]:
    if found := read_date(text):
        yield found.replace(tzinfo=None)
    if match := _DAY.fullmatch(text):
        first, second, year = map(int, match.groups())
        for day, month in ((first, second), (second, first)):
            if 1 <= month <= 12 and 1 <= day <= 28 + 3 * (month != 2) and year:
                yield from _valid(year, month, day)


def _valid(year: int, month: int, day: int) -> Iterator[datetime]:
    try:
        yield datetime(year, month, day)  # noqa: DTZ001 - as the others, which are in UTC and do not say so
    except ValueError:
        return


def _has_time(moment: datetime) -> bool:
    return moment.time() != moment.time().min


def _common_end(one: str, other: str) -> str:
    """The end that two texts have in common; "" where one of them begins too far before it to be a prefix."""
    if abs(len(one) - len(other)) > _LONGEST_PREFIX:
        return ""
    if one.endswith(other) or other.endswith(one):
        return min(one, other, key=len)
    pairs = zip(reversed(one), reversed(other), strict=False)
    length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return one[len(one) - length :]


def _is_prefix(pair: tuple[str, str], rest: str) -> bool:
    """Whether one side only has more in front: something with a letter in it, that ends where a word does."""
    if not rest or pair in _SCHEMES:
        return pair in _SCHEMES and rest.startswith("://")
    longer = max(pair, key=len)
    if min(pair, key=len) or not any(char.isalpha() or char in "№#" for char in longer):
        return False
    return not (longer[-1].isalpha() and rest[0].isalpha()) and not (longer[-1].isdigit() and rest[0].isdigit())


def _prefix_words(pair: tuple[str, str]) -> str:
    before, after = pair
    if before and after:
        return f'prefix "{before}" now "{after}"'
    return f'prefix "{after}" added' if after else f'prefix "{before}" gone'
