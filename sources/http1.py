"""HTTP/1.1 without a network: the bytes of a request, and an answer that is fed as it comes. Pure.

h11 reads the answers. The commonest form of one is read here, since h11 costs more than all the rest of a request:
plain header lines, and a body whose length is said, or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import h11
import httpcore

from sources.headers import plain_headers
from sources.request import Request

_MOST_HEADERS = 100 * 1024  # bytes, as httpcore has it
_HEAD = re.compile(
    rb"HTTP/1\.1 (\d{3}) [ -~]*\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*(?:[!-~](?:[ \t!-~]*[!-~])?)?[ \t]*\r\n)*)\r\n"
)
_LENGTH = re.compile(r"\d{1,18}")
_WITHOUT_BODY = (204, 304)
_NOT_PLAIN = {"transfer-encoding", "upgrade", "trailer"}  # h11 knows what they mean
_SINGLE = {"content-length", "connection"}

Headers = list[tuple[str, str]]


def head_of(version: bytes, status: int, reason: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Status line and headers as they came, but for spaces around the values."""
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return b"HTTP/%s %d %s\r\n%s\r\n" % (version, status, reason, lines)


def request_bytes(request: Request, lines: bytes) -> bytes:
    """A request as it is sent; `lines` are its header lines."""
    return f"{request.method} {request.address.target} HTTP/1.1\r\n".encode("ascii") + lines + b"\r\n" + request.content


class Reading:
    """One answer that is being read. `feed` it what comes, and b"" at the connection's end, until it says that it is
    whole.

    `body` takes each piece of the body, and may raise to end it. `headed` is called with this answer when its headers
    are there; it must not hold on to it, or both, and all that hangs on them, were garbage that only a search finds.
    What is wrong raises httpcore's RemoteProtocolError, as a connection of httpcore's would.
    """

    def __init__(self, request: Request, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        self._request, self._pairs = request, pairs
        self._h11: h11.Connection | None = None
        self._left = 0  # bytes of a body whose length was said
        self.status = 0
        self.headers: Headers = []
        self.head = b""  # status line and headers as they came
        self.reusable = False  # whether the connection may be kept; known at the end
        self.body: Callable[[bytes], object] = len  # as good as nothing
        self.headed: Callable[[Reading], None] = lambda _: None

    def feed(self, data: bytes) -> bool:
        """Take what came; whether the answer is whole now."""
        if not self._h11:
            if self.status:
                return self._rest(data)
            if (whole := self._plainly(data)) is not None:
                return whole
        return self._through_h11(data)

    def _plainly(self, data: bytes) -> bool | None:
        """Read an answer of the commonest form; None when it is not, or when its headers have not all come."""
        match = _HEAD.match(data)
        if not match or match.end() > _MOST_HEADERS or self._request.method not in ("GET", "POST"):
            return None
        headers = [_pair(line) for line in match[2].decode("ascii").split("\r\n")[:-1]]
        said = dict(headers)
        status = int(match[1])
        length = said.get("content-length", "")
        if status < 200 or _NOT_PLAIN & said.keys() or _repeats(headers):
            return None
        if status not in _WITHOUT_BODY and not _LENGTH.fullmatch(length):
            return None
        self.status, self.headers, self.head = status, headers, match[0]
        self.reusable = "close" not in said.get("connection", "").lower()
        self._left = 0 if status in _WITHOUT_BODY else int(length)
        self.headed(self)
        rest = data[match.end() :]  # b"" would mean that the connection has ended
        return self._rest(rest) if rest else not self._left

    def _rest(self, data: bytes) -> bool:
        if len(data) > self._left:
            self.reusable = False  # it would be taken for the answer to the next request
            data = data[: self._left]
        elif not data and self._left:
            raise httpcore.RemoteProtocolError("peer closed connection without sending complete message body")
        self._left -= len(data)
        if data:
            self.body(data)
        return not self._left

    def _through_h11(self, data: bytes) -> bool:
        if not self._h11:
            self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADERS)
            target = self._request.address.target
            self._h11.send(h11.Request(method=self._request.method, target=target, headers=list(self._pairs)))
            if self._request.content:
                self._h11.send(h11.Data(data=self._request.content))
            self._h11.send(h11.EndOfMessage())
        if not data and self._h11.their_state is h11.SEND_RESPONSE:
            raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
        try:
            self._h11.receive_data(data)
            return self._events(self._h11)
        except h11.RemoteProtocolError as error:
            raise httpcore.RemoteProtocolError(str(error)) from error

    def _events(self, connection: h11.Connection) -> bool:
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                return False
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse) and event.status_code == 101
            ):
                self.status = event.status_code
                self.headers = plain_headers(event.headers.raw_items())
                self.head = head_of(event.http_version, event.status_code, event.reason, event.headers.raw_items())
                self.headed(self)
            elif isinstance(event, h11.Data):
                self.body(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage) or event is h11.PAUSED:
                done = connection.our_state is h11.DONE and connection.their_state is h11.DONE
                self.reusable = done and not connection.trailing_data[0]
                return True


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.lower(), value.strip(" \t")


def _repeats(headers: Headers) -> bool:
    """Whether a header that decides where the answer ends was said more than once."""
    return len([name for name, _ in headers if name in _SINGLE]) > len({name for name, _ in headers if name in _SINGLE})
