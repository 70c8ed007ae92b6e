"""How far a request is, and httpx's exceptions as our errors, with messages for people."""

import errno
import os
import socket
import ssl
from contextvars import ContextVar
from typing import Literal

import httpx

from sources.errors import BadResponse, FetchError, TimedOut, TlsFailed, Unreachable
from sources.text import clean

Stage = Literal["name", "connect", "answer", "body"]
_UNTRUSTED = {18, 19, 20, 21}  # X.509 errors that another `ca_file` would fix: self-signed, unknown issuer
_NO_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL"}  # by OpenSSL's release: plain text came
_LATE: dict[Stage, str] = {
    "name": "could not resolve {host}",
    "connect": "no connection to {host}",
    "answer": "no answer from {host}",
    "body": "the answer of {where} did not end",
}
_PLAIN = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ENETUNREACH: "network unreachable",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ETIMEDOUT: "no answer from the network",
}


class Progress:
    """The stage of a request, for the message of a passed deadline; `ends` is the deadline (`time.monotonic`), and
    `kept` how many bytes of the body the next request need not ask for.
    """

    __slots__ = ("ends", "kept", "stage")

    def __init__(self, ends: float = float("inf")) -> None:
        self.ends, self.kept = ends, 0
        self.stage: Stage = "connect"


progress: ContextVar[Progress] = ContextVar("progress", default=Progress())  # noqa: B039 - for code outside a request
"""The current request of this task, and of the tasks that connect for it."""


def never_connected(error: httpx.TransportError) -> bool:
    """Whether no connection could be made: nothing was sent, so a retry is safe for any request.

    False where a retry is useless: the name does not exist, or the certificate is not trusted.
    """
    cause = _cause(error)
    if isinstance(cause, socket.gaierror):
        return cause.errno in {socket.EAI_AGAIN, socket.EAI_FAIL}
    return isinstance(error, httpx.ConnectError) and not isinstance(cause, ssl.SSLError | TimeoutError)


def broke_off(error: httpx.TransportError) -> bool:
    """Whether the connection ended before an answer came."""
    if isinstance(error, httpx.RemoteProtocolError):
        return str(error).startswith("Server disconnected")  # httpx and httpcore have no exception type for it
    return isinstance(error, httpx.ReadError | httpx.WriteError) and not isinstance(_cause(error), ssl.SSLError)


def is_malformed(error: httpx.TransportError) -> bool:
    """Whether the response is not HTTP as this client parses it; another client may accept it."""
    return isinstance(error, httpx.RemoteProtocolError) and not broke_off(error)


def too_late(stage: Stage, host: str, where: str, seconds: float, kept: int = 0) -> TimedOut:
    """The error for a passed deadline: `stage` is where the request was, `seconds` the deadline's length."""
    advice = f"{going_on(kept)}; raise timeout if it should arrive at once" if kept else ""
    return TimedOut(f"{_LATE[stage].format(host=host, where=where)} within {seconds:g} s{advice}")


def going_on(kept: int) -> str:
    """The end of a message, where that many bytes of a body are kept."""
    return f"; the next check goes on from {kept / 1e6:,.1f} MB" if kept else ""


def failure(error: httpx.TransportError, host: str, seconds: float, proxy: str = "") -> FetchError:
    """The error for an exception before the response's headers; `seconds` is the length of the deadline.

    Through a `proxy`, its own name is the only one that is looked up here.
    """
    cause = _cause(error)
    if isinstance(error, httpx.TimeoutException) or isinstance(cause, TimeoutError):
        stage: Stage = "connect" if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError) else "answer"
        return too_late(stage, host, host, seconds)
    # Whether the other side left while TLS was being set up: asyncio raises an error without a number for it
    if isinstance(cause, ssl.SSLError | ssl.CertificateError) or (
        isinstance(error, httpx.ConnectError) and isinstance(cause, ConnectionResetError) and cause.errno is None
    ):
        return TlsFailed(_tls_message(cause, host))
    if isinstance(cause, socket.gaierror):
        return Unreachable(f"could not resolve {f'the proxy {proxy}' if proxy else host}")
    if isinstance(error, httpx.ProxyError):
        return Unreachable(f"could not reach {host}: {clean(str(error))[:80]}")
    if isinstance(error, httpx.NetworkError):
        number = cause.errno if isinstance(cause, OSError) else None
        why = "the connection failed" if number is None else _PLAIN.get(number, os.strerror(number).lower())
        return Unreachable(f"could not reach {host}: {why}")
    return _protocol_failure(error, host)


def _cause(error: BaseException) -> BaseException:
    """The innermost exception: aiohttp wraps the system's in attributes, httpcore in its only argument."""
    wrapped = next((each for each in error.args if isinstance(each, BaseException)), None)
    inner = getattr(error, "os_error", None) or getattr(error, "_certificate_error", None) or wrapped
    inner = inner or error.__cause__
    return _cause(inner) if inner else error


def _tls_message(error: BaseException, host: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = error.verify_message.rstrip(".")
        if error.verify_code in _UNTRUSTED:
            return f"the certificate of {host} is not trusted: {reason}; give its authority's PEM file as ca_file"
        return f"the certificate of {host} is not valid: {reason}"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionResetError):
        return f"{host} ended the TLS handshake: if it speaks no TLS on this port, try http:// in place of https://"
    said = getattr(error, "reason", None)
    if said in _NO_TLS:
        return f"{host} does not speak TLS on this port: try http:// in place of https://"
    reason = (said or "unknown reason").replace("_", " ").lower()
    return f"the TLS handshake with {host} failed: {reason}"


def _protocol_failure(error: httpx.TransportError, host: str) -> FetchError:
    """The error for a violation of HTTP by either side. The exception's text is left out: it quotes header values."""
    if isinstance(error, httpx.LocalProtocolError):
        return FetchError(f"the request to {host} cannot be sent: a header is not valid HTTP", code="bad_request")
    if isinstance(error, httpx.UnsupportedProtocol):
        return FetchError(f"{host} is no address", code="bad_url")
    if broke_off(error):
        return Unreachable(f"{host} closed the connection without an answer")
    return BadResponse(f"{host} did not answer in HTTP")
