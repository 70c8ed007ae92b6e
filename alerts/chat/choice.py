"""Which service sends the messages of a channel with buttons. Here alone is decided what a `url` means for that."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from alerts.chat.buttons import ButtonChat
from alerts.chat.options import BotOptions
from sources.options import HttpOptions
from sources.secrets import Secrets


class ChatPlace(NamedTuple):
    """The bot that sends a channel's messages, by its name, and the chat that it sends them to."""

    name: str
    bot: BotOptions
    chat: str


def find_bot(url: str, bots: Mapping[str, BotOptions]) -> ChatPlace:
    """Where the messages of a channel go. Raises ValueError, without secrets, where they can have no buttons."""
    match _service(url):
        case "tgram":
            from alerts.apprise_service import telegram_target  # noqa: PLC0415 - it is slow to load

            token, chat, *_ = telegram_target(url)
            found = next((name for name, each in bots.items() if (each.kind, each.token) == ("telegram", token)), None)
            if found is None:
                raise ValueError('has buttons = true, and no bot of [bots] with kind = "telegram" has its token')
            if chat not in bots[found].chats:
                raise ValueError(f'has buttons = true, and its chat is not one of "chats" in [bots.{found}]')
            return ChatPlace(found, bots[found], chat)
    raise ValueError("has buttons = true, which is for tgram://")


def open_chat(
    url: str,
    bots: Mapping[str, BotOptions],
    secrets: Secrets,
    http: HttpOptions,
    clock: Callable[[], datetime],
) -> ButtonChat:
    """What sends the messages of a channel with buttons. Raises ValueError as `find_bot`."""
    place = find_bot(url, bots)
    from alerts.chat.telegram import TelegramChat  # noqa: PLC0415 - loaded to send

    return TelegramChat(url, place.bot, secrets, http, clock)


def _service(url: str) -> str:
    return url.strip().partition("://")[0].lower()
