"""Sending with a fake service, and the errors about URLs."""

from __future__ import annotations

import logging
from itertools import count

import pytest
from apprise.decorators import notify

import alerts.send
from alerts.apprise_service import describe_service, service_of
from alerts.channel import Channel
from alerts.send import send
from sources.secrets import Secrets

NUMBERS = count()


@pytest.fixture
def service():
    """Make a service of a function; returns the URL of a channel to it."""

    def make(function, body_format=None):
        scheme = f"ours{next(NUMBERS)}"
        notify(on=scheme, name="Ours", body_format=body_format)(function)
        return f"{scheme}://"

    return make


def test_what_a_service_gets(service, letter):
    got = []
    url = service(lambda body, title, *args, **kwargs: got.append((title, body)))
    assert send(url, letter(title="Title", text="a < b & c"), Secrets()) is None
    assert got == [("Title", "a < b & c")]


def test_markdown_services_get_text_that_means_no_markdown_and_links_that_work(service, letter):
    got = []
    url = service(lambda body, *args, **kwargs: got.append(body), "markdown")
    assert send(url, letter(text="*1*\nhttps://a.example/x_y_z.html\nhttps://a b_c"), Secrets()) is None
    assert got == ["\\*1\\*\nhttps://a.example/x_y_z.html\nhttps://a b\\_c"]


def test_chats_that_take_html_keep_the_empty_lines(letter):
    service = service_of("tgram://123456789:abcdefg_hijklmnop/12315544/")
    assert alerts.send._forms(service, letter(text="a\n\nb"))[1:] == ("a\n\u200b\nb", "text")


def test_a_text_that_is_longer_than_the_service_takes_is_split(service, letter):
    got = []
    url = service(lambda body, *args, **kwargs: got.append(body))
    assert send(url, letter(text="words " * 10_000), Secrets()) is None
    assert len(got) == 2


def test_a_service_that_just_says_no(service, letter):
    url = service(lambda *args, **kwargs: False)
    assert send(url, letter(), Secrets()).said == "Failed to send Ours notification."


def test_a_service_that_breaks(service, letter):
    def broken(*args, **kwargs):
        raise RuntimeError("the thing fell over")

    assert "the thing fell over" in send(service(broken), letter(), Secrets()).said


def test_a_url_that_is_no_channel_is_said_so_and_not_raised(letter):
    said = send("nothing://planted-secret", letter(), Secrets()).said
    assert said.startswith('the channel\'s url begins with "nothing://", which Apprise does not know')


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("planted-secret", 'has to begin with a service, such as "mailtos://"'),
        ("tgarm://planted-secret", 'did you mean "tgram://"?'),
        ("tgram://planted-secret", "Telegram needs tgram://{bot_token}"),
        ("discord://planted-secret", "Discord needs discord://{webhook_id}/{webhook_token}"),
        ("json://127.0.0.1/planted-secret, json://127.0.0.2", "holds more than one URL"),
        ("jsons://example.org/planted-secret?verify=no", "certificates are always verified"),
        ("mailto://u:planted-secret@smtp.example.org?to=desk", "names a recipient that is not valid for E-Mail"),
    ],
)
def test_what_is_wrong_with_a_url_is_said_without_its_secrets(url, said, caplog):
    caplog.set_level(logging.DEBUG)
    assert said in Channel(url=url).problem()
    assert "planted-secret" not in Channel(url=url).problem() + caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "mailtos://user:pass@smtp.example.org?to=desk@example.org,night@example.org",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "ntfys://topic",
        "json://127.0.0.1:8080/hook?-redirect=https://example.org",
    ],
)
def test_a_usable_url_has_no_problem(url):
    assert Channel(url=url).problem() is None


def test_limits_come_from_the_service():
    assert describe_service("mailto://user@example.org").limits == (250, 32768)
    title, body = describe_service("ntfys://topic").limits  # its title counts as a part of its body
    assert len(("中" * (title + 2 + body)).encode()) <= 4096  # of more it makes a file
    # no title of its own, and text becomes HTML
    title, body = describe_service("tgram://123456789:abcdefg_hijklmnop/12315544/").limits
    assert title + body + 2 == 4096 * 3 // 4


def test_limits_of_no_channel():
    with pytest.raises(ValueError, match="which Apprise does not know"):
        describe_service("nothing://x")


def test_nothing_that_apprise_logs_gets_out(caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("apprise").warning("token=planted-secret")
    logging.getLogger("urllib3.connectionpool").debug("GET /planted-secret")
    assert "planted-secret" not in caplog.text
