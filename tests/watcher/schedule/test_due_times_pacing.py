"""What feeds ask for: `ttl`, `skipHours`, `skipDays` and Cache-Control move a check later, within the promise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import Get, Page, Source
from sources.formats.feed_head import Hint, find_hint
from sources.loader import kind
from tests.watcher.schedule.conftest import EVERY, MONDAY, World, config_of, in_office_hours
from watcher.schedule.due_times import follow_hint

DAY, NOON = 86_400.0, MONDAY.timestamp() + 43_200
SHOWN = 30  # items


def rss(head: str) -> Callable[[int], bytes]:
    """A feed that grows, with these elements before its items."""

    def document(number: int) -> bytes:
        items = "".join(f"<item><guid>{each}</guid></item>" for each in range(number, max(-1, number - SHOWN), -1))
        return f"<rss version='2.0'><channel><title>News</title>{head}{items}</channel></rss>".encode()

    return document


def read(head: str, **headers: str) -> Hint | None:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return find_hint(Page(Get("http://a.test/"), "http://a.test/", 200, sent, rss(head)(1), MONDAY))


def news(**options: str) -> Source:
    return kind("feed").model_validate({"url": "http://news.test/", "every": "15m", **options})


@pytest.fixture
def busy(world: Callable[..., World]) -> Callable[..., World]:
    """A feed with news in office hours, at 10:20 of its second day."""

    def play(head: str = "", control: str = "", **options: str) -> World:
        played = world(list=news(**options))
        played.changes, played.document = in_office_hours, rss(head)
        played.headers = {"content-type": "application/rss+xml", "cache-control": control}
        played.until(MONDAY + timedelta(days=1, hours=10, minutes=20))
        return played

    return play


def shortest(played: World) -> timedelta:
    return min(later - earlier for (earlier, _), (later, _) in zip(played.checks, played.checks[1:], strict=False))


@pytest.mark.parametrize(
    ("head", "headers", "hint"),
    [
        ("<ttl>60</ttl>", {}, Hint(3600, "ttl")),
        ("<ttl> 5 </ttl>", {"cache_control": "public, max-age=600"}, Hint(600, "Cache-Control")),
        ("", {"cache_control": "s-maxage=60,max-age=600", "age": "540"}, Hint(60, "Cache-Control")),
        ("<ttl>999999999</ttl>", {}, Hint(86_400, "ttl")),
        (
            "<skipHours><hour>24</hour><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>",
            {},
            Hint(hours=(0, 3), days=(6,)),
        ),
    ],
)
def test_a_feed_says_when_it_has_nothing_new(head: str, headers: dict[str, str], hint: Hint) -> None:
    assert read(head, **headers) == hint


@pytest.mark.parametrize(
    ("head", "control"),
    [
        ("", ""),
        ("<ttl>soon</ttl><ttl>-5</ttl><ttl>0</ttl>", "max-age=x"),
        ("<item><ttl>60</ttl></item>", "no-cache, max-age=600"),
        ("<skipDays><day>Someday</day></skipDays><skipHours>3</skipHours>", "s-maxage=600"),
    ],
)
def test_what_is_no_hint_is_none(head: str, control: str) -> None:
    assert read(head, cache_control=control) is None


def test_only_a_feed_gives_hints() -> None:
    page = Page(Get("http://a.test/"), "http://a.test/", 200, {"cache-control": "max-age=600"}, b"<html>", MONDAY)
    assert find_hint(page) is None


@given(
    st.builds(Hint, st.integers(0, 86_400), hours=st.sets(st.integers(0, 23)), days=st.sets(st.integers(0, 6))),
    st.floats(0, 30 * DAY),
    st.floats(60, DAY),
    st.floats(0.1, 2),
)
def test_a_hint_moves_a_check_later_to_twice_its_interval_and_never_beyond_every(
    hint: Hint, since: float, every: float, share: float
) -> None:
    due = since + share * every
    at = follow_hint(hint, since, due, every)
    assert due <= at <= max(due, since + min(every, 2 * (due - since)))


def test_a_check_in_an_hour_to_skip_comes_as_it_ends() -> None:
    hint = Hint(hours=(12, 13))
    assert follow_hint(hint, NOON - 600, NOON + 300, 2 * DAY) == NOON + 1200  # no more than twice the interval
    assert follow_hint(hint, NOON - 12_000, NOON + 300, 2 * DAY) == NOON + 2 * 3600


def test_a_feed_that_asks_for_nothing_is_looked_at_sooner(busy: Callable[..., World]) -> None:
    played = busy()
    assert shortest(played) < timedelta(minutes=5)
    assert "as on average" in played.why()


def test_a_ttl_moves_checks_later_and_status_says_it(busy: Callable[..., World]) -> None:
    played = busy("<ttl>60</ttl>")
    assert timedelta(minutes=6) < shortest(played) < EVERY
    assert ", not sooner: its ttl asks for 60 min; " in played.why()
    assert max(played.until(MONDAY + timedelta(days=2))) <= EVERY + timedelta(seconds=1)
    assert played.why().startswith("the promise: never longer than 15 min (its ttl asks for 60 min); ")


def test_cache_control_counts_also_where_the_page_was_not_modified(busy: Callable[..., World]) -> None:
    played = busy(control="max-age=300")
    assert shortest(played) >= timedelta(seconds=299)
    assert played.why().startswith("after 5 min, not sooner: its Cache-Control asks for 5 min; ")


def test_skipped_hours_move_a_check_and_status_says_it(busy: Callable[..., World]) -> None:
    played = busy("<skipHours><hour>10</hour></skipHours>")
    assert ", not sooner: its feed says that nothing new comes at this hour; " in played.why()


def test_a_hint_survives_a_restart_and_does_nothing_without_a_budget(busy: Callable[..., World]) -> None:
    played = busy("<ttl>60</ttl>")
    played.restart()
    assert "its ttl asks for 60 min" in played.why()
    played.config = config_of(None, {"list": news()})
    played.restart()
    played.check()
    assert played.why() == "it is checked every 15m"


def test_a_fixed_feed_is_checked_at_every_whatever_it_asks_for(busy: Callable[..., World]) -> None:
    played = busy("<ttl>60</ttl>", schedule="fixed")
    assert set(played.until(MONDAY + timedelta(days=1, hours=14))) == {EVERY}
    assert played.why() == "it is checked every 15m"
