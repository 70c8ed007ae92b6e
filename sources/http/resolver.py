"""Names to addresses, in daemon threads.

The system's resolver knows no timeout, so one call may block for half a minute. Threads of asyncio's own executor would
be joined at the end, and keep the program from ending.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future

LookUp = Callable[[str, int], list[str]]
"""The addresses of a host, the preferred ones first. Raises OSError."""

MOST_THREADS = 64  # 6 of them starved the others when some name servers were silent


class Resolver:
    """Calls `look_up` in threads, at most `most` at once, for one event loop."""

    def __init__(self, look_up: LookUp, most: int = MOST_THREADS) -> None:
        self._look_up, self._free = look_up, asyncio.Semaphore(most)

    async def resolve(self, host: str, port: int) -> list[str]:
        """What `look_up` returns or raises. A caller that is cancelled leaves its thread behind, which counts on."""
        found: Future[list[str]] = Future()

        def run() -> None:
            try:
                found.set_result(self._look_up(host, port))
            except Exception as error:  # noqa: BLE001 - raised again where the name was asked for
                found.set_exception(error)

        await self._free.acquire()
        answer = asyncio.wrap_future(found)
        answer.add_done_callback(self._ended)
        try:
            threading.Thread(target=run, name="resolver", daemon=True).start()
        except RuntimeError as error:  # the system lets us have no more threads
            found.set_exception(socket.gaierror(socket.EAI_AGAIN, str(error)))
        await asyncio.wait([answer])  # which cancels nothing when it is cancelled itself
        return answer.result()

    def _ended(self, answer: asyncio.Future[list[str]]) -> None:
        self._free.release()
        answer.exception()  # which asyncio logs if nobody looks at it


def look_up_name(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver. Raises OSError."""
    return _getaddrinfo(host, port)


def look_up_literal(host: str, port: int) -> list[str]:
    """The address that `host` itself is, in any spelling ("127.1", "0x7f000001"), without asking a name server.

    Empty when it is a name.
    """
    try:
        return _getaddrinfo(host, port, socket.AI_NUMERICHOST)
    except OSError:
        return []


def _getaddrinfo(host: str, port: int, flags: int = 0) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except UnicodeError as error:  # a label of more than 63 characters, and the like
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from None
    return [str(where[0]) for *_, where in found]
