"""What a page shows of a source's configuration, and a week of its rhythm. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from watcher.config.load import Config
from watcher.propose.block import block
from watcher.rhythm.chart import DAYS
from watcher.web.rendering.sparkline import HEIGHT, WIDTH, Bar

UNSHOWN = "(not shown)"
_CLOSED = ("auth", "headers")  # options that are made to hold secrets


def configuration(config: Config, name: str) -> str:
    """The source as it stands in the configuration, in TOML, without secrets; "" where it is not configured."""
    source = config.sources.get(name)
    if source is None:
        return ""
    given: dict[str, Any] = source.model_dump(mode="json", exclude_unset=True, exclude={"kind"})
    url = given.pop("url", None)
    for option in _CLOSED:
        value = given.get(option)
        if value:
            given[option] = dict.fromkeys(value, UNSHOWN) if isinstance(value, dict) else UNSHOWN
    shown = {option: value for option, value in given.items() if value is not None}
    return config.secrets.hide(block(name, source.kind, url, shown))


def week_bars(hours: Sequence[float]) -> list[Bar]:
    """A bar for each hour of the week from Monday, as high as the changes that are expected in it."""
    most, width = max(hours, default=0.0) or 1.0, WIDTH / max(len(hours), 1)
    return [
        Bar(
            round(at * width, 2),
            round(HEIGHT - HEIGHT * rate / most, 1),
            round(width * 0.8, 2),
            round(HEIGHT * rate / most, 1),
            f"{DAYS[at // 24]} {at % 24:02}:00: {rate:.2g} changes an hour",
        )
        for at, rate in enumerate(hours)
    ]
