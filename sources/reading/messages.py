"""What the program and the process that reads for it say to each other: typed messages, as MessagePack.

A job goes out as one Job and, in frames behind it, the bytes that it announces. What comes back is some of the answers
that its task may give, then an Outcome. A decoder takes exactly the types that it is made for: anything else, whatever
it is, is a BadFrame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from sources.reading.frames import PLAIN, BadFrame

MOST_FIELDS = 100_000  # of one entry
MOST_NAMES = 100_000  # of fields, in all entries of a page
_MOST_LINE = 2_000  # characters of a failure's message

Count = Annotated[int, Meta(ge=0)]
Key = Annotated[str, Meta(min_length=1)]
Fields = Annotated[dict[str, str], Meta(max_length=MOST_FIELDS)]

# An entry's key, title, fields, address, when it was published (ISO 8601) and text.
EntryParts = tuple[Key, str, Fields, str | None, str | None, str]


class _Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What crosses stands in the order of its fields, without their names."""


class GetForm(_Message, frozen=True):
    """A request; `json` and `carry` as JSON."""

    url: str
    method: Annotated[str, Meta(pattern=r"\A[A-Za-z]{1,20}\Z")]
    query: dict[str, str | int]
    form: dict[str, str] | None
    json: str
    headers: dict[str, str]
    reader: Annotated[str, Meta(max_length=100)]
    carry: str
    after: float


class PageForm(_Message, frozen=True):
    """A page but for its body."""

    get: GetForm
    url: str
    status: int
    headers: dict[str, str]
    fetched: str
    encoding: str | None


class SieveForm(_Message, frozen=True):
    """What a filter takes along; three frames with `known`, `passed` and `news` follow."""

    ignore: list[str]
    keys: bool
    required: list[str]
    key_pattern: str | None


class Job(_Message, frozen=True, tag=1):
    """A page to be read; a frame with its body follows, then those of the filter."""

    task: str
    kind: str
    options: dict[str, Any]
    page: PageForm
    known_filter: SieveForm | None


class Call(_Message, frozen=True, tag=2):
    """A function to be called, of those that are jobs (jobs.py); a frame with what it is given follows."""

    module: str
    name: str


class Entries(_Message, frozen=True, tag=1):
    """Entries as they were read."""

    entries: list[EntryParts]


class Asks(_Message, frozen=True, tag=2):
    """Requests."""

    gets: list[GetForm]


class RowPack(_Message, frozen=True, tag=3):
    """Some entries with their fingerprints, as columns: the parts of Rows.

    Keys or titles that are a field's texts are told by its name, and titles that are the keys by nothing.
    """

    marks: bytes
    keys: list[Key] | str
    titles: list[str] | str | None
    fields: dict[str, list[str]]


class EntryPack(_Message, frozen=True, tag=4):
    """Some entries with their fingerprints."""

    marks: bytes
    entries: list[EntryParts]


class UnchangedCheck(_Message, frozen=True, tag=5):
    """A part of what says which of the known entries were seen: a byte for each."""

    flags: bytes


class Keys(_Message, frozen=True, tag=6):
    """The keys of some entries, in their order."""

    keys: list[Key]


class Filled(_Message, frozen=True, tag=7):
    """How many entries have a value in each of these fields."""

    counts: Annotated[dict[str, Count], Meta(max_length=MOST_NAMES)]


class Sums(_Message, frozen=True, tag=8):
    """How many entries were read, how many are distinct, how many of those have an odd key, and the first of these."""

    taken: Count
    distinct: Count
    odd: Count
    odd_key: str


class Total(_Message, frozen=True, tag=9):
    """A page's own total."""

    total: int


class Piece(_Message, frozen=True, tag=10):
    """A part of what a function answers."""

    data: bytes


class Outcome(_Message, frozen=True, tag=11):
    """The last message of a job: empty when it was done to the end, else the error as what it is made of."""

    error: Annotated[str, Meta(max_length=40)] = ""
    message: Annotated[str, Meta(max_length=_MOST_LINE)] = ""
    code: Annotated[str, Meta(pattern=r"\A[a-z0-9_]{0,40}\Z")] = ""


class OneEntry(_Message, frozen=True, tag=1):
    """Entries that are one."""

    entries: Annotated[list[EntryParts], Meta(max_length=1)]


class OnePack(_Message, frozen=True, tag=4):
    """An EntryPack of one."""

    marks: bytes
    entries: Annotated[list[EntryParts], Meta(max_length=1)]


PackForm = RowPack | EntryPack


class Packing(NamedTuple):
    """A pack as it has come, and what is in it."""

    data: bytes
    form: PackForm


Answer = Entries | Asks | Packing | UnchangedCheck | Keys | Filled | Sums | Total | Piece | Outcome

_JOB: Any = msgspec.msgpack.Decoder(Job | Call)
_PACK: Any = msgspec.msgpack.Decoder(RowPack | EntryPack)
_LARGE: Any = msgspec.msgpack.Decoder(OneEntry | OnePack)
_ANSWERS: dict[str, Any] = {
    "read": msgspec.msgpack.Decoder(Entries | Asks | Outcome),
    "sift": msgspec.msgpack.Decoder(Asks | RowPack | EntryPack | UnchangedCheck | Keys | Filled | Sums | Outcome),
    "total": msgspec.msgpack.Decoder(Total | Outcome),
    "earlier": msgspec.msgpack.Decoder(Asks | Outcome),
    "call": msgspec.msgpack.Decoder(Piece | Outcome),
}
_encode = msgspec.msgpack.Encoder().encode


def packed(message: msgspec.Struct) -> bytes:
    """A message as bytes. Raises ValueError, TypeError or OverflowError where something in it cannot be said so."""
    return _encode(message)


def fitting(message: Entries | Asks | Keys | Filled) -> Iterator[bytes]:
    """A message as bytes, in several messages where one frame cannot hold it."""
    data = packed(message)
    held: Any = getattr(message, message.__struct_fields__[0])
    if len(data) <= PLAIN or len(held) < 2:
        yield data
        return
    make: Any
    make, items = (dict, list(held.items())) if isinstance(held, dict) else (list, held)
    for half in (items[: len(items) // 2], items[len(items) // 2 :]):
        part: Any = make(half)
        yield from fitting(type(message)(part))


def job(data: bytes) -> Job | Call:
    """What is to be done. Raises BadFrame."""
    found: Job | Call = _decoded(_JOB, data)
    return found


def answer(task: str, data: bytes) -> Answer:
    """An answer that this task may give. Raises BadFrame."""
    large = len(data) > PLAIN
    found: OneEntry | OnePack | PackForm | Answer = _decoded(_LARGE if large else _ANSWERS[task], data)
    if isinstance(found, OneEntry) and task == "read":
        return Entries(found.entries)
    if isinstance(found, OnePack) and task == "sift":
        return Packing(data, EntryPack(found.marks, found.entries))
    if isinstance(found, OneEntry | OnePack):
        raise BadFrame("a large frame with something else than an entry")
    return Packing(data, found) if isinstance(found, RowPack | EntryPack) else found


def pack_form(data: bytes) -> PackForm:
    """The content of a pack. Raises BadFrame."""
    found: PackForm = _decoded(_PACK, data)
    return found


def outcome(error: str, message: str, code: str) -> Outcome:
    """How a job failed, in so many characters as are taken."""
    said = message.encode("utf-8", "replace").decode()[:_MOST_LINE]
    return Outcome(error[:40], said, re.sub(r"[^a-z0-9_]", "_", code)[:40])


def _decoded(decoder: Any, data: bytes) -> Any:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise BadFrame(str(error)[:200]) from None
