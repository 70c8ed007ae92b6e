"""Reads captures back from their files: the pages of a check, and its description."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sources.formats.unpack import unpack
from sources.http.exchange import join_headers
from state.errors import StateError
from state.evidence.chain import LARGEST_BODY
from state.evidence.store import CaptureInfo, Evidence, Found
from state.evidence.warc import CERTIFICATES


class ParsedRecord(NamedTuple):
    """A record's headers (names in lower case), the HTTP headers within it, and its payload."""

    type: str
    headers: Mapping[str, str]
    http: Mapping[str, str]
    payload: bytes


class Shown(NamedTuple):
    """A page as it was: its description, its headers (lower case), its unpacked body, and its screenshot, if any."""

    told: Mapping[str, Any]
    headers: Mapping[str, str]
    body: bytes
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A capture with its content. `records` are all that it needs, in order, also those of other captures."""

    info: CaptureInfo
    about: Mapping[str, Any]
    records: Sequence[Found]
    pages: Sequence[Shown]
    before: Sequence[Shown]
    certificates: bytes  # PEM; empty without TLS


def recall_about(book: Evidence, folder: Path, info: CaptureInfo) -> dict[str, Any]:
    """The description of a capture alone. Raises StateError as `recall` does."""
    return _described(info, _load(folder, info, book.records(info.last, info.last)))


def recall(book: Evidence, folder: Path, info: CaptureInfo, most: float = inf) -> Recalled:
    """Read a capture, whose pages unpack to `most` bytes at most. Raises StateError when its file is missing, or does
    not match the chain, and SourceError beyond `most`.
    """
    own = _load(folder, info, book.records(info.first, info.last))
    about = _described(info, own)
    wanted = {_uuid(name) for name in _names(about)} - {found.record for found in own}
    others = _load(folder, info, book.find_records(info.file, wanted))
    revisits = [parse_record(found.raw) for found in own if found.type == "revisit"]
    first = {_uuid(each.headers["warc-refers-to"]) for each in revisits if "warc-refers-to" in each.headers}
    first -= {found.record for found in others}
    others += [each for each in _load(folder, info, book.find_records(info.file, first)) if each not in others]
    by_number = {found.link.number: found for found in [*own, *others]}
    return compose(info, about, [by_number[number] for number in sorted(by_number)], most)


def compose(info: CaptureInfo, about: Mapping[str, Any], records: Sequence[Found], most: float = inf) -> Recalled:
    """A capture of its description and of its records, in order; its pages unpack to `most` bytes in all at most.

    Raises SourceError beyond that, and LookupError if a record is missing.
    """
    by_name = {found.record: found for found in records}
    metadata = [parse_record(found.raw) for found in records if found.type == "metadata"]
    certificates = [each.payload for each in metadata if each.headers.get("content-type") == CERTIFICATES]
    pages, seen = about["pages"], list[Shown]()
    for page in [*pages, *about["before"]["pages"]]:
        seen.append(_shown(page, by_name, int(min(most, LARGEST_BODY))))
        most -= len(seen[-1].body)
    after, before = seen[: len(pages)], seen[len(pages) :]
    return Recalled(info, about, records, after, before, b"".join(dict.fromkeys(certificates)))


def parse_record(raw: bytes) -> ParsedRecord:
    """Parse a record."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - checks never parse records

    record = next(ArchiveIterator(io.BytesIO(raw)))
    headers = {name.lower(): value for name, value in record.rec_headers.headers}
    http = record.http_headers.headers if record.http_headers else []
    given = join_headers((name.encode("utf-8"), value.encode("utf-8")) for name, value in http)
    return ParsedRecord(record.rec_type, headers, given, record.raw_stream.read())


def _described(info: CaptureInfo, own: Sequence[Found]) -> dict[str, Any]:
    """What the last of a capture's records says of it. Raises StateError if it is another record."""
    with suppress(ValueError):
        about = json.loads(parse_record(own[-1].raw).payload) if own else None
        if isinstance(about, dict) and {"kind", "check", "before", "pages", "changes"} <= about.keys():
            return about
    raise StateError(f"record {info.last} does not describe capture {info.id}: the state was edited")


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
    """The ids of the records that a capture refers to."""
    for page in [*about["pages"], *about["before"]["pages"]]:
        yield page["record"]
        if page.get("tls") and page["tls"]["certificates"]:
            yield page["tls"]["certificates"]
        told = page.get("rendered") or {}
        yield from (each["record"] for each in told.get("responses", ()))
        if told.get("screenshot"):
            yield told["screenshot"]


def _uuid(name: str) -> UUID:
    return UUID(name.removeprefix("<urn:uuid:").removesuffix(">"))


def _shown(info: Mapping[str, Any], by_name: Mapping[UUID, Found], most: int) -> Shown:
    record = parse_record(by_name[_uuid(info["record"])].raw)
    if record.type == "revisit":
        record = record._replace(payload=parse_record(by_name[_uuid(record.headers["warc-refers-to"])].raw).payload)
    body = unpack(record.payload, record.http.get("content-encoding", ""), most, info["url"])[0]
    name = (info.get("rendered") or {}).get("screenshot")
    picture = parse_record(by_name[_uuid(name)].raw).payload if name else b""
    return Shown(info, dict(record.http) or {"content-type": info["type"]}, body[:], picture)
