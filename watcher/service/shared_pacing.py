"""How a worker spares hosts together with others, and ends the heartbeat's round together with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from state.errors import StateError
from state.parts.host_pace import HostPace, Wanted
from state.parts.worker_claims import Claims
from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.service.heartbeat import BETWEEN

log = logging.getLogger(__name__)


class SharedRateLimiter:
    """Spares hosts together with other workers; while the database is away they have to wait."""

    def __init__(self, pace: HostPace) -> None:
        self._pace = pace

    def ask(self, wanted: Sequence[Wanted], *, spacing: float, per_host: int) -> Mapping[str, float]:
        """As `HostPace.ask`."""
        try:
            return self._pace.ask(wanted, spacing=spacing, per_host=per_host)
        except StateError as error:
            log.debug("hosts have to wait: %s", error)
            return {}

    def tell(self, active: Mapping[str, int]) -> None:
        """As `HostPace.tell`; what cannot be stored runs out by itself."""
        try:
            self._pace.tell(active)
        except StateError as error:
            log.debug("that requests have ended is not stored: %s", error)


class SharedRound:
    """A round of all sources that all workers check; the database knows when it is complete, and tells one worker."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    def using(self, config: Config) -> SharedRound:  # noqa: ARG002 - the database knows what is watched
        """The same with another configuration."""
        return self

    def checked(self, result: Result) -> bool:  # noqa: ARG002 - others check too
        """Whether a round is complete is asked after each drain."""
        return False

    def is_complete(self) -> bool:
        """Whether all were checked since this was so last. Raises StateError."""
        return self._claims.round_done(timedelta(seconds=BETWEEN))

    def begin(self) -> None:
        """The database has begun the next one."""
