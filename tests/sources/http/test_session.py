from __future__ import annotations

import gzip
import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from sources import AddressRefused, BadResponse, FetchError, Get, HttpStatus, Page, TimedOut, TooLarge, Unreachable
from sources.formats.download import FileBody
from sources.formats.links import LONGEST_URL
from sources.http.exchange import Validators
from sources.options import HttpOptions
from tests.conftest import LoopFetcher, fetch

Ask = Callable[..., Page]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def test_a_page_is_fetched_with_its_headers_and_time(site: Any) -> None:
    noon = datetime(2025, 7, 1, 12, tzinfo=UTC)
    fetcher = LoopFetcher(HttpOptions(private_addresses="allow", encoding="koi8-r"), clock=lambda: noon)
    site.page("/list", "текст", headers={"X-Seen": "a"})
    get = Get(site.url("/list#top"), query={"page": 2, "q": "ы"})
    page = fetch(fetcher, get)
    fetcher.close()
    assert (page.get, page.status, page.body, page.fetched) == (get, 200, "текст".encode(), noon)
    assert (page.headers["x-seen"], page.content_type, page.encoding) == ("a", "text/html", "koi8-r")
    assert page.url == site.url("/list?page=2&q=%D1%8B")
    assert site.requests[0].query == {"page": "2", "q": "ы"}


def test_headers_may_come_before_the_body_does(site: Any, ask: Ask) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\n")
        time.sleep(0.05)
        connection.sendall(b"the body")

    site.raw("/", talk)
    assert ask(site.url()).text == "the body"


def test_requests_carry_agent_and_headers_the_nearest_one_wins(site: Any) -> None:
    http = HttpOptions(
        private_addresses="allow", user_agent="watch (+mailto:a@b.example)", headers={"X-A": "http", "X-B": "http"}
    )
    fetcher = LoopFetcher(http, clock=lambda: datetime.now(UTC))
    site.page("/", "ok")
    fetch(fetcher, Get(site.url(), headers={"X-C": "это get"}), headers={"x-b": "source", "X-C": "source"})
    fetcher.close()
    sent = site.requests[0].headers
    assert (sent["user-agent"], sent["accept-encoding"]) == ("watch (+mailto:a@b.example)", "gzip")
    assert (sent["x-a"], sent["x-b"], sent["x-c"].encode("latin-1").decode()) == ("http", "source", "это get")


def test_a_form_and_json_are_sent_as_such(site: Any, ask: Ask) -> None:
    site.page("/search", "ok")
    ask(Get(site.url("/search"), method="POST", form={"q": "Телеграм", "n": "1"}))
    ask(Get(site.url("/search"), method="POST", json={"q": ["a"]}))
    form, data = site.requests
    assert (form.headers["content-type"], form.body[:4]) == ("application/x-www-form-urlencoded", b"q=%D")
    assert (data.method, data.headers["content-type"], data.body) == ("POST", "application/json", b'{"q":["a"]}')


def test_basic_authentication_from_the_option_or_the_address(site: Any, ask: Ask) -> None:
    site.page("/", "ok")
    ask(site.url(), auth="user:pass:word")
    page = ask(site.url().replace("//", "//me:p%40ss@"))
    sent = [asked.headers["authorization"] for asked in site.requests]
    assert sent == ["Basic dXNlcjpwYXNzOndvcmQ=", "Basic bWU6cEBzcw=="]
    assert page.url == site.url()


def test_an_unchanged_page_is_a_304_with_either_validator(site: Any, ask: Ask) -> None:
    site.page("/tag", "body", etag='"1"')
    site.page("/date", "body", last_modified="Tue, 01 Jul 2025 10:00:00 GMT")
    assert ask(site.url("/tag"), Validators(etag='"1"')).status == 304
    assert ask(site.url("/tag"), Validators(etag='"old"')).body == b"body"
    page = ask(site.url("/date"), Validators(last_modified="Tue, 01 Jul 2025 10:00:00 GMT"))
    assert (page.status, page.body, page.headers["last-modified"]) == (304, b"", "Tue, 01 Jul 2025 10:00:00 GMT")


def test_only_a_get_without_a_body_is_conditional(site: Any, ask: Ask) -> None:
    site.page("/", "ok")
    ask(Get(site.url(), method="POST", form={"a": "b"}), Validators('"1"', "yesterday"))
    assert not {"if-none-match", "if-modified-since"} & set(site.requests[0].headers)


def test_a_validator_that_no_request_can_carry_is_not_sent(site: Any, ask: Ask) -> None:
    site.page("/", "ok")
    ask(site.url(), Validators('"a" \x01', "\xff yesterday"))
    assert not {"if-none-match", "if-modified-since"} & set(site.requests[0].headers)


def test_validators_go_only_to_the_address_that_gave_them(site: Any, ask: Ask) -> None:
    site.redirect("/old", "/new")
    site.page("/new", "the login page", etag='"1"')
    assert ask(site.url("/old"), Validators('"1"')).status == 200
    assert ask(site.url("/old"), Validators('"1"', url=site.url("/new"))).status == 304
    assert ["if-none-match" in asked.headers for asked in site.requests] == [True, False, False, True]


def test_a_304_that_was_not_asked_for_is_an_error(site: Any, ask: Ask) -> None:
    site.page("/", status=304)
    with pytest.raises(HttpStatus) as caught:
        ask(site.url())
    assert caught.value.code == "http_304"


@pytest.mark.parametrize("status", [202, 204])
def test_an_empty_success_is_a_page(site: Any, ask: Ask, status: int) -> None:
    site.page("/", status=status)
    page = ask(site.url())
    assert (page.status, page.body) == (status, b"")


def test_other_statuses_are_errors_that_name_no_secret(site: Any, ask: Ask) -> None:
    with pytest.raises(HttpStatus) as caught:
        ask(site.url("/gone?token=hush").replace("//", "//me:secret@"))
    assert caught.value.message == f"{site.url('/gone')} answered 404 Not Found"
    assert (caught.value.code, caught.value.status, caught.value.retry_after) == ("http_404", 404, None)


def test_a_part_that_was_not_asked_for_is_refused(site: Any, ask: Ask) -> None:
    site.page("/", "half", status=206)
    with pytest.raises(BadResponse, match="a part of the document"):
        ask(site.url())
    assert ask(Get(site.url(), headers={"Range": "bytes=0-3"})).body == b"half"


def test_a_packed_answer_is_unpacked(site: Any, ask: Ask) -> None:
    site.page("/", gzip.compress(b"<p>hello</p>"), headers={"Content-Encoding": "gzip"})
    assert ask(site.url()).body == b"<p>hello</p>"


@pytest.mark.parametrize("packing", ["", "gzip"])
def test_a_large_body_is_a_file_and_so_is_what_came_of_it(site: Any, ask: Ask, packing: str) -> None:
    content = random.Random(1).randbytes(5_000_000)
    came = gzip.compress(content, mtime=0) if packing else content
    site.page("/", came, headers={"Content-Encoding": packing} if packing else {})
    page = ask(site.url())
    assert isinstance(page.content, FileBody)
    assert (page.body, page.gzip[:]) == (content, came if packing else b"")
    assert isinstance(page.gzip, FileBody) or not packing


def test_packed_answers_that_cannot_be_believed(site: Any, ask: Ask) -> None:
    packed = gzip.compress(b"<p>hello</p>" * 50)
    site.page("/cut", packed[:-9], headers={"Content-Encoding": "gzip"})
    site.page("/lie", "<p>hello</p>", headers={"Content-Encoding": "gzip"})
    site.page("/twice", packed, headers={"Content-Encoding": "br, gzip"})
    for path, why in {"/cut": "was cut off", "/lie": "not packed as it says", "/twice": "'br, gzip'"}.items():
        with pytest.raises(BadResponse, match=f"the answer of {site.url(path)} .*{why}"):
            ask(site.url(path))


def test_no_more_than_max_bytes_is_read_or_unpacked(site: Any, ask: Ask) -> None:
    site.page("/fits", b"x" * 1000)
    site.page("/large", b"x" * 1001)
    site.page("/bomb", gzip.compress(bytes(5_000_000)), headers={"Content-Encoding": "gzip"})
    site.raw("/announced", HEAD + b"Content-Length: 100000000\r\n\r\n")
    site.raw("/endless", endless)
    assert len(ask(site.url("/fits"), max_bytes=1000).body) == 1000
    for path in ("/large", "/bomb", "/announced", "/endless"):
        with pytest.raises(TooLarge, match=f"{path} is larger than"):
            ask(site.url(path), max_bytes=10_000 if path != "/large" else 1000, timeout="5s")


def endless(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    try:
        while True:
            connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
    except OSError:
        return


def dripping(piece: bytes, closing: threading.Event) -> Callable[[socket.socket], None]:
    """Sends `piece` a byte at a time, one each 0.04 s, for ever: no single read is ever slow."""

    def talk(connection: socket.socket) -> None:
        try:
            while not closing.wait(0.04):
                connection.sendall(piece)
        except OSError:
            return

    return talk


def test_a_silent_server_ends_at_the_deadline(site: Any, ask: Ask) -> None:
    site.silent("/")
    with pytest.raises(TimedOut, match=r"^no answer from 127\.0\.0\.1 within 0\.3 s$"):
        ask(site.url(), timeout="300ms")
    assert len(site.requests) <= 1  # not tried again; a busy machine may not have sent it


def test_headers_that_drip_end_at_the_deadline(site: Any, ask: Ask) -> None:
    site.raw("/", dripping(b"H", site.closing))

    with pytest.raises(TimedOut, match="no answer"):
        ask(site.url(), timeout="300ms")


def test_a_body_that_drips_ends_at_the_deadline(site: Any, ask: Ask) -> None:
    drip = dripping(b"x", site.closing)

    def talk(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"\r\n")
        drip(connection)

    site.raw("/", talk)
    with pytest.raises(TimedOut, match=rf"the answer of {site.url()} did not end within 0\.3 s"):
        ask(site.url(), timeout="300ms")


def test_the_deadline_holds_over_redirects(site: Any, ask: Ask) -> None:
    site.page("/0", lambda asked: time.sleep(0.2) or site.Reply(status=302, headers={"Location": "/1"}))
    site.page("/1", lambda asked: time.sleep(0.2) or "late")

    with pytest.raises(TimedOut):
        ask(site.url("/0"), timeout="300ms")


def test_a_redirect_that_comes_after_the_deadline_is_not_followed(site: Any, ask: Ask) -> None:
    site.page("/0", lambda asked: time.sleep(0.3) or site.Reply(status=302, headers={"Location": "/1"}))
    with pytest.raises(TimedOut):
        ask(site.url("/0"), timeout="100ms")
    time.sleep(0.4)
    assert site.paths == ["/0"]


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Length: 100\r\n\r\n<p>cut",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nnot a length\r\n",
    ],
)
def test_an_answer_that_is_cut_off_is_refused(site: Any, ask: Ask, answer: bytes) -> None:
    site.raw("/", answer)
    with pytest.raises(BadResponse, match=f"the answer of {site.url()} was cut off or is malformed"):
        ask(site.url())


@pytest.mark.parametrize("bad", [b"not a length\r\n", b"-5\r\nhello\r\n", b"5\r\nhello, and more\r\n"])
def test_a_malformed_chunk_in_a_later_packet_ends_it_at_once(site: Any, ask: Ask, bad: bytes) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        time.sleep(0.1)
        connection.sendall(bad)
        site.closing.wait()

    site.raw("/", talk)

    with pytest.raises(BadResponse, match=f"the answer of {site.url()} was cut off or is malformed"):
        ask(site.url(), timeout="30s")


def test_what_is_not_http_is_refused(site: Any, ask: Ask) -> None:
    site.raw("/", b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    with pytest.raises(BadResponse, match=r"127\.0\.0\.1 did not answer in HTTP"):
        ask(site.url())


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_reset_is_unreachable(site: Any, ask: Ask) -> None:
    site.raw("/", reset)
    with pytest.raises(Unreachable, match=r"could not reach 127\.0\.0\.1: connection reset"):
        ask(site.url())


def test_a_header_that_http_forbids_is_not_sent_nor_shown(site: Any, ask: Ask) -> None:
    with pytest.raises(FetchError) as caught:
        ask(site.url(), headers={"X-Key": "hush\r\nX-Other: 1"})
    assert caught.value.code == "bad_request"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert "hush" not in caught.value.message
    assert site.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host/file",
        "file:///etc/passwd",
        "/path",
        "http://",
        "http://me:hush@0177.0.0.1/?key=hush",
        "x y",
        "http://xn--/",
    ],
)
def test_what_is_no_http_address_is_an_error_without_secrets(ask: Ask, url: str) -> None:
    with pytest.raises(FetchError, match="is no http or https address") as caught:
        ask(url)
    assert caught.value.code == "bad_url"
    assert "hush" not in caught.value.message


def test_repeated_headers_are_joined_and_odd_bytes_survive(site: Any, ask: Ask) -> None:
    site.raw("/", HEAD + b"X-A: 1\r\nX-A: 2\r\nX-B: \xd1\x8b\r\nX-C: \xe9\r\nContent-Length: 0\r\n\r\n")
    headers = ask(site.url()).headers
    assert (headers["x-a"], headers["x-b"], headers["x-c"]) == ("1, 2", "ы", "é")


def mocked(transport: httpx.AsyncBaseTransport) -> LoopFetcher:
    return LoopFetcher(HttpOptions(), clock=lambda: datetime.now(UTC), transport=transport)


def test_the_transport_can_be_one_of_httpx() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[str(request.url)])

    with closing(mocked(httpx.MockTransport(answer))) as fetcher:
        assert fetch(fetcher, "https://register.example/list").json() == ["https://register.example/list"]


def test_the_transport_can_be_mocked_with_respx() -> None:
    router = respx.MockRouter()
    route = router.get("https://register.example/list").respond(200, json=[1], headers={"ETag": '"a"'})
    with closing(mocked(httpx.MockTransport(router.async_handler))) as fetcher:
        page = fetch(fetcher, "https://register.example/list")
    assert (page.json(), page.headers["etag"]) == ([1], '"a"')
    assert route.calls[0].request.headers["user-agent"] == "registry-watch"


def test_a_mocked_transport_is_no_way_around_the_guard_for_an_address_in_the_url() -> None:
    with (
        closing(mocked(httpx.MockTransport(lambda request: httpx.Response(200)))) as fetcher,
        pytest.raises(AddressRefused),
    ):
        fetch(fetcher, "http://169.254.169.254/")


def test_an_address_that_is_too_long_is_refused_without_being_parsed(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*args: Any, **options: Any) -> Any:
        raise AssertionError("it was parsed")

    monkeypatch.setattr(httpx.URL, "__init__", parse)
    with pytest.raises(FetchError, match="an address of 8,193 characters is not asked") as caught:
        ask("http://127.0.0.1/".ljust(LONGEST_URL + 1, "x"))
    assert caught.value.code == "bad_url"


def test_an_address_may_be_as_long_as_that(site: Any, ask: Ask) -> None:
    site.page("/", "ok")
    assert ask(site.url("/?").ljust(LONGEST_URL, "x")).text == "ok"


def test_not_modified_is_believed_only_where_it_was_asked_for(site: Any, ask: Ask) -> None:
    """A page that came without validators was not asked for conditionally."""
    site.page("/", "", status=304)
    with pytest.raises(HttpStatus, match="304"):
        ask(site.url(), Validators(None, None, site.url()))


def test_a_request_is_these_very_bytes(fetcher: LoopFetcher) -> None:
    """What evidence shows of a request is what went out: names as they are written, validators, then cookies."""
    heard = list[bytes]()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        at = f"http://127.0.0.1:{port}/list?a=1&b=%20"
        options = {"headers": {"X-kEy": "1", "Cookie": "q=1", "user-agent": "me"}}
        fetch(fetcher, at, Validators('W/"2"', "Tue, 01 Jul 2025 12:00:00 GMT", at), **options)
        thread.join(60)
    assert heard == [
        f"GET /list?a=1&b=%20 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nuser-agent: me\r\nAccept: */*\r\n"
        'Accept-Encoding: gzip\r\nX-kEy: 1\r\nIf-None-Match: W/"2"\r\n'
        "If-Modified-Since: Tue, 01 Jul 2025 12:00:00 GMT\r\nCookie: q=1\r\n\r\n".encode()
    ]


def test_a_host_header_of_the_options_takes_the_place_of_the_address_s_own(site: Any, ask: Ask) -> None:
    site.page("/", "ok")
    ask(site.url(), headers={"Host": "register.example"})
    assert site.requests[0].headers["host"] == "register.example"
