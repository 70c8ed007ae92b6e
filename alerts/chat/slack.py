"""Slack: messages with buttons by its Web API, and what is pressed by Socket Mode, a WebSocket that this program opens:
no port of it is open to others. https://docs.slack.dev/apis/events-api/using-socket-mode

Plain HTTP by our own fetcher, as for webhooks: the address guard and the authorities are those of `[http]`. No error
and no log has a token. Import this module only to send, or to listen.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, suppress
from datetime import timedelta
from html import escape
from typing import Any

from alerts.apprise_service import to_mrkdwn
from alerts.chat.bot import (
    BotEars,
    BotError,
    BotOptions,
    Button,
    Buttons,
    ChatQuestion,
    Clock,
    Ear,
    Press,
    Sent,
    name_button,
    read_button,
)
from alerts.message.recipient import File
from alerts.message.wording import cut
from alerts.service_answer import ServiceAnswer, redact, status_words
from sources import FetchError, Source
from sources.http.session import Fetcher
from sources.http.transport import open_websocket
from sources.options import HttpOptions
from sources.secrets import Secrets
from state.model import Message

_TIMEOUT, _LARGEST = timedelta(seconds=20), 8_000_000  # of a request, and bytes of its answer
_TITLE, _MOST_PARTS = 150, 40  # characters; of 50 blocks
_PART = re.compile(r".{1,2999}(?:\n|\Z)|.{1,3000}", re.DOTALL)  # what a section takes, to the end of a line if it can
_LONGEST_ASKED = 300  # characters of a question
_REVOKED = {"invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
_GONE = re.compile("message_not_found|cant_update_message|edit_window_closed")


class SlackApi:
    """The methods of a bot, and what Slack tells it."""

    def __init__(self, options: BotOptions, secrets: Secrets, http: HttpOptions, clock: Clock) -> None:
        self._options, self._secrets, self._clock = options, secrets, clock
        self._http = http.model_copy(update={"auth": None, "headers": {}})

    async def call(self, method: str, fields: Mapping[str, Any], token: str = "") -> Mapping[str, Any]:
        """The answer of a method. Raises BotError."""
        login = {"Authorization": f"Bearer {token or self._options.token}"}
        source = Source(timeout=_TIMEOUT, max_bytes=_LARGEST, headers=login)
        try:
            async with aclosing(Fetcher(self._http, clock=self._clock)) as fetcher:
                answer = await fetcher.session(source).call(f"{self._options.address}/{method}", fields)
        except FetchError as error:
            raise BotError(self._hide(f"it could not be sent: {error.message}")) from None
        told = _read(answer.body)
        if told.get("ok") is True:
            return told
        code = str(told.get("error", "no answer of Slack's"))
        what = self._hide(f"the server answered {status_words(answer.status)}: {code}")
        raise BotError(what, revoked=code in _REVOKED, wait=answer.retry_after)

    async def listen(self) -> AsyncIterator[Mapping[str, Any]]:
        """What Slack tells over one connection, each acknowledged first: else it is told again after three seconds.
        Ends with the connection, which Slack renews. Raises BotError.
        """
        opened = await self.call("apps.connections.open", {}, self._options.app_token or "")
        try:
            async with open_websocket(self._http, str(opened.get("url"))) as socket:
                async for frame in socket:
                    told = _read(frame.data)
                    if told.get("type") == "disconnect":
                        return
                    if isinstance(told.get("envelope_id"), str):
                        await socket.send_json({"envelope_id": told["envelope_id"]})
                    yield told
        except FetchError as error:
            raise BotError(self._hide(error.message)) from None

    def _hide(self, text: str) -> str:
        for token in (self._options.token, self._options.app_token):
            text = text.replace(token, "…") if token else text
        return redact(text, "", self._secrets)


class SlackChat:
    """The chat of a channel: a `ButtonChat`."""

    def __init__(self, chat: str, api: SlackApi) -> None:
        self._chat, self._api = chat, api

    def send(self, message: Message, files: Sequence[File], buttons: Buttons) -> Sent | ServiceAnswer:  # noqa: ARG002 - none are made for it
        """Send a message, without files."""
        return self._post("chat.postMessage", Sent(self._chat, ""), message, (), buttons)

    def show(self, sent: Sent, message: Message, said: Sequence[str], buttons: Buttons) -> ServiceAnswer | None:
        """Let a message say what was decided."""
        answer = self._post("chat.update", sent, message, said, buttons)
        return answer if isinstance(answer, ServiceAnswer) and not _GONE.search(answer.said) else None

    def _post(
        self, method: str, place: Sent, message: Message, said: Sequence[str], buttons: Buttons
    ) -> Sent | ServiceAnswer:
        texts = [part for part in _PART.findall(to_mrkdwn(message.html)) if part.strip()][:_MOST_PARTS]
        texts += [f"*{escape(line, quote=False)}*" for line in said]
        blocks = [
            {"type": "header", "text": _plain(cut(message.title, _TITLE))},
            *({"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in texts),
            *([{"type": "actions", "elements": [_key(message.key, each) for each in buttons]}] if buttons else []),
        ]
        fields = {"channel": place.chat, "text": escape(message.title, quote=False), "blocks": blocks}
        fields |= {"ts": place.remote} if place.remote else {}
        try:
            return place._replace(remote=str(asyncio.run(self._api.call(method, fields)).get("ts")))
        except BotError as error:
            return ServiceAnswer(str(error), wait=error.wait, in_turn=True)


class SlackEars(BotEars):
    """What people press, and ask by slash commands, in the chats of a bot."""

    def __init__(self, name: str, api: SlackApi) -> None:
        super().__init__()
        self._name, self._api = name, api

    async def hear(self, ear: Ear) -> None:
        """Hear what comes over one connection, and whisper the answers. Raises BotError, and what the ear raises."""
        async for told in self._api.listen():
            ear.works()
            match told:
                case {
                    "payload": {
                        "actions": [{"action_id": str(button), "action_ts": str(at)}, *_],
                        "user": {"id": str(person), **who},
                        "container": {"channel_id": str(chat), "message_ts": str(remote)},
                    }
                } if named := read_button(button):
                    place = chat, person, str(who.get("name"))
                    said = ear.press(Press(self._name, f"{at} {person}", *place, *named, remote))
                case {"payload": {"command": str(command), "user_id": str(person), "channel_id": str(chat), **more}}:
                    text = f"{command} {more.get('text', '')}"[:_LONGEST_ASKED]
                    said = to_mrkdwn(ear.ask(ChatQuestion(self._name, chat, person, str(more.get("user_name")), text)))
                case _:
                    continue
            with suppress(BotError):  # such as to somebody who has left; "" is said to nobody
                await self._api.call("chat.postEphemeral", {"channel": chat, "user": person, "text": said})


def _key(key: str, button: Button) -> Mapping[str, Any]:
    opens = {"url": button.url} if button.url else {}
    return {"type": "button", "text": _plain(button.label), "action_id": name_button(button.verb, key), **opens}


def _plain(text: str) -> Mapping[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _read(content: object) -> Mapping[str, Any]:
    """What Slack says, if it is an object in JSON; else nothing."""
    with suppress(ValueError, RecursionError):
        told = json.loads(content) if isinstance(content, str | bytes) else {}
        return told if isinstance(told, dict) else {}
    return {}
