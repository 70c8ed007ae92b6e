"""How much the log of events may grow by one source. Pure.

A source may fill the disk without meaning to: a page of megabytes that is another one at each check. So what it adds
is weighed: as much as `most` within `keep`, after which it is forgotten; it drains away evenly meanwhile. Beyond that
every change that mentions somebody is still told by itself, and of the others a few.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from state.model import Habits
from watcher.check.selection import News

_FEW = 20  # changes that mention nobody and are told by themselves in a check of a source whose log is full


class LogLimit(NamedTuple):
    """The most characters that a source may add to the log of events within the time that they are kept."""

    most: int = 2_000_000_000
    keep: timedelta = timedelta(days=400)


class Weighed(NamedTuple):
    """What is told of a check, how much the source has added by then, and whether to say that its log is full."""

    news: News
    habits: Habits
    tell: bool


def weighed(news: News, habits: Habits, limit: LogLimit, now: datetime) -> Weighed:
    """The news of a check as they may be stored. That the log is full is told once, until half of it has drained."""
    passed = max(0.0, (now - habits.log_at) / limit.keep) if habits.log_at else 0.0
    before = max(0, habits.log_size - int(passed * limit.most))
    full = before + news.size > limit.most
    if full:
        news = news.shortened(_FEW)
    told = full or (habits.log_told and before > limit.most // 2)
    tell = full and not habits.log_told
    return Weighed(news, replace(habits, log_size=before + news.size, log_at=now, log_told=told), tell)
