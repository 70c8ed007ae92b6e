"""Alerts about the service itself, which go to everybody who hears of health, of whatever source."""

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
    """A health event of no source, and where it goes. `about` stands where a source has its label."""
    event = Event(EventKind.HEALTH, "", about, "", at, None, data)
    return event, operator_routes(event, config.alerts, at, config.timezone)


def store_alert(store: Store, alert: Alert) -> None:
    """Store an alert to be delivered. That the state cannot take it is logged: there is nobody else to alert."""
    try:
        store.log.add_alert(alert)
    except StateError as error:
        log.error("nobody is alerted of the %s: %s", alert[0].label, error)
