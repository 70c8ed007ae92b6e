"""Which service sends the messages of a channel with buttons. Here alone is decided what a `url` means for that."""

from collections.abc import Mapping
from typing import NamedTuple

from alerts.chat.bot import BotEars, BotOptions, ButtonChat, Clock, Link
from sources.options import HttpOptions
from sources.secrets import Secrets


class ChatPlace(NamedTuple):
    """The bot that sends a channel's messages, by its name, and the chat that it sends them to."""

    name: str
    bot: BotOptions
    chat: str


_KINDS = {"tgram": "telegram", "slack": "slack"}
_NTFY = {"ntfy", "ntfys"}


def find_bot(url: str, bots: Mapping[str, BotOptions]) -> ChatPlace:
    """Where the messages of a channel go. Raises ValueError, without secrets, where they can have no buttons."""
    kind = _KINDS.get(_service(url))
    if kind is None:
        raise ValueError("has buttons = true, which is for tgram://, slack:// and ntfy://")
    from alerts.apprise_service import slack_target, telegram_target  # noqa: PLC0415 - it is slow to load

    token, chat, *_ = telegram_target(url) if kind == "telegram" else slack_target(url)
    found = next((name for name, each in bots.items() if (each.kind, each.token) == (kind, token)), None)
    if found is None:
        raise ValueError(f'has buttons = true, and no bot of [bots] with kind = "{kind}" has its token')
    if chat not in bots[found].chats:
        raise ValueError(f'has buttons = true, and its chat is not one of "chats" in [bots.{found}]')
    return ChatPlace(found, bots[found], chat)


def open_chat(
    url: str, bots: Mapping[str, BotOptions], link: Link, secrets: Secrets, http: HttpOptions, clock: Clock
) -> ButtonChat:
    """What sends the messages of a channel with buttons. Raises ValueError as `find_bot`."""
    if _service(url) in _NTFY:
        from alerts.chat.ntfy import NtfyChat  # noqa: PLC0415 - loaded to send

        return NtfyChat(url, link, secrets, http, clock)
    place = find_bot(url, bots)
    if place.bot.kind == "slack":
        from alerts.chat.slack import SlackApi, SlackChat  # noqa: PLC0415 - as above

        return SlackChat(place.chat, SlackApi(place.bot, secrets, http, clock))
    from alerts.chat.telegram import TelegramChat  # noqa: PLC0415 - as above

    return TelegramChat(url, place.bot, secrets, http, clock)


def open_ears(name: str, bot: BotOptions, secrets: Secrets, http: HttpOptions, clock: Clock) -> BotEars:
    """What tells of what people press and write in the chats of a bot."""
    if bot.kind == "slack":
        from alerts.chat.slack import SlackApi, SlackEars  # noqa: PLC0415 - as above

        return SlackEars(name, SlackApi(bot, secrets, http, clock))
    from alerts.chat.telegram import TelegramEars  # noqa: PLC0415 - as above

    return TelegramEars(name, bot, secrets, http, clock)


def find_problem(url: str, bots: Mapping[str, BotOptions], desk: str | None) -> str | None:
    """Why the messages of a channel can have no buttons, without secrets; None if they can."""
    if _service(url) in _NTFY:
        return None if desk else "has buttons = true, which are links to the desk: set base_url in [web]"
    try:
        find_bot(url, bots)
    except ValueError as error:
        return str(error)
    return None


def _service(url: str) -> str:
    return url.strip().partition("://")[0].lower()
