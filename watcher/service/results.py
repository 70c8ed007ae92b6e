"""The result of a check: in the log, and as JSON."""

from __future__ import annotations

import logging
from typing import Any

from watcher.check.outcome import Result
from watcher.terminal.change_lines import change_line, choose_logged
from watcher.terminal.words import count

_log = logging.getLogger(__name__)


def result_json(result: Result, base_url: str | None = None) -> dict[str, Any]:
    """A source's result as `watch --once --json` and `watch replay --json` show it."""
    from alerts.event.change_json import change_json

    return {
        "name": result.name,
        "status": result.status,
        "entries": result.entries,
        "reason": result.reason,
        "message": result.message,
        "changes": [change_json(event, base_url) for event in result.events],
    }


def log_result(result: Result) -> None:
    """Log one line for changes or a failure; an unchanged check only with `-v`."""
    match result.status:
        case "failing" | "suspicious":
            _log.warning("%s: %s: %s", result.name, result.reason, result.message)
        case "baseline":
            _log.info("%s: first snapshot: %s", result.name, count(result.entries, "entry", "entries"))
        case "ok":
            shown, rest = choose_logged(result.events)
            for event in shown:
                _log.info("%s: %s", result.name, change_line(event))
            if rest:
                _log.info("%s: %s: watch log", result.name, rest)
        case _:
            _log.debug("%s: unchanged, %s", result.name, count(result.entries, "entry", "entries"))
