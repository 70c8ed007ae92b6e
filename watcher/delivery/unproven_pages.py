"""Alerts operators once when pages cannot be kept as evidence, and once when they can be again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from state.model import Event, EventKind
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import alert_operators

_LABEL = "evidence"


class UnprovenPages:
    """Checks after each capture whether it could be written. The last alert is looked up in the log of events."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._looked: str | None = None

    def look(self, config: Config) -> None:
        """Alert if that has changed since the last alert."""
        if config.evidence is None or not self._store.evidence.tried:
            return
        why = self._store.evidence.trouble
        if why == self._looked:
            return
        self._looked = why
        last = self._last()
        failing = last is not None and last.data["status"] == "failing"
        if bool(why) is failing:
            return
        at = self._clock()
        since = at if last is None or not failing else last.at
        status, message = ("failing", why) if why else ("recovered", last.data["message"] if last else None)
        alert_operators(self._store, config, _LABEL, at, status=status, reason=_LABEL, message=message, since=since)

    def _last(self) -> Event | None:
        told = self._store.log.events(source="", kind=EventKind.HEALTH, limit=20)
        return next((event for event in told if event.data["reason"] == _LABEL), None)
