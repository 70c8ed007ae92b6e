"""The fields of certificates. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from asn1crypto import pem, x509


class Certificate(NamedTuple):
    """A certificate's subject, issuer and validity; the SHA-256 of its bytes (DER)."""

    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    sha256: str


def certificates(text: bytes) -> Iterator[Certificate]:
    """The certificates in a PEM text, in order; those that cannot be parsed are left out."""
    if not text:
        return
    for _, _, content in pem.unarmor(text, multiple=True):
        try:
            read = x509.Certificate.load(content)
            subject, issuer = read.subject.human_friendly, read.issuer.human_friendly
            begins, ends, names = read.not_valid_before, read.not_valid_after, tuple(read.valid_domains)
        except (ValueError, TypeError):
            continue
        yield Certificate(subject, issuer, begins, ends, names, sha256(content).hexdigest())
