"""What robots.txt forbids is not requested, where the configuration obeys it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from sources.errors import FetchError, RobotsForbid
from sources.http.robots import agent_of, describe_rules
from sources.options import HttpOptions
from tests.conftest import LoopFetcher, Reply, fetch

RULES = "User-agent: *\nDisallow: /private\nAllow: /private/open\nCrawl-delay: 5\n"


@pytest.fixture
def obedient() -> Any:
    options = HttpOptions(private_addresses="allow", robots="obey", user_agent="registry-watch (+mailto:a@b.test)")
    fetcher = LoopFetcher(options, clock=lambda: datetime.now(UTC))
    yield lambda url: fetch(fetcher, url)
    fetcher.close()


def test_a_page_that_is_forbidden_is_not_requested(site: Any, obedient: Callable[..., Any]) -> None:
    site.page("/robots.txt", lambda _: Reply(RULES, type="text/plain"))
    site.page("/private/list", "secret")
    with pytest.raises(RobotsForbid, match=r"/private/list is forbidden to programs by robots\.txt") as told:
        obedient(site.url("/private/list"))
    assert (told.value.code, site.paths) == ("robots", ["/robots.txt"])


def test_what_is_allowed_is_requested_and_the_rules_are_remembered(site: Any, obedient: Callable[..., Any]) -> None:
    site.page("/robots.txt", lambda _: Reply(RULES, type="text/plain"))
    for path in ("/list", "/private/open/list"):
        site.page(path, "open")
        assert obedient(site.url(path)).body == b"open"
    assert site.paths == ["/robots.txt", "/list", "/private/open/list"]


def test_a_redirect_to_a_page_that_is_forbidden_is_not_followed(site: Any, obedient: Callable[..., Any]) -> None:
    site.page("/robots.txt", lambda _: Reply(RULES, type="text/plain"))
    site.redirect("/list", site.url("/private/list"))
    with pytest.raises(RobotsForbid):
        obedient(site.url("/list"))
    assert "/private/list" not in site.paths


def test_without_a_robots_txt_all_is_allowed(site: Any, obedient: Callable[..., Any]) -> None:
    site.page("/list", "open")
    assert obedient(site.url("/list")).body == b"open"


def test_while_the_robots_txt_cannot_be_read_nothing_is_requested(
    site: Any, obedient: Callable[..., Any], quick_retries: None
) -> None:
    site.page("/robots.txt", "", status=500)
    site.page("/list", "open")
    for _ in range(2):
        with pytest.raises(FetchError, match=r"robots\.txt could not be read") as told:
            obedient(site.url("/list"))
        assert told.value.code == "http_500"  # nobody forbids anything
    assert "/list" not in site.paths


def test_by_default_nobody_asks_for_it(site: Any, ask: Callable[..., Any]) -> None:
    site.page("/robots.txt", lambda _: Reply(RULES, type="text/plain"))
    site.page("/private/list", "open")
    assert ask(site.url("/private/list")).body == b"open"
    assert site.paths == ["/private/list"]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("User-agent: *\nDisallow: /", "its robots.txt asks programs not to request this page"),
        ("User-agent: registry-watch\nDisallow: /list", "its robots.txt asks programs not to request this page"),
        ("User-agent: other\nDisallow: /", "its robots.txt allows programs to request this page"),
        (
            "User-agent: *\nCrawl-delay: 10",
            "its robots.txt allows programs to request this page, and to wait 10 s between requests",
        ),
        ("\x00\xff no rules at all", "its robots.txt allows programs to request this page"),
    ],
)
def test_what_it_asks_for_is_said_in_words(rules: str, said: str) -> None:
    assert describe_rules("https://site.test/list", rules.encode("latin-1"), "registry-watch (+mailto:a@b)") == said


def test_a_robots_txt_calls_the_program_by_the_first_word_of_its_user_agent() -> None:
    assert [agent_of(each) for each in ("desk-bot/2.0 (+x)", "registry-watch", "")] == [
        "desk-bot",
        "registry-watch",
        "registry-watch",
    ]
