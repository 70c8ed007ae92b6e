"""Opens a PDF file, within limits. What cannot be read is a typed failure.

Only the subprocess that parses should do so: a page of a few bytes may unpack to gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sources.errors import BadDocument, ReadError, WrongContent
from sources.formats.file_magic import binary

if TYPE_CHECKING:
    from sources.model import Page

MOST_PAGES = 2_000
_TAIL = 2_048  # bytes at the end in which the end must be marked


def check_extra() -> None:
    """Raise ValueError when the libraries of the extra `pdf` are not installed."""
    if find_spec("pdfplumber") is None or find_spec("pypdfium2") is None:
        raise ValueError('PDF files need the extra "pdf": pip install "registry-watch[pdf]"')


@contextmanager
def opened(page: Page, most_pages: int = MOST_PAGES) -> Iterator[Any]:
    """The document of PDFium.

    Raises WrongContent for what is no PDF file, and BadDocument: `truncated`, `pdf_encrypted`, `pdf_too_long`.
    """
    import pypdfium2  # noqa: PLC0415 - slow to import; few sources need it

    if not page.body.startswith(b"%PDF-"):
        raise WrongContent(
            f"{page.url} is no PDF file but {binary(page.body) or page.content_type or 'something else'}"
        )
    if b"%%EOF" not in page.body[-_TAIL:]:
        raise BadDocument(f"{page.url} breaks off: its end is missing", code="truncated")
    try:
        document = pypdfium2.PdfDocument(page.body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadDocument(f"{page.url} is encrypted: it needs a password", code="pdf_encrypted") from None
        raise BadDocument(f"{page.url} is a damaged PDF file: {error}") from None
    try:
        if len(document) > most_pages:
            raise BadDocument(
                f"{page.url} has {len(document):,} pages; at most {most_pages:,} are read", code="pdf_too_long"
            )
        yield document
    finally:
        document.close()


@contextmanager
def faults(where: str) -> Iterator[None]:
    """Translate whatever the libraries raise for a malformed file to BadDocument."""
    try:
        yield
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - pdfminer raises whatever a malformed object leads to
        raise BadDocument(f"{where} is a damaged PDF file: {type(error).__name__}: {error}"[:300]) from None


def no_text(where: str) -> BadDocument:
    """The failure of a file of pictures."""
    return BadDocument(f"{where} has no text: its pages are pictures, such as a scan makes", code="pdf_no_text")
