"""A browser that is subscribed to alerts, played: its keys, and the service of its maker on loopback, by TLS."""

from __future__ import annotations

import json
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from state.db.tables.readers import Subscription
from tests.conftest import Asked, Site

NOW = datetime(2026, 7, 14, 12, tzinfo=UTC)
SECRET = b"0123456789abcdef"


def base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


class PlayedBrowser(NamedTuple):
    """A browser's own keys, and where it gets its alerts."""

    key: ec.EllipticCurvePrivateKey
    service: Site

    def at(self, path: str = "/push/1") -> Subscription:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": base64(point), "auth": base64(SECRET)}
        endpoint = self.service.url(path, "localhost")
        return Subscription.model_construct(id=1, who="ada", endpoint=endpoint, at=NOW, **keys)

    def open(self, asked: Asked) -> dict[str, str]:
        """What its worker is told."""
        opened = http_ece.decrypt(asked.body, private_key=self.key, auth_secret=SECRET, version="aes128gcm")
        told: dict[str, str] = json.loads(opened)
        return told


@contextmanager
def playing(certificate: Path) -> Iterator[PlayedBrowser]:
    """A browser whose service has this certificate, with its key in the same file."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    service = Site(tls)
    try:
        service.page("/push/1", status=201)
        yield PlayedBrowser(ec.generate_private_key(ec.SECP256R1()), service)
    finally:
        service.close()
