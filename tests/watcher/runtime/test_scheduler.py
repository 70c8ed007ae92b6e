"""Slots, spacing for each host, waits: silent hosts delay no other, and a stuck parser fails only its own source."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from sources import Get, Page, ReaderTooSlow, Unreachable
from sources.http.exchange import Validators
from state.storage.workers import Wanted
from tests.at_once import AtOnce
from watcher.check.fetching import Begun, CheckIO
from watcher.runtime import host_pacing, scheduler
from watcher.runtime.scheduler import Scheduler

NO_WAIT = timedelta()
FOR_EVER = 1e6  # seconds: a test that waits for so long fails by pytest's timeout

Check = Callable[[CheckIO], Awaitable[Any]]


class Site:
    """A session whose answers take `seconds`, and that keeps when each request came."""

    def __init__(self, seconds: float = 0, error: Unreachable | None = None) -> None:
        self.seconds, self.error = seconds, error
        self.times: list[float] = []
        self.at_once = self.most = self.broken_off = 0

    async def fetch(self, get: Get, validators: Validators | None = None) -> Page:
        self.times.append(time.monotonic())
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.broken_off += 1
            raise
        finally:
            self.at_once -= 1
        if self.error:
            raise self.error
        return Page(get, get.url, 200, {}, b"x", datetime(2025, 7, 17, tzinfo=UTC))


def asks(*gets: Get | str) -> Check:
    """A check that makes these requests and returns where the answers came from."""

    async def check(io: CheckIO) -> list[str]:
        return [(await io.fetch(get if isinstance(get, Get) else Get(get))).url for get in gets]

    return check


class Done(NamedTuple):
    """A check that has ended: the outcome that it returned, or the exception that it raised."""

    name: str
    outcome: Any
    error: BaseException | None

    @classmethod
    def of(cls, task: asyncio.Task[Any]) -> Done:
        error = task.exception()
        return cls(task.get_name(), None if error else task.result(), error)


class Stepped:
    """A dispatcher for tests that have no event loop."""

    def __init__(self, runner: asyncio.Runner, **options: Any) -> None:
        self.dispatcher: Scheduler[Any] = Scheduler(**options)
        self.runner = runner

    def start(self, name: str, check: Check, session: Any = None) -> None:
        self.dispatcher.take(Begun(name, check, session or Site()))

    def step(self, wait: float) -> list[Done]:
        ended = self.runner.run(self.dispatcher.step(wait))
        try:
            return [Done.of(task) for task in ended]
        finally:
            ended.clear()  # it is the result of a task

    def some(self, count: int) -> dict[str, Done]:
        """Step until so many checks have ended."""
        done = dict[str, Done]()
        while len(done) < count:
            done |= {result.name: result for result in self.step(0.2)}
        try:
            return done
        finally:
            del done  # by Python 3.13 the frames of an error keep those that it was run from, with their variables

    def all(self) -> dict[str, Done]:
        """Step until every check has ended."""
        done = self.some(len(self.dispatcher))
        assert not len(self.dispatcher)
        try:
            return done
        finally:
            del done

    def close(self) -> None:
        self.runner.run(self.dispatcher.aclose())


@pytest.fixture
def sync_cycle() -> Iterator[Callable[..., Stepped]]:
    """Makes dispatchers, all in one event loop; afterwards no task is left in it."""
    made: list[Stepped] = []

    def make(**options: Any) -> Stepped:
        made.append(Stepped(runner, **({"spacing": NO_WAIT} | options)))
        return made[-1]

    with asyncio.Runner() as runner:
        yield make
        for each in made:
            each.close()
        assert not asyncio.all_tasks(runner.get_loop())


def test_a_check_of_several_requests_gets_each_of_its_pages(sync_cycle: Callable[..., Stepped]) -> None:
    dispatcher = sync_cycle()
    dispatcher.start("two", asks("http://a.test/1", "http://a.test/2"))
    assert dispatcher.all()["two"].outcome == ["http://a.test/1", "http://a.test/2"]


def test_requests_to_one_host_keep_their_distance_and_other_hosts_do_not_wait(
    sync_cycle: Callable[..., Stepped],
) -> None:
    busy, other, began = Site(), Site(), time.monotonic()
    dispatcher = sync_cycle(spacing=timedelta(milliseconds=100))
    for number in range(4):
        dispatcher.start(f"busy-{number}", asks("http://a.test:8000/"), busy)
    dispatcher.start("other", asks("http://a.test:8001/"), other)
    dispatcher.all()
    assert len(busy.times) == 4
    assert all(at >= began + 0.1 * number for number, at in enumerate(busy.times))  # however late each of them came
    assert other.times[0] < busy.times[1]


class Spares:
    """Who spares hosts for several processes: gives these answers, and then lets all go."""

    def __init__(self, *answers: Mapping[str, float]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[list[Wanted], float, int]] = []
        self.told: list[Mapping[str, int]] = []

    def ask(self, wanted: Sequence[Wanted], *, spacing: float, per_host: int) -> Mapping[str, float]:
        self.asked.append((list(wanted), spacing, per_host))
        return self.answers.pop(0) if self.answers else {each.name: 0.0 for each in wanted}

    def tell(self, active: Mapping[str, int]) -> None:
        self.told.append(active)


def test_who_spares_hosts_for_several_processes_is_asked_before_each_request(
    sync_cycle: Callable[..., Stepped],
) -> None:
    site, rate_limiter = Site(), Spares({}, {"a.test": 0.2})
    dispatcher = sync_cycle(spacing=timedelta(milliseconds=50), rate_limiter=rate_limiter)
    start = time.monotonic()
    for number in range(2):
        dispatcher.start(f"{number}", asks("http://a.test/"), site)
    dispatcher.all()
    waited = site.times[0] - start
    assert rate_limiter.asked == [([Wanted("a.test", 0, 1)], 0.05, 2)] * 4
    assert waited > host_pacing.ASK_AGAIN + 0.2


def test_at_hosts_that_need_no_distance_it_is_asked_for_several_requests_at_once(
    sync_cycle: Callable[..., Stepped],
) -> None:
    site, rate_limiter = Site(0.02), Spares()
    dispatcher = sync_cycle(rate_limiter=rate_limiter, per_host=3)
    for number in range(5):
        dispatcher.start(f"{number}", asks("http://a.test/"), site)
    dispatcher.start("other", asks("http://b.test/"))
    dispatcher.all()
    wanted = [each for hosts, _, _ in rate_limiter.asked for each in hosts]
    assert sum(each.more for each in wanted if each.name == "a.test") == len(site.times) == 5
    assert max(each.active + each.more for each in wanted) == site.most == 3
    assert len(rate_limiter.asked) < 5


def test_it_is_told_when_requests_have_ended(sync_cycle: Callable[..., Stepped]) -> None:
    rate_limiter = Spares()
    dispatcher = sync_cycle(rate_limiter=rate_limiter)
    dispatcher.start("slow", asks("http://a.test/"), Site(0.3))
    dispatcher.start("quick", asks("http://a.test/"))
    dispatcher.all()
    dispatcher.step(2 * host_pacing.TELL)
    assert rate_limiter.told == [{"a.test": 1}, {"a.test": 0}]


def test_of_many_that_wait_for_a_host_few_are_begun_before_the_first_has_ended(
    sync_cycle: Callable[..., Stepped],
) -> None:
    begun, most, ended = set[str](), 0, 0

    def reads_first(name: str) -> Check:
        async def check(io: CheckIO) -> None:
            nonlocal most, ended
            begun.add(name)
            most = max(most, len(begun))
            await io.offload(lambda: None)
            await io.fetch(Get("http://a.test/"))
            begun.discard(name)
            ended += 1

        return check

    def begin(names: Sequence[str], soon: Callable[[], list[str]]) -> Iterator[Begun[None]]:
        return (Begun(name, reads_first(name), site) for name in names)

    site = Site()
    stepping = sync_cycle(per_host=4, begin=begin)
    for number in range(300):
        stepping.dispatcher.expect(f"{number}", "http://a.test/")
    stepping.all()
    assert (ended, most) == (300, 4)


@pytest.mark.parametrize("check", [asks(), asks("http://b.test/"), asks(Get("http://a.test/", after=0.01))])
def test_a_check_that_asks_its_host_for_nothing_or_later_makes_room_for_the_next(
    sync_cycle: Callable[..., Stepped], check: Check
) -> None:
    stepping = sync_cycle(per_host=1, begin=lambda names, soon: (Begun(name, check, Site()) for name in names))
    for number in range(20):
        stepping.dispatcher.expect(f"{number}", "http://a.test/")
    assert {done.error for done in stepping.all().values()} == {None}


def test_what_there_is_no_longer_to_check_makes_room_for_the_next(sync_cycle: Callable[..., Stepped]) -> None:
    def begin(names: Sequence[str], soon: Callable[[], list[str]]) -> Iterator[Begun[Any]]:
        return (Begun(name, asks("http://a.test/"), Site()) for name in names if name == "19")

    stepping = sync_cycle(per_host=1, begin=begin)
    for number in range(20):
        stepping.dispatcher.expect(f"{number}", "http://a.test/")
    assert list(stepping.some(1)) == ["19"]
    assert len(stepping.dispatcher) == 0


def test_one_host_has_no_more_connections_at_once_than_it_may(sync_cycle: Callable[..., Stepped]) -> None:
    site, dispatcher = Site(0.02), sync_cycle(per_host=2)
    for number in range(10):
        dispatcher.start(str(number), asks("http://a.test/"), site)
    dispatcher.all()
    assert site.most == 2


def test_no_more_requests_are_under_way_than_there_are_files_for(sync_cycle: Callable[..., Stepped]) -> None:
    site, stepping = Site(0.02), sync_cycle()
    stepping.dispatcher.hosts._most = 3
    for number in range(20):
        stepping.start(str(number), asks(f"http://{number}.test/"), site)
    stepping.all()
    assert site.most == 3


def test_waiting_holds_no_slot(sync_cycle: Callable[..., Stepped]) -> None:
    stepping = sync_cycle(slots=1)
    stepping.start("patient", asks(Get("http://a.test/", after=0.3)))
    for number in range(5):
        stepping.start(f"quick-{number}", asks(f"http://{number}.test/"))
    order = []
    while len(stepping.dispatcher):
        order += [done.name for done in stepping.step(0.5)]
    assert order[-1] == "patient"


def test_worker_threads_do_no_more_at_once_than_there_are_slots(sync_cycle: Callable[..., Stepped]) -> None:
    at_once = AtOnce()

    def work() -> None:
        with at_once.counted():
            time.sleep(0.03)

    dispatcher = sync_cycle(slots=2)
    for number in range(8):
        dispatcher.start(f"{number}", lambda io: io.offload(work))
    dispatcher.all()
    assert at_once.most == 2


def test_what_work_is_given_returns_and_raises_is_its_checks(sync_cycle: Callable[..., Stepped]) -> None:
    def divided(number: int, *, by: int) -> tuple[int, str]:
        return number // by, threading.current_thread().name.partition("-")[0]

    dispatcher = sync_cycle()
    dispatcher.start("six", lambda io: io.offload(divided, 12, by=2))
    dispatcher.start("none", lambda io: io.offload(divided, 12, by=0))
    done = dispatcher.all()
    assert (done["six"].outcome, type(done["none"].error)) == ((6, "worker"), ZeroDivisionError)


def test_silent_hosts_delay_nobody(sync_cycle: Callable[..., Stepped]) -> None:
    dispatcher = sync_cycle(slots=64)
    for number in range(200):
        silent = number % 20 == 0
        name = f"silent-{number}" if silent else f"quick-{number}"
        dispatcher.start(name, asks(f"http://{number}.test/"), Site(60 if silent else 0))
    assert all(name.startswith("quick") for name in dispatcher.some(190))
    assert len(dispatcher.dispatcher) == 10


def test_a_fetch_that_fails_is_raised_in_its_check(sync_cycle: Callable[..., Stepped]) -> None:
    async def check(io: CheckIO) -> str:
        try:
            await io.fetch(Get("http://a.test/"))
        except Unreachable as error:
            return error.message
        return "read"

    dispatcher = sync_cycle()
    dispatcher.start("down", check, Site(error=Unreachable("connection refused")))
    assert dispatcher.all()["down"].outcome == "connection refused"


def test_a_fetch_that_fails_makes_room_for_the_next(sync_cycle: Callable[..., Stepped]) -> None:
    dispatcher = sync_cycle(per_host=1)
    for number in range(5):
        dispatcher.start(f"{number}", asks("http://a.test/"), Site(error=Unreachable("connection refused")))
    assert {type(done.error) for done in dispatcher.all().values()} == {Unreachable}


def test_an_exception_of_one_check_ends_that_check_alone(sync_cycle: Callable[..., Stepped]) -> None:
    async def broken(io: CheckIO) -> None:
        await io.fetch(Get("http://a.test/"))
        raise RuntimeError("fault")

    dispatcher = sync_cycle()
    dispatcher.start("broken", broken)
    dispatcher.start("sound", asks("http://b.test/"))
    done = dispatcher.all()
    assert isinstance(done["broken"].error, RuntimeError)
    assert done["sound"].outcome == ["http://b.test/"]


def stuck(work: Callable[[], Any]) -> Check:
    async def check(io: CheckIO) -> str:
        await io.fetch(Get("http://a.test/"))
        try:
            await io.offload(work)
        except ReaderTooSlow as error:
            return f"{error.code}: {error.message}"
        return "read"

    return check


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, sync_cycle: Callable[..., Stepped]) -> Stepped:
    monkeypatch.setattr(scheduler, "GRACE", 0.2)
    return sync_cycle(slots=2, read_seconds=0.1)


def test_a_reader_that_never_ends_is_broken_off(impatient: Stepped) -> None:
    def forever() -> None:
        while True:
            pass

    impatient.start("endless", stuck(forever))
    assert impatient.all()["endless"].outcome == "reader_too_slow: reading took too long and was broken off"


def test_a_reader_that_cannot_be_broken_off_is_given_up_and_its_slot_is_free_again(impatient: Stepped) -> None:
    release = threading.Event()
    for number in range(2):
        impatient.start(f"deaf-{number}", stuck(lambda: release.wait(8)))
    outcomes = {result.outcome for result in impatient.some(2).values()}
    assert outcomes == {"reader_too_slow: reading took too long and does not stop"}
    impatient.start("next", stuck(lambda: None))
    assert impatient.all()["next"].outcome == "read"
    release.set()


def test_a_check_that_does_not_expect_a_stuck_reader_ends_with_its_error(impatient: Stepped) -> None:
    release = threading.Event()
    impatient.start("deaf", lambda io: io.offload(release.wait, 8))
    assert isinstance(impatient.all()["deaf"].error, ReaderTooSlow)
    release.set()


@pytest.mark.parametrize("seconds", [0.0, 0.1], ids=["at once", "later"])
def test_work_that_ends_an_iteration_by_mistake_fails_its_own_check_alone(impatient: Stepped, seconds: float) -> None:
    def work() -> None:
        time.sleep(seconds)
        next(iter(()))

    impatient.start("mistaken", lambda io: io.offload(work))
    impatient.start("sound", lambda io: io.offload(time.sleep, seconds))
    done = impatient.all()
    assert isinstance(done["mistaken"].error, RuntimeError), "as from any coroutine"
    assert done["sound"].error is None


def test_a_wake_from_another_thread_ends_the_waiting_early(sync_cycle: Callable[..., Stepped]) -> None:
    stepping = sync_cycle()
    threading.Timer(0.05, stepping.dispatcher.wake).start()
    stepping.step(FOR_EVER)


def test_a_wake_from_a_signal_handler_ends_the_waiting_early(sync_cycle: Callable[..., Stepped]) -> None:
    stepping = sync_cycle()
    before = signal.signal(signal.SIGALRM, lambda _number, _frame: stepping.dispatcher.wake())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        stepping.step(FOR_EVER)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_wake_before_the_first_step_is_heard(sync_cycle: Callable[..., Stepped]) -> None:
    stepping = sync_cycle()
    stepping.dispatcher.wake()
    stepping.step(FOR_EVER)


def test_a_wake_between_two_steps_is_heard_once(sync_cycle: Callable[..., Stepped]) -> None:
    stepping = sync_cycle()
    stepping.step(0)
    stepping.dispatcher.wake()
    stepping.step(FOR_EVER)
    began = time.monotonic()
    stepping.step(0.1)
    waited = time.monotonic() - began
    assert waited > 0.09


def test_who_wakes_it_at_the_moment_that_it_wakes_is_heard(sync_cycle: Callable[..., Stepped]) -> None:
    stepping, said, heard = sync_cycle(), 0, 0
    stepping.step(0)

    def say() -> None:
        nonlocal said
        for number in range(1, 301):
            stepping.dispatcher.wake()
            said = number
            stepping.dispatcher.wake()
            while heard < number:
                time.sleep(0.0001)

    speaker = threading.Thread(target=say)
    speaker.start()
    while heard < 300:
        stepping.step(FOR_EVER)
        heard = said
    speaker.join()


def test_a_wake_when_all_is_over_is_no_error() -> None:
    with asyncio.Runner() as runner:
        stepping = Stepped(runner)
        stepping.step(0)
        stepping.close()
    stepping.dispatcher.wake()


@pytest.mark.parametrize("url", ["http://[x", "//[", "", "http://a:b:c/"])
def test_what_is_no_address_is_asked_for_like_any_other_and_ends_nobody(
    sync_cycle: Callable[..., Stepped], url: str
) -> None:
    dispatcher = sync_cycle()
    dispatcher.start("odd", asks(url), Site(error=Unreachable("it is none")))
    dispatcher.start("sound", asks("http://a.test/"))
    done = dispatcher.all()
    assert isinstance(done["odd"].error, Unreachable)
    assert done["sound"].outcome == ["http://a.test/"]


def test_a_session_that_cannot_begin_to_answer_fails_its_own_check_alone(sync_cycle: Callable[..., Stepped]) -> None:
    class Refusing(Site):
        def fetch(self, get: Get, validators: Validators | None = None) -> Any:
            raise Unreachable(f"{get.url} is no address")

    dispatcher = sync_cycle(per_host=1)
    dispatcher.start("odd", asks("http://[::1"), Refusing())
    dispatcher.start("odd too", asks("http://[::1"), Refusing())
    dispatcher.start("sound", asks("http://a.test/"))
    done = dispatcher.all()
    assert {type(done[name].error) for name in ("odd", "odd too")} == {Unreachable}
    assert done["sound"].outcome == ["http://a.test/"]


class Large:
    """Something large."""


@pytest.mark.parametrize("fails", [False, True], ids=["one that succeeds", "one that fails"])
def test_a_check_that_has_ended_keeps_nothing_of_what_it_has_done(
    sync_cycle: Callable[..., Stepped], fails: bool
) -> None:
    kept = list[weakref.ref[Any]]()

    def work(page: Page) -> Large:
        made = Large()
        kept.extend(map(weakref.ref, (page, made)))
        if fails:
            raise RuntimeError("fault")
        return made

    async def check(io: CheckIO) -> Large:
        return await io.offload(work, await io.fetch(Get("http://a.test/")))

    dispatcher = sync_cycle()
    gc.disable()  # nothing is left to a search for garbage
    try:
        dispatcher.start("one", check)
        assert bool(dispatcher.all().popitem()[1].error) is fails
        assert [each() for each in kept] == [None, None]
    finally:
        gc.enable()


def test_many_hosts_are_not_remembered_when_nobody_asks_them_any_more(sync_cycle: Callable[..., Stepped]) -> None:
    stepping = sync_cycle()
    stepping.start("links", asks(*(f"http://{number}.test/" for number in range(5000))))
    assert stepping.all()["links"].error is None
    assert len(stepping.dispatcher.hosts._hosts) <= host_pacing.MOST_HOSTS


def test_a_host_that_is_to_be_spared_or_is_waited_for_is_remembered(sync_cycle: Callable[..., Stepped]) -> None:
    site, stepping = Site(), sync_cycle(per_host=1, spacing=timedelta(milliseconds=300))
    stepping.start("first", asks("http://a.test/"), site)
    stepping.some(1)
    for number in range(5):
        stepping.start(f"links-{number}", asks(*(f"http://{number}.{at}.test/" for at in range(600))))
    stepping.start("next", asks("http://a.test/"), site)
    stepping.all()
    assert site.times[1] - site.times[0] > 0.29
    assert len(stepping.dispatcher.hosts._hosts) > host_pacing.MOST_HOSTS
    time.sleep(0.3)
    stepping.start("more", asks(*(f"http://more.{at}.test/" for at in range(4000))))
    stepping.all()
    assert len(stepping.dispatcher.hosts._hosts) <= 4001


def test_closing_ends_what_is_under_way_and_leaves_no_task() -> None:
    async def main() -> None:
        site, release = Site(60), threading.Event()
        dispatcher: Scheduler[Any] = Scheduler(spacing=NO_WAIT, per_host=2)
        for number in range(4):  # two are asked, two wait for their turn
            dispatcher.take(Begun(f"{number}", asks("http://a.test/"), site))
        dispatcher.take(Begun("later", asks(Get("http://b.test/", after=60)), site))
        dispatcher.take(Begun("reading", lambda io: io.offload(release.wait, 600), site))
        assert not await dispatcher.step(0.05)
        dispatcher.take(Begun("not yet begun", asks("http://c.test/"), site))
        await dispatcher.aclose()
        assert (len(site.times), site.broken_off) == (2, 2)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        release.set()

    before = threading.active_count()
    asyncio.run(main())
    while threading.active_count() > before:  # until its worker threads have ended
        time.sleep(0.01)
