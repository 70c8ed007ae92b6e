"""A source that was edited so that it reads further pages of its list: what stood there all along is not new. Pure.

Its stored pages do not have those further ones, so the new options cannot read them silently, as other edits are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sources import Entry, Page, Source
from sources.reading.engine import read_page
from state.model import ChangeKind, SourceState, StoredPage
from watcher.check.outcome import Accepted, Found


def is_wider(state: SourceState, stored: Sequence[StoredPage], pages: Sequence[Page]) -> bool:
    """Whether an edited source that read a part of its list before has now read pages that it did not ask for then."""
    return bool(state.habits.part) and not _requests(stored).issuperset(page.get.identity for page in pages)


def widened(found: Found, source: Source, stored: Sequence[StoredPage], pages: Sequence[Page]) -> Found:
    """The finding without what is new on further pages alone: that is stored, and summed up as a baseline is."""
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
