"""Slack, played on loopback: messages with buttons, and what Slack tells over its WebSocket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from queue import Queue
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from alerts.apprise_service import slack_target
from alerts.chat.bot import BotError, BotOptions, Button, ChatQuestion, Press, Sent
from alerts.chat.slack import SlackApi, SlackChat, SlackEars
from alerts.service_answer import ServiceAnswer
from sources.options import HttpOptions
from sources.secrets import Secrets
from tests.slack_players import APP, BOT, SlackPlayer

URL = f"slack://{BOT}/C0123"
KEY = "0123456789abcdef" * 2
BUTTONS = [Button("ack", "Acknowledge"), Button("open", "Case", "https://desk.test/c")]


@pytest.fixture
def slack() -> Iterator[SlackPlayer]:
    with SlackPlayer().running() as player:
        yield player


def how(slack: SlackPlayer) -> Any:
    options = BotOptions(kind="slack", token=BOT, app_token=APP, chats=("C0123",), api=slack.address)
    return options, Secrets(), HttpOptions(private_addresses="allow"), lambda: datetime.now(UTC)


def test_a_message_has_buttons_and_says_later_what_was_decided(slack: SlackPlayer, letter: Any) -> None:
    chat = SlackChat("C0123", SlackApi(*how(slack)))
    sent = chat.send(letter(KEY), (), BUTTONS)
    assert isinstance(sent, Sent)
    assert slack.buttons(sent.remote) == {"Acknowledge": f"ack:{KEY}", "Case": f"open:{KEY}"}
    assert chat.show(sent, letter(KEY), ["anna <b> has acknowledged it"], BUTTONS[1:]) is None
    assert list(slack.buttons(sent.remote)) == ["Case"]
    assert "*anna &lt;b&gt; has acknowledged it*" in slack.text(sent.remote)
    assert {login for _, login, _ in slack.calls} == {f"Bearer {BOT}"}


def test_a_text_of_any_length_is_whole_and_mentions_nobody(slack: SlackPlayer, letter: Any) -> None:
    html = "<br>".join(["line &lt;!here&gt; *x*"] * 900)
    long = letter(KEY, title="<!channel> " + "t" * 300)._replace(html=html)
    sent = SlackChat("C0123", SlackApi(*how(slack))).send(long, (), BUTTONS)
    assert isinstance(sent, Sent)
    texts = [block["text"]["text"] for block in slack.posted[sent.remote]["blocks"] if block["type"] == "section"]
    assert max(map(len, texts)) <= 3_000
    star = "<!date^00000000^{_}|*>"
    assert "".join(texts).count(f"line &lt;!here&gt; {star}x{star}") == 900
    assert "<!" not in slack.posted[sent.remote]["text"]


@pytest.mark.parametrize("error", ["token_revoked", "channel_not_found", f"no {BOT} here"])
def test_what_is_refused_is_said_without_the_token(slack: SlackPlayer, letter: Any, error: str) -> None:
    slack.refuse["chat.postMessage"] = error
    answer = SlackChat("C0123", SlackApi(*how(slack))).send(letter(), (), BUTTONS)
    assert isinstance(answer, ServiceAnswer)
    assert error.replace(BOT, "…") in answer.said


def test_a_message_that_is_gone_needs_no_further_try(slack: SlackPlayer, letter: Any) -> None:
    slack.refuse["chat.update"] = "message_not_found"
    assert SlackChat("C0123", SlackApi(*how(slack))).show(Sent("C0123", "1.0"), letter(), ["x"], ()) is None


@pytest.mark.parametrize("url", [f"slack://{BOT}/C1/C2", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#hmm"])
def test_a_url_of_several_channels_or_of_a_webhook_has_no_buttons(url: str) -> None:
    with pytest.raises(ValueError, match="the id of one channel"):
        slack_target(url)


class Ear:
    """Keeps what it hears, and ends listening after so many presses."""

    def __init__(self, most: int = 1) -> None:
        self.presses, self.asked, self.worked, self._most = list[Press](), list[ChatQuestion](), 0, most

    def press(self, press: Press) -> str:
        self.presses.append(press)
        if len(self.presses) == self._most:
            raise EnoughError
        return f"pressed by {press.name}"

    def ask(self, question: ChatQuestion) -> str:
        self.asked.append(question)
        return "<b>all</b> is &lt;well&gt;"

    def works(self) -> None:
        self.worked += 1


class EnoughError(Exception):
    pass


def hear(slack: SlackPlayer, ear: Ear, then: Callable[[], None]) -> Future[None]:
    """Listen in a thread, and do something once Slack is connected."""
    with ThreadPoolExecutor(1) as pool:
        listening = pool.submit(SlackEars("duty", SlackApi(*how(slack))).listen, ear)
        assert slack.connected.wait(10)
        then()
    return listening


def test_what_slack_tells_is_acknowledged_heard_and_whispered_about_and_rubbish_is_left(slack: SlackPlayer) -> None:
    def tell() -> None:
        for rubbish in (7, [], {"type": 3}, {"envelope_id": 9}, {"envelope_id": "r1", "payload": []}):
            slack.tell(rubbish)
        slack.tell({"envelope_id": "r2", "payload": {"actions": [{"action_id": "ack:x"}]}})
        for _ in range(2):
            slack.press(f"ack:{KEY}")
        slack.press(f"open:{KEY}")
        slack.press(f"snooze:{KEY}", at="8.1")

    ear = Ear(3)
    assert isinstance(hear(slack, ear, tell).exception(), EnoughError)
    first, again, then = ear.presses
    assert (first, then.verb) == (again, "snooze")  # told again, in another envelope
    assert (first.bot, first.chat, first.person, first.verb, first.key) == ("duty", "C0123", "U1", "ack", KEY)
    assert [slack.acknowledged.get(timeout=10) for _ in range(2)] == ["r1", "r2"]
    said = {"channel": "C0123", "user": "U1", "text": "pressed by u1"}
    assert [slack.whispered.get(timeout=10) for _ in range(2)] == [said, said]
    assert slack.calls[0][1] == f"Bearer {APP}"


def test_a_slash_command_is_answered_to_who_asked(slack: SlackPlayer) -> None:
    asked = {"command": "/case", "text": "telegram", "user_id": "U1", "user_name": "anna", "channel_id": "C0123"}

    def tell() -> None:
        slack.tell({"type": "slash_commands", "envelope_id": "e", "payload": asked})
        slack.press(f"ack:{KEY}")

    ear = Ear()
    hear(slack, ear, tell)
    assert ear.asked == [ChatQuestion("duty", "C0123", "U1", "anna", "/case telegram")]
    assert slack.whispered.get(timeout=10)["text"] == "*all* is &lt;well&gt;"


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("ws://169.254.169.254/?ticket=secret", "169.254.169.254"),
        ("ws://127.0.0.1:1/?ticket=secret", "connection refused"),
        ("/etc/passwd", "is no address"),
    ],
)
def test_what_slack_names_as_its_connection_is_held_against_the_guard(slack: SlackPlayer, link: str, why: str) -> None:
    slack.link = link
    with pytest.raises(BotError, match=why) as caught:
        SlackEars("duty", SlackApi(*how(slack))).listen(Ear())
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("end", ["closes", "renews", "stop", "says too much"])
def test_a_connection_that_ends_ends_listening_quietly(slack: SlackPlayer, end: str) -> None:
    ears = SlackEars("duty", SlackApi(*how(slack)))
    with ThreadPoolExecutor(1) as pool:
        listening = pool.submit(ears.listen, Ear())
        assert slack.connected.wait(10)
        if end == "stop":
            ears.stop()
        elif end == "closes":
            slack.hang_up()
        else:
            with suppress(ConnectionError):
                slack.tell({"type": "disconnect"} if end == "renews" else "x" * 2_000_000)
        assert listening.result(10) is None


def test_a_revoked_token_is_said_without_it(slack: SlackPlayer) -> None:
    slack.refuse["apps.connections.open"] = "token_revoked"
    with pytest.raises(BotError, match="token_revoked") as caught:
        SlackEars("duty", SlackApi(*how(slack))).listen(Ear())
    assert (APP in str(caught.value), caught.value.revoked) == (False, True)


def test_a_server_that_hangs_is_given_up(slack: SlackPlayer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.chat.slack._TIMEOUT", timedelta(seconds=0.2))
    slack.silent = True
    with pytest.raises(BotError, match="no answer from"):
        SlackEars("duty", SlackApi(*how(slack))).listen(Ear())


def test_slacks_own_client_takes_the_player_for_slack(slack: SlackPlayer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    web, heard = WebClient(BOT, base_url=slack.address), Queue[Any]()
    assert web.chat_postMessage(channel="C0123", text="x", blocks=[])["ts"] in slack.posted
    client = SocketModeClient(APP, web_client=web)
    client.socket_mode_request_listeners.append(lambda _, request: heard.put(request))  # type: ignore[arg-type] - its types are too narrow
    with closing(client):
        client.connect()
        slack.press(f"ack:{KEY}")
        told = heard.get(timeout=10)
        assert told.payload["actions"][0]["action_id"] == f"ack:{KEY}"
        client.send_socket_mode_response(SocketModeResponse(told.envelope_id))
        assert slack.acknowledged.get(timeout=10) == told.envelope_id
