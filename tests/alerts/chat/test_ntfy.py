"""ntfy, played on loopback as its documentation has it: https://docs.ntfy.sh/publish."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.chat.bot import Button, Sent
from alerts.chat.ntfy import NtfyChat
from alerts.service_answer import ServiceAnswer
from sources.options import HttpOptions
from sources.secrets import Secrets

BUTTONS = [Button("ack", "Acknowledge"), Button("snooze", "Snooze"), Button("open", "Case", "http://desk.test/c")]


def chat(site: Any, url: str) -> NtfyChat:
    http = HttpOptions(private_addresses="allow")
    place = url.replace("HOST", f"127.0.0.1:{site.port}")
    return NtfyChat(place, "http://desk.test/act/{}".format, Secrets(), http, lambda: datetime.now(UTC))


def test_a_message_has_a_request_for_each_button_and_a_page_to_open(site: Any, letter: Any) -> None:
    site.page("/", '{"id": "x"}')
    assert chat(site, "ntfy://HOST/duty").send(letter("k" * 32), (), BUTTONS) == Sent("ntfy", "k" * 32)
    (sent,) = site.sent("/")
    assert (sent["topic"], sent["title"], sent["sequence_id"]) == ("duty", "RECORD changed: Телеграм", "k" * 32)
    ack, snooze, case = sent["actions"]
    assert (ack["action"], ack["method"], ack["url"]) == ("http", "POST", f"http://desk.test/act/ack:{'k' * 32}")
    assert (snooze["label"], case["action"], case["url"]) == ("Snooze", "view", "http://desk.test/c")


def test_what_was_decided_takes_the_place_of_the_message_quietly(site: Any, letter: Any) -> None:
    site.page("/")
    there = chat(site, "ntfy://HOST/duty?priority=max&email=a@b.test")
    sent = there.send(letter(), (), BUTTONS)
    assert isinstance(sent, Sent)
    assert there.show(sent, letter(), ["anna has acknowledged it"], BUTTONS[2:]) is None
    first, then = site.sent("/")
    assert (then["sequence_id"], then["message"].splitlines()[0]) == (first["sequence_id"], "anna has acknowledged it")
    assert [each["label"] for each in then["actions"]] == ["Case"]
    loud, quiet = (each.headers for each in site.requests)
    assert (loud["x-priority"], loud["x-email"]) == ("max", "a@b.test")
    assert (quiet["x-priority"], "x-email" in quiet) == ("2", False)


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("ntfy://anna:pass%20word@HOST/duty", f"Basic {b64encode(b'anna:pass word').decode()}"),
        ("ntfy://tk_abcdef@HOST/duty", "Bearer tk_abcdef"),
        ("ntfy://HOST/duty?xtags=warning,fire&click=https://x.test/", None),
    ],
)
def test_what_the_url_says_is_kept(site: Any, letter: Any, url: str, login: str | None) -> None:
    site.page("/")
    chat(site, url).send(letter(), (), ())
    (asked,) = site.requests
    assert asked.headers.get("authorization") == login
    if "xtags" in url:
        assert (asked.headers["x-tags"], asked.headers["x-click"]) == ("fire,warning", "https://x.test/")


def test_each_topic_gets_it_and_one_that_fails_has_it_tried_again(site: Any, letter: Any) -> None:
    replies = iter([site.Reply(""), site.Reply('{"error":"topic secret-topic: limit"}', 429)])
    site.page("/", lambda _: next(replies))
    answer = chat(site, "ntfy://HOST/duty/secret-topic").send(letter(), (), ())
    assert isinstance(answer, ServiceAnswer)
    assert ("429" in answer.said, "secret-topic" in answer.said) == (True, False)
    assert {each["topic"] for each in site.sent("/")} == {"duty", "secret-topic"}


def test_a_long_text_stays_a_message(site: Any, letter: Any) -> None:
    site.page("/")
    chat(site, "ntfy://HOST/duty").send(letter(text="Ж" * 9_000), (), BUTTONS)
    assert len(site.requests[0].body) < 8_192
    assert len(site.sent("/")[0]["message"].encode()) <= 4_096
