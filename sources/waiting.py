"""One request through httpcore, waiting for its answer: in a thread, and wherever a proxy stands between."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

import httpcore

from sources.failures import WIRE_ERRORS, cut_off
from sources.headers import content_length, joined_headers, plain_headers
from sources.http1 import head_of
from sources.transcript import Witness, witness_through
from sources.transport import deadline
from sources.unpack import collect, too_large
from sources.wire import SMALL, Exchange, Raw


def exchange_now(step: Exchange) -> Raw:
    """Send one request, once, and wait for its answer. Raises WIRE_ERRORS and FetchError."""
    address = step.request.address
    target = httpcore.URL(
        scheme=address.scheme, host=address.raw_host, port=address.port, target=address.target.encode("ascii")
    )
    headers = step.request.pairs(step.extra)
    sent = httpcore.Request(step.request.method, target, headers=headers, content=step.request.content)
    with deadline(step.ends - time.monotonic()), step.connections.answer(sent, step.trust) as response:
        got = plain_headers(response.headers)
        if 200 <= response.status < 300:
            body = _body(step, joined_headers(got), response)
            return Raw(response.status, got, body, _witness(response) if step.proving else None)
        return Raw(response.status, got, _drain(response))


def _body(step: Exchange, got: Mapping[str, str], response: httpcore.Response) -> bytes:
    """The body as it comes, at most `max_bytes` long."""
    where = step.request.address.shown
    if step.request.method != "HEAD" and content_length(got) > step.limit:
        raise too_large(step.limit, where)
    try:
        return collect(response.iter_stream(), step.limit, where)
    except WIRE_ERRORS as error:
        raise cut_off(error, where, step.seconds) from None


def _witness(response: httpcore.Response) -> Witness:
    version = response.extensions.get("http_version", b"HTTP/1.1").removeprefix(b"HTTP/")
    reason = response.extensions.get("reason_phrase", b"")
    return witness_through(head_of(version, response.status, reason, response.headers), response)


def _drain(response: httpcore.Response) -> bytes:
    """Read what little there is of a body that is not the content, so that the connection can be kept."""
    parts, left = [], SMALL
    chunks: Iterable[bytes] = response.iter_stream()
    with suppress(*WIRE_ERRORS), deadline(1):
        for chunk in chunks:
            parts.append(chunk)
            left -= len(chunk)
            if left < 0:
                break
    return b"".join(parts)
