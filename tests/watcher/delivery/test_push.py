"""An alert to a browser: what a service on loopback is sent, by TLS, is what the browser's own keys open."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from py_vapid import Vapid

from tests.certificates import self_signed
from tests.push_services import NOW, SECRET, PlayedBrowser, base64, playing
from watcher.config.load import Config, load
from watcher.delivery.push import public_key, send_push

LINK = "https://watch.example.org/changes/7"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    made = self_signed(tmp_path)
    if made is None:
        pytest.skip("no openssl")
    return made


@pytest.fixture
def browser(certificate: Path) -> Iterator[PlayedBrowser]:
    with playing(certificate) as browser:
        yield browser


@pytest.fixture
def configured(tmp_path: Path, certificate: Path) -> Callable[[str], Config]:
    def configure(private: str = '["127.0.0.0/8", "::1/128"]') -> Config:
        file = tmp_path / "watch.toml"
        file.write_text(
            f'[http]\nca_file = "{certificate}"\nprivate_addresses = {private}\n'
            '[web]\nbase_url = "https://watch.example.org"\n'
        )
        return load(file)

    return configure


@pytest.fixture
def config(configured: Callable[[], Config]) -> Config:
    """Of a desk that has told browsers its key."""
    config = configured()
    public_key(config)
    return config


def test_only_the_browser_reads_what_is_sent_and_the_service_who_sent_it(
    browser: PlayedBrowser, config: Config
) -> None:
    assert send_push(config, browser.at(), "Sable: added", "Register: Sable Capital", LINK, lambda: NOW) is None
    (asked,) = browser.service.requests
    assert browser.open(asked) == {"title": "Sable: added", "text": "Register: Sable Capital", "url": LINK}
    assert b"Sable" not in asked.body
    assert asked.headers["content-encoding"] == "aes128gcm"
    assert asked.headers["ttl"] == "86400"
    signed = asked.headers["authorization"]
    assert Vapid.verify(signed)
    assert signed.endswith(f"k={public_key(config)}")


def test_the_key_is_made_once_and_is_its_owners_alone(browser: PlayedBrowser, config: Config, tmp_path: Path) -> None:
    first = public_key(config)
    send_push(config, browser.at(), "a", "b", LINK, lambda: NOW)
    assert public_key(config) == first
    (file,) = tmp_path.glob("*.vapid")
    assert (file.name, oct(file.stat().st_mode & 0o777)) == ("state.db.vapid", "0o600")


def test_without_the_key_by_which_browsers_subscribed_nothing_is_sent(
    browser: PlayedBrowser, config: Config, tmp_path: Path
) -> None:
    (tmp_path / "state.db.vapid").unlink()
    answer = send_push(config, browser.at(), "a", "b", LINK, lambda: NOW)
    assert answer
    assert ("state.db.vapid is missing" in answer.said, answer.gone) == (True, False)
    assert (browser.service.requests, list(tmp_path.glob("*.vapid"))) == ([], [])


def test_all_machines_with_one_web_key_sign_alike(browser: PlayedBrowser, config: Config, tmp_path: Path) -> None:
    (tmp_path / "state.db.vapid").unlink()
    file = tmp_path / "watch.toml"
    file.write_text(file.read_text() + 'key = "a key of all machines"\n')
    mine, others = load(file), replace(load(file), path=tmp_path / "elsewhere" / "watch.toml")
    assert send_push(mine, browser.at(), "a", "b", LINK, lambda: NOW) is None
    assert browser.service.requests[0].headers["authorization"].endswith(f"k={public_key(others)}")
    assert list(tmp_path.glob("*.vapid")) == []


def test_a_key_that_is_none_is_said_and_not_replaced(browser: PlayedBrowser, config: Config, tmp_path: Path) -> None:
    file = tmp_path / "state.db.vapid"
    file.write_text("no key")
    answer = send_push(config, browser.at(), "a", "b", LINK, lambda: NOW)
    assert answer
    assert (str(file) in answer.said, answer.gone, file.read_text()) == (True, False, "no key")


def test_the_longest_alert_fits_into_3000_bytes(browser: PlayedBrowser, config: Config) -> None:
    texts = ("😀\\" * 9000, "\0😀" * 9000, "https://watch.example.org/" + "x" * 9000)
    assert send_push(config, browser.at(), *texts, lambda: NOW) is None
    (asked,) = browser.service.requests
    told = browser.open(asked)
    assert len(json.dumps(told, ensure_ascii=False).encode()) <= 3000
    assert (told["title"][-1], told["text"][-1], told["url"]) == ("…", "…", "")


@pytest.mark.parametrize(
    ("status", "headers", "gone", "wait"),
    [
        (404, {}, True, None),
        (410, {}, True, None),
        (429, {"Retry-After": "120"}, False, timedelta(minutes=2)),
        (500, {}, False, None),
        (302, {"Location": "/push/1"}, False, None),
    ],
)
def test_what_the_service_answers_is_told(
    browser: PlayedBrowser, config: Config, status: int, headers: dict[str, str], gone: bool, wait: timedelta | None
) -> None:
    browser.service.page("/push/2", "x" * 5_000, status=status, headers=headers)
    answer = send_push(config, browser.at("/push/2"), "a", "b", LINK, lambda: NOW)
    assert answer
    assert (answer.gone, answer.wait, str(status) in answer.said) == (gone, wait, True)
    assert len(answer.said) < 400
    assert len(browser.service.requests) == 1


@pytest.mark.parametrize("private", ['"refuse"', '"allow"', '["10.0.0.0/8"]'])
def test_a_reader_s_address_reaches_no_network_that_is_not_listed(
    browser: PlayedBrowser, configured: Callable[[str], Config], private: str
) -> None:
    config = configured(private)
    public_key(config)
    answer = send_push(config, browser.at(), "a", "b", LINK, lambda: NOW)
    assert answer
    assert "private" in answer.said
    assert browser.service.connections == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"endpoint": "http://localhost/push"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://[::1]/push"},
        {"endpoint": "https://localhost:x/push"},
        {"endpoint": "https:///push"},
        {"endpoint": "https://localhost/\0"},
        {"auth": f"{base64(SECRET)}\0"},
        {"p256dh": base64(b"\x04" + b"\xff" * 64)},
        {"p256dh": "x"},
        {"p256dh": ""},
        {"auth": "ж"},
        {"auth": ""},
    ],
)
def test_what_is_no_browser_is_asked_nothing(browser: PlayedBrowser, config: Config, broken: dict[str, str]) -> None:
    answer = send_push(config, browser.at().model_copy(update=broken), "a", "b", LINK, lambda: NOW)
    assert answer
    assert (answer.gone, browser.service.connections) == (True, 0)
