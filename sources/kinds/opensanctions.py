"""The kind `opensanctions`: a data set of entities in FollowTheMoney, found through its index.

A line is one entity. What has a name is an entry; sanctions, passports, addresses and relations are lines of their own
(entities.ftm.json) or stand within their entity (targets.nested.json), and are fields of the entries that they link.
A file is read line by line, three times over: for the titles of things, for what links them, for the entries. A newer
version of it comes as deltas, whose lines say which entities were added, modified, deleted. As these have no checksum,
each line must fit what there was before it, and the number of entities be the one that the index says.
"""

import csv
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Literal, TypeVar, Union

import msgspec
from pydantic import Field

from sources.errors import BadDocument, NotFound
from sources.formats.archives import Content, open_content
from sources.formats.download import pieces_of
from sources.formats.json_paths import LONGEST_LINE, find, list_members
from sources.formats.links import absolute
from sources.kinds._lists import target
from sources.kinds.csv import Csv
from sources.model import Entry, Get, Imprint, Page, Source
from sources.model.entry import each_alone
from sources.options import Duration
from sources.text import listing

_FILES = ("entities.ftm.json", "targets.nested.json", "targets.simple.csv")  # what is read of an index, the best first
_SUMS = ("checksum", "size")

# How the fields are called that all lists have, by what FollowTheMoney calls them, and targets.simple.csv.
_NAMES = ("name", "alias", "weakAlias", "previousName", "abbreviation")
_FIELDS = {"birthDate": "birth_date", "listingDate": "listed", "addressEntity": "address", "addresses": "address"}
_FIELDS |= dict.fromkeys(("nationality", "citizenship", "jurisdiction", "flag", "mainCountry", "countries"), "country")
_FIELDS |= dict.fromkeys(("program", "programId", "program_ids"), "programme")
_UNCOMPARED = ("modifiedAt", "retrievedAt", "first_seen", "last_seen", "last_change", "id", "name")

# Its properties of the type `identifier` (release 4.11), without those of contracts, places and classifications.
_IDENTIFIERS = frozenset(
    """accountNumber bic bikCode brightQueryId brightQueryOrgId bvdId cageCode callSign cikCode cryptoAddress dunsCode
    fnsCode giiNumber iban icaoCode idNumber imoNumber innCode ipoCode irsCode isin isinCode jibCode kppCode leiCode
    licenseNumber mbsCode mmsi npiCode ogrnCode okpoCode passportNumber permId personalNumber pfrNumber publicKey
    registrationNumber ricCode sayariId serialNumber socialSecurityNumber swiftBic taxNumber ticker uniqueEntityId
    unscId uscCode vatCode voenCode wikidataId""".split()  # noqa: SIM905 - a list of them has fifty lines
)

_T = TypeVar("_T")
Values = list[Union[str, "FtmEntity"]]
Titles = Mapping[str, str]  # of entries and addresses, by their ids
Said = tuple[str, str]  # the name of a field, and one of its values


class FtmEntity(msgspec.Struct, gc=False):
    """A line, or what stands within one. The values of a property have no order."""

    id: str
    schema: str
    caption: str = ""
    properties: dict[str, Values] = {}
    datasets: list[str] = []
    target: bool | None = None

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry: a target, or what has a name, unless that is a place."""
        return bool(self.target) or ("name" in self.properties and self.schema != "Address")

    @property
    def is_titled(self) -> bool:
        """Whether others name it by its title."""
        return self.is_entry or self.schema == "Address"

    def names(self, ids: set[str]) -> bool:
        """Whether a value is one of these ids. Raises TypeError for an entity within it, which no delta has."""
        return any(not ids.isdisjoint(values) for values in self.properties.values())

    @property
    def title(self) -> str:
        """How people call it."""
        return self.caption or min(map(str, self.properties.get("name", ())), default=self.id)


class FtmId(msgspec.Struct, gc=False):
    """What a delta says of an entity that was deleted."""

    id: str


class FtmChange(msgspec.Struct, gc=False):
    """A line of a delta."""

    op: Literal["ADD", "MOD", "DEL"]
    entity: msgspec.Raw


_decode = msgspec.json.Decoder(FtmEntity).decode
_decode_id, _decode_change = msgspec.json.Decoder(FtmId).decode, msgspec.json.Decoder(FtmChange).decode


class Opensanctions(Source):
    """A data set of OpenSanctions, or a file in FollowTheMoney: one entry per person, company, ship.

    An index says which version there is, so that an unchanged one costs one request. `url` may be another index.json,
    or a file: entities.ftm.json, targets.nested.json, targets.simple.csv.
    """

    default_label = "OpenSanctions"
    imprint = Imprint("OpenSanctions, Germany", "int", ["sanctions", "wanted"], "2025-09")
    republished = True
    proven = "captures"
    documented = "https://www.opensanctions.org/docs/bulk/"
    asks = "CC BY-NC 4.0: business use needs a licence from OpenSanctions"

    dataset: str = Field(default="sanctions", pattern=r"^\w+$", description='its name, such as "eu_fsf" or "peps"')
    url: str = Field(default="", description="an index.json, or a file; default: the index of the data set")
    every: Duration = timedelta(hours=1)
    timeout: Duration | None = timedelta(minutes=10)
    max_bytes: int | None = Field(default=500_000_000, gt=0)

    def start(self) -> Get:
        """The request for the index, or for the file."""
        return Get(self.url or f"https://data.opensanctions.org/datasets/latest/{self.dataset}/index.json")

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        """One entry per entity with a name; of an index, the request for its file.

        Raises WrongContent and BadDocument for what is neither, or for another file than the index says; NotFound for
        an index without a file of entities.
        """
        file = open_content(page, limit=self.max_bytes)
        head = file.begins(LONGEST_LINE).lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
        is_table = head.startswith((b'"id"', b"id,"))
        if is_table or b'"schema"' in head:
            _check_version(page)
            base = "" if self.url else "https://www.opensanctions.org/entities/"
            number = page.carry.get("entities") if page.deltas_at else None
            lines = partial(_entities, file, next(iter(page.deltas_at), None), number)
            yield from self._rows(page) if is_table else _entries(lines, base)
        else:
            yield _find_file(page)

    def essence(self, page: Page) -> bytes | None:
        """The file that an index names, with its checksum: when the index was written says nothing."""
        get = _find_file(page)
        said = {name: get.carry.get(name) for name in _SUMS}
        return json.dumps([get.url, said]).encode() if self.is_versioned(get) else None

    def is_versioned(self, get: Get) -> bool:
        """Whether the index gave the checksum of the file."""
        return bool(get.carry.get("checksum"))

    def since(self, known: Get, get: Get) -> Get | None:
        """The request for the list of deltas, if both are versions of entities.ftm.json."""
        had, wanted = known.carry.get("version"), get.carry.get("version")
        if not (had and wanted and get.carry.get("deltas")):
            return None
        return Get(get.carry["deltas"], reader="deltas", carry={"after": had, "until": wanted})

    def deltas(self, page: Page) -> Iterator[Get]:
        """The requests for the deltas between two versions. One without changes has none, which nobody can tell from
        one that is late: that the newest has one is asked for.

        Raises NotFound where the list begins later or ends before, WrongContent when it is none.
        """
        versions, after, until = find("versions", page.json()) or {}, page.carry["after"], page.carry["until"]
        if until not in versions or after < min(versions):
            raise NotFound(f"{page.url} has not all deltas from {after} to {until}")
        for version, url in sorted(versions.items()):
            if after < version <= until:
                yield Get(absolute(page.url, str(url)))

    def altered(self, page: Page) -> Iterator[Entry | Get]:
        """An entry may be altered whose line, or a line that it names or that names it, stands in a delta, and one that
        shares with it a line that does.
        """
        file, start = open_content(page, limit=self.max_bytes), page.carry["start"]
        then = partial(_entities, file, page.deltas_at[0], end=start)
        now = partial(_entities, file, page.deltas_at[0], page.carry.get("entities"))
        touched = {id_ for id_, _, _ in _lines(file, _read_change, start)}
        before, titles, named, entries = list[FtmEntity](), dict[str, str](), set[object](), 0
        for each in then():
            entries += each.is_entry
            if each.id in touched:
                before.append(each)
                named.update(*each.properties.values())
        if entries != page.carry["known"]:
            raise BadDocument(f"{file.where} had {entries:,} entries, and {page.carry['known']:,} are known")
        for each in now():
            if each.is_titled:
                titles[each.id] = each.title
            if each.id in touched or each.names(touched):
                named.update([each.id], *each.properties.values())
        near = touched | (titles.keys() & named)
        after = [each for each in now() if each.id in near or (not each.is_entry and each.names(near))]
        former = {id_: title for id_, title in titles.items() if id_ not in touched} | _titles(before)
        before += [each for each in after if each.id not in touched]
        base = "" if self.url else "https://www.opensanctions.org/entities/"
        yield from _entries(lambda: before, base, former)
        yield page.get
        yield from _entries(lambda: after, base, titles)

    def _rows(self, page: Page) -> Iterator[Entry]:
        """The rows of targets.simple.csv. A cell with several values is a row with ";" between them."""
        table = Csv(url=page.url, key=("id",), title=("name",), delimiter=",", max_bytes=self.max_bytes)
        for row in each_alone(table.parse(page)):
            cells = {name: text for name, text in row.fields.items() if name not in _UNCOMPARED}
            values = {_FIELDS.get(name, name): next(csv.reader([text], delimiter=";")) for name, text in cells.items()}
            yield target(row.key, [row.title, *values.pop("aliases", ())], values)


def _find_file(page: Page) -> Get:
    """The request for the file of entities that an index names. Raises WrongContent, and NotFound without one."""
    index = page.json()
    named = {str(each["name"]): each for each in find("resources[?name]", index) or ()}
    found = next((named[name] for name in _FILES if name in named), None)
    if found is None:
        has = f"names {listing(named)}" if named else f"has {list_members(index)}"
        raise NotFound(f"{page.url} is no file of entities, nor an index that names {' or '.join(_FILES)}; it {has}")
    version = {name: found.get(name) for name in _SUMS}
    if found["name"] == _FILES[0] and index.get("delta_url"):  # no other file has deltas
        url = absolute(page.url, str(index["delta_url"]))
        version |= {"version": str(index.get("version", "")), "deltas": url, "entities": index.get("entity_count")}
    return Get(absolute(page.url, str(found.get("url") or found["name"])), carry=version)


def _check_version(page: Page) -> None:
    """Raise BadDocument when a file, as it came, has not the size or the checksum (SHA-1) that its index says."""
    said = {name: page.carry[name] for name in _SUMS if page.carry.get(name) and not page.deltas_at}
    checksum = hashlib.sha1(usedforsecurity=False)
    for piece in pieces_of(page.content) if said else ():
        checksum.update(piece)
    has = {"size": len(page.content), "checksum": checksum.hexdigest()}
    if wrong := [f"{name} {has[name]}, not {value}" for name, value in said.items() if has.get(name, value) != value]:
        why = f"it has the {' and the '.join(wrong)}"
        raise BadDocument(f"{page.url} is not the version that the index names: {why}. The next check reads both anew")


def _lines(file: Content, decode: Callable[[bytes], _T], start: int = 0, end: int | None = None) -> Iterator[_T]:
    """The lines of a file from one byte to another. Raises BadDocument for one that is not as it should be."""
    with file.stream() as stream:
        at = stream.seek(start) if start else 0
        for number, line in enumerate(stream, 1):
            if end is not None and at >= end:
                return
            at += len(line)
            try:
                if line.strip():
                    yield decode(line)
            except (msgspec.MsgspecError, RecursionError) as error:
                where, is_cut = f"{file.where}, line {number}", not line.endswith(b"\n")
                why = "the file breaks off" if is_cut else f"it is no entity of FollowTheMoney: {error}"
                raise BadDocument(f"{where}: {why}", code="truncated" if is_cut else None) from None


def _read_change(line: bytes) -> tuple[str, bool, FtmEntity | None]:
    """The id of an entity, whether it was there before, and what it is now."""
    change = _decode_change(line)
    return _decode_id(change.entity).id, change.op != "ADD", None if change.op == "DEL" else _decode(change.entity)


def _entities(
    file: Content, deltas_at: int | None, number: int | None = None, end: int | None = None
) -> Iterator[FtmEntity]:
    """The entities of a file, as the deltas leave them that are behind it before the byte `end`. Raises BadDocument
    where a change does not fit what there was before it, and when they are not so many.
    """
    wanted, now = set[str](), dict[str, FtmEntity | None]()
    for id_, was_there, entity in _lines(file, _read_change, deltas_at, end) if deltas_at else ():
        if was_there != (now[id_] is not None if id_ in now else was_there):
            raise BadDocument(f"{file.where}: the deltas contradict each other about {id_}")
        wanted |= {id_} if was_there and id_ not in now else set()
        now[id_] = entity
    found, unchanged = set[str](), 0
    for each in _lines(file, _decode, end=deltas_at):
        if each.id in now:
            found.add(each.id)
        else:
            unchanged += 1
            yield each
    left = [each for each in now.values() if each]
    yield from left
    if wanted != found:
        raise BadDocument(f"{file.where}: the deltas are of another file: {listing(sorted(wanted ^ found))}")
    if number is not None and (has := unchanged + len(left)) != number:
        raise BadDocument(f"{file.where}: with its deltas it has {has:,} entities, and the index says {number:,}")


def _titles(lines: Iterable[FtmEntity]) -> dict[str, str]:
    return {each.id: each.title for each in lines if each.is_titled}


def _entries(lines: Callable[[], Iterable[FtmEntity]], base: str, titles: Titles | None = None) -> Iterator[Entry]:
    """The entries of a file of lines, each with what the other lines say of it; `titles` has what else they name."""
    titles = titles or _titles(lines())
    said = defaultdict[str, list[Said]](list)
    for each in lines():
        values = () if each.is_entry else (value for values in each.properties.values() for value in values)
        for end in {value for value in values if isinstance(value, str) and value in titles}:
            said[end] += _say(each, end, titles)
    for each in lines():
        if each.is_entry:
            yield _entry(each, titles, said.pop(each.id, ()), base)


def _say(part: FtmEntity, of: str, titles: Titles) -> Iterator[Said]:
    """What a part says of an entry. A relation is a field by what the other is in it, such as "relative" or "owner";
    what else there is has the name of its schema, such as "sanction", and programmes and numbers also their own.
    """
    facts = sorted((name, *_follow(value, titles)) for name, values in part.properties.items() for value in values)
    words = ", ".join(f"{name} {text}" for name, text, id_ in facts if not id_ and name not in _UNCOMPARED)
    others = [(name, text) for name, text, id_ in facts if id_ not in ("", of)]
    if others:
        yield from ((name, f"{text} ({words})" if words else text) for name, text in others)
        return
    yield part.schema.lower(), words
    listed = "listingDate" if "listingDate" in part.properties else "startDate"
    kind = ", ".join(text for name, text, _ in facts if name == "type") or part.schema
    for name, text, _ in facts:
        if name == "number":
            yield "identifiers", f"{kind} {text}"
        elif part.schema == "Sanction" and (name == listed or _FIELDS.get(name) == "programme"):
            yield _FIELDS.get(name, "listed"), text


def _follow(value: str | FtmEntity, titles: Titles) -> tuple[str, str]:
    """A value as people read it, and the id of the line that it refers to, "" for none."""
    if isinstance(value, FtmEntity):
        return value.title, value.id
    return (titles[value], value) if value in titles else (value, "")


def _entry(thing: FtmEntity, titles: Titles, said: Sequence[Said], base: str) -> Entry:
    """An entity as an entry, with what is said of it elsewhere. Values are sorted, as their order says nothing."""
    names, found = [thing.title], [*said]
    for name, values in thing.properties.items():
        for value in values:
            text, _ = _follow(value, {} if name in _IDENTIFIERS else titles)  # Q42 is its number, and may be its id
            if isinstance(value, FtmEntity) and not value.is_entry and value.schema != "Address":
                found += _say(value, thing.id, titles)
            elif name in _NAMES:
                names.append(text)
            elif name in _IDENTIFIERS:
                label = re.sub("(Number|Code)$", "", name)
                found.append(("identifiers", f"{label} {text.removeprefix(label.upper())}"))
            elif name not in _UNCOMPARED:
                found.append((_FIELDS.get(name, name), text))
    fields = {"schema": [thing.schema], "datasets": thing.datasets}
    for name, text in found:
        fields.setdefault(name, []).append(text)
    entry = target(thing.id, names, fields)
    return entry.at(f"{base}{thing.id}/") if base else entry
