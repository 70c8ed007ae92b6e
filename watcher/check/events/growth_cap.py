"""Limits how much one source may add to the log of events. Pure.

A page of megabytes that differs at each check could fill the disk. So the log has a leaky bucket for each source: it
holds `most` characters and drains evenly within `keep`, after which events are deleted anyway. While it is full,
changes that mention an entity still become events of their own, and only a few of the others do.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from state.model import Habits
from watcher.check.events.selection import News

_FEW = 20  # while the bucket is full: changes in a check that mention nobody and still become events of their own


class LogLimit(NamedTuple):
    """The most characters that a source may add to the log of events in the time `keep`."""

    most: int = 2_000_000_000
    keep: timedelta = timedelta(days=400)


class Weighed(NamedTuple):
    """The news to store, the habits with the new level of the bucket, and whether to alert that the log is full."""

    news: News
    habits: Habits
    tell: bool


def weighed(news: News, habits: Habits, limit: LogLimit, now: datetime) -> Weighed:
    """The news of a check, cut to the limit. The operator is alerted once that the log is full, and again only after
    half of it has drained.
    """
    before = _level(habits, limit, now)
    full = before + news.size > limit.most
    if full:
        news = news.shortened(_FEW)
    told = full or (habits.log_told and before > limit.most // 2)
    tell = full and not habits.log_told
    return Weighed(news, replace(habits, log_size=before + news.size, log_at=now, log_told=told), tell)


def room(habits: Habits, limit: LogLimit, now: datetime) -> int:
    """How many characters the bucket has room for: what undoes a change takes of the same room."""
    return max(0, limit.most - _level(habits, limit, now))


def _level(habits: Habits, limit: LogLimit, now: datetime) -> int:
    passed = max(0.0, (now - habits.log_at) / limit.keep) if habits.log_at else 0.0
    return max(0, habits.log_size - int(passed * limit.most))
