"""Slots, spacing per host, waits: silent hosts delay nobody, and a stuck reader ends as its own source's failure."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources import Get, Page, ReaderTooSlow, Unreachable
from sources.fetch import ASIDE, Validators
from watcher import dispatch, task
from watcher.dispatch import Dispatcher
from watcher.task import Ask, Begun, Done

NO_WAIT = timedelta()


class Site:
    """A session whose answers take `seconds`, and that keeps when each request came."""

    def __init__(self, seconds: float = 0, error: Unreachable | None = None) -> None:
        self.seconds, self.error = seconds, error
        self.times: list[float] = []

    def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        self.times.append(time.monotonic())
        time.sleep(self.seconds)
        if self.error:
            raise self.error
        return Page(get, get.url, 200, {}, b"x", datetime(2025, 7, 17, tzinfo=UTC))


def asks(*gets: Get) -> Generator[Ask, Page, list[str]]:
    """A check that makes these requests and returns where the answers came from."""
    urls = []
    for get in gets:
        page = yield Ask(get)
        urls.append(page.url)
    return urls


def run_all(dispatcher: Dispatcher, seconds: float = 10) -> dict[str, Done]:
    """Step until every check has ended."""
    ends, done = time.monotonic() + seconds, {}
    while len(dispatcher):
        assert time.monotonic() < ends, f"still running after {seconds} s"
        done |= {result.name: result for result in dispatcher.step(0.2)}
    dispatcher.close()
    return done


def test_a_check_of_several_requests_gets_each_of_its_pages() -> None:
    dispatcher = Dispatcher(spacing=NO_WAIT)
    dispatcher.start("two", asks(Get("http://a.test/1"), Get("http://a.test/2")), Site(), timedelta(seconds=5))
    assert run_all(dispatcher)["two"].outcome == ["http://a.test/1", "http://a.test/2"]


def test_requests_to_one_host_keep_their_distance_and_other_hosts_do_not_wait() -> None:
    busy, other = Site(), Site()
    dispatcher = Dispatcher(spacing=timedelta(milliseconds=100))
    start = time.monotonic()
    for number in range(4):
        dispatcher.start(f"busy-{number}", asks(Get("http://a.test:8000/")), busy, timedelta(seconds=5))
    dispatcher.start("other", asks(Get("http://a.test:8001/")), other, timedelta(seconds=5))
    run_all(dispatcher)
    gaps = [later - earlier for earlier, later in zip(busy.times, busy.times[1:], strict=False)]
    assert all(gap > 0.09 for gap in gaps)
    assert other.times[0] - start < 0.09


def test_who_spares_hosts_for_several_processes_is_asked_before_each_request() -> None:
    site, asked = Site(), list[tuple[list[str], float]]()
    answers: list[dict[str, float]] = [{}, {"a.test": 0.2}, {"a.test": 0.0}, {"a.test": 0.0}]

    def pacer(hosts: Sequence[str], spacing: float) -> Mapping[str, float]:
        asked.append((list(hosts), spacing))
        return answers.pop(0)

    dispatcher = Dispatcher(spacing=timedelta(milliseconds=50), pacer=pacer)
    start = time.monotonic()
    for number in range(2):
        dispatcher.start(f"{number}", asks(Get("http://a.test/")), site, timedelta(seconds=5))
    run_all(dispatcher)
    assert asked == [(["a.test"], 0.05)] * 4
    assert site.times[0] - start > dispatch.ASK_AGAIN + 0.2


def test_hosts_that_need_no_distance_are_not_asked_about() -> None:
    dispatcher = Dispatcher(spacing=NO_WAIT, pacer=lambda hosts, spacing: pytest.fail("asked"))
    dispatcher.start("x", asks(Get("http://a.test/")), Site(), timedelta(seconds=5))
    assert run_all(dispatcher)["x"].error is None


def test_of_many_that_wait_for_a_host_few_are_begun_before_the_first_has_ended() -> None:
    begun, most, ended = set[str](), 0, 0

    def reads_first(name: str) -> Generator[Any, Any, None]:
        nonlocal most, ended
        begun.add(name)
        most = max(most, len(begun))
        yield ASIDE
        yield Ask(Get("http://a.test/"))
        begun.discard(name)
        ended += 1

    def begin(names: Sequence[str], soon: Callable[[], list[str]]) -> Iterator[Begun]:
        return (Begun(name, reads_first(name), site, timedelta(seconds=5)) for name in names)

    site = Site()
    dispatcher = Dispatcher(spacing=NO_WAIT, per_host=4, begin=begin)
    for number in range(300):
        dispatcher.expect(f"{number}", "http://a.test/")
    run_all(dispatcher)
    assert (ended, most) == (300, 4)


def test_one_host_has_no_more_connections_at_once_than_it_may() -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    class Counting(Site):
        def fetch(self, get: Get, validators: Validators | None = None) -> Page:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            page = super().fetch(get)
            with lock:
                at_once -= 1
            return page

    dispatcher = Dispatcher(per_host=2, spacing=NO_WAIT)
    for number in range(10):
        dispatcher.start(str(number), asks(Get("http://a.test/")), Counting(0.02), timedelta(seconds=5))
    run_all(dispatcher)
    assert most == 2


def test_waiting_holds_no_slot() -> None:
    dispatcher = Dispatcher(slots=1, spacing=NO_WAIT)
    patient = asks(Get("http://a.test/", after=0.3))
    dispatcher.start("patient", patient, Site(), timedelta(seconds=5))
    for number in range(5):
        dispatcher.start(f"quick-{number}", asks(Get(f"http://{number}.test/")), Site(), timedelta(seconds=5))
    order = []
    while len(dispatcher):
        order += [done.name for done in dispatcher.step(0.5)]
    assert order[-1] == "patient"


def test_silent_hosts_delay_nobody() -> None:
    dispatcher = Dispatcher(slots=64, spacing=NO_WAIT)
    for number in range(200):
        silent = number % 20 == 0
        site = Site(1.5 if silent else 0)
        name = f"silent-{number}" if silent else f"quick-{number}"
        dispatcher.start(name, asks(Get(f"http://{number}.test/")), site, timedelta(seconds=5))
    start, quick = time.monotonic(), 0
    while quick < 190:
        quick += sum(done.name.startswith("quick") for done in dispatcher.step(0.2))
    assert time.monotonic() - start < 1
    run_all(dispatcher)


def test_a_fetch_that_fails_is_thrown_into_its_check() -> None:
    def check() -> Generator[Ask, Page, str]:
        try:
            yield Ask(Get("http://a.test/"))
        except Unreachable as error:
            return error.message
        return "read"

    dispatcher = Dispatcher()
    dispatcher.start("down", check(), Site(error=Unreachable("connection refused")), timedelta(seconds=5))
    assert run_all(dispatcher)["down"].outcome == "connection refused"


def test_an_exception_of_one_check_ends_that_check_alone() -> None:
    def broken() -> Generator[Ask, Page, None]:
        yield Ask(Get("http://a.test/"))
        raise RuntimeError("fault")

    dispatcher = Dispatcher()
    dispatcher.start("broken", broken(), Site(), timedelta(seconds=5))
    dispatcher.start("sound", asks(Get("http://b.test/")), Site(), timedelta(seconds=5))
    done = run_all(dispatcher)
    assert isinstance(done["broken"].error, RuntimeError)
    assert done["sound"].outcome == ["http://b.test/"]


def stuck(work: Callable[[], Any]) -> Generator[Ask, Page, str]:
    yield Ask(Get("http://a.test/"))
    try:
        work()
    except ReaderTooSlow as error:
        return error.code
    return "read"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Dispatcher:
    for module in (dispatch, task):
        monkeypatch.setattr(module, "GRACE", 0.2)
    return Dispatcher(slots=2, read_seconds=0.1)


def test_a_reader_that_never_ends_is_broken_off(impatient: Dispatcher) -> None:
    def forever() -> None:
        while True:
            pass

    impatient.start("endless", stuck(forever), Site(), NO_WAIT)
    assert run_all(impatient, 5)["endless"].outcome == "reader_too_slow"


def test_a_reader_that_cannot_be_broken_off_is_given_up_and_its_slot_is_free_again(impatient: Dispatcher) -> None:
    release = threading.Event()
    for number in range(2):
        impatient.start(f"deaf-{number}", stuck(lambda: release.wait(8)), Site(), NO_WAIT)
    done = run_some(impatient, 2)
    assert {type(result.error) for result in done.values()} == {ReaderTooSlow}
    impatient.start("next", asks(Get("http://b.test/")), Site(), timedelta(seconds=5))
    assert run_all(impatient, 3)["next"].outcome == ["http://b.test/"]
    release.set()


def run_some(dispatcher: Dispatcher, count: int, seconds: float = 5) -> dict[str, Done]:
    ends, done = time.monotonic() + seconds, {}
    while len(done) < count:
        assert time.monotonic() < ends
        done |= {result.name: result for result in dispatcher.step(0.1)}
    return done


def test_a_wake_ends_the_waiting_early() -> None:
    dispatcher = Dispatcher()
    threading.Timer(0.05, dispatcher.wake).start()
    start = time.monotonic()
    list(dispatcher.step(3))
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("url", ["http://[x", "//[", "", "http://a:b:c/"])
def test_what_is_no_address_is_asked_for_like_any_other_and_ends_nobody(url: str) -> None:
    dispatcher = Dispatcher(spacing=NO_WAIT)
    dispatcher.start("odd", asks(Get(url)), Site(error=Unreachable("it is none")), timedelta(seconds=5))
    dispatcher.start("sound", asks(Get("http://a.test/")), Site(), timedelta(seconds=5))
    done = run_all(dispatcher)
    assert isinstance(done["odd"].error, Unreachable)
    assert done["sound"].outcome == ["http://a.test/"]


def test_a_thread_that_waits_keeps_nothing_of_what_it_has_done() -> None:
    class Large:
        """Something large."""

    def check() -> Generator[Ask, Page, object]:
        yield Ask(Get("http://a.test/"))
        return Large()

    dispatcher = Dispatcher(spacing=NO_WAIT)
    dispatcher.start("one", check(), Site(), timedelta(seconds=5))
    while len(dispatcher):
        kept = [weakref.ref(done.outcome) for done in dispatcher.step(0.2)]
    gc.collect()
    assert [each() for each in kept] == [None]
    dispatcher.close()


def test_a_session_that_cannot_begin_to_answer_fails_its_own_check_alone() -> None:
    class Refusing(Site):
        def walk(self, get: Get, validators: Validators | None = None) -> Any:
            raise Unreachable(f"{get.url} is no address")

    dispatcher = Dispatcher(spacing=NO_WAIT)
    dispatcher.start("odd", asks(Get("http://[::1")), Refusing(), timedelta(seconds=5))
    dispatcher.start("sound", asks(Get("http://a.test/")), Site(), timedelta(seconds=5))
    done = run_all(dispatcher)
    assert isinstance(done["odd"].error, Unreachable)
    assert done["sound"].outcome == ["http://a.test/"]
