"""The program itself, run on loopback: hostile sources, and sound ones beside them."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import NamedTuple

from sources.http.session import Fetcher
from state.store import Store
from tests.pauses import note
from tests.sync_cycle import sync_cycle
from tests.torture.wire import Fault, FaultServer, dialling
from watcher.config.load import Config
from watcher.cycle import Cycle

SOUND = 20  # sources beside the hostile ones
PRIVATE = (ip_network("127.0.0.1"),)
HEAD = '[http]\nprivate_addresses = ["127.0.0.1/32"]\nspacing = "0s"\nper_host = 100\n'


def now() -> datetime:
    return datetime.now(UTC)


def sound_sources(server: FaultServer) -> str:
    """Their part of the configuration."""
    sound = [Fault(f"sound {number}", lambda wire: None, "read") for number in range(SOUND)]
    return "".join(f'[sources."{at.name}"]\nkind = "table"\nkey = "No"\nurl = "{server.url(at)}"\n' for at in sound)


def known(store: Store) -> dict[str, tuple[object, ...]]:
    """What the state holds of each source, but for its health."""
    return {state.name: (state.revision, state.entries, state.digest) for state in store.sources()}


class Checked(NamedTuple):
    """What one check of some sources came to: each one's reason, or "ok"; when the sound ones had ended; and the event
    loop's longest pause, in seconds of processor time.
    """

    seen: dict[str, str]
    sound: list[float]
    pause: float


def check(store: Store, config: Config, names: Collection[str]) -> Checked:
    """One check of these sources."""
    seen, sound = dict[str, str](), list[float]()
    fetcher = Fetcher(config.http, clock=now)
    with dialling() as strangers, sync_cycle(Cycle(config, store, fetcher, now, slots=128), fetcher) as cycle:
        began = time.monotonic()
        for name in names:
            cycle.start(name)
        while len(cycle):
            for result in cycle.step(0.1):
                seen[result.name] = result.reason or "ok"
                sound += [time.monotonic() - began] if result.name.startswith("sound ") else []
        assert not strangers, f"dialled: {strangers}"
    note(cycle.pauses.longest)
    return Checked(seen, sound, cycle.pauses.longest)
