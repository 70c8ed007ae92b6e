"""One event in three chats, Telegram, Slack and ntfy, whose buttons two people press in each at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from alerts.chat.bot import Press, read_button
from state.model import ApprovalState, EventKind
from tests.slack_players import APP, BOT, SlackPlayer
from tests.telegram_api import TOKEN, RefusedError, TelegramServer
from tests.watcher.bots.conftest import Newsroom
from watcher.bots.attend import Bots
from watcher.bots.decisions import ShownDecisions, decide_press
from watcher.web.desk import Desk
from watcher.web.server import create_app

DESK = "http://localhost"


class ThreeChats(Newsroom):
    """A newsroom whose questions go to Telegram, Slack and ntfy."""

    slack: SlackPlayer
    site: Any

    def clock(self) -> datetime:
        """No two of its times are the same, as they tell who was first."""
        self.now += timedelta(microseconds=1)
        return self.now

    def press_all(self, verbs: tuple[str, str]) -> list[str]:
        """Two people press in each chat, all at once; what is said to them."""
        desk = TestClient(create_app(Desk(self.config, self.store, "0123456789abcdef", self.clock)), DESK)
        (posted,) = self.slack.posted.items()
        work = list[Callable[[], str]]()
        for at, verb in enumerate(verbs):
            data, action = self.telegram.data("-1001", verb), self.action(verb)
            named = next(name for name in self.slack.buttons(posted[0]).values() if name.startswith(verb))
            first = Press("tg", f"{at}", "-1001", f"{at}", "Anna", *(read_button(data) or ("", "")))
            second = Press("work", f"{at}", "C0123", f"U{at}", "Boris", *(read_button(named) or ("", "")))
            work += [
                lambda press=first: decide_press(self.config, self.store, press, self.clock),
                lambda press=second: decide_press(self.config, self.store, press, self.clock),
                lambda url=action: desk.post(urlsplit(url).path).text,
            ]
        with ThreadPoolExecutor(len(work)) as pool:
            return [each.result() for each in [pool.submit(one) for one in work]]

    def action(self, verb: str) -> str:
        """Where the phone posts for a button."""
        actions = self.site.sent("/")[0]["actions"]
        return str(next(each["url"] for each in actions if each["label"].lower().startswith(verb)))

    def all_show(self) -> list[str]:
        """What the message in each chat says now."""
        ShownDecisions(self.config, self.store, self.clock).update()
        return [self.telegram.shown("-1001"), self.slack.text(next(iter(self.slack.posted))), self.ntfy["message"]]

    @property
    def ntfy(self) -> dict[str, Any]:
        return dict(self.site.sent("/")[-1])


@pytest.fixture
def room(site: Any, configure: Callable[..., Any], state_url: str) -> Iterator[Callable[[str], ThreeChats]]:
    with ExitStack() as stack:
        slack, telegram = stack.enter_context(SlackPlayer().running()), TelegramServer(site)
        site.page("/", "{}")
        site.page("/public")

        def make(rules: str) -> ThreeChats:
            made = ThreeChats(
                configure(f"""state = "{state_url}"
[http]\nprivate_addresses = "allow"
[web]\nbase_url = "{DESK}"
[bots.tg]\nkind = "telegram"\ntoken = "{TOKEN}"\napi = "{site.url("")}"\nchats = [-1001]
[bots.work]\nkind = "slack"\ntoken = "{BOT}"\napp_token = "{APP}"\napi = "{slack.address}"\nchats = ["C0123"]
[channels.telegram]\nurl = 'tgram://{TOKEN}/-1001'\nbuttons = true
[channels.slack]\nurl = "slack://{BOT}/C0123"\nbuttons = true
[channels.ntfy]\nurl = "ntfy://127.0.0.1:{site.port}/duty"\nbuttons = true
[channels.public]\nurl = "{site.url("/public").replace("http", "json")}"
[entities.telegram]\nnames = ["Telegram"]
[[alerts]]\n{rules}\n"""),
                telegram,
            )
            made.slack, made.site = slack, site
            stack.callback(made.store.close)
            made.put()
            made.drain()
            return made

        yield make


def test_a_text_is_approved_or_rejected_once_and_all_chats_say_by_whom(room: Callable[[str], ThreeChats]) -> None:
    here = room("to = ['public']\napprove = ['telegram', 'slack', 'ntfy']")
    said = here.press_all(("approve", "reject"))
    held = here.store.approvals.find(1)
    assert held
    assert held.who
    done = "Approved" if held.state is ApprovalState.APPROVED else "Rejected"
    assert len(here.store.desk.actions()) == 1
    assert sum(held.who in each for each in said) == 5
    for text in here.all_show():
        assert f"{done}: {held.who}" in text
    here.drain()
    assert here.site.paths.count("/public") == (held.state is ApprovalState.APPROVED)


def test_a_change_is_acknowledged_and_snoozed_once_in_all_chats(room: Callable[[str], ThreeChats]) -> None:
    here = room("to = ['telegram', 'slack', 'ntfy']")
    here.press_all(("ack", "snooze"))
    actions = {each.what: each.who for each in here.store.desk.actions()}
    assert (set(actions), len(here.store.desk.actions())) == ({"acknowledge", "snooze"}, 2)
    for text in here.all_show():
        assert f"Acknowledged: {actions['acknowledge']}" in text
        assert f"snoozed by {actions['snooze']}" in text
    assert [each["action"] for each in here.ntfy["actions"]] == ["view"]


def test_a_button_of_ntfy_ends_with_its_message_also_where_that_is_shown_anew(
    room: Callable[[str], ThreeChats],
) -> None:
    here = room("to = ['telegram', 'slack', 'ntfy']")
    here.now += timedelta(days=6)
    here.store.snoozes.press("entity", "telegram", "anna", here.now)
    assert "snoozed by anna" in here.all_show()[-1]
    here.now += timedelta(days=2)
    desk = TestClient(create_app(Desk(here.config, here.store, "0123456789abcdef", here.clock)), DESK)
    (action,) = (each for each in here.ntfy["actions"] if each["action"] == "http")
    assert desk.post(urlsplit(action["url"]).path).status_code == 404


def test_the_daemon_hears_slack_answers_who_pressed_and_goes_on_while_telegram_is_down(
    room: Callable[[str], ThreeChats],
) -> None:
    here = room("to = ['telegram', 'slack', 'ntfy']")
    here.telegram.refuse["getUpdates"] = RefusedError(401, "Unauthorized")
    ((ts, _),) = here.slack.posted.items()
    with Bots(here.config, here.store, here.clock):
        assert here.slack.connected.wait(10)
        here.slack.press(here.slack.buttons(ts)["Acknowledge"], user="U7", ts=ts)
        answer = here.slack.whispered.get(timeout=10)
        here.slack.press(f"ack:{'0' * 32}", user="U8", at="8.1")
        here.slack.press(here.slack.buttons(ts)["Acknowledge"], chat="C9", at="9.1")
        unknown, foreign = (here.slack.whispered.get(timeout=10)["text"] for _ in range(2))
    assert (answer["user"], answer["text"]) == ("U7", "Acknowledged: nobody is reminded of it any more.")
    assert ("not known" in unknown, "not one of those" in foreign) == (True, True)
    for text in here.all_show():
        assert "Acknowledged: u7 (slack U7)" in text


def test_a_revoked_token_of_slack_is_told_to_who_hears_of_health(room: Callable[[str], ThreeChats]) -> None:
    here = room("to = ['telegram', 'slack', 'ntfy']")
    here.slack.refuse["apps.connections.open"] = "token_revoked"
    with Bots(here.config, here.store, here.clock) as _:
        while not (told := list(here.store.log.events(source="", kind=EventKind.HEALTH))):
            threading.Event().wait(0.01)
    assert ("token_revoked" in str(told[0].data), APP in str(told[0].data)) == (True, False)
