"""Mail, with a real server on loopback."""

from __future__ import annotations

import socket

import pytest

from alerts.send import send
from sources.secrets import Secrets


def test_a_mail_says_the_same_as_text_and_as_html(post_office, letter):
    assert send(post_office.url("desk@example.org"), letter(), Secrets()) is None
    (mail,) = post_office.mails
    assert mail["Subject"] == "RECORD changed: Телеграм"
    assert mail["To"] == "desk@example.org"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().splitlines() == letter().text.splitlines()
    assert html.get_content() == letter().html


def test_a_mail_that_is_sent_again_has_the_same_single_message_id(post_office, letter):
    for key in ("key-1", "key-1", "key-2"):
        assert send(post_office.url("desk@example.org"), letter(key), Secrets()) is None
    ids = [mail.get_all("Message-ID") for mail in post_office.mails]
    assert ids == [["<key-1@127.0.0.1>"], ["<key-1@127.0.0.1>"], ["<key-2@127.0.0.1>"]]


@pytest.mark.parametrize("answer", ["550 5.7.1 no such user", "451 4.3.0 try again later"])
def test_what_the_mail_server_said_comes_back(post_office, letter, answer):
    post_office.answers["nobody@example.org"] = answer
    said = send(post_office.url("nobody@example.org"), letter(), Secrets()).said
    assert said == f"the mail server said: {answer}"
    assert post_office.mails == []


def test_one_refused_recipient_of_two_makes_the_whole_channel_fail(post_office, letter):
    post_office.answers["nobody@example.org"] = "550 5.1.1 unknown"
    said = send(post_office.url("desk@example.org", "nobody@example.org"), letter(), Secrets()).said
    assert said == "the mail server said: 550 5.1.1 unknown"
    assert [mail["To"] for mail in post_office.mails] == ["desk@example.org"]


def test_a_mail_server_that_is_not_there(letter):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    said = send(f"mailto://127.0.0.1:{port}?from=watch@example.org&to=desk@example.org", letter(), Secrets()).said
    assert said == "it could not be sent: [Errno 111] Connection refused"


def test_plain_text_mail_for_a_channel_that_asks_for_it(post_office, letter):
    assert send(post_office.url("desk@example.org") + "&format=text", letter(), Secrets()) is None
    (mail,) = post_office.mails
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == ["one", "", "two"]


def test_a_long_mail_is_neither_cut_nor_split(post_office, letter):
    message = letter()._replace(html="<p>" + "слово " * 10_000 + "</p>")
    assert send(post_office.url("desk@example.org"), message, Secrets()) is None
    (mail,) = post_office.mails
    assert mail.get_body(("html",)).get_content().strip() == message.html


def test_a_title_cannot_add_headers_to_a_mail(post_office, letter):
    assert send(post_office.url("desk@example.org"), letter(title="X\r\nBcc: evil@example.org"), Secrets()) is None
    (mail,) = post_office.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "X Bcc: evil@example.org"
