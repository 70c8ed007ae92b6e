"""Whether values are the same in another form: a date or a number written otherwise, other case or spaces. Pure.

`Forms` asks that of a column, which may also have got a prefix; `form_of` of one entry, of which less is known: there
two days in one notation are two days.
"""

import re
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from sources.formats.dates import read_date
from state.compare.changes import common_suffix
from state.model import Change, ChangeKind

_LONGEST, _LONGEST_DATE = 1_000_000, 40  # characters
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
        if form := form_change(before, after):
            self._seen[form] = None
        return bool(form) or self._take_prefix(name, before, after)

    def words(self) -> str:
        """What is different about the form: `dates rewritten, prefix "FRN " added`; "" where that cannot be said."""
        if any(rest is not None for rest in self._rests.values()):
            return ""
        words = dict(self._seen)
        for before, after in self._prefixes.values():
            one = f'"{before}" gone' if before else f'"{after}" added'
            words[f'prefix "{before}" now "{after}"' if before and after else f"prefix {one}"] = None
        return ", ".join(words)

    def _take_prefix(self, name: str, before: str, after: str) -> bool:
        end = common_suffix(before, after) if abs(len(before) - len(after)) <= _LONGEST_PREFIX else 0
        rest = before[len(before) - end :]
        pair = before[: len(before) - end], after[: len(after) - end]
        if self._prefixes.get(name, pair) != pair or not _is_prefix(pair, rest):
            return False
        self._prefixes[name] = pair
        if self._rests.setdefault(name, rest) != rest:
            self._rests[name] = None
        return True


def form_of(change: Change) -> str:
    """What is written otherwise in an entry of which nothing else is different: `case, numbers rewritten`; "" for every
    other change.
    """
    if change.kind is not ChangeKind.CHANGED:
        return ""
    forms = dict[str, None]()
    for before, after in change.fields.values():
        if not (form := value_form(before, after)):
            return ""
        forms[form] = None
    return ", ".join(forms)


def value_form(before: str | None, after: str | None) -> str:
    """How a value of one entry is only written otherwise; "" where it is another one."""
    form = form_change(before, after) if before and after else None
    if not (before and after and form):
        return ""
    other_words = form in {"spaces", "case"} and before.casefold().split() != after.casefold().split()
    other_day = form == "dates rewritten" and re.sub(r"\d", "0", before) == re.sub(r"\d", "0", after)
    return "" if other_words or other_day else form


def form_change(before: str, after: str) -> str | None:
    """How a value is only written otherwise; None where it is another one, or too long to be looked at."""
    longest = max(len(before), len(after))
    if longest <= _LONGEST:
        tight_before, tight_after = "".join(before.split()), "".join(after.split())
        if tight_before == tight_after:
            return "spaces"
        if tight_before.casefold() == tight_after.casefold():
            return "case"
    if longest > _LONGEST_DATE or (before.isdecimal() and after.isdecimal()):
        return None
    if _plain_number(before) == _plain_number(after):
        return "numbers rewritten"
    # Both are dates, and can be the same one; where one of them has no time of day, of the same day.
    old, new = _moments(before), _moments(after)
    if any(map(_has_time, old)) and any(map(_has_time, new)):
        return "dates rewritten" if old & new else None
    return "dates rewritten" if {each.date() for each in old} & {each.date() for each in new} else None


def _plain_number(text: str) -> str:
    """A number without zeros at the end of its fraction. "1.000" stays: that may be a thousand."""
    whole, point, fraction = text.partition(".")
    digits = whole.removeprefix("-")
    if not (point and digits.isdecimal() and fraction.isdecimal()) or (len(fraction) == 3 and len(digits) <= 3):
        return text
    return f"{whole}.{fraction}".rstrip("0").rstrip(".")


@lru_cache(maxsize=4096)  # a column of dates has few different ones
def _moments(text: str) -> frozenset[datetime]:
    """The moments that a text can mean, in UTC."""
    found = set[datetime]()
    if date := read_date(text):
        found.add(date.replace(tzinfo=None))
    if match := _DAY.fullmatch(text):
        first, second, year = map(int, match.groups())
        for day, month in ((first, second), (second, first)):
            with suppress(ValueError):
                found.add(datetime(year, month, day))  # noqa: DTZ001 - as the other, which is in UTC and does not say so
    return frozenset(found)


def _has_time(moment: datetime) -> bool:
    return moment.time() != moment.time().min


def _is_prefix(pair: tuple[str, str], rest: str) -> bool:
    """Whether one side only has more in front: something with a letter in it, that ends where a word does."""
    if not rest or pair in _SCHEMES:
        return pair in _SCHEMES and rest.startswith("://")
    longer = max(pair, key=len)
    if min(pair, key=len) or not any(char.isalpha() or char in "№#" for char in longer):
        return False
    return not (longer[-1].isalpha() and rest[0].isalpha()) and not (longer[-1].isdigit() and rest[0].isdigit())
