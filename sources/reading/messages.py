"""Typed messages between the program and the subprocess that parses, as MessagePack; the frames that they are in; and
sources, pages, requests, entries and errors as messages and back.

A request is one Job or Call, and a frame with its content. The response is several answers of the types allowed for
the task, then an Outcome. The subprocess is not trusted, as a page may have exploited a parser: the decoder accepts
exactly these types, the length of a frame is checked before memory is allocated, the frames of one job have a total
limit, and entries are validated like foreign data. Anything else is a BadFrame.
"""

import json
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain, groupby, islice
from typing import Annotated, Any

import msgspec
from msgspec import Meta

import sources.errors
from sources.errors import HttpStatus, ReaderFailed, SourceError
from sources.formats.dates import EARLIEST, LATEST
from sources.formats.download import Body
from sources.loader import kind
from sources.model import Entry, Get, Page, Source
from sources.model.entry import LONGEST_KEY, MOST_FIELDS, Rows
from sources.reading.entry_fingerprints import MOST_LOOSE, SIZE, Block, Pack, cut, part_at
from sources.text import clean, clean_all, clean_lines

HEADER = struct.Struct("!Q")
PLAIN = 1_000_000  # bytes of a frame with several items; a larger frame holds a single entry

_MOST_LINE = 2_000  # characters of a failure's message
_WITHHELD = {"auth", "headers", "proxy", "ca_file", "steps"}  # not needed to parse, and they hold secrets
_LARGEST = 2**63 - 1  # the largest integer of a message

Key = Annotated[str, Meta(min_length=1)]
Fields = Annotated[dict[str, str], Meta(max_length=MOST_FIELDS)]

# An entry's key, title, fields, address, when it was published (ISO 8601) and text.
EntryParts = tuple[Key, str, Fields, str | None, str | None, str]


class BadFrame(ValueError):
    """A frame that is malformed or too long; the message says how."""


class Unframer:
    """Splits a byte stream into frames of at most `largest` bytes each, and `in_all` together."""

    def __init__(self, largest: int, in_all: int) -> None:
        self._largest, self._left = largest, in_all
        self._got = bytearray()

    def take(self, piece: bytes) -> None:
        """Add received bytes."""
        self._got += piece

    def next(self) -> bytes | None:
        """The next frame's content, or None while it is incomplete. Raises BadFrame."""
        if len(self._got) < HEADER.size:
            return None
        size = HEADER.unpack_from(self._got)[0]
        if size > self._largest:
            raise BadFrame(f"a frame of {size:,} bytes, of which there may be {self._largest:,}")
        if size > self._left:
            raise BadFrame("more than all frames may hold together")
        ends = HEADER.size + size
        if len(self._got) < ends:
            return None
        frame = bytes(memoryview(self._got)[HEADER.size : ends])
        del self._got[:ends]
        self._left -= size
        return frame


class _Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A message is an array of its fields' values, without names."""


class PageForm(_Message, frozen=True):
    """A page without its body; `get` is JSON."""

    get: str
    url: str
    status: int
    headers: dict[str, str]
    fetched: str
    encoding: str | None


class Job(_Message, frozen=True, tag=1):
    """A page to be parsed; a frame with its body follows. Fields in `ignore` do not count in fingerprints."""

    task: str
    kind: str
    options: dict[str, Any]
    page: PageForm
    ignore: list[str]


class Call(_Message, frozen=True, tag=2):
    """A call of a registered function (`placement.job`); a frame with its argument follows."""

    module: str
    name: str


class Asks(_Message, frozen=True, tag=2):
    """Requests of the kind, as JSON."""

    gets: list[str]


class RowPack(_Message, frozen=True, tag=3):
    """Some entries with their fingerprints, as the columns of Rows.

    Keys or titles that equal a field's column are given as its name; titles that equal the keys as None.
    """

    marks: bytes
    keys: list[Key] | str
    titles: list[str] | str | None
    fields: dict[str, list[str]]


class EntryPack(_Message, frozen=True, tag=4):
    """Some entries with their fingerprints."""

    marks: bytes
    entries: list[EntryParts]


class Total(_Message, frozen=True, tag=9):
    """The total that the page states."""

    total: int


class Piece(_Message, frozen=True, tag=10):
    """A part of a function's result, or of a body."""

    data: bytes


class Outcome(_Message, frozen=True, tag=11):
    """The last message of a job: empty after success, else the parts of the error."""

    error: Annotated[str, Meta(max_length=40)] = ""
    message: Annotated[str, Meta(max_length=_MOST_LINE)] = ""
    code: Annotated[str, Meta(pattern=r"\A[a-z0-9_]{0,40}\Z")] = ""


PackForm = RowPack | EntryPack


Answer = Asks | tuple[Block, Pack] | Total | Piece | Outcome

_JOB: Any = msgspec.msgpack.Decoder(Job | Call)
_PACK: Any = msgspec.msgpack.Decoder(RowPack | EntryPack)
_LARGE: Any = msgspec.msgpack.Decoder(EntryPack)
_ANSWERS: dict[str, Any] = {
    "read": msgspec.msgpack.Decoder(Asks | RowPack | EntryPack | Outcome),
    "total": msgspec.msgpack.Decoder(Total | Outcome),
    "earlier": msgspec.msgpack.Decoder(Asks | Outcome),
    "without_personal": msgspec.msgpack.Decoder(Piece | Outcome),
    "call": msgspec.msgpack.Decoder(Piece | Outcome),
}
packed = msgspec.msgpack.Encoder().encode
"""Encode a message. Raises ValueError, TypeError or OverflowError for values that MessagePack cannot represent."""


_kind = cache(kind)  # in the subprocess: the kinds do not change while it lives

_ERRORS: Mapping[str, type[SourceError]] = {
    name: found
    for name, found in vars(sources.errors).items()
    if isinstance(found, type) and issubclass(found, SourceError) and found is not HttpStatus
}


def job(data: bytes) -> Job | Call:
    """Decode a request. Raises BadFrame."""
    found: Job | Call = _decode(_JOB, data)
    return found


def answer(task: str, data: bytes) -> Answer:
    """Decode an answer, of the types that this task allows: entries in both forms, once they are validated. Raises
    BadFrame.
    """
    if len(data) > PLAIN and task != "read":
        raise BadFrame("a large frame with something else than an entry")
    found: PackForm | Asks | Total | Piece | Outcome
    found = _decode(_LARGE if len(data) > PLAIN else _ANSWERS[task], data)
    if not isinstance(found, RowPack | EntryPack):
        return found
    number = _check_pack(found)
    if len(data) > PLAIN and number > 1:
        raise BadFrame("a large frame with more than one entry")
    return _block_of(found), Pack(number, data)


def outcome(error: str, message: str, code: str) -> Outcome:
    """The Outcome of a failed job, cut to the allowed lengths."""
    line = message.encode("utf-8", "replace").decode()[:_MOST_LINE]
    return Outcome(error[:40], line, re.sub(r"[^a-z0-9_]", "_", code)[:40])


def _decode(decoder: Any, data: bytes) -> Any:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise BadFrame(str(error)[:200]) from None


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
    """A page without its body as a message."""
    fetched = page.fetched.isoformat()
    return PageForm(get_form(page.get), page.url, page.status, dict(page.headers), fetched, page.encoding)


def page_of(form: PageForm, body: Body) -> Page:
    """The page from its message. Raises BadFrame, and ValueError for an invalid time."""
    fetched = datetime.fromisoformat(form.fetched)
    return Page(get_of(form.get), form.url, form.status, form.headers, body, fetched, form.encoding)


_Name = Annotated[str, Meta(max_length=100)]
_Method = Annotated[str, Meta(pattern=r"\A[A-Za-z]{1,20}\Z")]
_Texts = dict[str, str]
_Parts = tuple[str, _Method, dict[str, str | int], _Texts | None, Any, _Texts, _Name, dict[str, Any], float]


def get_form(get: Get) -> str:
    """The parts of a request as JSON. Raises ValueError or TypeError when `json` or `carry` is not JSON."""
    form, query, headers, carry = get.form and dict(get.form), dict(get.query), dict(get.headers), dict(get.carry)
    return json.dumps([get.url, get.method, query, form, get.json, headers, get.reader, carry, get.after])


def get_of(text: str) -> Get:
    """The request from its parts. Raises BadFrame."""
    try:
        parts: _Parts = msgspec.convert(json.loads(text), _Parts)
    except (ValueError, RecursionError) as error:
        raise BadFrame(f"what is no request ({type(error).__name__})") from None
    return Get(*parts)


def messages_of(items: Iterable[Any]) -> Iterator[bytes]:
    """Encode the items of a task, in order: requests, packs, totals, pieces of a body.

    Raises ValueError, TypeError or OverflowError for values that cannot be encoded.
    """
    for made, group in groupby(items, type):
        if made is Get:
            while batch := list(islice(group, 200)):
                yield from _ask(list(map(get_form, batch)))
        else:
            for item in group:
                if isinstance(item, Pack):
                    yield item.data
                elif isinstance(item, bytes):
                    yield packed(Piece(item))
                else:
                    yield packed(Total(max(-_LARGEST, min(item, _LARGEST))))


def _ask(gets: list[str]) -> Iterator[bytes]:
    """Encode requests, in several messages if they do not fit in one frame."""
    data = packed(Asks(gets))
    if len(data) <= PLAIN or len(gets) < 2:
        yield data
    else:
        for half in (gets[: len(gets) // 2], gets[len(gets) // 2 :]):
            yield from _ask(half)


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
    """The entries of a pack. Raises BadFrame."""
    form: PackForm = _decode(_PACK, pack.data)
    return _block_of(form)


def _block_of(form: PackForm) -> Block:
    if isinstance(form, RowPack):
        return Block(cut(form.marks), Rows(*_columns_of(form), form.fields))
    return Block(cut(form.marks), [entry_of(each) for each in form.entries])


def _columns_of(form: RowPack) -> tuple[list[str], list[str]]:
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
    texts = [text for one in entries for text in (one[1], *one[2].values())]
    _check_keys([one[0] for one in entries], set().union(*[one[2] for one in entries]), texts)
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


def _check_pack(form: PackForm) -> int:
    """Validate a pack; returns the number of its entries. Raises BadFrame when it is no valid table or Entry."""
    if isinstance(form, RowPack):
        keys, titles = _columns_of(form)
        columns = (keys, titles, *form.fields.values())
        if any(len(column) != len(keys) for column in columns):
            raise BadFrame("columns that are not equally long")
        _check_keys(keys, form.fields, *{id(column): column for column in columns if column is not keys}.values())
        number = len(keys)
    else:
        number = len(form.entries)
        check_entries(form.entries)
    if len(form.marks) != number * SIZE:
        raise BadFrame("another number of fingerprints than of entries")
    return number


def _check_keys(keys: Sequence[str], *others: Iterable[str]) -> None:
    """Raise BadFrame when a text is not a valid key, or another text not clean: one test of all of them is quicker."""
    check_texts(list(chain(keys, *others)))
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
