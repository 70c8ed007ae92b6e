"""Alerts operators once about a rule whose condition (`when`) cannot be applied to a change."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from alerts.options import AlertRule
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import Fault, alert_once

log = logging.getLogger(__name__)


class FailingRules:
    """Collects the faults of conditions while checks are decided, and alerts about each condition once.

    A check may be decided twice, and by any thread; `alert` is called when it is committed.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._found: dict[str, str] = {}  # by condition: why it could not be applied
        self._alerted: set[str] = set()

    def failed(self, rule: AlertRule, why: str) -> None:
        """A condition could not be applied to a change."""
        if rule.when and rule.when not in self._alerted:
            self._found[rule.when] = why

    def alert(self, config: Config) -> None:
        """Alert about the conditions that have failed since the last call."""
        while self._found:
            when, why = self._found.popitem()
            if when not in self._alerted:
                self._alerted.add(when)
                self._alert(config, when, why)

    def _alert(self, config: Config, when: str, why: str) -> None:
        number = next((number for number, rule in enumerate(config.alerts, 1) if rule.when == when), 0)
        name = f"alert rule {number}"
        log.warning("%s: its condition cannot be applied to a change, which it is not for: %s", name, why)
        alert_once(self._store, config, self._clock(), Fault(name, "condition", when, why))
