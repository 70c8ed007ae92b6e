"""Slack, played on loopback: messages with buttons, and what Slack tells over its WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.apprise_service import slack_target
from alerts.chat.buttons import Button, Sent
from alerts.chat.options import BotOptions
from alerts.chat.slack import SlackApi, SlackChat, SlackError, read_press
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
    chat = SlackChat(URL, "C0123", SlackApi(*how(slack)))
    sent = chat.send(letter(KEY), (), BUTTONS)
    assert isinstance(sent, Sent)
    assert slack.buttons(sent.remote) == {"Acknowledge": f"ack:{KEY}", "Case": f"open:{KEY}"}
    assert chat.show(sent, letter(KEY), ["anna <b> has acknowledged it"], BUTTONS[1:]) is None
    assert list(slack.buttons(sent.remote)) == ["Case"]
    assert "*anna &lt;b&gt; has acknowledged it*" in slack.text(sent.remote)
    assert {login for _, login, _ in slack.calls} == {f"Bearer {BOT}"}


def test_a_text_of_any_length_is_whole_and_mentions_nobody(slack: SlackPlayer, letter: Any) -> None:
    html = "<br>".join(["line &lt;!here&gt; *x*"] * 900)
    long = replace(letter(KEY, title="<!channel> " + "t" * 300), html=html)
    sent = SlackChat(URL, "C0123", SlackApi(*how(slack))).send(long, (), BUTTONS)
    assert isinstance(sent, Sent)
    texts = [block["text"]["text"] for block in slack.posted[sent.remote]["blocks"] if block["type"] == "section"]
    assert max(map(len, texts)) <= 3_000
    assert "".join(texts).count("line &lt;!here&gt; \\*x\\*") == 900
    assert "<!" not in slack.posted[sent.remote]["text"]


@pytest.mark.parametrize("error", ["token_revoked", "channel_not_found", f"no {BOT} here"])
def test_what_is_refused_is_said_without_the_token(slack: SlackPlayer, letter: Any, error: str) -> None:
    slack.refuse["chat.postMessage"] = error
    answer = SlackChat(URL, "C0123", SlackApi(*how(slack))).send(letter(), (), BUTTONS)
    assert isinstance(answer, ServiceAnswer)
    assert error.replace(BOT, "…") in answer.said


def test_a_message_that_is_gone_needs_no_further_try(slack: SlackPlayer, letter: Any) -> None:
    slack.refuse["chat.update"] = "message_not_found"
    assert SlackChat(URL, "C0123", SlackApi(*how(slack))).show(Sent("C0123", "1.0"), letter(), ["x"], ()) is None


@pytest.mark.parametrize("url", [f"slack://{BOT}/C1/C2", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#hmm"])
def test_a_url_of_several_channels_or_of_a_webhook_has_no_buttons(url: str) -> None:
    with pytest.raises(ValueError, match="the id of one channel"):
        slack_target(url)


async def _listen(slack: SlackPlayer, told: list[Any], most: int) -> None:
    async for each in SlackApi(*how(slack)).listen():
        told.append(each)
        if len(told) == most:
            return


def test_what_slack_tells_is_acknowledged_and_read_and_rubbish_is_left(slack: SlackPlayer) -> None:
    told = list[Any]()

    async def hear() -> None:
        listening = asyncio.create_task(_listen(slack, told, 4))
        await asyncio.to_thread(slack.connected.wait, 10)
        await asyncio.to_thread(_tell_rubbish, slack)
        await asyncio.wait_for(listening, 10)

    asyncio.run(hear())
    presses = [read_press("duty", each) for each in told]
    assert [press and (press.verb, press.key, press.person) for press in presses] == [
        None,
        None,
        ("ack", KEY, "U1"),
        ("ack", KEY, "U1"),
    ]
    assert presses[2] == presses[3]  # told again, in another envelope
    assert slack.acknowledged[:2] == ["r1", "r2"]
    assert slack.calls[0][1] == f"Bearer {APP}"


def _tell_rubbish(slack: SlackPlayer) -> None:
    for rubbish in (7, [], {"type": 3}, {"envelope_id": 9}, {"envelope_id": "r1", "type": "interactive"}):
        slack.tell(rubbish)
    slack.tell({"envelope_id": "r2", "type": "interactive", "payload": {"actions": [{"action_id": "ack:x"}]}})
    slack.press(f"ack:{KEY}")
    slack.press(f"ack:{KEY}")


def test_a_connection_that_closes_ends_listening(slack: SlackPlayer) -> None:
    async def hear() -> None:
        listening = asyncio.create_task(_listen(slack, [], 1))
        await asyncio.to_thread(slack.connected.wait, 10)
        await asyncio.to_thread(slack.hang_up)
        await asyncio.wait_for(listening, 10)

    asyncio.run(hear())


def test_a_revoked_token_is_said_without_it(slack: SlackPlayer) -> None:
    slack.refuse["apps.connections.open"] = "token_revoked"
    with pytest.raises(SlackError, match="token_revoked") as caught:
        asyncio.run(_listen(slack, [], 1))
    assert APP not in str(caught.value)
