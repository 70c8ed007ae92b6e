"""Bots, and channels with buttons: what goes together, and no token in what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from watcher.config.load import Sending, load
from watcher.errors import ConfigError

Configure = Callable[..., Path]
TOKEN = "123456789:abcdefg_hijklmnopqrstuvwxyz"
BOT = f'[bots.desk]\nkind = "telegram"\ntoken = "{TOKEN}"\nchats = [-1001]\n'


def refused(configure: Configure, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        load(configure(text), Sending())
    (said,) = error.value.problems
    assert TOKEN not in said
    return said


def channel(url: str) -> str:
    return f"[channels.duty]\nurl = '{url}'\nbuttons = true\n"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mailto://u:p@host.test", "has buttons = true, which is for tgram://"),
        (f"tgram://{TOKEN[:-1]}x/-1001", 'no bot of [bots] with kind = "telegram" has its token'),
        (f"tgram://{TOKEN}/-1002", 'its chat is not one of "chats" in [bots.desk]'),
        (f"tgram://{TOKEN}/-1001/-1002", "has to name one chat"),
        ("ntfys://ntfy.test/topic", "set base_url in [web]"),
        ("slack://xoxb-1-1-abcdef/C1", 'no bot of [bots] with kind = "slack" has its token'),
    ],
)
def test_buttons_need_a_service_that_has_them(configure: Configure, url: str, why: str) -> None:
    assert why in refused(configure, channel(url) + BOT)


def test_who_may_press_is_a_user_of_the_desk(configure: Configure) -> None:
    text = BOT + 'users = { 7 = "ana" }\n[web.users.anna]\nrole = "editor"\n'
    assert 'there is no user "ana" in [web.users]; did you mean "anna"?' in refused(configure, text)


def test_a_token_of_the_environment_may_be_unset_where_nothing_is_sent(configure: Configure, monkeypatch) -> None:
    text = channel("tgram://${TG}/-1001") + BOT.replace(TOKEN, "${TG}")
    assert load(configure(text)).bots["desk"].chats == ("-1001",)
    monkeypatch.setenv("TG", TOKEN)
    assert load(configure(text), Sending()).secrets.hide(f"x {TOKEN}") == "x ${TG}"
