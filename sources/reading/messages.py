"""Typed messages between the program and the subprocess that parses, as MessagePack, and the frames that they are in.

A request is one Job or Call, and a frame with its content. The response is several answers of the types allowed for
the task, then an Outcome. The other end is not trusted: the decoder accepts exactly these types, the length of a frame
is checked before memory is allocated, and the frames of one job have a total limit. Anything else is a BadFrame.
"""

import re
import struct
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from sources.model.entry import MOST_FIELDS

HEADER = struct.Struct("!Q")
PLAIN = 1_000_000  # bytes of a frame with several items; a larger frame holds a single entry

_FREE = 16_000_000  # bytes allowed for any answer, however small the page
_MOST_LINE = 2_000  # characters of a failure's message

Key = Annotated[str, Meta(min_length=1)]
Fields = Annotated[dict[str, str], Meta(max_length=MOST_FIELDS)]

# An entry's key, title, fields, address, when it was published (ISO 8601) and text.
EntryParts = tuple[Key, str, Fields, str | None, str | None, str]


class BadFrame(ValueError):
    """A frame that is malformed or too long; the message says how."""


def largest(max_bytes: int) -> int:
    """The maximum frame in bytes, for a page of at most `max_bytes`: one entry with all its text, three bytes a
    character.
    """
    return PLAIN + 4 * max_bytes


def in_all(max_bytes: int) -> int:
    """The maximum total of all frames in bytes: entries have at most four characters for each byte of `max_bytes`."""
    return _FREE + 8 * max_bytes


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


class GetForm(_Message, frozen=True):
    """A request; `json` and `carry` are JSON text."""

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
    """A page without its body."""

    get: GetForm
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
    """A call of a registered function (jobs.py); a frame with its argument follows."""

    module: str
    name: str


class Asks(_Message, frozen=True, tag=2):
    """Requests of the kind."""

    gets: list[GetForm]


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


class OnePack(_Message, frozen=True, tag=4):
    """An EntryPack with exactly one entry, which may be large."""

    marks: bytes
    entries: Annotated[list[EntryParts], Meta(max_length=1)]


PackForm = RowPack | EntryPack


class Packing(NamedTuple):
    """A pack: its bytes as received, and decoded."""

    data: bytes
    form: PackForm


Answer = Asks | Packing | Total | Piece | Outcome

_JOB: Any = msgspec.msgpack.Decoder(Job | Call)
_PACK: Any = msgspec.msgpack.Decoder(RowPack | EntryPack)
_LARGE: Any = msgspec.msgpack.Decoder(OnePack)
_ANSWERS: dict[str, Any] = {
    "read": msgspec.msgpack.Decoder(Asks | RowPack | EntryPack | Outcome),
    "total": msgspec.msgpack.Decoder(Total | Outcome),
    "earlier": msgspec.msgpack.Decoder(Asks | Outcome),
    "without_personal": msgspec.msgpack.Decoder(Piece | Outcome),
    "call": msgspec.msgpack.Decoder(Piece | Outcome),
}
packed = msgspec.msgpack.Encoder().encode
"""Encode a message. Raises ValueError, TypeError or OverflowError for values that MessagePack cannot represent."""


def fitting(gets: list[GetForm]) -> Iterator[bytes]:
    """Encode requests, in several messages if they do not fit in one frame."""
    data = packed(Asks(gets))
    if len(data) <= PLAIN or len(gets) < 2:
        yield data
    else:
        for half in (gets[: len(gets) // 2], gets[len(gets) // 2 :]):
            yield from fitting(half)


def job(data: bytes) -> Job | Call:
    """Decode a request. Raises BadFrame."""
    found: Job | Call = _decode(_JOB, data)
    return found


def answer(task: str, data: bytes) -> Answer:
    """Decode an answer, of the types that this task allows. Raises BadFrame."""
    if len(data) > PLAIN:
        if task != "read":
            raise BadFrame("a large frame with something else than an entry")
        one: OnePack = _decode(_LARGE, data)
        return Packing(data, EntryPack(one.marks, one.entries))
    found: PackForm | Answer = _decode(_ANSWERS[task], data)
    return Packing(data, found) if isinstance(found, RowPack | EntryPack) else found


def pack_form(data: bytes) -> PackForm:
    """Decode a pack. Raises BadFrame."""
    found: PackForm = _decode(_PACK, data)
    return found


def outcome(error: str, message: str, code: str) -> Outcome:
    """The Outcome of a failed job, cut to the allowed lengths."""
    line = message.encode("utf-8", "replace").decode()[:_MOST_LINE]
    return Outcome(error[:40], line, re.sub(r"[^a-z0-9_]", "_", code)[:40])


def _decode(decoder: Any, data: bytes) -> Any:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise BadFrame(str(error)[:200]) from None
