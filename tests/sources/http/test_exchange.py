from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sources import BadRedirect, Get, HttpStatus, Page, Source
from sources.formats.links import LONGEST_URL
from tests.conftest import LoopFetcher

Ask = Callable[..., Page]
SECRETS = {"Authorization": "Bearer hush", "X-Api-Key": "hush", "Cookie": "hush=1", "Accept-Language": "ru"}


def test_a_redirect_is_followed_and_the_page_says_where_it_is(site: Any, ask: Ask) -> None:
    site.redirect("/old", "new/list?a=1#part", 301)
    site.page("/new/list", "here")
    page = ask(site.url("/old"))
    assert (page.text, page.url, page.get.url) == ("here", site.url("/new/list?a=1"), site.url("/old"))


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "HEAD", "HEAD"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
    ],
)
def test_what_becomes_of_the_method_and_the_body(site: Any, ask: Ask, status: int, method: str, then: str) -> None:
    site.redirect("/a", "/b", status)
    site.page("/b", "ok")
    ask(Get(site.url("/a"), method=method, form={"q": "1"} if method == "POST" else None))
    last = site.requests[-1]
    assert (last.method, last.body) == (then, b"q=1" if then == "POST" else b"")
    assert ("content-type" in last.headers) is (then == "POST")


def test_a_circle_is_found(site: Any, ask: Ask) -> None:
    site.redirect("/a", "/b")
    site.redirect("/b", "/a?key=hush")
    site.redirect("/a?key=hush", "/b")
    with pytest.raises(BadRedirect, match=f"^{site.url('/b')} redirects in a circle$"):
        ask(site.url("/a"))
    assert len(site.requests) == 3


def test_ten_redirects_are_followed_and_no_more(site: Any, ask: Ask) -> None:
    for step in range(11):
        site.redirect(f"/{step}", f"/{step + 1}")
    site.page("/11", "end")
    assert ask(site.url("/1")).text == "end"
    with pytest.raises(BadRedirect, match="more than 10 redirects"):
        ask(site.url("/0"))


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("file:///etc/passwd", "redirects to file:, which is not followed"),
        ("javascript:alert(1)", "redirects to javascript:, which"),
        ("gopher://127.0.0.1/x", "redirects to gopher:, which"),
        ("http://0177.0.0.1/", "redirects to what is no address"),
        ("http://xn--/", "redirects to what is no address"),
    ],
)
def test_only_web_addresses_are_followed(site: Any, ask: Ask, to: str, why: str) -> None:
    site.redirect("/", to)
    with pytest.raises(BadRedirect, match=why):
        ask(site.url())


def test_a_redirect_to_an_address_that_is_too_long_is_refused_without_being_parsed(
    site: Any, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def join(*args: Any) -> Any:
        raise AssertionError("it was parsed")

    monkeypatch.setattr(httpx.URL, "join", join)
    site.redirect("/", site.url("/").ljust(LONGEST_URL + 1, "x"))
    with pytest.raises(BadRedirect, match="redirects to an address of 8,193 characters: not followed") as caught:
        ask(site.url())
    assert (caught.value.code, site.paths) == ("bad_redirect", ["/"])


def test_a_redirect_to_an_address_as_long_as_that_is_followed(site: Any, ask: Ask) -> None:
    site.redirect("/old", "/new?".ljust(LONGEST_URL, "x"))
    site.page("/new", "here")
    assert ask(site.url("/old")).text == "here"


def test_a_redirect_without_a_location_is_its_status(site: Any, ask: Ask) -> None:
    site.page("/", status=302)
    with pytest.raises(HttpStatus, match="answered 302 Found"):
        ask(site.url())


def test_credentials_do_not_follow_to_another_origin(new_site: Callable[..., Any], ask: Ask) -> None:
    home, other = new_site(), new_site()
    home.redirect("/", other.url("/list"))
    other.page("/list", "ok")
    ask(Get(home.url(), headers={"X-Csrf": "hush"}), headers=SECRETS)
    ask(home.url(), auth="user:hush")
    assert home.requests[0].headers["x-api-key"] == "hush"
    assert "hush" in str(home.requests[0].headers["x-csrf"])
    assert other.requests[0].headers["accept-language"] == "ru"
    assert other.requests[0].headers["host"] == f"127.0.0.1:{other.port}"
    for asked in other.requests:
        assert set(asked.headers) <= {"host", "accept", "accept-encoding", "accept-language", "user-agent"}


def test_credentials_follow_within_the_origin_and_do_not_come_back(new_site: Callable[..., Any], ask: Ask) -> None:
    home, other = new_site(), new_site()
    home.redirect("/", "/next")
    home.redirect("/next", other.url("/list"))
    other.redirect("/list", home.url("/end"))
    home.page("/end", "ok")
    ask(home.url(), headers=SECRETS)
    assert ["x-api-key" in asked.headers for asked in home.requests] == [True, True, False]


def test_credentials_are_not_sent_to_another_site_that_a_page_links_to(
    new_site: Callable[..., Any], fetcher: LoopFetcher
) -> None:
    home, other = new_site(), new_site()
    home.page("/", "ok")
    other.page("/", "ok")
    session = fetcher.session(Source(headers={"X-Api-Key": "hush", "Cookie": "hush=1"}, auth="me:hush"))
    for url in (home.url(), other.url(), home.url()):
        fetcher.run(session.fetch(Get(url)))
    secret = {"x-api-key", "authorization", "cookie"}
    assert [secret & set(asked.headers) for asked in home.requests] == [secret, secret]
    assert not secret & set(other.requests[0].headers)


def test_user_and_password_in_a_location_are_not_used(site: Any, ask: Ask) -> None:
    site.redirect("/", site.url("/b").replace("//", "//me:hush@"))
    site.page("/b", "ok")
    assert "hush" not in ask(site.url()).url
    assert "authorization" not in site.requests[1].headers


def test_headers_that_are_not_ascii_survive_a_redirect(new_site: Callable[..., Any], ask: Ask) -> None:
    home, other = new_site(), new_site()
    home.redirect("/", other.url())
    other.page("/", "ok")
    ask(home.url(), headers={"User-Agent": "дозор", "X-Office": "пресса"})
    assert other.requests[0].headers["user-agent"].encode("latin-1").decode() == "дозор"


def test_a_form_is_not_sent_on_to_another_host(new_site: Callable[..., Any], ask: Ask) -> None:
    home, other = new_site(), new_site()
    home.redirect("/", other.url("/"), 307)
    with pytest.raises(BadRedirect, match="redirects a form to"):
        ask(Get(home.url(), method="POST", form={"password": "hush"}))
    assert other.requests == []


@pytest.mark.parametrize("fetcher", ["aiohttp"], indirect=True)
def test_the_connection_is_kept_over_a_redirect(site: Any, ask: Ask) -> None:
    site.redirect("/a", "/b")
    site.page("/b", "ok")
    ask(site.url("/a"))
    ask(site.url("/a"))
    assert (len(site.requests), site.connections) == (4, 1)
