"""What a page shows of a source's schedule and configuration. Pure."""

from __future__ import annotations

from typing import Any

from sources import Source
from sources.options import format_duration
from state.model import SourceState
from watcher.check.schedule import LONGEST_BACKOFF
from watcher.config.load import Config
from watcher.propose.block import block

UNSHOWN = "(not shown)"
_CLOSED = ("auth", "headers")  # options that are made to hold secrets


def why_due(state: SourceState, source: Source) -> str:
    """Why a source is checked when it is."""
    every = format_duration(source.every)
    if not source.enabled:
        return "it is disabled, and not checked"
    if state.due is None:
        return "it was never checked: first checks are spread over a while"
    if state.wait_until is not None and state.due == state.wait_until:
        return "the server asked to wait until then (Retry-After)"
    if state.health.failures > 1:
        longest = format_duration(max(source.every, LONGEST_BACKOFF))
        return f"{state.health.failures} checks failed in a row: each further one doubles the wait, up to {longest}"
    return f"it is checked every {every}"


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
