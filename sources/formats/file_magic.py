"""The first bytes of binary files."""

from __future__ import annotations

# The first bytes decide, not the content type.
_MAGIC = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP file (or XLSX, DOCX)",
    b"PK\x05\x06": "a ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x1f\x8b": "a gzip file",
    b"Rar!": "a RAR file",
    b"7z\xbc\xaf": "a 7z file",
}


def binary(body: bytes) -> str | None:
    """The name of a binary format by a body's first bytes, or None."""
    return next((what for magic, what in _MAGIC.items() if body.startswith(magic)), None)
