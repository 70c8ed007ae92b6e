"""Trusted authorities, and TLS session resumption, which saves both sides the full handshake."""

import ssl
import sys
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

import certifi

from sources.errors import TlsFailed

_SESSION_FOR = 3600.0  # seconds after which a session is not resumed, so that the certificate is verified again
# The flags of `ssl.create_default_context` since Python 3.13.
_STRICT = ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT if sys.version_info >= (3, 13) else 0


class _Connection(ssl.SSLObject):
    """A TLS connection that remembers when its session was first established."""

    began = 0.0


class TrustContext(ssl.SSLContext):
    """A client's SSLContext that resumes sessions per host name.

    asyncio has no parameter for a session, but creates each connection through `wrap_bio`.
    """

    sslobject_class = _Connection

    def __init__(self, protocol: int = ssl.PROTOCOL_TLS_CLIENT) -> None:  # noqa: ARG002 - used by `__new__`
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
        """As in `ssl`, with the session of an earlier connection to the host unless it is too old."""
        now = time.monotonic()
        began, resumed = self._resumable.get(str(server_hostname), (now, session))
        if now - began > _SESSION_FOR:
            began, resumed = now, session
        connection = super().wrap_bio(incoming, outgoing, server_side, server_hostname, resumed)
        assert isinstance(connection, _Connection)  # noqa: S101 - the class that was given
        connection.began = began
        return connection

    def remember(self, host: str, connection: ssl.SSLObject) -> None:
        """Store the session of a connection after a response: TLS 1.3 sends it after the handshake."""
        began, session = getattr(connection, "began", 0.0), connection.session
        if session is None or began < self._resumable.get(host, (0.0, None))[0]:
            return
        self._resumable[host] = began, session
        self._resumable.move_to_end(host)
        if len(self._resumable) > 1024:
            self._resumable.popitem(last=False)


@contextmanager
def reading_no_authorities() -> Iterator[None]:
    """While aiohttp is imported: the default contexts that it then makes trust nobody, and read no files.

    Reading all authorities of the system takes a twentieth of a start. Each request has a TrustContext of its own.
    """
    usual, paths = ssl.create_default_context, "set_default_verify_paths"  # the one that verifies nothing reads them
    ssl.create_default_context = lambda *_, **__: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    setattr(ssl.SSLContext, paths, lambda _: None)
    try:
        yield
    finally:
        ssl.create_default_context = usual
        delattr(ssl.SSLContext, paths)  # what it inherits


def trust(ca_file: str | None, protocol: str = "http/1.1") -> TrustContext:
    """A context for a protocol, as TLS calls it, that trusts the authorities of the system, of certifi and of a PEM
    file. Raises TlsFailed for the file.

    Takes some 30 ms.
    """
    context = TrustContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= _STRICT
    context.load_default_certs()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols([protocol])
    if ca_file is None:
        return context
    try:
        context.load_verify_locations(ca_file)
    except ssl.SSLError:
        raise TlsFailed(f"ca_file {ca_file} holds no certificate in PEM form") from None
    except OSError as error:
        raise TlsFailed(f"ca_file {ca_file} cannot be read: {error.strerror}") from None
    # Python 3.13 requires a form of certificates (RFC 5280) that OpenSSL, curl and browsers do not, and that national
    # and companies' own authorities may lack. The chain, the name and the dates are still verified.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
