"""What other packages fetch and post with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import httpx

from sources.formats.unpack import glimpse
from sources.http.client import HttpClient
from sources.http.response import retry_after
from sources.http.session import SMALL, Session, beginning_of
from sources.model import Get, Source


class Fetcher(HttpClient):
    """Fetches for all sources, in one event loop."""

    def session(self, source: Source) -> Session:
        """A new session, for one check of a source."""
        return Session(self, source)


class Posted(NamedTuple):
    """The answer to a document: its status, how long the server asks to wait, and the beginning of its body."""

    status: int
    retry_after: timedelta | None
    beginning: bytes


class Posting(Session):
    """A session for a document that is to arrive once.

    A redirect would turn it into a GET, or take it to another site. A body that is too long or broken off changes
    nothing about what the status says: the document has arrived, and must not be sent again.
    """

    async def submit(self, url: str, content: bytes, headers: Mapping[str, str]) -> Posted:
        """Post a document. Raises FetchError where no answer came."""
        out = self._outgoing(Get(url, method="POST", headers=headers))._replace(content=content)
        raw = await self._in_time(out, self._send(out, {}))
        wait = retry_after(raw.headers, self._client.clock())
        body = raw.body and glimpse(raw.body, raw.headers.get("content-encoding", ""), SMALL)
        return Posted(raw.response.status_code, wait, body)

    async def _body(self, response: httpx.Response, headers: Mapping[str, str]) -> bytes:  # noqa: ARG002 - as Session
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - it came from an async transport
        return await beginning_of(stream)
