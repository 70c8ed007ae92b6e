"""Screening: which entries may be about somebody, in points from 0 to 100, and why; and the customers in a file.

The index in the state finds the entries that share a key with one of the names, or a number; those whose names sound
likest are compared word by word.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extract

from alerts.event.change_json import HitJson, clearing_json
from alerts.recognition.identifiers import read as read_identifier
from alerts.screening.facts import Facts, facts_of, read_facts
from alerts.screening.score import LEAST, Side, contradict, keys_of, prepare, score
from sources import Entry, Get, Page
from sources.errors import BadDocument
from sources.formats.archives import Content
from sources.formats.decode import name_binary
from sources.formats.delimited import read_loosely, unique_names
from sources.text import clean, fold_name, listing
from state.compare.reader_fingerprints import code_fingerprint
from state.model import Clearing, SourceStatus, Standing, Status
from state.storage.objects import Edit
from state.storage.screening import NameReader
from state.store import Store
from watcher.config.edit import MOST_OBJECTS, EditError, apply
from watcher.config.load import Config
from watcher.errors import UsageError
from watcher.reports import ReportModel
from watcher.terminal.console import complain, person, say, table
from watcher.terminal.words import count, moment

MOST_FOUND = 2000  # entries that are looked at for one customer, those with the rarest keys first
MOST_COMPARED = 50  # of them, those that sound likest
_KEYS, _ENTRIES = 10_000, 200_000  # that are remembered while many are screened
_LONGEST_LINE, _LONGEST_NAME = 1_000_000, 1000  # characters
COLUMNS = ("row", "name", "score", "source", "key", "title", "url", "reasons", "cleared", "error")
_MOST_SHOWN = 1000  # lines of a table
_CODE = ("alerts.screening.facts", "alerts.screening.score")


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


def say_compared(number: int, store: Store, config: Config, sources: str | None, *, quiet: bool) -> None:
    """Say with what so many customers were compared, unless `quiet`; and of which checked sources that is not what they
    list now, as they cannot be read or believed, were never read, or are read in part.
    """
    known = {each.name: each for each in store.source_statuses() if fnmatchcase(each.name, sources or "*")}
    lists = (
        f"{name}, {count(each.entries, 'entry', 'entries')} read {moment(each.checked, config.timezone)}"
        for name, each in known.items()
        if each.revision and each.checked
    )
    if number and not quiet:
        say(f"{count(number, 'customer')} compared with {'; '.join(lists)}", hang=2)
    states = {name: known.get(name, SourceStatus(name)) for name in config.checked if fnmatchcase(name, sources or "*")}
    why = {name: each.part if each.status == Status.OK else each.status for name, each in states.items()}
    if behind := ", ".join(f"{name} ({text})" for name, text in why.items() if text):
        complain(f"warning: not compared with what these sources list now: {behind}")


class CustomerReport(ReportModel):
    """A row of a file: its number, from 1, its name, its hits; `error` is what of it could not be read, if anything."""

    row: int
    name: str
    hits: list[HitJson]
    error: str | None

    def dump(self) -> dict[str, Any]:
        """It as JSON has it."""
        return self.model_dump(mode="json", exclude={"error"} if self.error is None else None)


class Screener:
    """Finds who may be an entry, in an index that is up to date, of the sources with such names."""

    def __init__(self, store: Store, sources: str | None = None) -> None:
        self._store, self._sources = store, None
        if sources is not None:
            known = store.entries.stamps()
            self._sources = [each.id for each in known if fnmatchcase(each.name, sources)]
            if not self._sources:
                has = listing((each.name for each in known), most=20)
                raise UsageError(f'no source with entries is called "{sources}"; there are {has}')
        self._with_key = lru_cache(_KEYS)(lambda key: store.screening.find(key, MOST_FOUND + 1, self._sources))
        self._known = dict[int, ListedName]()

    def hits(
        self,
        wanted: Facts,
        least: int = LEAST,
        most: int | None = None,
        cleared: Mapping[tuple[str, str], Clearing] = MappingProxyType({}),
    ) -> list[HitJson]:
        """The entries with at least so many points, the likest first; `cleared` has decisions by source and key. Raises
        StateError.
        """
        who, keys = prepare(wanted), sorted(keys_of(wanted))
        identified = {number for key in keys if key.startswith("#") for number in self._with_key(key)}
        alike = self._alike(who, [key for key in keys if not key.startswith("#")])
        listed = self._listed(identified | alike)
        scores = {number: score(who, prepare(each.facts)) for number, each in listed.items()}
        best = sorted((each for each in scores if scores[each].points >= least), key=lambda n: (-scores[n].points, n))
        seen = self._store.entries.entries(best[:most], longest=0)
        found = [
            HitJson(
                score=scores[number].points,
                source=each.source,
                key=each.entry.key,
                title=each.entry.title,
                url=each.entry.url,
                reasons=list(scores[number].reasons),
                cleared=clearing_json(known) if (known := cleared.get((each.source, each.entry.key))) else None,
            )
            for number, each in seen.items()
            if each.standing is Standing.PRESENT
        ]
        return sorted(found, key=lambda hit: (-hit["score"], hit["source"], hit["key"]))

    def report(self, customer: Customer, least: int, customers: Customers) -> CustomerReport:
        """The hits of a row. Raises StateError."""
        hits, error = list[HitJson](), customer.error
        if not error:
            facts, error = customer.facts()
            hits = self.hits(facts, least, cleared=customers.cleared(customer))
        return CustomerReport(row=customer.row, name=customer.name, hits=hits, error=error or None)

    def _alike(self, who: Side, keys: Iterable[str]) -> set[int]:
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


def customers_in(file: Path, column: str) -> Iterator[Customer]:
    """The customers in a text of rows, in whatever encoding, and with whatever delimiter; `column` has their names. A
    column that is not read is named on standard error. Raises UsageError for what is none, or cannot be read.
    """
    rows = _rows(file)
    names = unique_names(next(rows, []))
    folded = [fold_name(name).replace(" ", "_") for name in names]
    wanted = fold_name(column).replace(" ", "_")
    if not names:
        raise UsageError(f"{file} is empty")
    if wanted not in folded:
        has = f"its columns are {listing(names, most=20)}"
        raise UsageError(f"{file} has no column “{column}”; {has}: --name says which has the names")
    meant = [{"name": "", wanted: "name"}.get(name, name) for name in folded]
    if unread := [name for name, known in zip(names, meant, strict=True) if known not in Customer._fields[1:-1]]:
        complain(f"warning: columns that are not compared: {listing(unread, most=20)}")
    return _customers(rows, meant)


def _rows(file: Path) -> Iterator[list[str]]:
    """The rows of a text, headings and all. Whatever happens to whoever takes them is not for this to explain."""
    try:
        file.open("rb").close()  # a Content would call what is not there damaged
        content = Content(str(file), lambda: file.open("rb"), Page(Get(""), "", 200, {}, b"", datetime.now(UTC)))
        if what := name_binary(content.begins()):
            raise UsageError(f"{file} is no text of rows but {what}: save it as CSV")
        with content.text() as text:
            yield from read_loosely(iter(lambda: text.readline(_LONGEST_LINE), ""))
    except (BadDocument, OSError) as error:
        raise UsageError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _customers(rows: Iterable[list[str]], columns: Sequence[str]) -> Iterator[Customer]:
    width = len(columns)
    for number, row in enumerate(rows, 1):
        if not row:
            continue
        texts = dict(zip(columns, map(clean, row), strict=False))
        found = Customer(number, **{name: texts.get(name, "") for name in Customer._fields[1:-1]})
        letters = sum(map(str.isalnum, found.name))
        if len(row) < width or any(map(str.strip, row[width:])):
            found = found._replace(error=f"it has {count(len(row), 'value')} for {count(width, 'column')}")
        elif letters < 2:
            found = found._replace(error="one letter is too little of a name" if letters else "it has no name")
        elif len(found.name) > _LONGEST_NAME:
            found = found._replace(error="its name is too long: maybe a quote is never closed", name=found.name[:100])
        yield found


class Customers:
    """Customers among the watched entities: those that were kept, or are named so. They may be kept."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config, self._store = config, store
        self._edits, self._by_name = dict[str, Edit](), defaultdict[str, set[str]](set)
        self._cleared = defaultdict[str, dict[tuple[str, str], Clearing]](dict)
        for each in store.clearings.active(datetime.now(UTC)):
            self._cleared[each.entity][each.source, each.key] = each
        for entity, about in config.entities.items() if self._cleared else ():
            for name in about.names:
                self._by_name[fold_name(name)].add(entity)

    def cleared(self, customer: Customer) -> Mapping[tuple[str, str], Clearing]:
        """What was cleared of being about a customer, by source and key. Whose birth date or number is another one than
        that of the watched entity is somebody else, of whom nothing was decided.
        """
        asked = [each for each in (customer.entity, entity_id(customer)) if each in self._config.entities]
        found = [each for each in asked if not self._differ(each, customer)]
        named = [each for each in self._by_name.get(fold_name(customer.name), ()) if not self._differ(each, customer)]
        found += named if len(named) == 1 and not asked else ()
        return self._cleared[found[0]] if found and found[0] in self._cleared else {}

    def _differ(self, entity: str, customer: Customer) -> bool:
        about = self._config.entities[entity]
        known = read_facts((), about.birth_date or "", about.country or "", ";".join(about.identifiers))
        return contradict(known, customer.facts()[0])

    def keep(self, customer: Customer) -> None:
        """Remember a customer who is to be watched. Raises UsageError where they are more than the desk takes."""
        name, facts = entity_id(customer), customer.facts()[0]
        numbers = [number.strip() for number in customer.identifiers.split(";") if _finds_entries(number)]
        known = {"birth_date": facts.births and customer.birth_date, "country": facts.countries and customer.country}
        told = {"names": [customer.name], "identifiers": numbers, **known}
        document = {key: value for key, value in told.items() if value}
        row = self._config.desk.get(("entity", name))
        if row is None and name in self._config.entities:
            return  # a file has it
        if row is None or json.loads(row.document or "{}") != document:
            self._edits[name] = Edit("entity", name, document)
        if len(self._edits) > MOST_OBJECTS:
            raise UsageError(f"more than {MOST_OBJECTS:,} customers cannot be watched at the desk, and none was kept")

    def watch(self) -> int:
        """Make who was kept an entity at the desk, all or none; returns how many are new, or have other facts. Raises
        UsageError, ConfigError and StateError.
        """
        try:
            edits = list(self._edits.values())
            return len(apply(self._config, self._store, edits, person(), datetime.now(UTC))) if edits else 0
        except EditError as error:
            raise UsageError(f"no customer is watched: {str(error)[:1000]}") from None


def entity_id(customer: Customer) -> str:
    """The id of the entity that a customer is: what his row says, else one made of his name and all that is known."""
    slug = re.sub(r"[\W_]+", "-", customer.name.casefold()).strip("-")[:60]
    told = sha256("\0".join(customer[1:5]).encode()).hexdigest()
    return customer.entity or f"{slug}-{told[:8]}"


def _finds_entries(number: str) -> bool:
    """Whether a watched entity can have it as an identifier: numbers of unknown kinds are for screening alone."""
    try:
        return bool(read_identifier(number))
    except ValueError:
        return False


def rows_of(found: Iterable[CustomerReport]) -> Iterator[list[str]]:
    """A row for each hit, and one for each customer without any."""
    for each in found:
        head, error = [str(each.row), each.name], each.error or ""
        if not each.hits:
            yield [*head, *[""] * 7, error]
        for hit in each.hits:
            by = hit["cleared"]
            cleared = f"cleared by {by['who']}: {by['why']}" if by else ""
            about = [str(hit["score"]), hit["source"], hit["key"], hit["title"], hit["url"] or ""]
            yield [*head, *about, "; ".join(hit["reasons"]), cleared, error]


def print_rows(rows: Iterable[Sequence[str]]) -> None:
    """Print the hits, and what could not be read."""
    read = iter(rows)
    if (first := next(read, None)) is None:
        say("it has no row below its headings")
        return
    told = (
        (row, name, points, source, title, "; ".join(filter(None, why)))
        for row, name, points, source, _, title, _, *why in chain([first], read)
        if points or why[-1]
    )
    if shown := list(islice(told, _MOST_SHOWN)):
        table(["ROW", "NAME", "SCORE", "SOURCE", "ENTRY", "WHY"], shown, right=["ROW", "SCORE"])
    else:
        say("nobody in it is like an entry")
    if more := sum(1 for _ in told):
        say(f"and {more:,} more; --csv and --json have all")
