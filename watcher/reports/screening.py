"""Screening: which entries may be about somebody, in points from 0 to 100, and why; and the customers in a file.

The index in the state finds the entries that share a key with one of the names, or a number; those whose names sound
likest are compared word by word.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from pydantic import ConfigDict
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extract

from alerts.screening.facts import Facts, facts_of, read_facts
from alerts.screening.names import keys_of
from alerts.screening.score import Prepared, prepare, score
from sources import Entry, Get, Page
from sources.errors import BadDocument
from sources.formats.archives import Content
from sources.formats.decode import name_binary
from sources.formats.delimited import find_delimiter, unique_names
from sources.text import clean, fold_name, listing
from state.compare.reader_fingerprints import code_fingerprint
from state.model import Standing
from state.storage.screening import NameReader
from state.store import Store
from watcher.errors import UsageError
from watcher.reports import ReportModel, Time

if TYPE_CHECKING:
    from array import array

    from watcher.config.load import Config

MOST_FOUND = 2000  # entries that are looked at for one customer, those with the rarest keys first
MOST_COMPARED = 50  # of them, those that sound likest
_KEYS, _ENTRIES = 10_000, 200_000  # that are remembered while many are screened
_LONGEST_LINE, _LONGEST_NAME = 1_000_000, 1000  # characters
_CODE = ("alerts.screening.facts", "alerts.screening.names", "alerts.screening.score")


class ListedName(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An entry as the index has it: its facts, and how each of its names sounds."""

    facts: Facts
    sounds: tuple[str, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(ListedName).decode


@cache
def name_reader() -> NameReader:
    """How the index is made of entries."""
    return NameReader(code_fingerprint(_CODE), _pack, lambda packed: keys_of(_decode(packed).facts))


def _pack(entry: Entry) -> bytes:
    prepared = prepare(facts_of(entry))
    return _encode(ListedName(prepared.facts, prepared.sounds))


def bring_up_to_date(store: Store, config: Config) -> Iterator[int]:
    """Index what has changed since somebody screened; yields after each part, where it may be left. Raises
    StateError.
    """
    by_check = [name for name, source in config.sources.items() if getattr(source, "detail", None)]
    for source in store.screening.outdated(name_reader().made, by_check):
        yield from store.screening.catch_up(source, name_reader())


class ClearedReport(ReportModel):
    """By whom and why it was decided that an entry is not about an entity, and until when that holds."""

    model_config = ConfigDict(from_attributes=True)

    entity: str
    why: str
    who: str
    at: Time
    until: Time | None


class HitReport(ReportModel):
    """An entry that may be about somebody: its points from 0 to 100, and the reasons for them."""

    score: int
    source: str
    key: str
    title: str
    url: str | None
    reasons: tuple[str, ...]
    cleared: ClearedReport | None = None


class Screener:
    """Finds who may be an entry, in an index that is up to date. `sources` are the numbers of those that count."""

    def __init__(self, store: Store, sources: Collection[int] | None = None) -> None:
        self._store, self._sources = store, sources
        self._with_key = lru_cache(_KEYS)(self._find)
        self._known = dict[int, ListedName]()

    def hits(self, wanted: Facts, least: int, most: int | None = None) -> list[HitReport]:
        """The entries with at least so many points, the likest first. Raises StateError."""
        who, keys = prepare(wanted), sorted(keys_of(wanted))
        identified = {number for key in keys if key.startswith("#") for number in self._with_key(key)}
        alike = self._alike(who, [key for key in keys if not key.startswith("#")])
        listed = self._listed(identified | alike)
        scores = {number: score(who, prepare(each.facts)) for number, each in listed.items()}
        best = sorted((each for each in scores if scores[each].points >= least), key=lambda n: (-scores[n].points, n))
        seen = self._store.entries.entries(best[:most], longest=0)
        found = [
            HitReport(
                score=scores[number].points,
                source=each.source,
                key=each.entry.key,
                title=each.entry.title,
                url=each.entry.url,
                reasons=scores[number].reasons,
            )
            for number, each in seen.items()
            if each.standing is Standing.PRESENT
        ]
        return sorted(found, key=lambda hit: (-hit.score, hit.source, hit.key))

    def _find(self, key: str) -> array[int]:
        return self._store.screening.find(key, MOST_FOUND + 1, self._sources)

    def _alike(self, who: Prepared, keys: Iterable[str]) -> set[int]:
        """The entries that share a key, and sound likest. A key that more entries have than are looked at counts only
        where none is rarer.
        """
        found = dict[int, None]()
        for numbers in sorted(map(self._with_key, keys), key=len):
            if found and len(found) + len(numbers) > MOST_FOUND:
                break
            found |= dict.fromkeys(numbers)
        sounds = [(heard, number) for number, each in self._listed(found).items() for heard in each.sounds]
        choices, best = [heard for heard, _ in sounds], dict[int, float]()
        for own in who.sounds:
            for _, like, at in extract(own, choices, scorer=token_sort_ratio, processor=None, limit=2 * MOST_COMPARED):
                best[sounds[at][1]] = max(like, best.get(sounds[at][1], 0.0))
        return set(sorted(best, key=lambda number: (-best[number], number))[:MOST_COMPARED])

    def _listed(self, numbers: Collection[int]) -> dict[int, ListedName]:
        if len(self._known) > _ENTRIES:
            self._known.clear()
        if missing := [number for number in numbers if number not in self._known]:
            packed = self._store.screening.packed(missing)
            self._known |= {number: _decode(each) for number, each in packed.items()}
        return {number: self._known[number] for number in numbers if number in self._known}


class Customer(NamedTuple):
    """A row of a file: its number, from 1, and its texts, "" where it has none. `error` is why it cannot be read."""

    row: int
    name: str = ""
    birth_date: str = ""
    country: str = ""
    identifiers: str = ""
    entity: str = ""
    error: str = ""

    def facts(self) -> tuple[Facts, str]:
        """Its facts, and what of it was not understood, "" if all was."""
        facts = read_facts([self.name], self.birth_date, self.country, self.identifiers)
        read = {"birth_date": facts.births, "country": facts.countries, "identifiers": facts.identifiers}
        lost = [f"{name} “{getattr(self, name)[:100]}”" for name in read if getattr(self, name) and not read[name]]
        return facts, f"this is not understood, and did not count: {', '.join(lost)}" if lost else ""


@contextmanager
def customers_in(file: Path, column: str | None) -> Iterator[Iterator[Customer]]:
    """The customers in a text of rows, in whatever encoding, and with whatever delimiter; `column` has their names.
    Raises UsageError for what is none.
    """
    try:
        content = Content(str(file), lambda: file.open("rb"), Page(Get(""), "", 200, {}, b"", datetime.now(UTC)))
        if what := name_binary(content.begins()):
            raise UsageError(f"{file} is no text of rows but {what}: save it as CSV")
        with content.text() as text:
            lines = iter(lambda: text.readline(_LONGEST_LINE), "")
            first = next((line for line in lines if line.strip()), "")
            reader = csv.reader(chain([first], lines), delimiter=find_delimiter(first, '"'), skipinitialspace=True)
            names = unique_names(next(reader, []))
            folded = [fold_name(name).replace(" ", "_") for name in names]
            wanted = fold_name(column or "name").replace(" ", "_")
            if not names:
                raise UsageError(f"{file} is empty")
            if wanted not in folded:
                has = f"its columns are {listing(names, most=20)}"
                raise UsageError(f"{file} has no column “{column or 'name'}”; {has}: --name says which has the names")
            meant = {"name": "", wanted: "name"}
            yield _customers(reader, [meant.get(name, name) for name in folded])
    except (BadDocument, OSError) as error:
        raise UsageError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _customers(reader: Iterator[list[str]], columns: Sequence[str]) -> Iterator[Customer]:
    number, width = 0, len(columns)
    while True:
        try:
            row = next((row for row in reader if any(map(str.strip, row))), None)
        except csv.Error as error:
            number += 1
            yield Customer(number, error=f"it cannot be read: {error}")
            continue
        if row is None:
            return
        number += 1
        if len(row) < width or any(map(str.strip, row[width:])):
            yield Customer(number, clean(row[0])[:100], error=f"it has {len(row)} values for {width} columns")
            continue
        texts = {name: clean(text) for name, text in zip(columns, row, strict=False) if name in Customer._fields[1:6]}
        found = Customer(number, **texts)
        letters = sum(map(str.isalnum, found.name))
        if letters < 2 or len(found.name) > _LONGEST_NAME:
            why = "it has no name" if not letters else "one letter is too little of a name" if letters == 1 else ""
            why = why or f"its name is over {_LONGEST_NAME:,} characters: a quote before it may never be closed"
            found = found._replace(name=found.name[:100], error=why)
        yield found
