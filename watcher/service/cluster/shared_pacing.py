"""What a worker shares with others: the limits of requests to each host, and the heartbeat's round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from state.storage.host_pace import HostPace, Wanted
from state.storage.worker_claims import Claims
from watcher.check.outcome import Result
from watcher.config.load import Config
from watcher.service.heartbeat import BETWEEN, Round, resting
from watcher.service.put_off import put_off


class SharedRateLimiter:
    """Limits requests to hosts together with other workers. While the database is unreachable, requests wait."""

    def __init__(self, pace: HostPace) -> None:
        self._pace = pace

    def ask(self, wanted: Sequence[Wanted], *, spacing: float, per_host: int) -> Mapping[str, float]:
        """Like `HostPace.ask`."""
        with put_off("hosts have to wait"):
            return self._pace.ask(wanted, spacing=spacing, per_host=per_host)
        return {}

    def tell(self, active: Mapping[str, int]) -> None:
        """Like `HostPace.tell`. If it cannot be stored, the old count expires."""
        with put_off("that requests have ended is not stored"):
            self._pace.tell(active)


class SharedRound(Round):
    """A round of all sources, shared by all workers. The database tells one worker when it is complete."""

    def __init__(self, config: Config, claims: Claims) -> None:
        super().__init__(config)
        self._claims, self._resting = claims, resting(config)

    def using(self, config: Config) -> SharedRound:
        """The same round: the database knows the sources."""
        return SharedRound(config, self._claims)

    def checked(self, result: Result) -> bool:  # noqa: ARG002 - others check too
        """Always False: `is_complete` is asked after each drain."""
        return False

    def is_complete(self) -> bool:
        """Whether all sources were checked since the last round, which begins the next one. Raises StateError."""
        return self._claims.round_done(timedelta(seconds=BETWEEN), self._resting)
