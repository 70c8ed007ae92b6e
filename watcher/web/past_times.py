"""The two times that an address asks about."""

from __future__ import annotations

from datetime import datetime

from watcher.errors import UsageError
from watcher.tools.arguments import past_moment
from watcher.tools.past.question import Past
from watcher.web.desk import Desk


def times_of(desk: Desk, past: Past, since: str, until: str) -> tuple[datetime, datetime]:
    """The earlier and the later time; "" is now. Raises UsageError for what is no time, or the wrong way round."""
    zone = desk.config.timezone
    first = past_moment(since, "from", zone, past.now) if since else past.now
    last = past_moment(until, "to", zone, past.now) if until else past.now
    if first > last:
        raise UsageError("from: it is later than to")
    return first, last
