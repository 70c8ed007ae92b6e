from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sources import Get, Source
from tests.conftest import LoopFetcher, fetch


def echo(asked: Any) -> str:
    return str(asked.headers.get("cookie", ""))


def asked_twice(fetcher: LoopFetcher, url: str, **options: Any) -> list[bytes]:
    """The bodies of two requests in one check."""
    session = fetcher.session(Source(**options))
    return [fetcher.run(session.fetch(Get(url))).body for _ in range(2)]


def test_two_sources_on_one_host_with_different_cookies_never_see_each_others(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/login", lambda asked: site.Reply(headers={"Set-Cookie": f"who={asked.query['who']}; Path=/"}))
    site.page("/list", echo)
    one, other = fetcher.session(Source()), fetcher.session(Source())
    fetcher.run(one.fetch(Get(site.url("/login?who=one"))))
    fetcher.run(other.fetch(Get(site.url("/login?who=other"))))
    assert fetcher.run(one.fetch(Get(site.url("/list")))).text == "who=one"
    assert fetcher.run(other.fetch(Get(site.url("/list")))).text == "who=other"


def test_the_next_check_begins_without_cookies(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/", echo, headers={"Set-Cookie": "seen=1"})
    source = Source()
    bodies = [fetcher.run(fetcher.session(source).fetch(Get(site.url()))).text for _ in range(2)]
    assert bodies == ["", ""]


def test_cookies_of_the_options_stay_beside_those_of_the_site(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/", echo, headers={"Set-Cookie": "seen=1"})
    bodies = asked_twice(fetcher, site.url(), headers={"Cookie": "consent=yes"})
    assert bodies == [b"consent=yes", b"consent=yes; seen=1"]


def test_a_cookie_is_kept_over_a_redirect_and_from_an_error(site: Any, fetcher: LoopFetcher) -> None:
    site.redirect("/start", "/list", **{"Set-Cookie": "a=1; Path=/"})
    site.page("/list", echo)
    assert fetch(fetcher, site.url("/start")).text == "a=1"


def test_a_site_that_sends_back_to_the_same_page_with_a_cookie_is_no_circle(site: Any, fetcher: LoopFetcher) -> None:
    def answer(asked: Any) -> Any:
        if "cookie" in asked.headers:
            return "the list"
        return site.Reply(status=302, headers={"Location": "/", "Set-Cookie": "checked=1"})

    site.page("/", answer)
    assert fetch(fetcher, site.url()).text == "the list"


def test_a_cookie_does_not_reach_another_port_of_the_host(new_site: Callable[..., Any], fetcher: LoopFetcher) -> None:
    home, other = new_site(), new_site()
    home.redirect("/", other.url("/list"), **{"Set-Cookie": "a=1; Path=/"})
    other.page("/list", echo)
    assert fetch(fetcher, home.url()).text == ""


def test_a_cookie_that_is_not_ascii_is_sent_back(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/", lambda asked: asked.headers.get("cookie", "").encode("latin-1"), headers={"Set-Cookie": "a=\xff"})
    assert asked_twice(fetcher, site.url()) == [b"", "a=\xff".encode()]


def test_set_cookie_is_not_among_the_headers_of_a_page(site: Any, fetcher: LoopFetcher) -> None:
    site.page("/", "x", headers={"Set-Cookie": "session=hush"})
    assert "hush" not in str(fetch(fetcher, site.url()).headers)
