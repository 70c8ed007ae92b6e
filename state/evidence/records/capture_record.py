"""The last record of a capture, which describes it, as JSON. Pure.

    kind         baseline, changed, suspicious
    program      the version that captured it
    source       {name, label, kind, authority}
    check        {began, entries}
    before       {checked, entries, pages: [page]}: the last check before that could read the source, and its pages
    pages        [page]: the responses of this check
    changes      [{id, change, key, title, url, published, fields, entry, mentions}]
    doubt        {reason, message} of a suspicious snapshot
    same_as      the number of the capture that first had these pages, if they were accepted later

A page is {record, url, asked, status, type, fetched, bytes, sha256} and, if there is a transcript, {request, began,
ended, peer, proxied, tls: {version, cipher, certificates}, redirects, altered}. Of a page that a browser rendered,
`record` is the document, and there are {began, ended, rendered: {by, responses: [{record, url, method, status, at}],
refused, screenshot, marked}}: `by` reports these responses, `refused` are the hosts that the page was not let to, and
`marked` {id of a change: [left, top, width, height]} is where the screenshot shows its entry, in pixels.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from state.evidence.records.warc import JSON, Record, record
from state.model import Capture, Event, EventKind, SourceState

PageInfo = Mapping[str, Any]


def about(
    capture: Capture,
    before: SourceState,
    pages: Sequence[PageInfo],
    pages_before: Sequence[PageInfo],
    events: Iterable[Event],
    same_as: int | None,
) -> Record:
    """The describing record. `events` are as stored: their texts have no secrets."""
    content = {
        "kind": capture.kind.value,
        "program": program(),
        "source": capture.source,
        "check": {"began": capture.began.isoformat(), "entries": capture.entries},
        "before": {
            "checked": _iso(before.checked),
            "entries": before.entries if before.revision else None,
            "pages": pages_before,
        },
        "pages": pages,
        "changes": [change_info(event) for event in events if event.kind is EventKind.CHANGE],
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


def warcinfo(file: str, at: datetime) -> Record:
    """The first record of a file."""
    lines = {
        "software": program(),
        "format": "WARC file version 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": "pages that a watched source served, each captured when an entry on it had changed",
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
    return record("warcinfo", block, "application/warc-fields", at=at, headers=[("WARC-Filename", file)])


@cache
def program() -> str:
    """This program and its version."""
    try:
        return f"registry-watch {version('registry-watch')}"
    except PackageNotFoundError:
        return "registry-watch"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
