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


def alert_operators(
    store: Store,
    config: Config,
    about: str,
    at: datetime,
    *,
    status: str,
    reason: str,
    message: str | None,
    since: datetime,
    **more: str,
) -> None:
    """Store such an alert for delivery; `reason` is a code. If the state cannot be written, that is logged."""
    data = {"status": status, "reason": reason, "message": message, "since": since.isoformat(), "mentioned": []}
    try:
        store.log.add_alert(operator_alert(config, about, at, {**data, **more}))
    except StateError as error:
        log.error("nobody is alerted of the %s: %s", about, error)
