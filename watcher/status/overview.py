"""All sources, and what else the state tells of: deliveries, channels, daemons, workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sources.reading.sandbox.confine import means
from state.model import ChannelTrouble
from state.storage.daemons import DaemonSeen
from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import is_server
from watcher.service.presence import daemons_json
from watcher.status.standing import Standing, standings

if TYPE_CHECKING:
    from watcher.service.cluster.worker_list import WorkerList

_NO_DELIVERIES = {"held": 0, "unapproved": 0, "pending": 0, "sent": 0, "dead": 0}


class Overview(NamedTuple):
    """What a state says. `counts` of deliveries by their state, `size` of the state in bytes (0: there is none yet),
    `fleet` of workers that share it, if they do.
    """

    standings: list[Standing]
    counts: Mapping[str, int] = _NO_DELIVERIES
    troubles: Sequence[ChannelTrouble] = ()
    size: int = 0
    fleet: WorkerList | None = None
    daemons: Sequence[DaemonSeen] = ()

    @property
    def bad(self) -> list[Standing]:
        """The sources that are failing or suspicious."""
        return [each for each in self.standings if each.is_bad]


def overview(config: Config, store: Store | None) -> Overview:
    """Of a state, or of none yet."""
    if store is None:
        return Overview(standings(config, []))
    return Overview(
        standings(config, store.source_statuses()),
        store.outbox.counts(),
        store.channels.troubles(),
        store.retention.size(),
        _fleet(config, store),
        store.daemons.all(),
    )


def _fleet(config: Config, store: Store) -> WorkerList | None:
    if not is_server(config.state):
        return None
    from watcher.service.cluster.worker_list import fleet

    return fleet(store)


def overview_json(config: Config, seen: Overview) -> dict[str, Any]:
    """The overview as JSON."""
    return {
        "sources": [each.json() for each in seen.standings],
        "deliveries": dict(seen.counts),
        "channels": [
            {"name": trouble.channel, "failing_since": trouble.since.isoformat()} for trouble in seen.troubles
        ],
        "reading_process": means()._asdict(),
        "state": {"file": config.state_file, "bytes": seen.size},
        "warnings": list(config.unsafe),
        "daemons": daemons_json(seen.daemons, datetime.now(UTC)),
        **_fleet_json(seen.fleet),
    }


def _fleet_json(fleet: WorkerList | None) -> dict[str, Any]:
    if fleet is None:
        return {}
    from watcher.service.cluster.worker_list import fleet_json

    return fleet_json(fleet)
