"""The part of two long texts that differs, so that an event does not store megabytes twice. Pure."""

from __future__ import annotations

from state.compare.common_prefix import common_prefix
from watcher.check.events.selection import MOST_VALUE

CUT = "[…]"


def excerpts(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """The two sides of a field, from the first line that differs, each cut to about 100,000 characters."""
    if max(len(before or ""), len(after or "")) <= MOST_VALUE:
        return before, after
    start = common_prefix(before, after) if before and after else 0
    start = (after or before or "").rfind("\n", 0, start) + 1
    return _from(before, start), _from(after, start)


def excerpt(text: str) -> str:
    """The beginning of a long text."""
    return _from(text, 0) or ""


def _from(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    part = text[start : start + MOST_VALUE]
    begin = f"{CUT}\n" if start else ""
    return f"{begin}{part}\n{CUT}" if start + MOST_VALUE < len(text) else begin + part
