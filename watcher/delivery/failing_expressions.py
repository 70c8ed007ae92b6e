"""Alerts operators once about a rule whose condition (`when`), or a channel whose template, cannot be applied."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from alerts.options import AlertRule
from state.model import EventKind
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import alert_operators

log = logging.getLogger(__name__)

_LATEST = 200  # health events among which an earlier alert is looked for


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
                number = next((number for number, rule in enumerate(config.alerts, 1) if rule.when == when), 0)
                name = f"alert rule {number}"
                log.warning("%s: its condition cannot be applied to a change, which it is not for: %s", name, why)
                _alert_once(self._store, config, self._clock(), name, "condition", when, why)


class FailingTemplates:
    """Alerts about the templates of each channel once; other templates are alerted again."""

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime]) -> None:
        self._config, self._store, self._clock = config, store, clock
        self._alerted: set[str] = set()

    def failed(self, channel: str, why: str) -> None:
        """The templates of a channel could not be used. Raises StateError."""
        log.warning("%s: its template cannot be used, and the usual message is sent: %s", channel, why)
        if channel not in self._alerted:
            self._alerted.add(channel)
            what = "\n".join(source or "" for source in (channel, *self._config.channels[channel].templates))
            label = f"the template of channel {channel}"
            _alert_once(self._store, self._config, self._clock(), label, "template", what, why)


def _alert_once(store: Store, config: Config, at: datetime, label: str, reason: str, what: str, why: str) -> None:
    """Alert that a part of the configuration fails, which `what` tells from others, unless that was alerted: the log of
    events says so, so that a restart does not repeat it.
    """
    earlier = store.log.events(source="", kind=EventKind.HEALTH, limit=_LATEST)
    if any((event.data.get("reason"), event.data.get("what")) == (reason, what) for event in earlier):
        return
    alert_operators(store, config, label, at, status="failing", reason=reason, message=why, since=at, what=what)
