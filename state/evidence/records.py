"""What a capture consists of, as WARC records. Pure.

`about` is the last record of a capture, which describes it, as JSON:

    kind         baseline, changed, suspicious
    program      the version that captured it
    source       {name, label, kind, authority}
    check        {began, entries}
    before       {checked, entries, pages: [page]}: the last check before that could read the source, and its pages
    pages        [page]: the responses of this check
    changes      [{id, change, key, title, url, published, fields, entry, mentions}], also those that are held
    events       {id: digest} of each event of the check, as `digest_of` makes it; builds before it have none
    doubt        {reason, message} of a suspicious snapshot
    same_as      the number of the capture that first had these pages, if they were accepted later

A page is {record, url, asked, status, type, fetched, bytes, sha256} and, if there is a transcript, {request, began,
ended, peer, proxied, tls: {version, cipher, certificates}, redirects, altered}. Of a page that a browser rendered,
`record` is the document, and there are {began, ended, rendered: {by, responses: [{record, url, method, status, at}],
refused, screenshot, marked}}: `by` reports these responses, `refused` are the hosts that the page was not let to, and
`marked` {id of a change: [left, top, width, height]} is where the screenshot shows its entry, in pixels. Of a page that
a program pushed, `pushed` is who did, `url` where to, `fetched` when, and `status` 206 if it only added entries.

`make_pieces` gives the request and the response of a page, and the certificates of the connection. Bytes are kept as
received, with these exceptions, each of which is listed in `altered`:

* Credentials: the values of Cookie, Authorization and the like in the request, and of Set-Cookie in the response.
* Values that came from `${...}` in the configuration are replaced by their references. A body with one is stored
unpacked.
* Transfer-Encoding: the chunks are joined, and the header is renamed, as web archives do.

`make_rendered` gives the document of a page that a browser rendered, its screenshot, and the main responses. TLS hides
from a proxy what goes over the wire. So these responses are what the browser says that it received: unpacked, without
the framing of chunks. `by` in the page's description says so. Cookies and secrets are removed.

`mark_changes` finds where a screenshot shows what has changed: the box of the row that names an entry. Places and
entries are compared as sets of words, not by searching one text in another: both are foreign, and a search may take as
long as the product of their lengths. It runs within the commit of a check.
"""

import json
import re
import ssl
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, insert, select

from sources.formats.download import pieces_of
from sources.model.transcript import Place, Rendering, Reported, Tls, Transcript
from state.db.redaction import Redactor
from state.db.tables.evidence import HOLDINGS
from state.evidence.warc import (
    CERTIFICATES,
    HTTP_REQUEST,
    HTTP_RESPONSE,
    JSON,
    SAME_PAYLOAD,
    WarcRecord,
    moment,
    one_line,
    record,
    urn,
)
from state.model import Capture, Event, SourceState, StoredPage

_SEEN_HERE = "pages that a watched source served, each captured when an entry on it had changed"


class Earlier(NamedTuple):
    """An earlier record of the same file, to refer to."""

    record: UUID
    uri: str
    at: datetime


class Holdings:
    """The records of a file, stored and about to be, by what they hold and its hash: a `response`, a `body`,
    `certificates`, or what a `browser` reports. `file_id` is 0 for a file that is not stored yet.
    """

    def __init__(self, connection: Connection, file_id: int) -> None:
        self._connection, self._file_id = connection, file_id
        self._new: dict[tuple[str, bytes], Earlier] = {}

    def find(self, what: str, mark: bytes) -> Earlier | None:
        """The record that has it, or None."""
        if found := self._new.get((what, mark)):
            return found
        if not self._file_id:
            return None
        key = (HOLDINGS.c.file_id == self._file_id, HOLDINGS.c.what == what, HOLDINGS.c.mark == mark)
        row = self._connection.execute(select(HOLDINGS).where(*key)).one_or_none()
        return Earlier(UUID(bytes=row.record), row.uri, row.at) if row else None

    def add(self, what: str, mark: bytes, by: Earlier) -> None:
        """Add a record."""
        if self.find(what, mark) is None:
            self._new[what, mark] = by

    def write(self, file_id: int) -> None:
        """Store what was added, once the records are in the file."""
        rows = [
            {"file_id": file_id, "what": what, "mark": mark, "record": by.record.bytes, "uri": by.uri, "at": by.at}
            for (what, mark), by in self._new.items()
        ]
        if rows:
            self._connection.execute(insert(HOLDINGS), rows)


PageInfo = Mapping[str, Any]
Pages = Sequence[PageInfo]


def about(
    capture: Capture,
    before: SourceState,
    pages: Pages,
    pages_before: Pages,
    events: Sequence[Event],
    same_as: int | None,
) -> WarcRecord:
    """The describing record. `events` are as stored: their texts have no secrets."""
    content = {
        "kind": capture.kind.value,
        "program": program(),
        "source": capture.source,
        "check": {"began": capture.began.isoformat(), "entries": capture.entries},
        "before": {
            "checked": before.checked and before.checked.isoformat(),
            "entries": before.entries if before.revision else None,
            "pages": pages_before,
        },
        "pages": pages,
        "changes": [change_info(event) for event in events if event.tells_change],
        "events": {str(event.id): digest_of(event, event.data.get("key")) for event in events},
        "doubt": capture.doubt,
        "same_as": same_as,
    }
    block = json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    # Without a target URI: archives would show this record in place of the page.
    concurrent = [("WARC-Concurrent-To", page["record"]) for page in pages]
    return record("metadata", block, JSON, at=capture.began, headers=concurrent)


def change_info(event: Event) -> dict[str, Any]:
    """A change in the form of the describing record."""
    mentions = [{"entity": each.entity, "name": each.name, "words": each.words} for each in event.mentions]
    return {"id": event.id, **event.data, "mentions": mentions}


def digest_of(event: Event, entry_key: str | None) -> str:
    """The SHA-256 (hexadecimal) of an event's whole row and its mentions: of JSON in ASCII, names sorted, no spaces.

    `entry_key` is the row's column of that name. Its capture is what proves the row, and not the other way round.
    """
    row = {
        **{name: getattr(event, name) for name in ("id", "source", "label", "authority", "data")},
        "kind": event.kind.value,
        "at": event.at.astimezone(UTC).isoformat(),
        "previous": event.previous and event.previous.astimezone(UTC).isoformat(),
        "entry_key": entry_key,
        "mentions": [[each.entity, each.name, each.words, each.field] for each in event.mentions],
    }
    return sha256(json.dumps(row, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def warcinfo(file: str, at: datetime, description: str = _SEEN_HERE) -> WarcRecord:
    """The first record of a file."""
    lines = {
        "software": program(),
        "format": "WARC file version 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": one_line(description),
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode("utf-8", "replace")
    return record("warcinfo", block, "application/warc-fields", at=at, headers=[("WARC-Filename", file)])


@cache
def program() -> str:
    """This program and its version."""
    try:
        return f"registry-watch {version('registry-watch')}"
    except PackageNotFoundError:
        return "registry-watch"


REMOVED = b"(removed)"
ORIGINAL = "X-Archive-Orig-"

_CREDENTIAL = re.compile(r"auth|cookie|token|secret|\bkey", re.IGNORECASE)

Pieces = tuple[list[WarcRecord], dict[str, Any]]
"""A page's records, and its description for the describing record."""


def make_pieces(stored: StoredPage, already: Holdings, redactor: Redactor) -> Pieces:
    """The records of a page that was just fetched; without a transcript, as `make_resource`."""
    page, transcript = stored.page, stored.page.transcript
    if transcript is None:
        return make_resource(stored, already, redactor)
    uri, altered = address(page.url, redactor), list[str]()
    certified = _certificates(transcript.witness.tls, uri, transcript.began, already)
    answer = _response(transcript, stored, uri, already, redactor, altered)
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
    concurrent = [("WARC-Concurrent-To", urn(answer.id))]
    asked = record("request", block, HTTP_REQUEST, at=transcript.began, uri=uri, headers=concurrent)
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
    return records, _page_info(stored, answer.id, redactor) | wire


def make_resource(stored: StoredPage, already: Holdings, redactor: Redactor) -> Pieces:
    """The records of a page without a transcript, such as one stored earlier. It is written once per file."""
    page = stored.page
    if found := already.find("body", stored.body_hash):
        return [], _page_info(stored, found.record, redactor)
    uri, body = address(page.url, redactor), redactor.hide_body(page.content)
    altered = ["body: a secret was replaced by its reference"] if body is not page.content else []
    content_type = page.content_type or "application/octet-stream"
    if stored.kept == page.content:
        altered.append("body: written anew, without what is personal")
        content_type = "text/plain"
    kept = record("resource", body[:], content_type, at=page.fetched, uri=uri)
    already.add("body", stored.body_hash, Earlier(kept.id, uri, page.fetched))
    return [kept], _page_info(stored, kept.id, redactor) | {"altered": altered}


def address(url: str, redactor: Redactor) -> str:
    """A page's URL as a WARC header."""
    return redactor.hide(url).replace("{", "%7B").replace("}", "%7D")


def _page_info(stored: StoredPage, name: UUID, redactor: Redactor) -> dict[str, Any]:
    page, digest = stored.page, sha256()
    for piece in pieces_of(page.content):
        digest.update(piece)
    return {
        "record": urn(name),
        "url": redactor.hide(page.url),
        "asked": redactor.hide(page.get.identity),
        "status": page.status,
        "type": page.headers.get("content-type", ""),
        "fetched": page.fetched.isoformat(),
        "bytes": len(page.content),
        "sha256": digest.hexdigest(),
        **({"pushed": page.pushed_by} if page.pushed_by else {}),
    }


def _response(
    transcript: Transcript, stored: StoredPage, uri: str, already: Holdings, redactor: Redactor, altered: list[str]
) -> WarcRecord:
    """The response; a revisit record if the same file has the same body."""
    body, renamed, packed = transcript.body[:], {"transfer-encoding"}, transcript.body is not stored.page.content
    if (hidden := redactor.hide_body(stored.page.content)) is not stored.page.content:
        body, packed = hidden[:], False
        renamed |= {"content-encoding", "content-length"}
        altered.append("body: unpacked, and a secret replaced by its reference")
    first, *lines = transcript.witness.head.split(b"\r\n")
    head = [first]
    for line in lines:
        name = line.partition(b":")[0].decode("latin-1")
        if name.lower() in renamed:
            altered.append(f"response header {name}: named {ORIGINAL}{name}, as the body is kept without it")
            head.append(ORIGINAL.encode() + redactor.hide_bytes(line))
        elif name.lower() in {"set-cookie", "set-cookie2"}:
            altered.append(f"response header {name}: value removed")
            head.append(f"{ORIGINAL}{name}: ".encode("latin-1") + REMOVED)
        else:
            head.append(redactor.hide_bytes(line))
    block, mark = b"\r\n".join(head), sha256(body).digest()
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
    block += body
    at = transcript.began
    made = record("response", block, HTTP_RESPONSE, at=at, uri=uri, headers=headers, payload=digest, packed=packed)
    already.add("response", mark, Earlier(made.id, uri, transcript.began))
    already.add("body", stored.body_hash, Earlier(made.id, uri, transcript.began))
    return made


def _certificates(tls: Tls | None, uri: str, at: datetime, already: Holdings) -> tuple[UUID, list[WarcRecord]] | None:
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


BY = "browser"
_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding"}


def make_rendered(
    stored: StoredPage, rendering: Rendering, already: Holdings, redactor: Redactor, events: Sequence[Event] = ()
) -> Pieces:
    """The records of a page that a browser rendered: the document first. Its screenshot shows what `events` tell."""
    (records, document), responses = make_resource(stored, already, redactor), list[dict[str, Any]]()
    for reported in rendering.responses:
        made, info = _reported(reported, already, redactor)
        responses.append(info)
        records += made
    told: dict[str, Any] = {
        "by": rendering.browser,
        "responses": responses,
        "refused": [redactor.hide(host) for host in rendering.refused],
        "screenshot": None,
        "marked": mark_changes(rendering.places, events),
    }
    if rendering.screenshot:
        # Its address is that of the page, behind a word of its own, as other archives do it.
        at, uri = rendering.ended, f"screenshot:{address(stored.page.url, redactor)}"
        picture = record("resource", rendering.screenshot, "image/png", at=at, uri=uri, packed=True)
        told["screenshot"] = urn(picture.id)
        records.append(picture)
    times = {"began": rendering.began.isoformat(), "ended": rendering.ended.isoformat()}
    return records, {**document, **times, "rendered": told}


def _reported(reported: Reported, already: Holdings, redactor: Redactor) -> Pieces:
    """The record of a response, unless the file has the same one, and its description."""
    uri = address(reported.url, redactor)
    info = {"url": uri, "method": reported.method, "status": reported.status, "at": reported.at.isoformat()}
    mark = sha256(f"{uri}\n".encode() + reported.body).digest()
    if found := already.find(BY, mark):
        return [], info | {"record": urn(found.record)}
    made = make_response(reported, redactor)
    already.add(BY, mark, Earlier(made.id, uri, reported.at))
    return [made], info | {"record": urn(made.id)}


def make_response(reported: Reported, redactor: Redactor) -> WarcRecord:
    """The record of a response as it is reported."""
    head = [f"HTTP/1.1 {reported.status} {one_line(reported.reason)}"]
    for name, value in reported.headers:
        prefix = ORIGINAL if name.lower() in _OF_THE_WIRE else ""
        head.append(f"{prefix}{one_line(name)}: {one_line(value)}")
    lines = [redactor.hide_bytes(line.encode("utf-8", "replace")) for line in head]
    block = b"".join(line + b"\r\n" for line in [*lines, b""]) + redactor.hide_bytes(reported.body)
    peer = [("WARC-IP-Address", reported.peer)] if reported.peer else []
    uri = address(reported.url, redactor)
    return record("response", block, HTTP_RESPONSE, at=reported.at, uri=uri, headers=peer)


_MOST = 50  # changes of a check
_LIKELY = 100  # places with the title of an entry, the smallest first
_TITLE, _ENTRY = 20, 200  # words of an entry's title, and of its values, that are looked for
_VALUES, _LONGEST = 20, 200  # values, and the characters of each

Box = list[int]  # left, top, width, height: pixels
_Words = frozenset[str]


def mark_changes(places: Sequence[Place], events: Iterable[Event]) -> dict[str, Box]:
    """The box of each change by the number of its event: of the places that have the entry's title, the one with most
    of the words of its values, and of several the smallest. A change whose entry is not on the picture has none.
    """
    changes = (each for each in events if each.tells_change and each.data["change"] != "removed")
    smallest = sorted(places, key=lambda place: place.width * place.height)
    found: dict[str, Box] = {}
    known: list[tuple[Place, _Words]] | None = None
    for event in islice(changes, _MOST):
        known = known or [(place, frozenset(place.text.split())) for place in smallest]
        title, entry = _words([event.data["title"] or event.data["key"]], _TITLE), event.data.get("entry")
        values = entry.values() if isinstance(entry, Mapping) else ()
        wanted = _words([event.data.get("key"), *islice(values, _VALUES)], _ENTRY)
        likely = islice((each for each in known if title and title <= each[1]), _LIKELY)
        if best := max(likely, key=lambda each, words=wanted: len(words & each[1]), default=None):  # type: ignore[misc]
            found[str(event.id)] = [*best[0][:4]]
    return found


def _words(texts: Iterable[object], most: int) -> _Words:
    """The words of the beginnings of some texts."""
    return frozenset(islice((word for text in texts if text for word in str(text)[:_LONGEST].split()), most))
