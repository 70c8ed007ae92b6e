"""Serves a saved page in place of a site, with the headers that a server would have sent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePath

from sources import FetchError, Get, Page, Source
from sources.formats.unpack import too_large
from sources.http.request import Validators
from sources.options import largest_page

_BY_NAME = {
    "atom": "application/atom+xml",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "idx": "text/plain",
    "json": "application/json",
    "pdf": "application/pdf",
    "rdf": "application/rdf+xml",
    "rss": "application/rss+xml",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "xhtml": "application/xhtml+xml",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
_HTML = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_HEAD = 4096  # bytes in which a document shows its type


def content_type(name: str, body: bytes) -> str:
    """The media type that a server would have sent with a saved page.

    The content decides if it is clear, as an error page may be saved under any name; else the name does.
    """
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    *_, before, last = ("", "", *PurePath(name).suffixes)
    as_text = last == ".txt" and before[1:] in _BY_NAME  # `page.html.txt`: so a proof calls what a browser would run
    named = _BY_NAME.get((before if as_text else last).lower().removeprefix("."), "")
    if _HTML.match(head):
        return "application/xhtml+xml" if named == "application/xhtml+xml" else "text/html"
    if head.lstrip().startswith(b"<?xml"):
        return named if "xml" in named else "application/xml"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return named if "sheet" in named else "application/zip"
    if named:
        return named
    start = head.lstrip()[:1]
    return "application/json" if start in (b"{", b"[") else "text/html" if start == b"<" else "text/plain"


def saved_page(source: Source, get: Get, file: Path, fetched: datetime) -> Page:
    """A file as the response to any request of the source.

    Raises FetchError if it cannot be read, and TooLarge if it is longer than `max_bytes`.
    """
    most = largest_page(source)
    try:
        with file.open("rb") as opened:
            body = opened.read(most + 1)
    except OSError as error:
        raise FetchError(f"cannot read {file}: {error.strerror}", code="unreadable_file") from None
    if len(body) > most:
        raise too_large(most, str(file))
    headers = {"content-type": content_type(file.name, body)}
    return Page(replace(get, reader="parse"), get.url, 200, headers, body, fetched, source.encoding)


class SavedPages:
    """A fetcher, and its sessions: it answers every request with `file`, as fetched at `at`."""

    def __init__(self, file: Path, at: datetime) -> None:
        self.file, self.at = file, at
        self._source: Source | None = None

    def session(self, source: Source) -> SavedPages:
        """A session for one check; as there are no cookies, the same object."""
        self._source = source
        return self

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:  # noqa: ARG002 - never answers 304
        """The saved page. Raises FetchError if it cannot be read."""
        assert self._source  # noqa: S101 - `session` was called first
        return saved_page(self._source, get, self.file, self.at)
