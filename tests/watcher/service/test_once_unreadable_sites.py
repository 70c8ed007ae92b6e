"""Sites that cannot be read: one clear line, the right exit code, and only the failure is stored."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

OPTIONS = 'kind = "json"\nitems = "@"\nkey = "name"\n'


@pytest.fixture
def fails(configure: Callable[..., Path], watch: Callable[..., Any]) -> Callable[..., tuple[str, str]]:
    """Checks a source that must fail; its reason and message."""

    def check(url: str, private: str = "allow", source: str = "") -> tuple[str, str]:
        configure(f'[http]\nprivate_addresses = "{private}"\n[sources.list]\n{OPTIONS}url = "{url}"\n{source}')
        ran = watch("--once", "--json")
        said = json.loads(ran.out)["sources"][0]
        assert (ran.code, said["status"], said["changes"]) == (1, "failing", [])
        assert "Traceback" not in ran.err
        assert "\n" not in said["message"]
        return said["reason"], said["message"]

    return check


def test_a_host_that_does_not_exist(fails: Callable[..., tuple[str, str]]) -> None:
    assert fails("http://nowhere.invalid/") == ("unreachable", "could not resolve nowhere.invalid")


def test_a_port_where_nobody_listens(fails: Callable[..., tuple[str, str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    reason, message = fails(f"http://127.0.0.1:{port}/")
    assert reason == "unreachable"
    assert message == "could not reach 127.0.0.1: connection refused"


def test_a_site_that_does_not_speak_tls(fails: Callable[..., tuple[str, str]], site: Any) -> None:
    assert fails(site.url("/").replace("http:", "https:"))[0] in {"tls", "unreachable"}  # it may reset the connection


def test_a_private_address_that_is_not_allowed(fails: Callable[..., tuple[str, str]], site: Any) -> None:
    reason, message = fails(site.url("/"), private="refuse")
    assert reason == "address_refused"
    assert "private_addresses" in message
    assert site.requests == []


LINKS = ["http://[x", "http://[::1", "//[/", "http://a:b:c/", "http://xn--/", "http://\u2100.invalid/", "gopher://x/"]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_on_a_page_that_is_no_address_ends_nobody_but_its_source(
    configure: Callable[..., Path], watch: Callable[..., Any], site: Any, link: str
) -> None:
    page = f"<table><tr><th>Name<tr><td>Zoom</table><a class=next href='{link}'>next</a></body></html>"
    site.page("/table", f"<html><body>{page}")
    site.page("/list", [{"name": "Telegram"}])
    table = f'[sources.table]\nkind = "table"\nkey = "Name"\nnext = "a.next"\nurl = "{site.url("/table")}"\n'
    configure(
        f'[http]\nspacing = "0s"\nprivate_addresses = "allow"\n{table}[sources.list]\n{OPTIONS}url = "{site.url("/list")}"\n'
    )
    ran = watch("--once", "--json")
    linking, other = json.loads(ran.out)["sources"]
    assert (linking["status"], linking["reason"] in {"bad_url", "unreachable"}) == ("failing", True)
    assert (other["status"], "Traceback" in ran.err) == ("baseline", False)


def test_html_where_json_is_due(fails: Callable[..., tuple[str, str]], site: Any) -> None:
    site.page("/list", "<html><body><h1>Search results</h1><p>Nothing to see.</p></body></html>")
    assert fails(site.url("/list"))[0] == "wrong_content_type"


def test_an_empty_body(fails: Callable[..., tuple[str, str]], site: Any) -> None:
    site.page("/list", "")
    assert fails(site.url("/list"))[0] == "empty_body"


def test_a_silent_site(fails: Callable[..., tuple[str, str]], site: Any) -> None:
    site.silent("/list")
    assert fails(site.url("/list"), source='timeout = "300ms"')[0] == "timeout"


def test_a_site_that_answers_garbage(fails: Callable[..., tuple[str, str]], site: Any) -> None:
    site.raw("/list", b"\x16\x03\x01 no HTTP at all\r\n\r\n")
    assert fails(site.url("/list"))[0] == "bad_response"


def test_a_password_in_the_address_is_never_shown(
    fails: Callable[..., tuple[str, str]], site: Any, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("API_KEY", "correct-horse-battery")
    site.page("/list", status=500)
    _, message = fails(site.url("/list") + "?key=${API_KEY}")
    assert "correct-horse" not in message
    stored = b"".join(path.read_bytes() for path in folder.glob("state.db*"))
    assert b"correct-horse" not in stored
