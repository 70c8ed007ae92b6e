"""Whom to trust over TLS, and sessions that are resumed, which spares a server and us the full handshake."""

from __future__ import annotations

import ssl
import sys
import time
from collections import OrderedDict

import certifi

from sources.errors import TlsFailed

_SESSION_FOR = 3600.0  # seconds in which a session is resumed: then the certificate is looked at again
_SESSIONS = 1024
# What `ssl.create_default_context` asks for since Python 3.13.
_STRICT = ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT if sys.version_info >= (3, 13) else 0


class _Connection(ssl.SSLObject):
    """Knows since when its session has been resumed."""

    began = 0.0


class TrustContext(ssl.SSLContext):
    """A client's SSLContext that resumes sessions, by the host's name.

    asyncio gives no way to pass a session to a connection, but makes each through `wrap_bio`.
    """

    sslobject_class = _Connection

    def __init__(self, protocol: int = ssl.PROTOCOL_TLS_CLIENT) -> None:  # noqa: ARG002 - taken by `__new__`
        super().__init__()
        self._resumable: OrderedDict[str, tuple[float, ssl.SSLSession]] = OrderedDict()

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """As ssl's own, with the session of an earlier connection to the host, unless that is too old."""
        now = time.monotonic()
        began, resumed = self._resumable.get(str(server_hostname), (now, session))
        if now - began > _SESSION_FOR:
            began, resumed = now, session
        connection = super().wrap_bio(incoming, outgoing, server_side, server_hostname, resumed)
        assert isinstance(connection, _Connection)  # noqa: S101 - the class that was given
        connection.began = began
        return connection

    def remember(self, host: str, connection: ssl.SSLObject) -> None:
        """Keep the session of a connection that has brought an answer; TLS 1.3 sends it after the handshake."""
        began, session = getattr(connection, "began", 0.0), connection.session
        if session is None or began < self._resumable.get(host, (0.0, None))[0]:
            return
        self._resumable[host] = began, session
        self._resumable.move_to_end(host)
        if len(self._resumable) > _SESSIONS:
            self._resumable.popitem(last=False)


def trust(ca_file: str | None) -> TrustContext:
    """Trust in the system's authorities, certifi's, and those of a PEM file. Raises TlsFailed for the file.

    Takes some 30 ms.
    """
    context = TrustContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= _STRICT
    context.load_default_certs()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        _load(context, ca_file)
    return context


def _load(context: ssl.SSLContext, ca_file: str) -> None:
    try:
        context.load_verify_locations(ca_file)
    except ssl.SSLError:
        raise TlsFailed(f"ca_file {ca_file} holds no certificate in PEM form") from None
    except OSError as error:
        raise TlsFailed(f"ca_file {ca_file} cannot be read: {error.strerror}") from None
    # Since 3.13 Python asks for a form of certificates that OpenSSL, curl and browsers do not insist on, and that
    # national and companies' own authorities may lack. It is no matter of trust: all else is verified as ever.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
