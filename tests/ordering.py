"""Which tests take long: they are begun first, so that no process of the suite is left alone with one, and are not `quick`.

`make test` runs the suite in two processes (pytest-xdist), each file in one of them, as its tests share what they start.
"""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent

# The longest first. They start processes or servers, wait for real timers, read all captures, fuzz, or measure.
LONG = tuple(
    """
    watcher/test_workers.py watcher/test_processes.py watcher/test_add_captures.py systemd torture sources/test_fuzz.py
    sources/test_text_properties.py state/test_story_properties.py state/test_postgres.py state/test_transfer.py
    alerts/test_watchlist.py watcher/test_secrets.py sources/http/test_fault_server.py state/test_sending_lock.py
    sources/test_confine.py watcher/test_migration_killed.py alerts/test_copies.py alerts/test_alert_properties.py
    watcher/test_daemon_reload.py state/test_store_open.py watcher/test_captures.py watcher/test_plugin.py
    watcher/test_deliver.py watcher/test_dispatch.py watcher/test_many_sources.py state/test_lease.py state/test_pace.py
    state/test_claims.py sources/test_hostile_content.py sources/http/test_tls.py watcher/test_replay_evidence.py
    watcher/test_replay_captures.py watcher/test_garbage.py sources/http/test_transport.py test_bench.py test_audit.py
    watcher/test_verify.py sources/test_captures.py sources/test_catalog_captures.py sources/test_every_capture.py
    sources/test_blocked_captures.py watcher/test_noise.py watcher/test_no_drift.py state/test_staging.py
    state/test_hostile_entries.py sources/test_frames.py watcher/test_story.py watcher/test_demo.py
    watcher/test_former_release.py watcher/test_state_trouble.py watcher/test_proof_pywb.py watcher/test_housekeeping.py
    watcher/test_as_root.py sources/test_apart.py watcher/test_signals.py watcher/test_pool.py watcher/test_loop.py
    sources/test_long_tables.py sources/test_feed_xml.py state/test_sieve_travels.py state/test_store_commit.py
    watcher/test_belief_once.py watcher/test_proof.py watcher/test_proof_told.py watcher/test_stamps.py
    watcher/test_evidence_kept.py watcher/test_verify_end.py watcher/test_state_copy.py sources/test_flows.py
    """.split()
)


def place(path: Path) -> int | None:
    """Where a file stands among the long ones; None where it is not one of them."""
    name = path.relative_to(TESTS).as_posix()
    return next((at for at, long in enumerate(LONG) if name == long or name.startswith(f"{long}/")), None)


def is_quick(item: pytest.Item) -> bool:
    """Whether a test belongs to those between two edits: it takes no long time, and starts no database server."""
    chosen = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    return place(item.path) is None and "postgresql" not in chosen


def order(items: list[pytest.Item]) -> None:
    """Mark the quick tests, and put the long ones first."""
    for item in items:
        if is_quick(item):
            item.add_marker("quick")
    places = {item.path: place(item.path) for item in items}
    items.sort(key=lambda item: len(LONG) if (at := places[item.path]) is None else at)
