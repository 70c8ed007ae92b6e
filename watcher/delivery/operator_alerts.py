"""Alerts about the service itself. They go to every channel that gets health alerts, for any source."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from alerts.rules import operator_routes
from state.errors import StateError
from state.model import Alert, Event, EventKind
from state.store import Store
from watcher.config.load import Config

log = logging.getLogger(__name__)


def operator_alert(config: Config, about: str, at: datetime, data: Mapping[str, Any]) -> Alert:
    """A health event without a source, and its routes. `about` takes the place of a source's label."""
    event = Event(EventKind.HEALTH, "", about, "", at, None, data)
    return event, operator_routes(event, config.alerts, at, config.timezone)


def store_alert(store: Store, alert: Alert) -> None:
    """Store an alert for delivery. If the state cannot be written, that is logged."""
    try:
        store.log.add_alert(alert)
    except StateError as error:
        log.error("nobody is alerted of the %s: %s", alert[0].label, error)
