"""Which files of evidence are too old, or too many. Pure.

Files are removed as a whole. A file has everything that its records need, so that others do not depend on it. Files
with mentions of watched entities are kept longer. Links stay as long as later ones depend on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from state.evidence.options import EvidenceOptions


class KeptFile(NamedTuple):
    """A file: its day (UTC), whether it is one with mentions, and its bytes."""

    id: int
    name: str
    day: date
    mentions: bool
    size: int


class Expired(NamedTuple):
    """Files to remove: those that are too old, and those that exceed the limit of size."""

    old: Sequence[KeptFile]
    many: Sequence[KeptFile]


def expired(files: Sequence[KeptFile], options: EvidenceOptions, now: datetime) -> Expired:
    """The files to remove; never today's or yesterday's, which may still be written to."""
    today = now.astimezone(UTC).date()
    closed = [file for file in files if file.day < today - timedelta(days=1)]
    old = [file for file in closed if today - file.day > _kept_for(file, options)]
    gone = {file.id for file in old}
    surplus = sum(file.size for file in files if file.id not in gone) - (options.max_size or 0)
    many: list[KeptFile] = []
    for file in sorted(closed, key=lambda file: (file.mentions, file.day, file.name)):
        if options.max_size and surplus > 0 and file.id not in gone:
            many.append(file)
            surplus -= file.size
    return Expired(old, many)


def _kept_for(file: KeptFile, options: EvidenceOptions) -> timedelta:
    return max(options.keep, options.keep_mentions) if file.mentions else options.keep
