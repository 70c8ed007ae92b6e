"""A source edited to read further pages of its list: the entries already there are not new. Pure.

The stored pages do not include the further ones, so the new options cannot reread them without alerts, as for other
edits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sources import Entry, Page, Source
from sources.reading.engine import read_page
from state.model import ChangeKind, SourceState, StoredPage
from watcher.check.outcome import Accepted, Found


def is_wider(state: SourceState, stored: Sequence[StoredPage], pages: Sequence[Page]) -> bool:
    """Whether an edited source that had read only a part of its list has now read pages that it did not read before."""
    return bool(state.habits.part) and not _requests(stored).issuperset(page.get.identity for page in pages)


def widened(found: Found, source: Source, stored: Sequence[StoredPage], pages: Sequence[Page]) -> Found:
    """The outcome without the entries that are new only because of further pages. They are stored and summed up like a
    baseline.
    """
    if not isinstance(found, Accepted) or found.baseline:
        return found
    asked = _requests(stored)
    near = {
        item.key
        for page in pages
        if page.get.identity in asked
        for item in read_page(source, page)
        if isinstance(item, Entry)
    }
    return _summed_up(found, near)


def _summed_up(found: Accepted, near: Collection[str]) -> Accepted:
    news = found.news
    further = [
        each for each in news.alone if each.change.kind is ChangeKind.ADDED and each.change.entry.key not in near
    ]
    keys = {each.change.entry.key for each in further}
    alone = [each for each in news.alone if each.change.entry.key not in keys]
    mentioning = [each for each in found.mentioning if each.entry.key in keys]
    return replace(found, news=replace(news, alone=alone), further=len(further), mentioning=mentioning)


def _requests(stored: Sequence[StoredPage]) -> set[str]:
    return {each.page.get.identity for each in stored}
