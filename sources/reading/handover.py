"""Converts sources, pages, requests, entries and errors to messages between two processes, and back.

The subprocess is not trusted, as a page may have exploited a parser: what it sends is validated like foreign data.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby, islice
from typing import Any

import sources.errors
from sources.errors import HttpStatus, ReaderFailed, SourceError
from sources.formats.dates import EARLIEST, LATEST
from sources.loader import kind
from sources.model import Entry, Get, Page, Source
from sources.model.entry import LONGEST_KEY
from sources.model.rows import Rows
from sources.reading.entry_fingerprints import MOST_LOOSE, SIZE, Block, Pack, cut, part_at
from sources.reading.messages import (
    PLAIN,
    BadFrame,
    EntryPack,
    EntryParts,
    GetForm,
    Outcome,
    PackForm,
    PageForm,
    Piece,
    RowPack,
    Total,
    fitting,
    pack_form,
    packed,
)
from sources.text import clean, clean_all, clean_lines

_WITHHELD = {"auth", "headers", "proxy", "ca_file", "steps"}  # not needed to parse, and they hold secrets

_BATCH = 200  # requests in one message
_LARGEST = 2**63 - 1  # the largest integer of a message

_kind = cache(kind)  # in the subprocess: the kinds do not change while it lives

_ERRORS: Mapping[str, type[SourceError]] = {
    name: found
    for name, found in vars(sources.errors).items()
    if isinstance(found, type) and issubclass(found, SourceError) and found is not HttpStatus
}


def options_of(source: Source, reading: type[Source]) -> dict[str, Any]:
    """The options that recreate the source as the kind `reading`: all that differ from its defaults. A required
    one that is withheld is None, which its type must allow.
    """
    sent = {
        name
        for name, field in reading.model_fields.items()
        if name not in _WITHHELD
        and (
            name in source.model_fields_set
            or field.is_required()
            or getattr(source, name) != field.get_default(call_default_factory=True)
        )
    }
    same = type(source).model_construct(_fields_set=sent, **source.__dict__)
    withheld = {name: None for name in _WITHHELD if reading.model_fields[name].is_required()}
    return same.model_dump(mode="json", include=sent, exclude_unset=True) | withheld


def source_of(name: str, options: Mapping[str, Any]) -> Source:
    """Recreate a source from its options. Raises ReaderFailed when the kind refuses them."""
    try:
        return _kind(name).model_validate(options)
    except ValueError as error:
        raise ReaderFailed(f"the kind {name} does not take its own options as it wrote them: {error}"[:300]) from None


def page_form(page: Page) -> PageForm:
    """A page's metadata as a message, with the results of earlier steps that can cross."""
    fetched = page.fetched.isoformat()
    return PageForm(get_form(page.get), page.url, page.status, dict(page.headers), fetched, page.encoding)


def page_of(form: PageForm, body: bytes) -> Page:
    """The page from its message. Raises BadFrame, and ValueError for an invalid time."""
    fetched = datetime.fromisoformat(form.fetched)
    return Page(get_of(form.get), form.url, form.status, form.headers, body, fetched, form.encoding)


def get_form(get: Get) -> GetForm:
    """A request as a message. Raises ValueError or TypeError when `json` or `carry` is not JSON."""
    form = None if get.form is None else dict(get.form)
    body, carried = json.dumps(get.json), json.dumps(dict(get.carry))
    return GetForm(
        get.url, get.method, dict(get.query), form, body, dict(get.headers), get.reader, carried, float(get.after)
    )


def get_of(form: GetForm) -> Get:
    """The request from its message. Raises BadFrame."""
    try:
        body, carried = json.loads(form.json), json.loads(form.carry)
    except (ValueError, RecursionError) as error:
        raise BadFrame(f"a request with what is no JSON ({type(error).__name__})") from None
    if not isinstance(carried, dict):
        raise BadFrame("a request that carries no object")
    return Get(form.url, form.method, form.query, form.form, body, form.headers, form.reader, carried, form.after)


def messages_of(items: Iterable[Any]) -> Iterator[bytes]:
    """Encode the items of a task, in order: requests, packs, totals, pieces of a body.

    Raises ValueError, TypeError or OverflowError for values that cannot be encoded.
    """
    for made, group in groupby(items, type):
        if made is Get:
            while batch := list(islice(group, _BATCH)):
                yield from fitting(list(map(get_form, batch)))
        else:
            for item in group:
                if isinstance(item, Pack):
                    yield item.data
                elif isinstance(item, bytes):
                    yield packed(Piece(item))
                else:
                    yield packed(Total(max(-_LARGEST, min(item, _LARGEST))))


def packs(block: Block) -> Iterator[Pack]:
    """Serialise entries in packs that fit in one frame."""
    number = len(block.marks)
    if number > MOST_LOOSE:
        for start in range(0, number, MOST_LOOSE):
            yield from packs(part_at(block, range(start, min(start + MOST_LOOSE, number))))
        return
    marks, entries = b"".join(block.marks), block.entries
    form: PackForm
    if isinstance(entries, Rows):
        keys, titles, fields = entries.keys, entries.titles, entries.fields
        title_column = None if titles is keys else _by_name(titles, fields)
        columns = {name: list(texts) for name, texts in fields.items()}
        form = RowPack(marks, _by_name(keys, fields), title_column, columns)
    else:
        form = EntryPack(marks, list(map(parts, entries)))
    data = packed(form)
    if len(data) <= PLAIN or (number == 1 and isinstance(entries, list)):
        yield Pack(number, data)
    elif number == 1:
        yield from packs(Block(block.marks, list(entries)))
    else:
        yield from packs(part_at(block, range(number // 2)))
        yield from packs(part_at(block, range(number // 2, number)))


def _by_name(column: Sequence[str], fields: Mapping[str, Sequence[str]]) -> list[str] | str:
    """The name of the field that is this very column, else its texts: a register's key is mostly also a field."""
    return next((name for name, texts in fields.items() if texts is column), None) or list(column)


def unpack(pack: Pack) -> Block:
    """The entries of a pack. Raises as `block_of`."""
    return block_of(pack_form(pack.data))


def block_of(form: PackForm) -> Block:
    """Deserialise a pack. Raises BadEntry, BadFrame, and ValueError for an invalid time."""
    if isinstance(form, RowPack):
        return Block(cut(form.marks), Rows(*columns_of(form), form.fields))
    return Block(cut(form.marks), [entry_of(each) for each in form.entries])


def columns_of(form: RowPack) -> tuple[list[str], list[str]]:
    """The keys and the titles of a pack. Raises BadFrame where they refer to a field that does not exist."""
    try:
        keys = form.fields[form.keys] if isinstance(form.keys, str) else form.keys
        titles = form.fields[form.titles] if isinstance(form.titles, str) else form.titles
    except KeyError:
        raise BadFrame("a column by the name of a field that is none") from None
    return keys, keys if titles is None else titles


def parts(entry: Entry) -> EntryParts:
    """An entry as a message."""
    published = entry.published.isoformat() if entry.published else None
    return entry.key, entry.title, dict(entry.fields), entry.url, published, entry.text


def entry_of(message: EntryParts) -> Entry:
    """An entry from a message. Raises ValueError for an invalid time."""
    key, title, fields, url, published, text = message
    return Entry.of_parts(key, title, fields, url, datetime.fromisoformat(published) if published else None, text)


def check_entries(entries: Sequence[EntryParts]) -> None:
    """Raise BadFrame when an Entry could not have produced one of these."""
    check_keys([one[0] for one in entries])
    check_texts([*set().union(*[one[2] for one in entries])])
    texts = [text for one in entries for text in (one[1], *one[2].values())]
    check_texts(texts)
    if not all(texts):
        raise BadFrame("a title or a field without a value")
    if any(one[5] and clean_lines(one[5]) != one[5] for one in entries):
        raise BadFrame("a text that is not clean")
    for published in {one[4] for one in entries if one[4]}:
        try:
            sane = EARLIEST <= datetime.fromisoformat(published) < LATEST
        except (ValueError, TypeError, OverflowError):
            sane = False
        if not sane:
            raise BadFrame("a time that is none")


def check_pack(form: PackForm) -> int:
    """Validate a pack; returns the number of its entries. Raises BadFrame when it is no valid table or Entry."""
    if isinstance(form, RowPack):
        keys, titles = columns_of(form)
        columns = (keys, titles, *form.fields.values())
        if any(len(column) != len(keys) for column in columns):
            raise BadFrame("columns that are not equally long")
        check_keys(keys)
        check_texts(tuple(form.fields))
        for column in {id(column): column for column in columns if column is not keys}.values():
            check_texts(column)
        number = len(keys)
    else:
        number = len(form.entries)
        check_entries(form.entries)
    if len(form.marks) != number * SIZE:
        raise BadFrame("another number of fingerprints than of entries")
    return number


def check_keys(keys: Sequence[str]) -> None:
    """Raise BadFrame when a text is not a valid key."""
    check_texts(keys)
    if not all(keys) or max(map(len, keys), default=0) > LONGEST_KEY:
        raise BadFrame("a key that is empty or too long")


def check_texts(texts: Sequence[str]) -> None:
    """Raise BadFrame when a text is not clean, as the texts of entries are."""
    cleaned = clean_all(texts)
    if cleaned is not texts and any(one != other for one, other in zip(cleaned, texts, strict=True)):
        raise BadFrame("a text that is not clean")


def error_of(report: Outcome) -> SourceError:
    """The error of an Outcome: one printable line."""
    found = _ERRORS.get(report.error, ReaderFailed)
    return found(clean(report.message), code=report.code or None)
