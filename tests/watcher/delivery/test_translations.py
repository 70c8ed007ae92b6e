"""Who asks an engine: each text once, in a thread of its own, within limits; one at fault is left alone, and told of."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sources.options import HttpOptions
from state.errors import StateError
from state.model import EventKind
from state.store import Store
from watcher.config.load import load
from watcher.config.settings import TranslateOptions
from watcher.delivery import translations
from watcher.delivery.engines import LONGEST, open_engine
from watcher.delivery.operator_alerts import tell_service
from watcher.delivery.translations import MOST_WAITING, Answer, Broker

HOUR = timedelta(hours=1)
KEY = "dbf3c1d8-key-of-a-test"


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2025, 7, 17, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[str]:
    """What operators were told, in its order."""
    return []


def in_capitals(asked: Any) -> Any:
    """What the engine answers: each text in capital letters."""
    return {"translatedText": [text.upper() for text in json.loads(asked.body)["q"]]}


class Slow:
    """Answers so, but only when it may `go`; `came` says that it was asked."""

    def __init__(self) -> None:
        self.came, self.go = threading.Event(), threading.Event()

    def __call__(self, asked: Any) -> Any:
        self.came.set()
        self.go.wait(60)
        return in_capitals(asked)


@pytest.fixture
def slow(site: Any) -> Slow:
    """An engine that takes its time."""
    answer = Slow()
    site.page("/translate", answer)
    return answer


@pytest.fixture
def make(site: Any, store: Store, clock: Clock, told: list[str]) -> Iterator[Callable[..., Broker]]:
    """Makes translators that ask a LibreTranslate on the site."""
    made = list[Broker]()

    def translator(tell: Callable[[str], None] = told.append, **options: Any) -> Broker:
        given = TranslateOptions.model_validate({"engine": "libretranslate", "url": site.url("/")} | options)
        made.append(Broker(open_engine(given, HttpOptions(), clock), given.most, store.translations, clock, tell))
        return made[-1]

    site.page("/translate", in_capitals)
    yield translator
    for each in made:
        each.close()


@pytest.fixture
def translator(make: Callable[..., Broker]) -> Broker:
    return make()


def get(translator: Broker, *texts: str, language: Any = "en") -> Mapping[str, Answer]:
    """What becomes known of texts."""
    until = time.monotonic() + 60
    while (known := translator.ask(texts, language, until)) is None:
        time.sleep(0.005)
    return known


def asked(site: Any) -> list[str]:
    """The texts that the engine was asked for."""
    return [text for sent in site.sent("/translate") for text in sent["q"]]


def test_texts_come_from_the_engine_and_then_from_the_state(
    site: Any, make: Callable[..., Broker], told: list[str]
) -> None:
    known = get(make(), "раз", "два")
    assert known == {"раз": ("РАЗ", "LibreTranslate"), "два": ("ДВА", "LibreTranslate")}
    assert get(make(), "раз", "два") == known
    assert sorted(asked(site)) == ["два", "раз"]
    assert set(told) == {""}


def test_each_language_is_asked_for_by_itself(site: Any, translator: Broker) -> None:
    get(translator, "раз", language="de")
    get(translator, "раз", language="fr")
    assert [sent["target"] for sent in site.sent("/translate")] == ["de", "fr"]


def test_nothing_is_asked_for_before_something_is_wanted(translator: Broker) -> None:
    before = threading.active_count()
    assert translator.ask([], "en", time.monotonic() + 60) == {}
    assert translator.ask(["  ", "a" * (LONGEST + 1), "a" * 1_000_000], "en", time.monotonic() + 60) == {}
    assert threading.active_count() == before


def test_whoever_cannot_wait_gets_what_is_known(site: Any, translator: Broker) -> None:
    get(translator, "раз")
    assert translator.ask(["раз", "два"], "en", time.monotonic()) == {"раз": ("РАЗ", "LibreTranslate")}
    assert asked(site) == ["раз"]


@pytest.mark.deadline
def test_nobody_waits_for_an_engine_that_hangs(site: Any, translator: Broker) -> None:
    get(translator, "раз")
    site.silent("/translate")
    until = time.monotonic() + 1
    assert translator.ask(["раз", "два"], "en", until) is None
    while (known := translator.ask(["раз", "два"], "en", until)) is None:
        assert time.monotonic() < until + 1
    assert known.keys() == {"раз"}


def test_a_text_that_is_under_way_is_not_asked_for_again(site: Any, translator: Broker, slow: Slow) -> None:
    until = time.monotonic() + 60
    assert translator.ask(["раз"], "en", until) is None
    slow.came.wait(60)
    assert translator.ask(["раз", "два"], "en", until) is None  # and so is no other one of the same message
    slow.go.set()
    get(translator, "раз", "два")
    assert asked(site) == ["раз", "два"]


def test_what_nobody_waits_for_any_more_is_not_asked_for(site: Any, translator: Broker, slow: Slow) -> None:
    translator.ask(["раз"], "en", time.monotonic() + 60)
    slow.came.wait(60)
    until = time.monotonic() + 0.05
    translator.ask(["два"], "en", until)
    while time.monotonic() <= until:
        time.sleep(0.01)
    slow.go.set()
    get(translator, "раз")
    get(translator, "три")
    assert asked(site) == ["раз", "три"]


def test_texts_go_together_within_the_bounds_of_a_request(site: Any, translator: Broker) -> None:
    get(translator, *(f"текст {number}" for number in range(120)), *(f"{number}" * 4_000 for number in range(1, 10)))
    sent = [sent["q"] for sent in site.sent("/translate")]
    assert sum(map(len, sent)) == 129
    assert max(map(len, sent)) <= 50
    assert max(sum(map(len, each)) for each in sent) <= 20_000


def test_two_thousand_changes_at_once_are_translated_within_limits_and_then_not(
    site: Any, make: Callable[..., Broker], slow: Slow
) -> None:
    changes = [[f"{kind} {number}" for kind in ("title", "before", "after")] for number in range(2_000)]
    translator, until = make(most="2000/day"), time.monotonic() + 60
    answers = [translator.ask(change, "en", until) for change in changes]
    assert len(translator._waiting) <= MOST_WAITING
    assert {} in answers  # there was no more room: these messages go at once
    slow.go.set()
    told = [get(translator, *change) for change in changes]
    assert sum(map(len, told)) == len(asked(site)) == 2_000


FAULTS = {
    "an error": (lambda site: site.page("/translate", status=500), "answered 500"),
    "an error inside": (lambda site: site.page("/translate", {"error": KEY}), "did not answer with 1 text"),
    "a page": (lambda site: site.page("/translate", "<h1>Hello</h1>"), "no JSON"),
    "50 MB": (lambda site: site.page("/translate", b" " * 50_000_000), "more than 1 MB"),
    "a refused key": (
        lambda site: site.page("/translate", {"error": KEY}, status=403),
        '"key" in [translate] is refused',
    ),
    "a hang": (lambda site: site.silent("/translate"), "127.0.0.1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_engine_at_fault_is_left_alone_for_an_hour_and_told_of_once(
    site: Any,
    make: Callable[..., Broker],
    clock: Clock,
    told: list[str],
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    translator, (break_it, why) = make(key=KEY), FAULTS[fault]
    get(translator, "раз")
    break_it(site)
    if fault == "a hang":  # what answers is not to depend on how busy the machine is
        monkeypatch.setattr("watcher.delivery.engines.TIMEOUT", timedelta(seconds=0.3))
    for _ in range(2):
        assert get(translator, "раз", "два").keys() == {"раз"}
        requests = len(site.requests)
        clock.now += HOUR - timedelta(seconds=1)
        assert get(translator, "два", "три") == {}
        assert len(site.requests) == requests
        clock.now += timedelta(seconds=1)
    assert len(told) == 2
    assert told[0] == ""
    assert why in told[1]
    assert KEY not in told[1]
    site.page("/translate", {"translatedText": ["TWO"]})
    assert get(translator, "два") == {"два": ("TWO", "LibreTranslate")}
    assert told[2:] == [""]


def test_all_that_waits_goes_without_when_the_engine_fails(site: Any, translator: Broker, slow: Slow) -> None:
    until = time.monotonic() + 60
    for number in range(100):
        translator.ask([f"текст {number}"], "en", until)
    slow.came.wait(60)
    site.page("/translate", status=500)
    slow.go.set()
    left = [get(translator, f"текст {number}") for number in range(100)]
    assert {} in left
    assert len(site.requests) == 2


def test_a_language_that_the_engine_lacks_takes_no_other_one_away(
    site: Any, translator: Broker, told: list[str], clock: Clock
) -> None:
    site.page(
        "/translate", lambda asked: in_capitals(asked) if b'"en"' in asked.body else {"error": "no such language"}
    )
    assert get(translator, "раз", language="pl") == {}
    assert get(translator, "раз", language="en").keys() == {"раз"}
    assert get(translator, "два", language="pl") == {}
    assert asked(site) == ["раз", "раз"]
    assert [bool(why) for why in told] == [True]  # and it is told as recovered only when it knows this one, too
    site.page("/translate", in_capitals)
    clock.now += HOUR
    assert get(translator, "два", language="pl").keys() == {"два"}
    assert told[1:] == [""]


def test_nobody_waits_for_a_state_that_answers_are_written_to(
    site: Any, translator: Broker, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes, done, keep = threading.Event(), threading.Event(), store.translations.keep_texts

    def keep_at_last(*given: Any) -> None:
        writes.set()
        done.wait(60)
        keep(*given)

    monkeypatch.setattr(store.translations, "keep_texts", keep_at_last)
    asking = threading.Thread(target=translator.ask, args=(["раз"], "en", time.monotonic()))
    until = time.monotonic() + 60
    assert translator.ask(["раз"], "en", until) is None
    assert writes.wait(60)
    asking.start()
    asking.join(30)
    waited = asking.is_alive()
    done.set()
    assert not waited


def test_operators_are_told_by_an_alert_without_the_key(
    site: Any, make: Callable[..., Broker], configure: Callable[..., Path], store: Store, clock: Clock, caplog: Any
) -> None:
    config = load(configure('[channels.ops]\nurl = "json://127.0.0.1"\n[[alerts]]\nhealth = true\nto = ["ops"]\n'))
    tell = partial(tell_service, store, config, clock(), "translation", "translation")
    site.page("/translate", {"error": KEY}, status=403)
    for _ in range(2):  # as after a restart
        assert get(make(tell=tell, key=KEY), "раз") == {}
    site.page("/translate", {"translatedText": ["ONE"]})
    get(make(tell=tell, key=KEY), "раз")
    recovered, failing = store.log.events(source="", kind=EventKind.HEALTH)
    assert (failing.label, failing.data["reason"], failing.data["status"]) == ("translation", "translation", "failing")
    assert failing.data["message"].startswith('"key" in [translate] is refused: http://127.0.0.1')
    assert recovered.data["status"] == "recovered"
    assert KEY not in caplog.text


def test_no_more_texts_are_asked_for_in_a_day_than_allowed(
    site: Any, make: Callable[..., Broker], clock: Clock, told: list[str]
) -> None:
    assert len(get(make(most="3/day"), *"абвгд")) == 3
    del told[:]
    translator = make(most="3/day")  # after a restart the state tells how many they were
    assert get(translator, "е") == {}
    assert told == ['LibreTranslate was asked for all that "most" allows: 3/day']
    clock.now += timedelta(hours=11, minutes=59)
    assert get(translator, "е") == {}
    assert len(asked(site)) == 3
    clock.now += timedelta(minutes=1)
    assert len(get(translator, "е")) == 1
    assert told[1:] == [""]


def test_a_pause_of_minutes_is_not_told(make: Callable[..., Broker], told: list[str], clock: Clock) -> None:
    translator = make(most="2/minute")
    assert len(get(translator, *"абв")) == 2
    assert get(translator, "г") == {}
    clock.now += timedelta(minutes=1)
    assert len(get(translator, "г")) == 1
    assert told == [""]


def test_a_state_that_cannot_be_written_is_no_fault_of_the_engine(
    site: Any, translator: Broker, store: Store, clock: Clock, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StateError("no space is left on its disk")

    with monkeypatch.context() as patch:
        patch.setattr(store.translations, "keep_texts", fail)
        assert get(translator, "раз") == {}
    clock.now += timedelta(minutes=1)
    assert len(get(translator, "раз")) == 1
    assert told == [""]


def test_an_unexpected_fault_is_one_of_the_engine(
    translator: Broker, told: list[str], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("watcher.delivery.engines.LibreTranslate._ask", fail)
    assert get(translator, "раз") == {}
    assert told == ["unexpected fault: ZeroDivisionError"]
    assert "LibreTranslate: unexpected fault" in caplog.text


def test_after_the_end_nothing_is_kept_or_asked_for(translator: Broker, slow: Slow, told: list[str]) -> None:
    translator.ask(["раз"], "en", time.monotonic() + 60)
    slow.came.wait(60)
    translator.close()
    slow.go.set()
    while translator._runs:
        time.sleep(0.005)
    assert get(translator, "раз", "два") == {}
    assert told == []


def test_what_is_idle_ends_and_begins_again(translator: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "IDLE", 0.01)
    for text in ("раз", "два"):
        assert len(get(translator, text)) == 1
        while translator._runs:
            time.sleep(0.005)
