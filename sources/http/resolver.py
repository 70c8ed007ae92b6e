"""Resolves host names in daemon threads.

The system's resolver has no timeout, so one call may block for half a minute. asyncio's default executor would join its
threads at exit, and so delay the end of the program.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future

LookUp = Callable[[str, int], list[str]]
"""The addresses of a host, the preferred ones first. Raises OSError."""

MOST_THREADS = 64  # with 6, a few silent name servers blocked all other look-ups


class Resolver:
    """Calls `look_up` in threads, at most `most` at once, for one event loop."""

    def __init__(self, look_up: LookUp, most: int = MOST_THREADS) -> None:
        self._look_up, self._free = look_up, asyncio.Semaphore(most)

    async def resolve(self, host: str, port: int) -> list[str]:
        """The result of `look_up`, or its exception. A cancelled caller leaves its thread behind, which still counts as
        one.
        """
        found: Future[list[str]] = Future()

        def run() -> None:
            try:
                found.set_result(self._look_up(host, port))
            except Exception as error:  # noqa: BLE001 - raised again in the caller
                found.set_exception(error)

        await self._free.acquire()
        answer = asyncio.wrap_future(found)
        answer.add_done_callback(self._ended)
        try:
            threading.Thread(target=run, name="resolver", daemon=True).start()
        except RuntimeError as error:  # the system allows no more threads
            found.set_exception(socket.gaierror(socket.EAI_AGAIN, str(error)))
        await asyncio.wait([answer])  # unlike awaiting it, does not cancel it on cancellation
        return answer.result()

    def _ended(self, answer: asyncio.Future[list[str]]) -> None:
        self._free.release()
        answer.exception()  # marks it as retrieved, else asyncio logs it


def look_up_name(host: str, port: int) -> list[str]:
    """Resolve a host by the system's resolver. Raises OSError."""
    return _getaddrinfo(host, port)


def look_up_literal(host: str, port: int) -> list[str]:
    """The address that `host` is, in any spelling ("127.1", "0x7f000001"), without asking a name server; empty for a
    name.
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
