"""What is not known of a time, in words."""

from __future__ import annotations

from datetime import datetime, tzinfo

from state.history.gaps import Gap
from watcher.terminal.words import moment

_READING = {
    "failing": "not read {period}: failing{reason}",
    "suspicious": "not believed {period}: what was read is held as suspicious{reason}",
    "not_checked": "not checked {period}",
    "reread": "read otherwise from {since} on: its options or its reader changed, and with them values",
    "moved": "read at another place from {since} on: its address or its kind changed",
}
_BEFORE = {
    "first": "nothing is known before {until}: it was first read then",
    "upgrade": "nothing is known before {until}: the release before this one kept no history",
    "retention": "nothing is known before {until}: what is older was deleted (keep)",
    "max_log": "nothing is known before {until}: a change had no room in the log (max_log)",
}


def gap_words(gap: Gap, zone: tzinfo) -> str:
    """A gap in one line."""
    since, until = _at(gap.since, zone), _at(gap.until, zone)
    period = f"from {since} to {until}" if gap.until else f"since {since}"
    reason = f" ({gap.reason})" if gap.reason else ""
    if gap.why in _BEFORE and gap.until is None:
        return "nothing is known: it was never read"
    form = _READING.get(gap.why) or _BEFORE.get(gap.why, "nothing is known before {until}")
    return form.format(period=period, reason=reason, since=since, until=until)


def _at(at: datetime | None, zone: tzinfo) -> str:
    return moment(at, zone) if at else "?"
