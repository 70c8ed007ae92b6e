"""A worker: a daemon whose schedule is in the database. Any number of workers on any number of machines share it.

    tick -> claim -> job -> take over -> the cycle -> commit -> deliver

A worker that has something to deliver acquires the lease for sending.
"""

from __future__ import annotations

import os
import socket
from functools import partial
from pathlib import Path
from uuid import uuid4

from state.store import Store
from watcher.config.load import Config
from watcher.config.settings import is_server
from watcher.errors import UsageError
from watcher.service.cluster.shared_pacing import SharedRound
from watcher.service.cluster.shared_schedule import SharedSchedule
from watcher.service.daemon import Daemon, now, open_and_run
from watcher.service.heartbeat import Heartbeat
from watcher.service.presence import Presence
from watcher.service.systemd import notify


def worker(config: Config, store: Store, *, concurrency: int) -> Daemon:
    """One of several workers. Raises StateError."""
    notify("STATUS=joining the other workers")
    claims = store.claims(f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}")
    schedule = SharedSchedule(claims, now, concurrency=concurrency)
    heart = Heartbeat(config, store, now, SharedRound(config, claims))
    return Daemon(config, store, schedule, Presence(None, now), heart, now)  # the queue sends the signs of life


def work(path: Path | None, concurrency: int) -> int:
    """Run a worker with the configuration at `path` (by default the usual places are searched).

    Raises ConfigError, UsageError and StateError.
    """
    return open_and_run(path, partial(worker, concurrency=concurrency), check=_check_shared)


def _check_shared(config: Config) -> None:
    if not is_server(config.state):
        raise UsageError(
            f'{config.path}: workers share a PostgreSQL server: state = "postgresql+psycopg://user@host/name"'
        )
