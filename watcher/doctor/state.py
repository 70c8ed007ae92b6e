"""The state: whether it can be opened, who works on it, and what waits in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from state.errors import StateError
from state.store import Store
from watcher.config.load import Config
from watcher.config.open_state import open_known_state
from watcher.doctor.finding import Findings, error, ok, warning
from watcher.service.presence import SILENT
from watcher.terminal.words import about, count, megabytes

_SLACK = timedelta(minutes=5)


def examine(config: Config | None) -> Findings:
    """The state of a configuration. Nothing is created, and nothing is changed."""
    if config is None:
        return
    try:
        with open_known_state(config) as store:
            if store is None:
                yield ok("state", f"{config.state_file} is not there yet; the first check makes it")
            else:
                yield from _of(config, store)
    except StateError as fault:
        yield error("state", str(fault), "docs/operate.md says how a state is restored; `watch backup` makes a copy")


def _of(config: Config, store: Store) -> Findings:
    now = datetime.now(UTC)
    yield ok("state", f"{config.state_file}: {megabytes(store.retention.size())}")
    yield from (error("state", f"damaged: {line}", "restore a copy of `watch backup`") for line in store.problems()[:5])
    yield from _sources(config, store, now)
    yield from _deliveries(store, now)
    seen = store.daemons.with_workers()
    silent = [each for each in seen if now - each.seen >= SILENT]
    for each in silent:
        says = f"{each.name} on {each.host} was not seen for {about(now - each.seen)}"
        yield warning("daemon", says, "if it ought to run: journalctl -u registry-watch")
    if not seen:
        yield ok("daemon", "no daemon and no worker was on this state in the last day")
    elif len(silent) < len(seen):
        yield ok("daemon", f"{count(len(seen) - len(silent), 'daemon or worker', 'daemons and workers')} at work")


def _sources(config: Config, store: Store, now: datetime) -> Findings:
    known = [each for each in store.source_statuses() if each.name in config.sources]
    bad = [each.name for each in known if each.status in {"failing", "suspicious"}]
    if bad:
        says = f"{count(len(bad), 'source')} cannot be read or is not believed: {', '.join(bad[:5])}"
        yield warning("sources", says, "`watch status NAME` says why")
    else:
        yield ok("sources", f"{count(len(known), 'source')} checked, none failing")
    if any(each.tried and each.tried > now + _SLACK for each in known):
        yield error("clock", "the state has checks of the future: the clock was set back", "set the clock right")


def _deliveries(store: Store, now: datetime) -> Findings:
    counts = store.outbox.counts()
    if counts["dead"]:
        yield warning("deliveries", f"{count(counts['dead'], 'alert')} given up", "`watch deliveries` says why")
    for trouble in store.channels.troubles():
        says = f"the channel {trouble.channel} has failed for {about(now - trouble.since)}"
        yield error("channels", says, f"`watch alert-test {trouble.channel}` reports what its server says")
    if counts["pending"]:
        yield warning("deliveries", f"{count(counts['pending'], 'alert')} to be sent", "the daemon sends it, or --once")
