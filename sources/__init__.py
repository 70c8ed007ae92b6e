"""What a kind is written with. Plugin writers import from here, and only from here.

catalog     the kinds: the file name is the kind
extract     from elements and records to entries, as options say
reading     runs a kind over its pages, within limits
http        the wire: from a `Get` to its `Page`
blocked     pages in place of the content
formats     readers of file formats
model       Source, Entry, Get, Page
options, expect, presets, loader   what a configuration may say of a source, and which kind it names
errors, secrets, text              what all of them use
"""

from sources.errors import (
    AddressRefused,
    BadDocument,
    BadEntry,
    BadRedirect,
    BadResponse,
    Blocked,
    EmptyBody,
    FetchError,
    HttpStatus,
    NotFound,
    ReaderFailed,
    ReadError,
    ReaderTooSlow,
    SourceError,
    TimedOut,
    TlsFailed,
    TooLarge,
    TooManyRequests,
    Unreachable,
    WrongContent,
)
from sources.model import Authority, Entry, Get, Listing, Page, Proven, Source

__all__ = [
    "AddressRefused",
    "Authority",
    "BadDocument",
    "BadEntry",
    "BadRedirect",
    "BadResponse",
    "Blocked",
    "EmptyBody",
    "Entry",
    "FetchError",
    "Get",
    "HttpStatus",
    "Listing",
    "NotFound",
    "Page",
    "Proven",
    "ReadError",
    "ReaderFailed",
    "ReaderTooSlow",
    "Source",
    "SourceError",
    "TimedOut",
    "TlsFailed",
    "TooLarge",
    "TooManyRequests",
    "Unreachable",
    "WrongContent",
]
