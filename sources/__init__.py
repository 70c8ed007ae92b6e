"""The public API for kinds. Plugin writers import from here, and `Rows` and `Columns` from `sources.rows` and
`sources.columns`; the packages below may change.

kinds       the kinds: the file name is the kind
pagination  requests, columns and further pages, as options say
reading     runs a kind over its pages, within limits
http        from a `Get` to its `Page`
browser     the same by a browser, for pages that scripts fill
mail        the same from a mailbox
blocked     recognises pages that stand in place of the content
formats     parsers of file formats
model       Source, Entry, Get, Page
rows, columns   large tables, for plugin writers
options, hours, loader   the keys of a source's table, and the lookup of its kind
errors, secrets, text, placeholders, places   used by all of them
"""

from sources.errors import (
    AddressRefused,
    BadDocument,
    BadEntry,
    BadRedirect,
    BadResponse,
    Blocked,
    BrowserFailed,
    DiskFull,
    EmptyBody,
    FetchError,
    HttpStatus,
    NotFound,
    ReaderFailed,
    ReadError,
    ReaderTooSlow,
    SourceError,
    StepFailed,
    TimedOut,
    TlsFailed,
    TooLarge,
    TooManyRequests,
    Unreachable,
    WrongContent,
)
from sources.model import Authority, Entry, Get, Imprint, Listing, Page, Proven, Source

__all__ = [
    "AddressRefused",
    "Authority",
    "BadDocument",
    "BadEntry",
    "BadRedirect",
    "BadResponse",
    "Blocked",
    "BrowserFailed",
    "DiskFull",
    "EmptyBody",
    "Entry",
    "FetchError",
    "Get",
    "HttpStatus",
    "Imprint",
    "Listing",
    "NotFound",
    "Page",
    "Proven",
    "ReadError",
    "ReaderFailed",
    "ReaderTooSlow",
    "Source",
    "SourceError",
    "StepFailed",
    "TimedOut",
    "TlsFailed",
    "TooLarge",
    "TooManyRequests",
    "Unreachable",
    "WrongContent",
]
