"""What the transports use of aiohttp, httpcore, httpx and ssl without a public name for it.

Read in aiohttp 3.14.5, httpcore 1.0.9, httpx 0.28.1 and Python 3.11 to 3.14. A release that takes one away fails here,
with the place that has to change, before it fails in a request.
"""

from __future__ import annotations

import asyncio
import inspect
import ssl
import sys

import aiohttp
import httpx
import pytest
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import BaseConnector

from sources.http import httpcore_transport
from sources.http.guard import Guard
from sources.http.transport import AiohttpTransport, GuardedConnector, Handler


def test_aiohttp_connects_by_the_factory_of_its_connector() -> None:
    """`GuardedConnector` sets `_factory`, whose protocol `aiohttp` asks for each connection."""

    async def factory() -> object:
        connector = GuardedConnector(Guard("refuse"))
        usual = BaseConnector()
        try:
            assert callable(usual._factory), "aiohttp's connector has no _factory: sources/http/transport.py sets it"
            return connector._factory()
        finally:
            await connector.close()
            await usual.close()

    assert isinstance(asyncio.run(factory()), Handler)
    assert "self._factory" in inspect.getsource(aiohttp.TCPConnector), "aiohttp no longer connects by _factory"


def test_the_protocol_of_aiohttp_keeps_the_body_that_it_reads() -> None:
    """`Handler.data_received` looks at `_payload`, to end the reader of a body with a malformed chunk."""

    async def handler() -> ResponseHandler:
        return ResponseHandler(asyncio.get_running_loop())

    protocol = asyncio.run(handler())
    assert hasattr(protocol, "_payload"), "aiohttp's protocol has no _payload: sources/http/transport.py reads it"
    assert protocol._payload is None


def test_a_session_of_aiohttp_can_be_kept_from_repeating_a_request() -> None:
    """`AiohttpTransport` sets `_retry_connection`: the session decides what is sent twice."""

    async def retries() -> tuple[bool, bool]:
        transport, usual = AiohttpTransport(Guard("refuse")), aiohttp.ClientSession()
        try:
            return usual._retry_connection, transport._session._retry_connection
        finally:
            await usual.close()
            await transport.aclose()

    assert asyncio.run(retries()) == (True, False), "aiohttp's session repeats requests by another member now"


def test_a_response_of_aiohttp_names_its_protocol() -> None:
    """`handle_async_request` takes the connection from `_protocol`, as `connection` is None after a whole response."""
    assert "self._protocol = " in inspect.getsource(aiohttp.ClientResponse.start), "aiohttp's response has no _protocol"


def test_the_transport_of_httpx_sends_by_its_pool() -> None:
    """`_OneRequest` sets `_pool`: httpx has no parameter for a network backend."""
    asked: list[str] = []

    class Pool:
        async def handle_async_request(self, request: object) -> object:
            asked.append(type(request).__name__)
            raise httpx.ConnectError("asked")

    transport = httpcore_transport._OneRequest(Pool())  # type: ignore[arg-type]
    with pytest.raises(httpx.ConnectError, match="asked"):
        asyncio.run(transport.handle_async_request(httpx.Request("GET", "http://a.example/")))
    assert asked == ["Request"], "httpx's transport does not ask its _pool: sources/http/httpcore_transport.py sets it"


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="get_unverified_chain is public since Python 3.13")
def test_ssl_has_the_certificates_of_the_other_end_before_python_3_13() -> None:
    """`Witness.of` asks `_sslobj` for the chain."""
    connection = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="a.example")
    assert callable(connection._sslobj.get_unverified_chain)  # type: ignore[attr-defined]


def test_an_error_of_aiohttp_has_the_one_of_ssl() -> None:
    """`errors._cause` looks for the certificate's error in `_certificate_error`."""
    cause = ssl.SSLCertVerificationError("untrusted")
    wrapped = aiohttp.ClientConnectorCertificateError(None, cause)  # type: ignore[arg-type]
    assert wrapped._certificate_error is cause, (
        "aiohttp keeps the certificate's error elsewhere: sources/http/errors.py"
    )
