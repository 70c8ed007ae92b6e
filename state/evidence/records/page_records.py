"""A page as WARC records: its request, its response, and the certificates of the connection. Pure.

Bytes are kept as received, with these exceptions, each of which is listed in `altered`:

* Credentials: the values of Cookie, Authorization and the like in the request, and of Set-Cookie in the response.
* Values that came from `${...}` in the configuration are replaced by their references. A body with one is stored
unpacked.
* Transfer-Encoding: the chunks are joined, and the header is renamed, as web archives do.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sources import Page
from sources.model.transcript import Tls, Transcript
from state.db.redaction import Redactor
from state.evidence.records.warc import (
    CERTIFICATES,
    HTTP_REQUEST,
    HTTP_RESPONSE,
    SAME_PAYLOAD,
    Record,
    moment,
    record,
    urn,
)
from state.model import StoredPage

if TYPE_CHECKING:
    from state.evidence.holdings import Holdings

REMOVED = b"(removed)"
ORIGINAL = "X-Archive-Orig-"

_CREDENTIAL = re.compile(r"auth|cookie|token|secret|\bkey", re.IGNORECASE)


class Earlier(NamedTuple):
    """An earlier record of the same file, to refer to."""

    record: UUID
    uri: str
    at: datetime


class Pieces(NamedTuple):
    """A page's records, and its description for `capture_record.py`."""

    records: list[Record]
    info: dict[str, Any]


def pieces(stored: StoredPage, already: Holdings, redactor: Redactor) -> Pieces:
    """The records of a page that was just fetched; without a transcript, as `as_read`."""
    page, transcript = stored.page, stored.page.transcript
    if transcript is None:
        return as_read(stored, already, redactor)
    uri, altered = address(page, redactor), list[str]()
    certified = _certificates(transcript.witness.tls, uri, transcript.began, already)
    answer = _response(transcript, stored, uri, already, redactor, altered)
    asked = _request(transcript, uri, answer.id, redactor, altered)
    tls = transcript.witness.tls and {
        "version": transcript.witness.tls.version,
        "cipher": transcript.witness.tls.cipher,
        "certificates": certified and urn(certified[0]),
    }
    wire = {
        "request": urn(asked.id),
        "began": transcript.began.isoformat(),
        "ended": transcript.ended.isoformat(),
        "peer": transcript.witness.peer,
        "proxied": transcript.proxied,
        "tls": tls,
        "redirects": [{"url": redactor.hide(hop.url), "status": hop.status} for hop in transcript.hops],
        "altered": altered,
    }
    records = [*(certified[1] if certified else ()), answer, asked]
    return Pieces(records, _page_info(stored, answer.id, redactor) | wire)


def as_read(stored: StoredPage, already: Holdings, redactor: Redactor) -> Pieces:
    """The records of a page without a transcript, such as one stored earlier. It is written once per file."""
    page = stored.page
    if found := already.find("body", stored.body_hash):
        return Pieces([], _page_info(stored, found.record, redactor))
    uri, body = address(page, redactor), redactor.hide_bytes(page.body)
    altered = ["body: a secret was replaced by its reference"] if body != page.body else []
    kept = record("resource", body, page.content_type or "application/octet-stream", at=page.fetched, uri=uri)
    already.add("body", stored.body_hash, Earlier(kept.id, uri, page.fetched))
    return Pieces([kept], _page_info(stored, kept.id, redactor) | {"altered": altered})


def address(page: Page, redactor: Redactor) -> str:
    """A page's URL as a WARC header."""
    return redactor.hide(page.url).replace("{", "%7B").replace("}", "%7D")


def _page_info(stored: StoredPage, name: UUID, redactor: Redactor) -> dict[str, Any]:
    page = stored.page
    return {
        "record": urn(name),
        "url": redactor.hide(page.url),
        "asked": redactor.hide(page.get.identity),
        "status": page.status,
        "type": page.headers.get("content-type", ""),
        "fetched": page.fetched.isoformat(),
        "bytes": len(page.body),
        "sha256": sha256(page.body).hexdigest(),
    }


def _response(
    transcript: Transcript, stored: StoredPage, uri: str, already: Holdings, redactor: Redactor, altered: list[str]
) -> Record:
    """The response; a revisit record if the same file has the same body."""
    body, renamed = transcript.body, {"transfer-encoding"}
    if (hidden := redactor.hide_bytes(stored.page.body)) != stored.page.body:
        body = hidden
        renamed |= {"content-encoding", "content-length"}
        altered.append("body: unpacked, and a secret replaced by its reference")
    block, mark = _head(transcript.witness.head, renamed, redactor, altered), sha256(body).digest()
    peer = "" if transcript.proxied else transcript.witness.peer
    headers = [("WARC-IP-Address", peer)] if peer else []
    digest = f"sha256:{mark.hex()}"
    if found := already.find("response", mark):
        headers += [
            ("WARC-Profile", SAME_PAYLOAD),
            ("WARC-Refers-To", urn(found.record)),
            ("WARC-Refers-To-Target-URI", found.uri),
            ("WARC-Refers-To-Date", moment(found.at)),
        ]
        return record("revisit", block, HTTP_RESPONSE, at=transcript.began, uri=uri, headers=headers, payload=digest)
    made = record(
        "response",
        block + body,
        HTTP_RESPONSE,
        at=transcript.began,
        uri=uri,
        headers=headers,
        payload=digest,
        packed=body is not stored.page.body and body is transcript.body,
    )
    already.add("response", mark, Earlier(made.id, uri, transcript.began))
    already.add("body", stored.body_hash, Earlier(made.id, uri, transcript.began))
    return made


def _request(transcript: Transcript, uri: str, answer: UUID, redactor: Redactor, altered: list[str]) -> Record:
    lines = [f"{transcript.method} {redactor.hide(transcript.target)} HTTP/1.1".encode()]
    for name, value in transcript.sent:
        secret = _CREDENTIAL.search(name.decode("latin-1"))
        if secret:
            altered.append(f"request header {name.decode('latin-1')}: value removed")
        lines.append(name + b": " + (REMOVED if secret else redactor.hide_bytes(value)))
    body = redactor.hide_bytes(transcript.content)
    if body != transcript.content:
        altered.append("request body: a secret was replaced by its reference")
    block = b"".join(line + b"\r\n" for line in [*lines, b""]) + body
    concurrent = [("WARC-Concurrent-To", urn(answer))]
    return record("request", block, HTTP_REQUEST, at=transcript.began, uri=uri, headers=concurrent)


def _head(head: bytes, renamed: Collection[str], redactor: Redactor, altered: list[str]) -> bytes:
    """The status line and headers as received, except for those that must be altered."""
    first, *lines = head.split(b"\r\n")
    return b"\r\n".join([first, *(_line(line, renamed, redactor, altered) for line in lines)])


def _line(line: bytes, renamed: Collection[str], redactor: Redactor, altered: list[str]) -> bytes:
    name = line.partition(b":")[0].decode("latin-1")
    if name.lower() in renamed:
        altered.append(f"response header {name}: named {ORIGINAL}{name}, as the body is kept without it")
        return ORIGINAL.encode() + redactor.hide_bytes(line)
    if name.lower() in {"set-cookie", "set-cookie2"}:
        altered.append(f"response header {name}: value removed")
        return f"{ORIGINAL}{name}: ".encode("latin-1") + REMOVED
    return redactor.hide_bytes(line)


def _certificates(tls: Tls | None, uri: str, at: datetime, already: Holdings) -> tuple[UUID, list[Record]] | None:
    """The record id of the certificates, and the record itself if the file does not have it yet."""
    if tls is None or not tls.chain:
        return None
    pem = "".join(ssl.DER_cert_to_PEM_cert(each) for each in tls.chain).encode("ascii")
    mark = sha256(pem).digest()
    if found := already.find("certificates", mark):
        return found.record, []
    # Without a target URI: archives would show it in the page's place.
    made = record("metadata", pem, CERTIFICATES, at=at)
    already.add("certificates", mark, Earlier(made.id, uri, at))
    return made.id, [made]
