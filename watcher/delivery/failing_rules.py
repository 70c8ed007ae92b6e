"""Alerts operators once about a rule whose condition (`when`) cannot be applied to a change."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from alerts.options import AlertRule
from state.model import EventKind
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import operator_alert, store_alert

log = logging.getLogger(__name__)

REASON = "condition"
_LATEST = 200  # health events among which an earlier alert is looked for


class FailingRules:
    """Collects the faults of conditions while checks are decided, and alerts about each condition once.

    A check may be decided twice, and by any thread; `alert` is called when it is committed. The last alert is looked up
    in the log of events, so that a restart does not repeat it.
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
        if not self._was_alerted(when):
            at = self._clock()
            data = {"status": "failing", "reason": REASON, "message": why, "since": at.isoformat(), "mentioned": []}
            store_alert(self._store, operator_alert(config, name, at, data | {"when": when}))

    def _was_alerted(self, when: str) -> bool:
        earlier = self._store.log.events(source="", kind=EventKind.HEALTH, limit=_LATEST)
        return any(event.data.get("when") == when for event in earlier)
