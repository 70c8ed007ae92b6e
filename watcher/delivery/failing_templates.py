"""Alerts operators once about a channel's template that cannot be used for a change."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import Fault, alert_once

log = logging.getLogger(__name__)


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
            how = self._config.channels[channel]
            what = "\n".join(source or "" for source in (channel, how.title, how.text, how.html))
            label = f"the template of channel {channel}"
            alert_once(self._store, self._config, self._clock(), Fault(label, "template", what, why))
