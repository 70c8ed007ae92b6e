"""Pairs of a customer and an entry, of which is known whether they are the same: made of published lists by rule.

`alias`: one name of an entry against its other names; `alias and facts` with the entry's birth date and country;
`two lists`: entries of two lists that share a number, or the UN's reference. Not the same: `namesake`, the name of an
entry with the birth date of another one, three years apart at least; `like name`, two entries of one list that share
half of their words; `shared word`, two that share one. A customer has a name of two words or more. Nothing was chosen by
how like the names are. The entry's key decides in which half a pair is; only the first was looked at.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple
from zlib import crc32

from alerts.screening.facts import Facts, read_facts
from tests.bench.screening_lists import Listed, lists

SAME = ("alias", "alias and facts", "two lists")
OTHER = ("namesake", "like name", "shared word")
_MOST = 1_500  # pairs of two entries, of each kind
_YEARS = 3


class Pair(NamedTuple):
    """A customer and an entry, as the lists write their facts."""

    kind: str
    customer: Listed
    entry: Listed

    @property
    def same(self) -> bool:
        """Whether they are one."""
        return self.kind in SAME

    @property
    def half(self) -> int:
        """1 was looked at, 2 was not."""
        return 1 + _hash(self.entry.source, self.entry.key) % 2

    def as_json(self) -> dict[str, Any]:
        """For another matcher: countries, numbers and dates as ours reads them."""
        facts = [
            dict(zip(Facts.__struct_fields__, (getattr(side, name) for name in Facts.__struct_fields__), strict=True))
            for side in map(facts_of_listed, (self.customer, self.entry))
        ]
        return {"person": self.entry.person, "customer": facts[0], "entry": facts[1]}


def facts_of_listed(listed: Listed) -> Facts:
    """What is compared."""
    return read_facts(listed.names, *map("; ".join, (listed.births, listed.countries, listed.numbers)))


def pairs() -> list[Pair]:
    """All pairs, the same ones each time."""
    entries = [each for each in lists() if each.names]
    return [*_aliases(entries), *_across(entries), *_namesakes(entries), *_strangers(entries)]


def _hash(*texts: str) -> int:
    return crc32("|".join(texts).encode())


def _full(listed: Listed) -> list[str]:
    return [name for name in listed.names if " " in name]


def _aliases(entries: list[Listed]) -> Iterator[Pair]:
    for entry in entries:
        if len(entry.names) > 1 and (full := _full(entry)):
            name = full[_hash(entry.source, entry.key, "name") % len(full)]
            rest = entry._replace(names=tuple(other for other in entry.names if other != name))
            yield Pair("alias", entry._replace(names=(name,), births=(), countries=(), numbers=()), rest)
            if entry.births:
                yield Pair("alias and facts", entry._replace(names=(name,), births=entry.births[:1], numbers=()), rest)


def _across(entries: list[Listed]) -> Iterator[Pair]:
    known = defaultdict[str, list[Listed]](list)
    for entry in entries:
        numbers = (text.rpartition(" ")[2] for text in facts_of_listed(entry).identifiers)
        for mark in {*entry.refs, *(number for number in numbers if len(number) > 5)}:
            known[mark].append(entry)
    seen = set[tuple[str, str]]()
    for found in known.values():
        for one in found:
            for other in found:
                ends = (one.source + one.key, other.source + other.key)
                if one.source < other.source and one.person == other.person and ends not in seen and _full(one):
                    seen.add(ends)
                    yield Pair(
                        "two lists", one._replace(names=(_full(one)[0],), births=one.births[:1], numbers=()), other
                    )


def _namesakes(entries: list[Listed]) -> Iterator[Pair]:
    born = [entry for entry in entries if entry.person and entry.births and _full(entry)]
    for at, entry in enumerate(born[::2]):
        own = {int(birth[:4]) for birth in facts_of_listed(entry).births}
        for other in born[(at * 7919) % len(born) :]:
            years = {int(birth[:4]) for birth in facts_of_listed(other).births[:1]}
            if own and years and min(abs(year - mine) for year in years for mine in own) >= _YEARS:
                yield Pair(
                    "namesake", entry._replace(names=(_full(entry)[0],), births=other.births[:1], numbers=()), entry
                )
                break


def _strangers(entries: list[Listed]) -> Iterator[Pair]:
    having = defaultdict[tuple[str, bool, str], list[Listed]](list)
    for entry in entries:
        for word in {word for name in entry.names for word in _words(name)}:
            having[entry.source, entry.person, word].append(entry)
    for kind, half in (("like name", True), ("shared word", False)):
        made = 0
        for entry in sorted(entries, key=lambda each: _hash(each.source, each.key, kind)):
            if made < _MOST and _full(entry) and (other := _stranger(entry, having, half=half)):
                made += 1
                yield Pair(kind, entry._replace(names=(_full(entry)[0],), births=entry.births[:1], numbers=()), other)


def _words(name: str) -> set[str]:
    return {word for word in name.casefold().replace("-", " ").replace(",", " ").split() if len(word) > 2}


def _stranger(entry: Listed, having: dict[tuple[str, bool, str], list[Listed]], *, half: bool) -> Listed | None:
    """An entry of the same list that shares at least half of the words of a name and is not called the same; or one that
    shares fewer.
    """
    words = _words(_full(entry)[0])
    for word in sorted(words, key=lambda each: _hash(entry.key, each)):
        others = having[entry.source, entry.person, word]
        first = _hash(word, entry.key) % len(others)
        for other in (others[first:] + others[:first])[:200]:
            named = [_words(name) for name in other.names]
            shared = max(len(words & theirs) / max(len(words), len(theirs)) for theirs in named)
            if other.key != entry.key and words not in named and (shared >= 0.5) == half:
                return other
    return None
