"""Runs all examinations."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from watcher.config.load import Config, load
from watcher.doctor import configuration, machine, network, program, state
from watcher.doctor.finding import Finding, Findings, error
from watcher.errors import ConfigError

_MEND = "correct it, or make it; `watch check-config` tries it"
_log = logging.getLogger(__name__)


def examine(path: Path | None, *, offline: bool) -> tuple[list[Finding], bool]:
    """All findings, and whether the configuration can be used. With `offline` no connection is made."""
    config, found = None, list[Finding]()
    try:
        config = load(path)
    except ConfigError as fault:
        found += [error("configuration", problem, _MEND) for problem in fault.problems]
    parts: list[Callable[[Config | None], Findings]] = [program.examine, configuration.examine, machine.examine]
    parts += [state.examine, *([] if offline else [network.examine])]
    found += [finding for part in parts for finding in _sound(part, config)]
    return found, config is not None


def _sound(part: Callable[[Config | None], Findings], config: Config | None) -> Iterator[Finding]:
    """The findings of one part. What it stumbles over is a finding, too, and ends no other part."""
    try:
        yield from part(config)
    except Exception as fault:  # noqa: BLE001 - a doctor has to look at the rest
        _log.debug("the examination of %s failed", part.__module__, exc_info=fault)
        area = part.__module__.rpartition(".")[2]
        yield error(area, f"could not be examined: {type(fault).__name__}: {fault}", "-v shows where")
