"""Workers as real processes that share a state on a real PostgreSQL server: killed, stopped for a while, ended,
reloaded.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.torture.processes import until
from tests.watcher.service.workers import Works, asked

pytestmark = pytest.mark.skipif(not postgres.installed(), reason=postgres.MISSING)

# A round takes half a minute at least: it has begun as much earlier as soon as all sources were checked.
_ROUND_BEGAN_EARLIER = """
UPDATE leases SET renewed = renewed - interval '31 s'
 WHERE name = 'heartbeat' AND NOT EXISTS (SELECT FROM sources WHERE watched AND (tried IS NULL OR tried < leases.renewed))
RETURNING name
"""


@pytest.fixture
def works(tmp_path: Path, site: Any) -> Iterator[Works]:
    made = Works(tmp_path, site, postgres.shared())
    yield made
    made.program.close()


def test_two_workers_check_all_and_tell_each_change_once(works: Works) -> None:
    works.watch(*(f"s{number}" for number in range(30)))
    workers = [works.start(), works.start()]
    until(works.known)
    for name in works.names:
        works.show(name, "B")
    until(lambda: len(works.told()) >= 30)
    time.sleep(2)
    assert (works.count(), works.program.changes()) == ("lost 0, twice 0", 30)
    for worker in workers:
        worker.signal(signal.SIGTERM)
    ended = [worker.wait(60) for worker in workers]
    assert [ran.code for ran in ended] == [0, 0]
    assert not any("Traceback" in ran.err for ran in ended)


def test_a_check_that_somebody_asks_for_is_made_by_one_of_them(works: Works) -> None:
    works.watch("s", every="1h")
    workers = [works.start(), works.start()]
    until(works.known)
    assert (works.program.run("check", "s").code, asked(works, "s")) == (0, 1)
    until(lambda: asked(works, "s") == 2)
    time.sleep(1)
    assert (asked(works, "s"), works.program.ask("SELECT count(*) FROM check_requests")) == (2, 0)
    for worker in workers:
        worker.signal(signal.SIGTERM)
        worker.wait(60)


@pytest.mark.parametrize("point", ["after_fetch", "before_commit", "after_commit"])
def test_what_a_killed_worker_had_in_hand_another_one_does(works: Works, point: str) -> None:
    works.watch(*(f"s{number}" for number in range(5)))
    first = works.start()
    until(works.known)
    first.signal(signal.SIGTERM)
    first.wait(60)
    for name in works.names:
        works.show(name, "B")
    assert works.start(failpoint=point).wait(60).code == -signal.SIGKILL
    works.start()
    until(lambda: len(works.told()) >= 5)
    until(lambda: works.due() == 0)
    assert (works.count(), works.program.changes()) == ("lost 0, twice 0", 5)


def test_a_worker_that_stood_still_is_refused_when_it_goes_on(works: Works) -> None:
    works.watch("s")
    first = works.start()
    until(works.known)
    first.signal(signal.SIGTERM)
    first.wait(60)
    works.show("s", "B")
    zombie = works.start(failpoint="after_read:STOP")
    until(zombie.is_stopped)
    works.start()
    until(works.told)
    zombie.signal(signal.SIGCONT)
    until(lambda: "another worker has checked it meanwhile; this check is thrown away" in zombie.err())
    seen = asked(works, "s")
    until(lambda: asked(works, "s") > seen + 4)
    assert (works.count(), works.program.changes()) == ("lost 0, twice 0", 1)
    assert "Traceback" not in zombie.err()
    assert zombie.alive


def test_a_worker_that_is_told_to_end_finishes_what_it_has_and_leaves_nothing_behind(works: Works) -> None:
    works.watch(*(f"s{number}" for number in range(10)))
    worker = works.start()
    until(works.known)
    worker.signal(signal.SIGTERM)
    ran = worker.wait(60)
    assert (ran.code, "Traceback" in ran.err, " INFO stopped; " in ran.err.splitlines()[-1]) == (0, False, True)
    ask = works.program.ask
    assert ask("SELECT count(*) FROM sources WHERE holder IS NOT NULL") == 0
    assert ask("SELECT count(*) FROM workers") == 0


def test_a_silent_host_delays_no_other_source(works: Works) -> None:
    works.watch(*(f"s{number}" for number in range(8)), "slow", timeout="10m")
    works.site.silent("/slow")
    works.start()
    until(lambda: asked(works, "s0") >= 2)
    seen = asked(works, "s0")
    until(lambda: asked(works, "s0") >= seen + 6, 100)
    assert asked(works, "slow") == 1, "it is still being waited for"


def test_the_distance_that_a_workers_request_began_holds_for_another_one(works: Works) -> None:
    works.watch("one", "two", spacing="1h")
    first = works.start()
    until(lambda: asked(works, "one") + asked(works, "two") == 1)
    holder = works.program.ask("SELECT max(holder) FROM sources")
    first.signal(signal.SIGKILL)
    first.wait(60)
    works.start()
    until(lambda: works.program.ask(f"SELECT count(*) FROM sources WHERE holder <> '{holder}'") > 0)
    time.sleep(2)
    assert asked(works, "one") + asked(works, "two") == 1


def test_a_server_that_asks_to_wait_is_left_alone_by_all(works: Works) -> None:
    works.watch("s", "other")
    works.site.page("/s", status=429, headers={"Retry-After": "6"})
    times: list[float] = []
    works.site.page(
        "/s", lambda asked: times.append(time.monotonic()) or works.site.Reply("", 429, {"Retry-After": "6"})
    )
    works.start()
    works.start()
    until(lambda: len(times) >= 2)
    assert times[1] - times[0] > 5.5
    assert asked(works, "other") >= 2, "a source of the same host that was not told to wait waited, too"


def test_a_reload_takes_new_sources_in_and_a_bad_file_is_refused(works: Works) -> None:
    works.watch("s")
    worker = works.start()
    until(works.known)
    works.show("new", "A")
    works.watch("s", "new")
    worker.signal(signal.SIGHUP)
    until(lambda: asked(works, "new") >= 2)
    works.program.configure("[nonsense")
    worker.signal(signal.SIGHUP)
    until(lambda: "the configuration is not taken over" in worker.err())
    seen = asked(works, "new")
    until(lambda: asked(works, "new") > seen)


def test_a_source_that_is_taken_out_is_asked_no_more(works: Works) -> None:
    works.watch("s", "gone")
    worker = works.start()
    until(works.known)
    works.watch("s")
    worker.signal(signal.SIGHUP)
    until(lambda: "read again" in worker.err())
    time.sleep(1.5)
    seen = asked(works, "gone")
    before = asked(works, "s")
    until(lambda: asked(works, "s") > before + 2)
    assert asked(works, "gone") == seen


def test_the_dead_mans_switch_is_pinged_once_by_all(works: Works) -> None:
    works.watch("s", "t")
    text = (works.program.folder / "watch.toml").read_text()
    works.site.page("/beat")
    works.program.configure(f'heartbeat = "{works.site.url("/beat")}"\n{text}')
    works.start()
    works.start()
    until(lambda: works.server.sql(_ROUND_BEGAN_EARLIER, works.database))
    until(lambda: asked(works, "beat") >= 1)
    time.sleep(3)
    assert asked(works, "beat") == 1


def test_status_shows_the_workers_and_how_far_behind_they_are(works: Works) -> None:
    works.watch("s")
    works.start()
    until(lambda: works.program.ask("SELECT count(*) FROM workers") == 1)
    until(works.known)
    said = works.program.run("status").out
    assert "1 worker at work; " in said
    [worker] = works.program.run("status", "--json").json["workers"]
    assert set(worker["pauses"]) == {"hour", "day", "start"}
    assert (worker["there"], worker["draining"], worker["concurrency"]) == (True, False, 20)
    assert set(works.program.run("status", "--json").json["queue"]) == {"jobs", "due", "lag"}


def test_workers_with_different_configurations_are_told_of(works: Works) -> None:
    works.watch("s")
    works.start()
    until(lambda: works.program.ask("SELECT count(*) FROM workers") == 1)
    works.watch("s", "t")
    works.start()
    until(lambda: works.program.ask("SELECT count(*) FROM workers") == 2)
    assert "their configurations differ" in works.program.run("status").out


def test_a_file_cannot_be_shared(watch: Callable[..., Any], configure: Callable[..., Path]) -> None:
    configure("")
    ran = watch("worker")
    assert (ran.code, "workers share a PostgreSQL server" in ran.err) == (2, True)


@pytest.mark.parametrize("number", ["0", "x", "1001"])
def test_an_odd_concurrency_is_refused(watch: Callable[..., Any], configure: Callable[..., Path], number: str) -> None:
    configure("")
    ran = watch("worker", "--concurrency", number)
    assert (ran.code, "is not a number from 1 to 1000" in ran.err) == (2, True)
