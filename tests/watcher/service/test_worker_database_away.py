"""Workers whose database goes away while they fetch, commit and send."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from state.errors import StateError
from state.store import Store
from tests import postgres
from tests.torture.processes import until
from tests.watcher.service.workers import Works
from watcher.service.worker import SharedTimetable

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)


@pytest.fixture
def works(tmp_path: Path, site: Any) -> Iterator[Works]:
    """Workers on a database server of their own, whose crash is none of the machine."""
    with postgres.server(fsync="off") as server:
        server.sql("CREATE DATABASE state")
        Store.open(server.url("state")).close()
        made = Works(tmp_path, site, server)
        yield made
        made.program.close()


def test_two_workers_whose_database_is_away_for_20_seconds_recover_alone_and_lose_nothing(works: Works) -> None:
    works.watch(*(f"s{number}" for number in range(20)))
    workers = [works.start(), works.start()]
    until(works.known)
    for name in works.names[:7]:
        works.show(name, "B")
    works.server.stop("immediate")  # while they fetch, commit and send
    for name in works.names[7:14]:
        works.show(name, "B")
    time.sleep(20)
    works.server.start()
    for name in works.names[14:]:
        works.show(name, "B")
    until(lambda: len({told.title for told in works.told()}) == 20, 60, "not all was told")
    until(lambda: works.due() == 0)
    assert all(worker.alive for worker in workers)
    assert (works.count(), works.program.changes()) == ("lost 0, twice 0", 20)
    assert not any("Traceback" in worker.err() for worker in workers)


def test_what_keeps_a_worker_from_claiming_is_told_by_one_reason(caplog: pytest.LogCaptureFixture) -> None:
    claims = Mock(**{name: Mock(side_effect=StateError(f"no {name}")) for name in ("note", "claim", "gone")})
    timetable = SharedTimetable(claims, lambda: datetime.now(UTC), concurrency=1)
    timetable.start(dict)
    until(lambda: len(caplog.records) == 2)
    timetable.release()
    assert {line.args for line in caplog.records} == {caplog.records[0].args}  # else the log repeats both for ever


def test_what_was_sent_while_the_database_went_away_is_marked_by_who_sent_it_and_not_sent_again(
    works: Works,
) -> None:
    works.watch("s")
    workers = [works.start(), works.start()]
    until(works.known)
    taken: list[str] = []

    def take(asked: Any) -> str:
        if not taken and b"CHANGED" in asked.body:
            works.server.crash()
        taken.append(asked.headers["idempotency-key"])
        return ""

    works.site.page("/hook", take)
    works.show("s", "B")
    until(lambda: taken)
    time.sleep(3)
    works.server.start()
    until(lambda: works.program.ask("SELECT count(*) FROM deliveries WHERE state = 'sent'") >= 1)
    time.sleep(3)
    assert works.count() == "lost 0, twice 0"
    assert all(worker.alive for worker in workers)
