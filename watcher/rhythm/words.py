"""Why a source is due when it is, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.formats.feed_hints import Hint
    from watcher.rhythm.pacing import Reason

_NOTEWORTHY = 1.2  # times as often


def words(why: Reason) -> str:
    """The reason in words."""
    minutes = _span(why.interval)
    new = f"{why.chance:.0%} that something is new".replace("%", " %")
    if why.restless:
        return f"it changes at every look: every {minutes}"
    if why.promised:
        though = f", though {_asked(why.asked, why.interval)}" if why.asked else ""
        return f"the promise: never longer than {minutes}{though}; {new}"
    if why.asked:
        return f"after {minutes}, not sooner: {_asked(why.asked, why.interval)}; {new}"
    parts = [f"at this hour it changes {_times(why.times)} as on average"]
    if why.burst >= _NOTEWORTHY:
        parts.append(f"{_span(why.after)} after a change {_times(why.burst)} as at other times")
    return f"after {minutes}: {', '.join(parts)}; {new}"


def few_words(why: Reason) -> str:
    """The reason in so few words that a table has room for them."""
    if why.restless:
        return "at every look"
    new = f"{why.chance:.0%} new".replace("%", " %")
    if why.promised or why.asked:
        return f"{'promise' if why.promised else 'its feed asks'}, {new}"
    return f"{why.times * why.burst:.1f} times, {new}"


def _times(factor: float) -> str:
    return f"{factor:.1f} times as often" if factor >= 1.05 or factor < 0.95 else "as often"


def _asked(hint: Hint, interval: float) -> str:
    if hint.wait >= interval - 1:
        return f"its {hint.by} asks for {_span(hint.wait)}"
    return "its feed says that nothing new comes at this hour"


def _span(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
