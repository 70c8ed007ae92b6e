"""Which files of evidence are too old, or too many. Pure.

A file goes as a whole, and holds all that its records need, so that what is younger loses nothing. The files that
mention a watched entity are kept longer. Links stay where later ones rest on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from state.evidence.options import EvidenceOptions


class KeptFile(NamedTuple):
    """A file, its day (UTC), whether it is one of those with mentions, and its bytes."""

    id: int
    name: str
    day: date
    mentions: bool
    size: int


class Expired(NamedTuple):
    """Files to be removed: those that are too old, and those without which there is room enough."""

    old: Sequence[KeptFile]
    many: Sequence[KeptFile]


def expired(files: Sequence[KeptFile], options: EvidenceOptions, now: datetime) -> Expired:
    """The files to remove; none of today's, or of yesterday's, which may still be written to."""
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
