"""Removes evidence that is too old or exceeds the size limit, one day's file at a time."""

from __future__ import annotations

import logging
from datetime import datetime

from state.store import Store
from watcher.terminal.words import count, megabytes

log = logging.getLogger(__name__)


def remove_pages(store: Store, now: datetime) -> None:
    """Remove the files of evidence beyond their age or the size limit. Raises StateError."""
    try:
        gone = store.evidence.expire(now)
    except OSError as error:
        log.warning("evidence: old files stay for now: %s", error)
        return
    if gone.old:
        log.info("evidence: %s removed for their age", count(len(gone.old), "file"))
    if gone.many:
        size, until = megabytes(sum(file.size for file in gone.many)), gone.many[-1].day
        mentions = sum(file.mentions for file in gone.many)
        beside = f", {mentions} of them with mentions" if mentions else ""
        what = count(len(gone.many), "file")
        log.warning("evidence: %s (%s%s) removed for want of room, up to %s: max_size", what, size, beside, until)
