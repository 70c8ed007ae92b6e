"""Alerts about the service itself. They go to every channel that gets health alerts, for any source."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from alerts.rules import operator_routes
from state.errors import StateError
from state.model import Alert, Event, EventKind
from state.store import Store
from watcher.config.load import Config

log = logging.getLogger(__name__)

_LATEST = 200  # health events among which an earlier alert is looked for


class Fault(NamedTuple):
    """What fails: `reason` is a code, `what` the part of the configuration, by which it is known again."""

    label: str
    reason: str
    what: str
    why: str


def operator_alert(config: Config, about: str, at: datetime, data: Mapping[str, Any]) -> Alert:
    """A health event without a source, and its routes. `about` takes the place of a source's label."""
    event = Event(EventKind.HEALTH, "", about, "", at, None, data)
    return event, operator_routes(event, config.alerts, at, config.timezone)


def alert_once(store: Store, config: Config, at: datetime, fault: Fault) -> None:
    """Alert that something of the configuration fails, unless that was alerted: the log of events says so, so that a
    restart does not repeat it.
    """
    earlier = store.log.events(source="", kind=EventKind.HEALTH, limit=_LATEST)
    if any((event.data.get("reason"), event.data.get("what")) == (fault.reason, fault.what) for event in earlier):
        return
    data = {"status": "failing", "reason": fault.reason, "message": fault.why, "since": at.isoformat(), "mentioned": []}
    store_alert(store, operator_alert(config, fault.label, at, data | {"what": fault.what}))


def store_alert(store: Store, alert: Alert) -> None:
    """Store an alert for delivery. If the state cannot be written, that is logged."""
    try:
        store.log.add_alert(alert)
    except StateError as error:
        log.error("nobody is alerted of the %s: %s", alert[0].label, error)
