"""WARC 1.1: records to bytes, bytes to records, and the folder of files that have them.

The library warcio parses records, in `reading.py` and in tests. It is not used to write: it compresses at the highest
level, which takes four times as long, and supports only SHA-1 for digests.

Appended records are on disk (fsync) before their transaction commits. Data after the last record in the database come
from a transaction that did not commit: they are truncated before the next record is written, or at the next start. Only
one transaction writes at a time.
"""

import errno
import logging
import os
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from itertools import islice
from math import inf
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID, uuid4

from state.db.files import give_to_owner_of, refuse_planted, sync_folder
from state.failpoint import reach

log = logging.getLogger(__name__)

SUFFIX = ".warc.gz"
MENTIONS = "-mentions"

_GZIP = 31  # wbits: zlib's number for the format
_LEVEL = 4  # of zlib: other writers wait for this transaction, and higher levels gain little on markup
_STORED = 1  # for data that is compressed already
_PIECE = 1 << 16  # bytes

JSON = "application/json"
DECISION = "application/vnd.registry-watch.decision+json"  # of a person, about a message
CERTIFICATES = "application/pem-certificate-chain"
HTTP_REQUEST, HTTP_RESPONSE = "application/http; msgtype=request", "application/http; msgtype=response"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


class WarcRecord(NamedTuple):
    """A record to write: its bytes are one gzip member."""

    id: UUID
    type: str
    data: bytes

    @property
    def sha256(self) -> bytes:
        """The hash for the chain."""
        return sha256(self.data).digest()


def record(
    kind: str,
    block: bytes,
    content_type: str,
    *,
    at: datetime,
    uri: str = "",
    headers: Sequence[tuple[str, str]] = (),
    payload: str = "",
    packed: bool = False,
) -> WarcRecord:
    """A record of the type `kind`. `payload` is the payload's digest; a `packed` block is compressed already."""
    name = uuid4()
    lines = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", urn(name)),
        ("WARC-Date", moment(at)),
        *([("WARC-Target-URI", uri)] if uri else []),
        *headers,
        *([("WARC-Payload-Digest", payload)] if payload else []),
        ("WARC-Block-Digest", digest(block)),
        ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    ]
    head = "".join(f"{name}: {one_line(value)}\r\n" for name, value in lines)
    packer = zlib.compressobj(_STORED if packed else _LEVEL, zlib.DEFLATED, _GZIP)
    data = packer.compress(f"WARC/1.1\r\n{head}\r\n".encode())
    data += packer.compress(block) + packer.compress(b"\r\n\r\n") + packer.flush()
    return WarcRecord(name, kind, data)


def urn(name: UUID) -> str:
    """A record's id as a URN, as in its header."""
    return f"<urn:uuid:{name}>"


def digest(content: bytes) -> str:
    """A SHA-256 in WARC's form, with the digits that sha256sum prints."""
    return f"sha256:{sha256(content).hexdigest()}"


def moment(at: datetime) -> str:
    """A time in WARC's form."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Member(NamedTuple):
    """A gzip member as it was read: its SHA-256, and the beginning of what it unpacks to."""

    sha256: bytes
    head: bytes


def members(stream: BinaryIO, most: float = inf) -> Iterator[Member]:
    """The gzip members from the stream's position on, read in pieces.

    Ends before the first incomplete one, or when the members unpack to more than `most` bytes in total.
    """
    rest, unpacked = stream.read(_PIECE), 0
    while rest:
        unpacker, hashed, head = zlib.decompressobj(_GZIP), sha256(), b""
        while not unpacker.eof:
            if not rest or unpacked > most:
                return
            try:
                content = unpacker.decompress(rest, _PIECE)
            except zlib.error:
                return
            head, unpacked = head or content, unpacked + len(content)
            left = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            hashed.update(rest[: len(rest) - len(left)])
            rest = left or stream.read(_PIECE)
        yield Member(hashed.digest(), head)


def is_about(record: bytes) -> bool:
    """Whether a record, given by its beginning, is the last one of a capture, which describes it."""
    head = record.partition(b"\r\n\r\n")[0]
    return b"\r\nWARC-Type: metadata" in head and f"\r\nContent-Type: {JSON}".encode() in head


def one_line(value: str) -> str:
    """A header's value on one line."""
    return " ".join(value.split())


def name_of(day: date, chain: str, *, mentions: bool, number: int = 1) -> str:
    """The name of a file: for one day, one chain, with or without mentions of watched entities."""
    return f"{day.isoformat()}-{chain}{MENTIONS if mentions else ''}{f'-{number}' if number > 1 else ''}{SUFFIX}"


class Folder:
    """The folder, with its files by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._complained: set[str] = set()

    def make(self) -> None:
        """Create the folder, accessible by its owner only. Raises OSError: as root, also for another user's link."""
        refuse_planted(self.path)
        if not self.path.is_dir():
            self.path.mkdir(mode=0o700)
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                give_to_owner_of(self.path.parent, handle)
            finally:
                os.close(handle)

    def append(self, name: str, end: int, data: bytes) -> bool:
        """Write records after the first `end` bytes of a file, and fsync it.

        Returns whether that was possible: not in a file that is shorter, or that has more surplus data than one aborted
        transaction could leave. Raises OSError; then nothing is left behind, if possible.
        """
        file = self._file(name)
        new = not file.exists()
        if new and end:
            self._complain(name, "is missing; watch verify says more")
            return False
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if new:
                give_to_owner_of(self.path, handle)
            if not self._cut(handle, name, end):
                return False
            reach("evidence_opened")
            try:
                # In two steps, so that tests can kill the process between them.
                half = len(data) // 2
                _write_all(handle, data[:half], end)
                reach("evidence_half")
                _write_all(handle, data[half:], end + half)
                reach("evidence_written")
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, end)
                raise
        finally:
            os.close(handle)
        if new:
            sync_folder(self.path)
        reach("evidence_synced")
        return True

    def settle(self, ends: Mapping[str, int], removed: Collection[str], chain: str) -> None:
        """Truncate what was not committed. `ends` are the committed lengths of the existing files, `removed` the names
        of those that should be deleted.
        """
        for name, end in ends.items():
            file = self._file(name)
            if file.exists() and file.stat().st_size > end:
                handle = os.open(file, os.O_RDWR | os.O_NOFOLLOW)
                try:
                    self._cut(handle, name, end)
                finally:
                    os.close(handle)
        for file in self.ours(chain):
            if file.name in removed or (file.name not in ends and _is_leftover(file.read_bytes())):
                file.unlink()

    def remove(self, name: str) -> None:
        """Delete a file, if it exists."""
        self._file(name).unlink(missing_ok=True)

    def ours(self, chain: str) -> list[Path]:
        """The existing files of a chain, by name."""
        return sorted(self.path.glob(f"????-??-??-{chain}*{SUFFIX}"))

    def _file(self, name: str) -> Path:
        """The path of a file named in the state. Raises OSError if it would be outside the folder."""
        if "/" in name or name in {"", ".", ".."}:
            raise OSError(errno.EINVAL, f"{name!r} is not a file of evidence: the state was edited")
        return self.path / name

    def _cut(self, handle: int, name: str, end: int) -> bool:
        """Truncate a file to the committed length; returns whether that was possible."""
        size = os.fstat(handle).st_size
        if size == end:
            return True
        if size < end:
            self._complain(name, f"has {size:,} bytes of {end:,}: it was cut off; watch verify says more")
            return False
        if not _is_leftover(os.pread(handle, size - end, end)):
            self._complain(name, "holds records that the state does not know: an older state was restored?")
            return False
        os.ftruncate(handle, end)
        os.fsync(handle)
        log.info("evidence: %s: cut off %d bytes that a broken check had left", name, size - end)
        return True

    def _complain(self, name: str, what: str) -> None:
        if name not in self._complained:
            self._complained.add(name)
            log.error("evidence: %s %s; another file is begun", self.path / name, what)


def _is_leftover(tail: bytes) -> bool:
    """Whether the surplus is what one aborted transaction leaves: at most one capture."""
    ends = (member for member in members(BytesIO(tail)) if is_about(member.head))
    return len(list(islice(ends, 2))) < 2


def _write_all(handle: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(handle, view, at)
        view, at = view[written:], at + written
