"""Webhooks, with a real server on loopback."""

from __future__ import annotations

import json
import logging
import socket
import threading
import zlib
from contextlib import contextmanager, suppress

import pytest

import alerts.send
from alerts.send import send
from sources.secrets import Secrets
from tests.torture.measure import cost
from tests.torture.texts import SERVICES


def url_of(site, path="/hook", scheme="json"):
    return f"{scheme}://127.0.0.1:{site.port}{path}"


def test_a_webhook_gets_the_text_and_an_idempotency_key(site, letter):
    site.page("/hook", "ok")
    assert send(url_of(site), letter("key-7"), Secrets()) is None
    (asked,) = site.requests
    assert asked.headers["idempotency-key"] == "key-7"
    told = json.loads(asked.body)
    assert (told["title"], told["message"]) == ("RECORD changed: Телеграм", "one\n\ntwo")


@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
def test_every_try_has_the_same_idempotency_key(site, letter, scheme):
    site.page("/hook", "ok")
    for _ in range(2):
        assert send(url_of(site, scheme=scheme), letter(), Secrets()) is None
    assert [asked.headers["idempotency-key"] for asked in site.requests] == ["key-1", "key-1"]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, "", "the server answered 404 Not Found"),
        (429, {"error": "slow down"}, 'the server answered 429 Too Many Requests: {"error": "slow down"}'),
        (503, "<html><title>Away for\n lunch</title>", "the server answered 503 Service Unavailable: Away for lunch"),
    ],
)
def test_what_the_server_answered_comes_back(site, letter, status, body, said):
    site.page("/hook", body, status=status)
    assert send(url_of(site), letter(), Secrets()).said == said
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("status", "after", "seconds"),
    [(429, "40", 40), (429, "what", 0), (429, "", 0), (429, None, 0), (503, "40", None)],
)
def test_a_service_with_a_limit_says_how_long_it_is_left_alone(site, letter, status, after, seconds):
    site.page("/hook", status=status, headers={} if after is None else {"Retry-After": after})
    wait = send(url_of(site), letter(), Secrets()).wait
    assert (None if wait is None else wait.total_seconds()) == seconds


def test_options_in_the_url_neither_repeat_a_message_nor_call_failure_a_success(site, letter):
    site.page("/hook", status=500)
    said = send(url_of(site, "/hook?optional=yes&retry=3&wait=0"), letter(), Secrets()).said
    assert said == "the server answered 500 Internal Server Error"
    assert len(site.requests) == 1


def test_the_library_writes_no_file_of_its_own(site, letter, tmp_path, monkeypatch):
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    site.page("/hook", "taken")
    assert send(url_of(site), letter(), Secrets()) is None
    assert list(tmp_path.iterdir()) == []


MAIL = "mailto://127.0.0.1:9?from=a@example.org&to=b@example.org"


@pytest.mark.parametrize("url", [MAIL, *SERVICES.values()], ids=["mail", *SERVICES])
def test_the_form_is_always_said_and_nothing_else_is_given(letter, monkeypatch, url):
    said = []
    monkeypatch.setattr("alerts.send.Apprise.notify", lambda _, **given: said.append(given) or True)
    assert send(url, letter(), Secrets()) is None
    [given] = said
    assert set(given) == {"title", "body", "body_format"}
    assert given["body_format"] in (["html"] if url is MAIL else ["text", "markdown"])


def test_a_redirect_is_not_followed(site, letter):
    site.redirect("/hook", site.url("/elsewhere"))
    assert send(url_of(site), letter(), Secrets()).said == "the server answered 302 Found"
    assert site.paths == ["/hook"]


def test_a_server_that_is_not_there(site, letter):
    url = url_of(site)
    site.close()
    assert send(url, letter(), Secrets()).said == "it could not be sent: [Errno 111] Connection refused"


def test_a_server_that_hangs_is_given_up(site, letter, monkeypatch):
    monkeypatch.setattr(alerts.send, "SECONDS", 0.3)
    site.silent("/silent")
    assert send(url_of(site, "/silent"), letter(), Secrets()).said == "no answer within 0 s"


def test_servers_that_hang_hold_up_nobody(site, letter, monkeypatch):
    monkeypatch.setattr(alerts.send, "SECONDS", 600)
    site.silent("/silent")
    site.page("/hook", "ok")
    threads = [
        threading.Thread(target=send, args=(url_of(site, f"/silent?{number}"), letter(), Secrets()))
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    assert send(url_of(site, "/hook"), letter(), Secrets()) is None
    assert all(thread.is_alive() for thread in threads)
    site.closing.set()
    for thread in threads:
        thread.join()


def test_no_secret_comes_back_and_none_is_logged(site, letter, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = Secrets()
    secrets.add("${HOOK}", "from-environment")

    def echo(asked):
        return site.Reply(f"{asked.path} {asked.headers['authorization']} p@ss:word from-environment", status=400)

    site.page("/s3cr3t-path/from-environment", echo)
    url = f"json://robot:p%40ss%3Aword@127.0.0.1:{site.port}/s3cr3t-path/from-environment?-token=planted-token"
    said = send(url, letter(), secrets).said
    assert said.startswith("the server answered 400 Bad Request: ")
    assert "${HOOK}" in said
    for secret in ("s3cr3t-path", "planted-token", "p@ss", "p%40ss", "cm9ib3Q6", "from-environment"):
        assert secret not in said
        assert secret not in caplog.text
    assert "apprise" not in {record.name for record in caplog.records}


def test_two_channels_at_once_do_not_mix_what_was_said(site, letter):
    site.page("/a", "A says no", status=400)
    site.page("/b", "B says no", status=409)
    said = {}

    def deliver(path):
        said[path] = [send(url_of(site, path), letter(), Secrets()).said for _ in range(5)]

    threads = [threading.Thread(target=deliver, args=(path,)) for path in ("/a", "/b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(said["/a"]) == {"the server answered 400 Bad Request: A says no"}
    assert set(said["/b"]) == {"the server answered 409 Conflict: B says no"}


def test_an_answer_without_end_is_cut_and_the_message_counts_as_sent(site, letter):
    """3 GB as gzip, and a body that never ends; both were read whole, in this process."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()
    site.page("/bomb", packed, headers={"Content-Encoding": "gzip"})

    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(3000):
            connection.sendall(bytes(100_000))

    with cost() as costs:
        assert send(url_of(site, "/bomb"), letter(), Secrets()) is None
        with talking(endless) as port:
            assert send(f"json://127.0.0.1:{port}/hook", letter(), Secrets()) is None
    assert costs.memory < 50


def test_a_redirect_with_a_bomb_is_not_unpacked_either(site, letter):
    site.page("/hook", bytes(60_000_000), status=302, headers={"Location": site.url("/elsewhere")})
    with cost() as costs:
        assert send(url_of(site), letter(), Secrets()).said == "the server answered 302 Found"
    assert costs.memory < 50


def test_a_mail_server_whose_reply_does_not_end_is_left(letter):
    def endless(connection):
        connection.sendall(b"220 here\r\n")
        connection.recv(1000)
        for _ in range(30_000):
            connection.sendall(b"250-" + b"x" * 4000 + b"\r\n")

    with cost() as costs, talking(endless) as port:
        said = send(f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org", letter(), Secrets()).said
    assert "Connection unexpectedly closed" in said
    assert costs.memory < 50


def test_proxies_and_passwords_of_the_environment_do_not_count(site, letter, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login planted password planted")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    site.page("/hook", "ok")
    assert send(url_of(site), letter(), Secrets()) is None
    assert "authorization" not in site.requests[0].headers


def test_a_channel_s_own_proxy_is_used(site, letter):
    site.page("http://registers.example/hook", "ok")
    assert send("json://registers.example/hook", letter(), Secrets(), proxy=site.url("")) is None
    assert site.paths == ["http://registers.example/hook"]


@contextmanager
def talking(talk):
    """A server of one connection; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection, suppress(OSError):
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()
