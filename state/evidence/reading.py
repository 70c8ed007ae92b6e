"""Captures read back from their files: the pages of a check, and what it said of itself."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sources.formats.unpack import unpack
from sources.http.headers import joined_headers
from state.errors import StateError
from state.evidence.chain import Link
from state.evidence.warc import CERTIFICATES

_LARGEST = 500_000_000  # bytes of a body, unpacked: it was within `max_bytes` when it came


@dataclass(frozen=True, slots=True)
class CaptureInfo:
    """A capture, and where its records are. `file` is empty when they were removed for their age."""

    id: int
    source: str
    kind: str
    at: datetime
    previous: datetime | None
    file: str
    first: int
    last: int
    same_as: int | None


class Found(NamedTuple):
    """A record as it stands in its file."""

    link: Link
    type: str
    record: UUID
    raw: bytes = b""


class Parsed(NamedTuple):
    """A record's headers (names in lower case), the HTTP headers within it, and its payload."""

    type: str
    headers: Mapping[str, str]
    http: Mapping[str, str]
    payload: bytes


class Shown(NamedTuple):
    """A page as it was: what is told of it, its headers (lower case), and its body, unpacked."""

    told: Mapping[str, Any]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Recalled:
    """A capture with its content. `records` are in their order, and all that it needs: those of another capture too."""

    info: CaptureInfo
    about: Mapping[str, Any]
    records: Sequence[Found]
    pages: Sequence[Shown]
    before: Sequence[Shown]
    certificates: bytes  # PEM; none if the page came without TLS


class Book(Protocol):
    """Who knows where records are: the Store."""

    def capture(self, number: int) -> CaptureInfo | None:
        """A capture by its number."""
        ...

    def records(self, first: int, last: int) -> list[Found]:
        """The records from one number to another, without their bytes."""
        ...

    def named_records(self, file: str, names: Iterable[UUID]) -> list[Found]:
        """Records of one file by their names, and the first one, which tells of the file."""
        ...


def recall_about(book: Book, folder: Path, info: CaptureInfo) -> dict[str, Any]:
    """What a capture says of itself alone. Raises StateError as `recall` does."""
    about: dict[str, Any] = json.loads(parsed(_load(folder, info, book.records(info.last, info.last))[0].raw).payload)
    return about


def recall(book: Book, folder: Path, info: CaptureInfo) -> Recalled:
    """Read a capture. Raises StateError when its file is gone, or is not what the chain says."""
    own = _load(folder, info, book.records(info.first, info.last))
    about: dict[str, Any] = json.loads(parsed(own[-1].raw).payload)
    wanted = {_uuid(name) for name in _names(about)} - {found.record for found in own}
    others = _load(folder, info, book.named_records(info.file, wanted))
    revisited = {_uuid(name) for found in own if (name := _refers_to(found))} - {found.record for found in others}
    others += [each for each in _load(folder, info, book.named_records(info.file, revisited)) if each not in others]
    records = sorted(
        {found.link.number: found for found in [*own, *others]}.values(), key=lambda each: each.link.number
    )
    by_name = {found.record: found for found in records}
    return Recalled(
        info,
        about,
        records,
        [_shown(page, by_name) for page in about["pages"]],
        [_shown(page, by_name) for page in about["before"]["pages"]],
        b"".join(dict.fromkeys(_certificates(found) for found in records)),
    )


def parsed(raw: bytes) -> Parsed:
    """A record's parts."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - checks do not read records

    record = next(ArchiveIterator(io.BytesIO(raw)))
    headers = {name.lower(): value for name, value in record.rec_headers.headers}
    http = record.http_headers.headers if record.http_headers else []
    given = joined_headers((name.encode("utf-8"), value.encode("utf-8")) for name, value in http)
    return Parsed(record.rec_type, headers, given, record.raw_stream.read())


def _load(folder: Path, info: CaptureInfo, found: Sequence[Found]) -> list[Found]:
    if not info.file:
        raise StateError(f"the pages of capture {info.id} were removed for their age (keep of [evidence])")
    file = folder / info.file
    try:
        with file.open("rb") as stream:
            loaded = []
            for each in found:
                stream.seek(each.link.offset)
                loaded.append(each._replace(raw=stream.read(each.link.length)))
    except OSError as error:
        raise StateError(f"{file}: it cannot be read: {error.strerror}; watch verify says more") from error
    for each in loaded:
        if sha256(each.raw).digest() != each.link.sha256:
            raise StateError(f"{file}: record {each.link.number} is not what the chain says; watch verify says more")
    return loaded


def _names(about: Mapping[str, Any]) -> Iterable[str]:
    """The records that a capture needs to be understood."""
    for page in [*about["pages"], *about["before"]["pages"]]:
        yield page["record"]
        if page.get("tls") and page["tls"]["certificates"]:
            yield page["tls"]["certificates"]


def _refers_to(found: Found) -> str:
    return parsed(found.raw).headers.get("warc-refers-to", "") if found.type == "revisit" else ""


def _uuid(name: str) -> UUID:
    return UUID(name.removeprefix("<urn:uuid:").removesuffix(">"))


def _shown(told: Mapping[str, Any], by_name: Mapping[UUID, Found]) -> Shown:
    record = parsed(by_name[_uuid(told["record"])].raw)
    if record.type == "revisit":
        record = record._replace(payload=parsed(by_name[_uuid(record.headers["warc-refers-to"])].raw).payload)
    body = unpack(record.payload, record.http.get("content-encoding", ""), _LARGEST, told["url"]).content
    return Shown(told, dict(record.http) or {"content-type": told["type"]}, body)


def _certificates(found: Found) -> bytes:
    record = parsed(found.raw) if found.type == "metadata" else None
    return record.payload if record and record.headers.get("content-type") == CERTIFICATES else b""
