"""Telegram: messages with buttons, and what is pressed and written in chats. https://core.telegram.org/bots/api

Plain HTTP by our own fetcher, as for webhooks: the address guard, the proxy and the authorities are those of `[http]`.
The bot's token is a part of each address, and no error and no log says one.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import aclosing, suppress
from datetime import timedelta
from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from alerts.apprise_service import telegram_target
from alerts.chat.bot import (
    BotEars,
    BotError,
    BotOptions,
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
from alerts.message.wording import cut, units
from alerts.service_answer import ServiceAnswer, redact, status_words
from sources import FetchError, Source
from sources.http.session import Fetcher
from sources.options import HttpOptions
from sources.secrets import Secrets
from state.model import Message

LONGEST, _ROOM = 4096, 900  # units of UTF-16 of a message, and of them those for what is said of decisions
_TIMEOUT = timedelta(seconds=20)
_LARGEST = 8_000_000  # bytes of an answer
_TAGS = re.compile(r'</?(?:b|i|code|blockquote|br|a(?: href="[^"<>]*")?)>')  # which messages have, and Telegram knows
_REVOKED = {401, 404}  # what is answered to a token that is no bot's, or not any more
_CONFLICT = timedelta(seconds=30)
_POLL, _MOST = timedelta(seconds=25), 20  # for which Telegram waits for something to tell, and the most that it tells
_LONGEST_TOAST, _LONGEST_GLANCE = 200, 60  # characters of what answers a press, and of what need not be closed
_LONGEST_ASKED = 300  # characters of a question
_PLAIN_LOOK: dict[str, Any] = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
_AS_IT_IS = "message is not modified"
_GONE = re.compile("message to edit not found|message can't be edited|MESSAGE_ID_INVALID", re.IGNORECASE)


class TelegramApi:
    """The methods of a bot, each in one request."""

    def __init__(self, options: BotOptions, secrets: Secrets, http: HttpOptions, clock: Clock) -> None:
        self._options, self._secrets, self._clock = options, secrets, clock
        self._http = http.model_copy(update={"auth": None, "headers": {}})

    async def call(
        self, method: str, fields: Mapping[str, Any], file: File | None = None, *, within: timedelta = _TIMEOUT
    ) -> Any:
        """The result of a method. Raises BotError."""
        address = f"{self._options.address}/bot{self._options.token}/{method}"
        try:
            async with aclosing(Fetcher(self._http, clock=self._clock)) as fetcher:
                session = fetcher.session(Source(timeout=within, max_bytes=_LARGEST))
                answer = await session.call(address, fields, file)
        except FetchError as error:
            raise BotError(self._hide(f"it could not be sent: {error.message}")) from None
        wait = answer.retry_after
        try:
            told = json.loads(answer.body)
            if told["ok"]:
                return told["result"]
            said, more = str(told["description"]), told.get("parameters", {})
            wait = timedelta(seconds=min(int(more["retry_after"]), 86_400)) if "retry_after" in more else wait
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            said = "no answer of Telegram's"
        what = self._hide(f"the server answered {status_words(answer.status)}: {said}")
        wait = _CONFLICT if answer.status == HTTPStatus.CONFLICT else wait  # another process of ours polls, too
        raise BotError(what, revoked=answer.status in _REVOKED, wait=wait)

    def _hide(self, text: str) -> str:
        return redact(text.replace(self._options.token, "…"), "", self._secrets)


class TelegramChat:
    """The chat of a channel: a `ButtonChat`."""

    def __init__(self, url: str, options: BotOptions, secrets: Secrets, http: HttpOptions, clock: Clock) -> None:
        target = telegram_target(url)
        self._api, self._chat = TelegramApi(options, secrets, http, clock), target.chat
        self._place = {"chat_id": self._chat, "disable_notification": target.silent}
        self._place |= {"message_thread_id": target.topic} if target.topic else {}
        self._look = _PLAIN_LOOK | {"link_preview_options": {"is_disabled": not target.preview}}

    def send(self, message: Message, files: Sequence[File], buttons: Buttons) -> Sent | ServiceAnswer:
        """Send a message, in parts where it is too long for one: the last has the buttons, and is what is shown anew.

        Files follow it: one that is not taken is left out, as the alert has arrived.
        """
        return asyncio.run(self._send(message, files, buttons))

    async def _send(self, message: Message, files: Sequence[File], buttons: Buttons) -> Sent | ServiceAnswer:
        *before, last = _parts(message, ())
        try:
            for part in before:
                await self._api.call("sendMessage", {**self._place, **self._look, "text": part})
            keys = {"reply_markup": _keyboard(message.key, buttons)} if buttons else {}
            sent = await self._api.call("sendMessage", {**self._place, **self._look, "text": last, **keys})
            remote = str(sent["message_id"])
        except BotError as error:
            return ServiceAnswer(str(error), wait=error.wait, in_turn=True)
        except (KeyError, TypeError):
            return ServiceAnswer("it was sent, and Telegram did not say as which message")
        for file in files:
            try:
                await self._api.call(
                    "sendDocument", {**self._place, "reply_parameters": json.dumps({"message_id": remote})}, file
                )
            except BotError:
                break
        return Sent(self._chat, remote)

    def show(self, sent: Sent, message: Message, said: Sequence[str], buttons: Buttons) -> ServiceAnswer | None:
        """Let a message say what was decided."""
        fields = {"chat_id": sent.chat, "message_id": int(sent.remote), **self._look, "text": _parts(message, said)[-1]}
        fields |= {"reply_markup": _keyboard(message.key, buttons)}
        try:
            asyncio.run(self._api.call("editMessageText", fields))
        except BotError as error:
            if _AS_IT_IS in str(error) or _GONE.search(str(error)):
                return None
            return ServiceAnswer(str(error), wait=error.wait)
        return None


class TelegramEars(BotEars):
    """What people press and write in the chats of a bot, by long polling, so that no port has to be open.

    An update is confirmed, with the next question, only after it was heard: after a kill it is told once more.
    """

    def __init__(self, name: str, options: BotOptions, secrets: Secrets, http: HttpOptions, clock: Clock) -> None:
        super().__init__()
        self._name, self._options, self._api = name, options, TelegramApi(options, secrets, http, clock)

    async def hear(self, ear: Ear) -> None:
        """Hear until it is cancelled. Raises BotError, and what the ear raises."""
        wanted = {"timeout": _POLL.seconds, "limit": _MOST, "allowed_updates": ["callback_query", "message"]}
        while True:
            updates = await self._api.call("getUpdates", wanted, within=_POLL + _TIMEOUT)
            ear.works()
            for update in updates:
                await self._hear(update, ear)
                wanted |= {"offset": update["update_id"] + 1}

    async def _hear(self, update: Any, ear: Ear) -> None:
        """Let an update be heard, and answer it; what has another form is left out."""
        match update:
            case {
                "callback_query": {
                    "id": str(number),
                    "from": {"id": int(person), **who},
                    "data": str(data),
                    "message": {"message_id": int(remote), "chat": dict(chat)},
                }
            } if named := read_button(data):
                press = Press(self._name, number, self._chat(chat), f"{person}", _name(who), *named, f"{remote}")
                said = cut(ear.press(press), _LONGEST_TOAST)
                toast = {"callback_query_id": number, "text": said, "show_alert": len(said) > _LONGEST_GLANCE}
                await self._say("answerCallbackQuery", toast)
            case {"callback_query": {"id": str(number)}}:  # of a button that is none of ours
                await self._say("answerCallbackQuery", {"callback_query_id": number})
            case {"message": {"from": {"id": int(person), **who}, "chat": dict(chat), "text": str(text)}}:
                asked = ChatQuestion(self._name, self._chat(chat), f"{person}", _name(who), text[:_LONGEST_ASKED])
                if said := ear.ask(asked):
                    answer = {"chat_id": asked.chat, "text": said.replace("<br>", "\n"), **_PLAIN_LOOK}
                    await self._say("sendMessage", answer)

    async def _say(self, method: str, fields: Mapping[str, Any]) -> None:
        with suppress(BotError):  # such as of a press of long ago
            await self._api.call(method, fields)

    def _chat(self, chat: Mapping[Any, Any]) -> str:
        """The id of a chat, or its name, if that is what the bot's `chats` have."""
        name = f"@{chat.get('username')}"
        return name if name in self._options.chats else f"{chat.get('id')}"


def _name(who: Mapping[Any, Any]) -> str:
    return " ".join(f"{who[part]}" for part in ("first_name", "last_name") if who.get(part))


def _keyboard(key: str, buttons: Buttons) -> dict[str, Any]:
    """Buttons in rows of two. Telegram refuses a message with a link to a host without a dot: it gets none."""
    keys = [
        {"text": each.label, "url": each.url}
        if each.url
        else {"text": each.label, "callback_data": name_button(each.verb, key)}
        for each in buttons
        if not each.url or "." in (urlsplit(each.url).hostname or "")
    ]
    return {"inline_keyboard": [keys[at : at + 2] for at in range(0, len(keys), 2)]}


def _parts(message: Message, said: Sequence[str]) -> list[str]:
    """A message in Telegram's HTML, with what is said of it at its end. One with other tags, as a template may have, is
    shown as its text, in parts that Telegram takes: what is said is in the last one.
    """
    title, end = f"<b>{escape(message.title)}</b>", "\n".join(f"<b>{escape(line)}</b>" for line in said)
    end = end and f"\n\n{end}"
    if "<" not in _TAGS.sub("", message.html) and units(message.html + title) <= LONGEST - _ROOM:
        body = message.html.replace("<br>", "\n").replace("<blockquote>", "\n<blockquote>")
        body = body.replace("</blockquote>", "</blockquote>\n")
        return [f"{title}\n{body}{end}"]
    most = (LONGEST - _ROOM) // (1 + (units(message.text) > len(message.text)))  # of emoji half as many
    parts = [message.text[at : at + most] for at in range(0, len(message.text), most)] or [""]
    *before, last = [escape(part) for part in parts]
    return [title, *before, f"{last}{end}"] if before else [f"{title}\n{last}{end}"]
