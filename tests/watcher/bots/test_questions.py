"""What is asked in a chat: answered in a few lines, with the sight of who asks; strangers get nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from alerts.chat.bot import ChatQuestion
from sources import Entry
from state.compare.diff import Differ
from state.model import NOTHING, Acceptance, Commit
from tests.watcher.bots.conftest import ANNA, BORIS, CARL, Newsroom
from watcher.bots.questions import answer

Make = Callable[..., Newsroom]


def ask(room: Newsroom, text: str, who: int = ANNA, chat: str = "-1001") -> str:
    return answer(room.config, room.store, ChatQuestion("desk", chat, f"{who}", "Anna", text))


@pytest.fixture
def room(newsroom: Make, users: str) -> Newsroom:
    lists = "".join(f"[sources.{name}]\nurl = 'https://{name}.test'\nkind = 'feed'\n" for name in ("list", "other"))
    made = newsroom(users=users + lists, top='language = "de"\n')
    made.put("Telegram <b>", url="https://list.test/1")
    made.put("Sable", "other")
    return made


def test_the_last_changes_are_told_with_links_and_nothing_of_them_is_markup(room: Newsroom) -> None:
    first, second = ask(room, "/last").split("<br>")
    assert first.startswith("hinzugefügt: Sable · other · 17.07.25, 12:00 UTC")
    assert '<a href="https://list.test/1">Telegram &lt;\u200bb&gt; · telegram · list' in second


def test_each_sees_his_part(room: Newsroom) -> None:
    assert "Telegram" not in ask(room, "/last", BORIS)
    assert "Sable" in ask(room, "/last", BORIS)
    assert "Telegram" in ask(room, "/last", CARL)


def test_words_and_entities_are_found(room: Newsroom) -> None:
    assert "Sable" in ask(room, "/find sabl")
    assert ask(room, "/find nothing of it").startswith("Kein Eintrag")
    assert ask(room, "/case TELEGRAM").startswith("<b>telegram</b><br>hinzugefügt: <a")
    assert "Sable" not in ask(room, "/case telegram")
    assert "<a" not in ask(room, "/case nobody <b>")


def test_entries_that_never_changed_are_found_too(room: Newsroom) -> None:
    differ = Differ(NOTHING, b"", "complete")
    for number in range(7):
        differ.see(Entry(f"{number}", f"Firm <{number}>", {"city": "Lund"}))
    accepted = Acceptance(differ.finish(), (), "reading", "place", fresh=True)
    room.store.commit("list", lambda state: Commit(replace(state, entries=7), accepted))
    assert "Firm &lt;3&gt; · list" in ask(room, "/find lund 3")
    first, *rest = ask(room, "/find firm").split("<br>")
    assert (len(rest), "Firm" in first) == (5, True)
    assert "Firm" not in ask(room, "/find firm", BORIS)
    assert ask(room, "/find") == "Kein Eintrag hat diese Wörter."


def test_the_status_names_sources_that_are_not_well(room: Newsroom) -> None:
    assert ask(room, "/status@our_bot") == "<b>2 Quellen</b>"


@pytest.mark.parametrize(
    ("who", "chat", "text"), [(4711, "-1001", "/last"), (ANNA, "-4711", "/last"), (ANNA, "-1001", "hi")]
)
def test_strangers_and_what_is_no_question_get_nothing(room: Newsroom, who: int, chat: str, text: str) -> None:
    assert ask(room, text, who, chat) == ""
