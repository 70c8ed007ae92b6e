"""Which entities an entry mentions, and where."""

from __future__ import annotations

import time

import pytest

from alerts.options import Entity
from alerts.watchlist import Watchlist
from sources import Entry
from state.model import Mention

WATCHED = {
    "telegram": {"names": ["Telegram", "Телеграм", "Telegram Messenger Inc"]},
    "max": {
        "names": ["MAX", "мессенджер Max"],
        "context": ["мессенджер", "messenger", "VK"],
        "not": ["Max Verstappen", "Pro Max"],
    },
    "meta": {"names": ["Meta"]},
    "meta-platforms": {"names": ["Meta Platforms"]},
    "crypto": {"names": ["Crypto.com"]},
    "binance": {"names": ["币安", "बाइनेंस"]},
}
WATCHLIST = Watchlist({id_: Entity.model_validate(options) for id_, options in WATCHED.items()})


def found(text: str) -> list[tuple[str, str]]:
    return [(mention.entity, mention.words) for mention in WATCHLIST.mentions(Entry("1", "-", text=text))]


@pytest.mark.parametrize(
    "text",
    [
        "telegram",
        "TELEGRAM!",
        "(«Телеграм»)",
        "ＴＥＬＥＧＲＡＭ",
        "Tele\u00adgram",
        "Теле\u200bграм",
        "#Telegram",
        "Telegram-канал",
        "telegram_news",
        "最新Telegram消息",
        "(https://t.me/x)Telegram",
        "Telegram.Об этом",
    ],
)
def test_a_name_is_found_whatever_its_case_width_and_neighbours(text):
    assert [entity for entity, _ in found(text)] == ["telegram"]


@pytest.mark.parametrize(
    "text", ["телеграмма", "telegrams", "Telegram2", "2Telegram", "Telegramм", "éTelegram", "Telegram\u0327", "बाइनेंसी"]
)
def test_a_name_is_not_found_inside_another_word(text):
    assert found(text) == []


def test_scripts_without_spaces_have_no_such_words():
    assert found("今天币安交易所") == [("binance", "币安")]


def test_a_name_of_several_words_may_be_broken_anywhere():
    assert found("TELEGRAM\nMessenger \u00a0 inc.") == [("telegram", "TELEGRAM\nMessenger inc")]


def test_the_words_are_those_of_the_text_where_folding_changes_their_length():
    assert found("ﬁrm ß: Ｔelegram, ﬁne") == [("telegram", "Ｔelegram")]


def test_the_longest_name_wins_within_an_entity_but_hides_no_other_entity():
    assert found("Telegram Messenger Inc") == [("telegram", "Telegram Messenger Inc")]
    assert found("Meta Platforms Ireland") == [("meta-platforms", "Meta Platforms"), ("meta", "Meta")]


@pytest.mark.parametrize(
    "text",
    [
        "https://t.me/telegram",
        "see telegram.org.",
        "www.telegram.org/blog",
        "me@telegram.org",
        "tg://telegram",
        "crypto.com/x",
    ],
)
def test_an_address_mentions_nobody(text):
    assert found(text) == []


def test_a_name_that_is_itself_an_address_is_found():
    assert found("bought Crypto.com.") == [("crypto", "Crypto.com")]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("национальный мессенджер MAX", True),
        ("MAX, о мессенджере от VK", True),
        ("MAX", False),
        ("MAX messenger", True),
        ("Мессенджер Max", True),
        ("MAX " + "x" * 96 + " VK", True),
        ("MAX " + "x" * 97 + " VK", False),
        ("MAX xVK", False),
        ("messenger MAX VERSTAPPEN", False),
        ("Max Verstappen on messenger MAX", True),
    ],
)
def test_context_must_stand_near_and_what_is_not_meant_is_masked(text, there):
    assert bool(found(text)) is there


def test_every_field_is_looked_at_once_a_name_but_never_the_url():
    entry = Entry(
        "1", "Telegram", {"owner": "Telegram, TELEGRAM", "site": "https://telegram.org"}, "https://telegram.org"
    )
    assert WATCHLIST.mentions(entry) == [
        Mention("telegram", "Telegram", "Telegram", "title"),
        Mention("telegram", "Telegram", "Telegram", "owner"),
    ]


def test_of_a_kind_of_plain_text_the_added_lines_alone_are_looked_at():
    page = Entry("page", "Telegram news", text="Telegram\nMeta")
    assert WATCHLIST.mentions(page, text="a new line") == []
    assert WATCHLIST.mentions(page, text="Meta") == [Mention("meta", "Meta", "Meta", "text")]


def test_two_entities_may_have_the_same_name():
    watchlist = Watchlist({"a": Entity(names=("Grinex",)), "b": Entity(names=("GRINEX", "grinex"))})
    assert [mention.entity for mention in watchlist.mentions(Entry("1", "Grinex"))] == ["a", "b"]


def test_nothing_is_found_where_nothing_is_watched():
    assert Watchlist({}).mentions(Entry("1", "Telegram")) == []


@pytest.mark.parametrize("piece", ["a.b@c://telegram.x-y/", "telegram.org/x ", "Max Verstappen VK ", "Telegram Meta "])
def test_a_hostile_text_costs_no_more_than_its_length(piece):
    began = time.perf_counter()
    WATCHLIST.mentions(Entry("1", "-"), text=piece * (500_000 // len(piece)))
    assert time.perf_counter() - began < 3
