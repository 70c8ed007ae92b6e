"""What httpcore, ssl and the system raise on the wire, as our errors with plain messages."""

from __future__ import annotations

import errno
import os
import socket
import ssl

import httpcore

from sources.errors import BadResponse, FetchError, TimedOut, TlsFailed, Unreachable
from sources.text import clean
from sources.transport import SlowName

WIRE_ERRORS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    OSError,
)
"""All that sending a request and reading its answer may raise."""

_NO_ANSWER = "Server disconnected"  # httpcore says so in words only
_UNTRUSTED = {
    18,
    19,
    20,
    21,
}  # X.509 errors that a further authority would mend: self-signed, issuer not known
_NAME_MAY_COME = {socket.EAI_AGAIN, socket.EAI_FAIL}
_PLAIN = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ENETUNREACH: "network unreachable",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ETIMEDOUT: "no answer from the network",
}


def never_connected(error: BaseException) -> bool:
    """Whether no connection could be made, so that nothing was sent and trying again is safe for any request.

    A name that does not exist, or a certificate that is not trusted, will not be another in a second.
    """
    cause = _cause(error)
    if isinstance(cause, socket.gaierror):
        return cause.errno in _NAME_MAY_COME
    return isinstance(error, httpcore.ConnectError) and not isinstance(cause, ssl.SSLError)


def broke_off(error: BaseException) -> bool:
    """Whether the connection ended before an answer came."""
    if isinstance(error, httpcore.RemoteProtocolError):
        return str(error).startswith(_NO_ANSWER)
    return isinstance(error, httpcore.ReadError | httpcore.WriteError) and not isinstance(_cause(error), ssl.SSLError)


def failure(error: BaseException, host: str, seconds: float) -> FetchError:
    """The error to raise for one that came before the answer's headers; `seconds` is the whole deadline."""
    cause = _cause(error)
    if isinstance(error, httpcore.TimeoutException) or isinstance(cause, TimeoutError):
        return TimedOut(f"{_late(error)} {host} within {seconds:g} s")
    if isinstance(cause, ssl.SSLError):
        return TlsFailed(_tls_message(cause, host))
    if isinstance(cause, socket.gaierror):
        return Unreachable(f"could not resolve {host}")
    if isinstance(cause, OSError):
        return Unreachable(f"could not reach {host}: {_os_message(cause)}")
    return _protocol_failure(error, host)


def cut_off(error: BaseException, where: str, seconds: float) -> FetchError:
    """The error to raise for one that came while the answer's body was read."""
    if isinstance(error, httpcore.TimeoutException):
        return TimedOut(f"the answer of {where} did not end within {seconds:g} s")
    return BadResponse(f"the answer of {where} was cut off or is malformed")


def _cause(error: BaseException) -> BaseException:
    """httpcore wraps the system's exception as its only argument, and drops the chain."""
    while error.args and isinstance(error.args[0], BaseException):
        error = error.args[0]
    return error


def _late(error: BaseException) -> str:
    if isinstance(error, SlowName):
        return "could not resolve"
    return "no connection to" if isinstance(error, httpcore.ConnectTimeout) else "no answer from"


def _tls_message(error: ssl.SSLError, host: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message.rstrip(".")
        if error.verify_code in _UNTRUSTED:
            return f"the certificate of {host} is not trusted: {said}; give its authority's PEM file as ca_file"
        return f"the certificate of {host} is not valid: {said}"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return f"{host} ended the TLS handshake"
    reason = (error.reason or "unknown reason").replace("_", " ").lower()
    return f"the TLS handshake with {host} failed: {reason}"


def _os_message(error: OSError) -> str:
    if error.errno is None:
        return "the connection failed"
    return _PLAIN.get(error.errno, os.strerror(error.errno).lower())


def _protocol_failure(error: BaseException, host: str) -> FetchError:
    """What the peer, or we, said wrong. The exceptions' own texts are left out: they quote header values."""
    if isinstance(error, httpcore.ProxyError):
        return Unreachable(f"could not reach {host}: {clean(str(error))[:80]}")
    if isinstance(error, httpcore.LocalProtocolError):
        return FetchError(f"the request to {host} cannot be sent: a header is not valid HTTP", code="bad_request")
    if broke_off(error):
        return Unreachable(f"{host} closed the connection without an answer")
    return BadResponse(f"{host} did not answer in HTTP")
