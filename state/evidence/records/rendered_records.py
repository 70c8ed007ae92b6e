"""A rendered page as WARC records: the document, the screenshot, and the main responses as the browser reports them.

Pure. TLS hides from a proxy what goes over the wire. So these responses are what the browser says that it received:
unpacked, without the framing of chunks. `by` in the page's description says so. Cookies and secrets are removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sources.model.transcript import Rendering, Reported
from state.db.redaction import Redactor
from state.evidence.records.marked_places import marked
from state.evidence.records.page_records import ORIGINAL, Earlier, Pieces, address, as_read
from state.evidence.records.warc import HTTP_RESPONSE, Record, record, urn
from state.model import Event, StoredPage

if TYPE_CHECKING:
    from state.evidence.holdings import Holdings

BY = "browser"
_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding"}


def rendered(
    stored: StoredPage, rendering: Rendering, already: Holdings, redactor: Redactor, events: Sequence[Event] = ()
) -> Pieces:
    """The records of a page that a browser rendered: the document first. Its screenshot shows what `events` tell."""
    document = as_read(stored, already, redactor)
    records, responses = list(document.records), list[dict[str, Any]]()
    for reported in rendering.responses:
        info, made = _response(reported, already, redactor)
        responses.append(info)
        records += made
    told: dict[str, Any] = {
        "by": rendering.browser,
        "responses": responses,
        "refused": [redactor.hide(host) for host in rendering.refused],
        "screenshot": None,
        "marked": marked(rendering.places, events),
    }
    if rendering.screenshot:
        picture = _picture(stored, rendering, redactor)
        told["screenshot"] = urn(picture.id)
        records.append(picture)
    times = {"began": rendering.began.isoformat(), "ended": rendering.ended.isoformat()}
    return Pieces(records, {**document.info, **times, "rendered": told})


def _response(reported: Reported, already: Holdings, redactor: Redactor) -> tuple[dict[str, Any], Sequence[Record]]:
    """The description of a response, and its record unless the file has the same one."""
    uri = redactor.hide(reported.url).replace("{", "%7B").replace("}", "%7D")
    block = _head(reported, redactor) + redactor.hide_bytes(reported.body)
    info = {"url": uri, "method": reported.method, "status": reported.status, "at": reported.at.isoformat()}
    mark = sha256(f"{uri}\n".encode() + reported.body).digest()
    if found := already.find(BY, mark):
        return info | {"record": urn(found.record)}, []
    peer = [("WARC-IP-Address", reported.peer)] if reported.peer else []
    made = record("response", block, HTTP_RESPONSE, at=reported.at, uri=uri, headers=peer)
    already.add(BY, mark, Earlier(made.id, uri, reported.at))
    return info | {"record": urn(made.id)}, [made]


def _head(reported: Reported, redactor: Redactor) -> bytes:
    lines = [f"HTTP/1.1 {reported.status} {_one_line(reported.reason)}".encode("utf-8", "replace")]
    for name, value in reported.headers:
        prefix = ORIGINAL if name.lower() in _OF_THE_WIRE else ""
        text = f"{prefix}{_one_line(name)}: {_one_line(value)}"
        lines.append(redactor.hide_bytes(text.encode("utf-8", "replace")))
    return b"".join(line + b"\r\n" for line in [*lines, b""])


def _picture(stored: StoredPage, rendering: Rendering, redactor: Redactor) -> Record:
    """The screenshot; its address is that of the page, behind a word of its own, as other archives do it."""
    uri = f"screenshot:{address(stored.page, redactor)}"
    return record("resource", rendering.screenshot, "image/png", at=rendering.ended, uri=uri, packed=True)


def _one_line(text: str) -> str:
    return " ".join(text.split())
