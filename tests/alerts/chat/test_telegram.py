"""Telegram, played on loopback as its documentation has it: what is sent, shown and heard, and no token in any error."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.chat.bot import BotError, BotOptions, Button, ChatQuestion, Press, Sent
from alerts.chat.telegram import TelegramChat, TelegramEars
from alerts.message.recipient import File
from alerts.service_answer import ServiceAnswer
from sources.options import HttpOptions
from sources.secrets import Secrets
from tests.telegram_api import TOKEN, RefusedError, TelegramServer

BUTTONS = [Button("ack", "Acknowledge"), Button("open", "Case", "https://desk.test/c")]
KEY = "0123456789abcdef" * 2


@pytest.fixture
def telegram(site: Any) -> TelegramServer:
    return TelegramServer(site)


def options(site: Any) -> BotOptions:
    return BotOptions(kind="telegram", token=TOKEN, chats=("-1001", "@duty"), api=site.url(""))


def chat(site: Any, place: str = "-1001") -> TelegramChat:
    http = HttpOptions(private_addresses="allow")
    return TelegramChat(f"tgram://{TOKEN}/{place}", options(site), Secrets(), http, lambda: datetime.now(UTC))


def test_a_message_has_its_buttons_and_names_itself_in_them(site: Any, telegram: Any, letter: Any) -> None:
    assert chat(site, "-1001:7/?silent=yes").send(letter(KEY), (), BUTTONS) == Sent("-1001", "101")
    (sent,) = telegram.messages.values()
    assert sent["text"].startswith("<b>RECORD changed: Телеграм</b>\n")
    assert (sent["message_thread_id"], sent["disable_notification"]) == (7, True)
    assert telegram.keys("-1001") == [
        {"text": "Acknowledge", "callback_data": f"ack:{KEY}"},
        {"text": "Case", "url": "https://desk.test/c"},
    ]


def test_a_link_that_telegram_would_refuse_is_left_out(site: Any, telegram: Any, letter: Any) -> None:
    chat(site).send(letter(KEY), (), [Button("open", "Case", "http://localhost:8350/c")])
    assert telegram.keys("-1001") == []


def test_what_has_other_tags_or_is_too_long_is_shown_as_text_in_parts(site: Any, telegram: Any, letter: Any) -> None:
    long = letter(KEY)._replace(text="<&>" * 3000, html="<table><tr><td>x")
    sent = chat(site).send(long, (), BUTTONS)
    assert isinstance(sent, Sent)
    *_, last = telegram.messages
    assert sent.remote == f"{last}"
    assert "".join(telegram.shown("-1001").split("\n---\n")[1:]) == "<&>" * 3000
    assert chat(site).show(sent, long, ["Acknowledged: anna"], ()) is None
    assert telegram.shown("-1001").endswith("\n\nAcknowledged: anna")


@pytest.mark.parametrize("html", ["\U0001f6d1" * 2_500, "<table><tr><td>x"])
def test_an_emoji_counts_as_two_as_telegram_counts(site: Any, telegram: Any, letter: Any, html: str) -> None:
    assert isinstance(chat(site).send(letter(KEY)._replace(text="\U0001f6d1" * 3_000, html=html), (), ()), Sent)
    shown = telegram.shown("-1001").split("\n---\n")
    assert sum(each.count("\U0001f6d1") for each in shown) >= 800
    assert max(len(each.encode("utf-16-le")) // 2 for each in shown) <= 4_096


def test_files_follow_the_message_and_one_that_is_refused_does_not_undo_it(
    site: Any, telegram: Any, letter: Any
) -> None:
    files = [File("proof-1.html", b"<p>Telegram</p>")]
    assert isinstance(chat(site).send(letter(KEY), files, ()), Sent)
    assert b'name="document"; filename="proof-1.html"' in telegram.documents[0]
    telegram.refuse["sendDocument"] = RefusedError(413, "Request Entity Too Large")
    assert isinstance(chat(site).send(letter(KEY), files, ()), Sent)


@pytest.mark.parametrize(
    ("refused", "said", "wait"),
    [
        (RefusedError(429, "Too Many Requests: retry after 7", retry_after=7), "429 Too Many Requests: Too Many", 7),
        (RefusedError(401, f"Unauthorized {TOKEN}"), "401 Unauthorized: Unauthorized …", 0),
        (RefusedError(404, "Not Found"), "404 Not Found: Not Found", 0),
    ],
)
def test_a_refusal_is_told_without_the_token(
    site: Any, telegram: Any, letter: Any, refused: RefusedError, said: str, wait: int
) -> None:
    telegram.refuse["sendMessage"] = refused
    answer = chat(site).send(letter(KEY), (), BUTTONS)
    assert isinstance(answer, ServiceAnswer)
    assert said in answer.said
    assert TOKEN not in answer.said
    assert answer.wait == (timedelta(seconds=wait) if wait else None)


@pytest.mark.parametrize("body", ["", "[]", "{}", "[" * 9999, '{"ok": true, "result": 7}', '{"ok": false}', "<html>"])
def test_an_answer_that_is_none_of_telegrams_is_a_refusal(site: Any, letter: Any, body: str) -> None:
    site.page(f"/bot{TOKEN}/sendMessage", body)
    answer = chat(site).send(letter(KEY), (), ())
    assert isinstance(answer, ServiceAnswer)
    assert TOKEN not in answer.said


def test_a_server_that_cannot_be_reached_is_told_without_the_token(site: Any, letter: Any) -> None:
    there = chat(site)
    site.close()
    answer = there.send(letter(KEY), (), ())
    assert isinstance(answer, ServiceAnswer)
    assert answer.said.startswith("it could not be sent: ")
    assert TOKEN not in answer.said


class Heard:
    """An ear that ends the listening after some things."""

    def __init__(self, most: int) -> None:
        self.heard, self.most = list[Any](), most

    def _hear(self, what: Any) -> str:
        self.heard.append(what)
        if len(self.heard) == self.most:
            raise EOFError
        return "<b>yes</b><br>"

    press = ask = _hear

    def works(self) -> None: ...


def test_presses_and_questions_are_heard_in_order_and_what_has_another_form_is_left_out(
    site: Any, telegram: Any
) -> None:
    telegram.messages[5] = {"chat": "-1001", "text": ""}
    strange_press = telegram.press("-1001", "something else")
    for strange in ({}, {"message": 7}, {"callback_query": {"id": 1}}, {"message": {"chat": {}, "text": "x"}}):
        telegram.updates.append({"update_id": 2, **strange})
    telegram._number = 2
    number = telegram.press("-1001", f"ack:{KEY}", 7, "Anna")
    telegram.write("-1001", "/last " + "x" * 999)
    http, ear = HttpOptions(private_addresses="allow"), Heard(2)
    ears = TelegramEars("desk", options(site), Secrets(), http, lambda: datetime.now(UTC))
    with pytest.raises(EOFError):
        ears.listen(ear)
    assert ear.heard == [
        Press("desk", number, "-1001", "7", "Anna", "ack", KEY, "5"),
        ChatQuestion("desk", "-1001", "7", "Anna", ("/last " + "x" * 999)[:300]),
    ]
    assert telegram.toasts == [(strange_press, ""), (number, "<b>yes</b><br>")]


def test_a_revoked_token_and_a_second_listener_are_told(site: Any, telegram: Any) -> None:
    http = HttpOptions(private_addresses="allow")
    for status, revoked, wait in ((401, True, None), (409, False, timedelta(seconds=30))):
        telegram.refuse["getUpdates"] = RefusedError(status, "No")
        with pytest.raises(BotError, match=re.escape(f"{status} ")) as error:
            TelegramEars("desk", options(site), Secrets(), http, lambda: datetime.now(UTC)).listen(Heard(1))
        assert (error.value.revoked, error.value.wait) == (revoked, wait)


def test_a_quote_has_lines_of_its_own(site: Any, telegram: Any, letter: Any) -> None:
    html = "<b>branch</b><blockquote>was: A<br>now: B</blockquote>Mentions telegram"
    chat(site).send(letter(KEY)._replace(html=html), (), ())
    assert telegram.shown("-1001").splitlines()[1:] == ["branch", "was: A", "now: B", "Mentions telegram"]
