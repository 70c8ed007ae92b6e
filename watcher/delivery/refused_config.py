"""Alerts operators about a new configuration that a running service refuses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import alert_operators
from watcher.terminal.console import printable

log = logging.getLogger(__name__)


class RefusedConfig:
    """The problems of the last configuration, if it was refused. `why` is empty if it was not."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._problems: list[str] = []
        self._since = clock()

    @property
    def why(self) -> str:
        """The first problem, and the number of the others."""
        more = f" (and {len(self._problems) - 1} more)" if len(self._problems) > 1 else ""
        return printable(self._problems[0]) + more if self._problems else ""

    def refuse(self, problems: Sequence[str], config: Config) -> None:
        """Log every problem. Alert once, however often the same file is tried."""
        for problem in problems:
            log.error("the configuration is not taken over: %s", problem)
        self._since = self._since if self._problems else self._clock()
        known, self._problems = self._problems, list(problems)
        if known != self._problems:
            self._tell("failing", config)

    def taken(self, config: Config) -> None:
        """A configuration was accepted."""
        if self._problems:
            self._tell("recovered", config)
        self._problems = []

    def _tell(self, status: str, config: Config) -> None:
        what, now = "configuration", self._clock()
        alert_operators(
            self._store, config, what, now, status=status, reason=what, message=self.why, since=self._since
        )
