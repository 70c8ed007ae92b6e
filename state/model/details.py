"""What an entry's own page (its detail) says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sources import Entry


class Detail(NamedTuple):
    """The fields that were read from an entry's own page, as last read.

    `made` is the fingerprint of how it was read, "" if it never was; `url` the page's address, `etag`, `last_modified`
    and `body` (the fingerprint of its body, in hex) its validators. `trouble` says why the last attempt to read it
    failed, "" if it did not.
    """

    fields: Mapping[str, str] = {}
    made: str = ""
    url: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body: str = ""
    trouble: str = ""


class DetailRead(NamedTuple):
    """A detail to write, of the entry with this fingerprint, and when its page is to be read again."""

    mark: bytes
    detail: Detail
    due: datetime


class DueDetail(NamedTuple):
    """A stored entry whose own page is to be read: as it stands in the list, and its detail so far."""

    mark: bytes
    entry: Entry
    detail: Detail | None
