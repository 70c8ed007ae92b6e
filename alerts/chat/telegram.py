"""Telegram: messages with buttons, and what is pressed and written in chats. https://core.telegram.org/bots/api

Plain HTTP by our own fetcher, as for webhooks: the address guard, the proxy and the authorities are those of `[http]`.
The bot's token is a part of each address, and no error and no log says one.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from alerts.apprise_service import telegram_target
from alerts.chat.buttons import Button, Sent, name_button
from alerts.chat.options import BotOptions
from alerts.message.recipient import File
from alerts.service_answer import ServiceAnswer, redact, status_words
from sources import FetchError, Source
from sources.http.session import Fetcher
from sources.options import HttpOptions
from sources.secrets import Secrets
from state.model import Message

LONGEST, _ROOM = 4096, 900  # characters of a message, and of them those for what is said of decisions
_TIMEOUT = timedelta(seconds=20)
_LARGEST = 8_000_000  # bytes of an answer
_TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote", "a"}  # of those that Telegram knows
_BLOCKS = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4"}
_AS_IT_IS = "message is not modified"
_GONE = re.compile("message to edit not found|message can't be edited|MESSAGE_ID_INVALID", re.IGNORECASE)


class TelegramError(Exception):
    """What Telegram, or the way to it, said instead of doing something; without the token."""

    def __init__(self, said: str, status: int = 0, wait: timedelta | None = None) -> None:
        super().__init__(said)
        self.status, self.wait = status, wait


class TelegramApi:
    """The methods of a bot, each in one request."""

    def __init__(self, options: BotOptions, secrets: Secrets, http: HttpOptions, clock: Callable[[], datetime]) -> None:
        self._options, self._secrets, self._clock = options, secrets, clock
        self._http = http.model_copy(update={"auth": None, "headers": {}})

    async def call(
        self, method: str, fields: Mapping[str, Any], file: File | None = None, *, within: timedelta = _TIMEOUT
    ) -> Any:
        """The result of a method. Raises TelegramError."""
        address = f"{self._options.address}/bot{self._options.token}/{method}"
        try:
            async with aclosing(Fetcher(self._http, clock=self._clock)) as fetcher:
                session = fetcher.session(Source(timeout=within, max_bytes=_LARGEST))
                answer = await session.call(address, fields, file)
        except FetchError as error:
            raise TelegramError(self._hide(f"it could not be sent: {error.message}")) from None
        try:
            told = json.loads(answer.body)
            if told["ok"]:
                return told["result"]
            said, more = str(told["description"]), told.get("parameters", {})
            wait = timedelta(seconds=min(int(more["retry_after"]), 86_400)) if "retry_after" in more else None
        except (ValueError, TypeError, KeyError, AttributeError):
            said, wait = "no answer of Telegram's", answer.retry_after
        raise TelegramError(
            self._hide(f"the server answered {status_words(answer.status)}: {said}"), answer.status, wait
        )

    def _hide(self, text: str) -> str:
        return redact(text.replace(self._options.token, "…"), "", self._secrets)


class TelegramChat:
    """The chat of a channel: a `ButtonChat`."""

    def __init__(
        self,
        url: str,
        options: BotOptions,
        secrets: Secrets,
        http: HttpOptions,
        clock: Callable[[], datetime],
    ) -> None:
        target = telegram_target(url)
        self._api, self._chat = TelegramApi(options, secrets, http, clock), target.chat
        self._place = {"chat_id": self._chat, "disable_notification": target.silent}
        self._place |= {"message_thread_id": target.topic} if target.topic else {}
        self._look = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": not target.preview}}

    def send(self, message: Message, files: Sequence[File], buttons: Sequence[Button]) -> Sent | ServiceAnswer:
        """Send a message, in parts where it is too long for one: the last has the buttons, and is what is shown anew.

        Files follow it: one that is not taken is left out, as the alert has arrived.
        """
        return asyncio.run(self._send(message, files, buttons))

    async def _send(self, message: Message, files: Sequence[File], buttons: Sequence[Button]) -> Sent | ServiceAnswer:
        *before, last = _parts(message, ())
        try:
            for part in before:
                await self._api.call("sendMessage", {**self._place, **self._look, "text": part})
            keys = {"reply_markup": _keyboard(message.key, buttons)} if buttons else {}
            sent = await self._api.call("sendMessage", {**self._place, **self._look, "text": last, **keys})
            remote = str(sent["message_id"])
        except TelegramError as error:
            return ServiceAnswer(str(error), wait=error.wait)
        except (KeyError, TypeError):
            return ServiceAnswer("it was sent, and Telegram did not say as which message")
        for file in files:
            try:
                await self._api.call("sendDocument", {**self._place, "reply_to_message_id": remote}, file)
            except TelegramError:
                break
        return Sent(self._chat, remote)

    def show(
        self, sent: Sent, message: Message, said: Sequence[str], buttons: Sequence[Button]
    ) -> ServiceAnswer | None:
        """Let a message say what was decided."""
        fields = {"chat_id": sent.chat, "message_id": int(sent.remote), **self._look, "text": _parts(message, said)[-1]}
        fields |= {"reply_markup": _keyboard(message.key, buttons)}
        try:
            asyncio.run(self._api.call("editMessageText", fields))
        except TelegramError as error:
            if _AS_IT_IS in str(error) or _GONE.search(str(error)):
                return None
            return ServiceAnswer(str(error), wait=error.wait)
        return None


def _keyboard(key: str, buttons: Sequence[Button]) -> dict[str, Any]:
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
    """A message in Telegram's HTML, in parts that it takes, with what is said of it at the end of the last one."""
    end = "".join(f"<br><b>{escape(line)}</b>" for line in said)
    made = _TelegramHtml(LONGEST - _ROOM)  # a part that was sent stays the same
    made.feed(f"<b>{escape(message.title)}</b><br>{message.html}")
    made.close()
    made.finish(end)
    return made.parts


class _TelegramHtml(HTMLParser):
    """HTML in `parts` of at most so many characters, with the tags that Telegram knows alone, each of them closed."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.parts, self._open = [""], list[tuple[str, str]]()
        self._most = self._room = most

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Keep a tag, or the line that it begins."""
        if tag == "br" or (tag in _BLOCKS and self._room < self._most):
            self._add("\n")
        elif tag in _TAGS:
            href = dict(attrs).get("href") or ""
            start = f'<a href="{escape(href)}">' if tag == "a" else f"<{tag}>"
            self._open.append((tag, start))
            self.parts[-1] += start

    def handle_endtag(self, tag: str) -> None:
        """Close a tag, with all that were opened in it."""
        while any(each == tag for each, _ in self._open):
            last, _ = self._open.pop()
            self.parts[-1] += f"</{last}>"
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self._add(re.sub(r"[ \t\r\n]+", " ", data))

    def _add(self, text: str) -> None:
        while len(text) > self._room:
            self.parts[-1] += escape(text[: self._room], quote=False) + self._closing
            text, self._room = text[self._room :], self._most
            self.parts.append("".join(start for _, start in self._open))
        self.parts[-1] += escape(text, quote=False)
        self._room -= len(text)

    @property
    def _closing(self) -> str:
        return "".join(f"</{tag}>" for tag, _ in reversed(self._open))

    def finish(self, end: str) -> None:
        """Close what is open, and put `end` behind it."""
        self.parts[-1] += self._closing + end.replace("<br>", "\n")
        self._open.clear()
