"""WebSockets, to where the address guard allows: what services push to a program that nobody can reach from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import httpx

from sources.http.errors import failure
from sources.http.guard import Guard
from sources.http.tls import trust
from sources.http.transport import GuardedConnector, errors_of_aiohttp
from sources.options import HttpOptions

_LARGEST = 1_000_000  # bytes of a message
_SECONDS = 20.0  # for the connection, and for the answer to a ping, of which one goes out as often


@asynccontextmanager
async def open_websocket(http: HttpOptions, url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A WebSocket, with the frames that come; it ends where the other side leaves, falls silent, or says too much.

    Raises FetchError, whose text has nothing of the address but the host, also where it fails while it is used.
    """
    guard, host = Guard(http.private_addresses), httpx.URL(url).host
    guard.check_literal(host)
    wait = aiohttp.ClientTimeout(total=None, sock_connect=_SECONDS, sock_read=_SECONDS)
    try:
        with errors_of_aiohttp():
            async with (
                aiohttp.ClientSession(connector=GuardedConnector(guard), timeout=wait) as session,
                session.ws_connect(url, heartbeat=_SECONDS, max_msg_size=_LARGEST, ssl=trust(None)) as socket,
            ):
                yield socket
    except httpx.TransportError as error:
        raise failure(error, host, _SECONDS) from None
