"""A newsroom with two chats in Telegram, whose API is played on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.chat.bot import Press, read_button
from alerts.rules import routes_for
from state.model import Event, EventKind, Mention
from state.store import Store
from tests.telegram_api import TOKEN, TelegramServer
from watcher.bots.decisions import decide_press
from watcher.config.load import Sending, load
from watcher.delivery.deliver import Deliverer

NOON = datetime(2025, 7, 17, 12, tzinfo=UTC)
CHATS = {"duty": "-1001", "chief": "-1002"}
ANNA, BORIS, CARL = 7, 8, 9  # an editor, an editor of other sources, and who only looks


class Newsroom:
    """The state and the configuration, with a clock that is moved by hand."""

    def __init__(self, path: Any, telegram: TelegramServer) -> None:
        self.config, self.telegram, self.now = load(path, Sending()), telegram, NOON
        self.store = Store.open(self.config.state)

    def clock(self) -> datetime:
        return self.now

    def put(self, title: str = "Telegram", source: str = "list", **more: Any) -> None:
        data = {"change": "added", "key": title, "title": title, "url": None, "published": None, "fields": {}, **more}
        mentions = [Mention("telegram", "Telegram", "Telegram", "title")] if "Telegram" in title else []
        event = Event(EventKind.CHANGE, source, source, "record", self.now, None, {"entry": {}, **data}, mentions)
        self.store.log.add_alert((event, routes_for(event, self.config.alerts, self.now, self.config.timezone)))

    def drain(self, **passed: float) -> None:
        self.now += timedelta(**passed)
        Deliverer(self.config, self.store, self.clock).drain()

    def press(self, verb: str, where: str = "duty", who: int = ANNA, number: str = "1", chat: str = "") -> str:
        """Press a button of the last message in a chat, as the service reports it."""
        read = read_button(self.telegram.data(CHATS[where], verb))
        assert read
        press = Press("desk", number, chat or CHATS[where], f"{who}", "Anna", *read)
        return decide_press(self.config, self.store, press, self.clock)


@pytest.fixture
def newsroom(site: Any, configure: Callable[..., Any], state_url: str) -> Iterator[Callable[..., Newsroom]]:
    """Makes a newsroom: `public` goes to a program once somebody approves it, `duty` and `chief` are chats."""
    opened: list[Store] = []

    def make(approve: str = "", users: str = "", top: str = "") -> Newsroom:
        telegram, hook = TelegramServer(site), site.url("/public").replace("http", "json")
        site.page("/public")
        chats = "".join(
            f"[channels.{name}]\nurl = 'tgram://{TOKEN}/{chat}'\nbuttons = true\n" for name, chat in CHATS.items()
        )
        rule = "to = ['public']" if approve else "to = ['duty', 'chief']"
        text = f"""state = "{state_url}"\n{top}
[http]\nprivate_addresses = "allow"
[bots.desk]\nkind = "telegram"\ntoken = "{TOKEN}"\napi = "{site.url("")}"\nchats = [-1001, "-1002", "-1003"]\n{users}
{chats}
[channels.public]\nurl = "{hook}"\n{approve}
[entities.telegram]\nnames = ["Telegram"]
[[alerts]]\n{rule}\n"""
        made = Newsroom(configure(text), telegram)
        opened.append(made.store)
        return made

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def users() -> str:
    """Who may press, as a table in the bot's, and the users that they are."""
    return """users = { 7 = "anna", 8 = "boris", 9 = "carl" }
[web.users.anna]\nrole = "editor"
[web.users.boris]\nrole = "editor"\nsources = ["other"]
[web.users.carl]\nrole = "viewer"
"""
