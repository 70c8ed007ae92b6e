"""Which entities an entry mentions, and where."""

from __future__ import annotations

import pytest

from alerts.matching.watchlist import SearchedText, Watchlist
from alerts.options import Entity
from sources import Entry
from state.model import Mention
from tests.growth import cheapest, growth
from watcher.delivery.added_entities import additions, definition, definitions

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
    "text", ["телеграмма", "telegraming", "Telegram2", "2Telegram", "éTelegram", "Telegrammes", "बाइनेंसी"]
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
        ("MAX " + "x" * 198 + " VK", True),
        ("MAX " + "x" * 200 + " VK", False),
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
    assert WATCHLIST.mentions(SearchedText(page, "a new line")) == []
    assert WATCHLIST.mentions(SearchedText(page, "Meta")) == [Mention("meta", "Meta", "Meta", "text")]


def test_two_entities_may_have_the_same_name():
    watchlist = Watchlist({"a": Entity(names=("Grinex",)), "b": Entity(names=("GRINEX", "grinex"))})
    assert [mention.entity for mention in watchlist.mentions(Entry("1", "Grinex"))] == ["a", "b"]


def test_nothing_is_found_where_nothing_is_watched():
    assert Watchlist({}).mentions(Entry("1", "Telegram")) == []


def test_a_context_word_may_stand_in_another_short_field_of_the_row_but_not_in_a_link():
    def there(**fields: str) -> bool:
        return bool(WATCHLIST.mentions(Entry("1", "MAX", fields)))

    assert there(type="мессенджеры")
    assert not there(type="браузер")
    assert not there(type="https://vk.com/max")
    assert not there(report="x " * 200 + "мессенджер")


# Rules, each with entities of its own.
UNSEEN = {
    "yandex": {"names": ["Яндекс", "ООО «Яндекс»"]},
    "rpn": {"names": ["Роспотребнадзор"]},
    "nota": {"names": ["НОТА"]},
    "tiktok": {"names": ["TikTok"]},
    "ros": {"names": ["РОС"]},
    "mir": {"names": ["МИР"]},
    "bund": {"names": ["SKA"]},
    "photo": {"names": ["Фотограм"]},
    "program": {"names": ["Програм"]},
    "discord": {"names": ["Discord"]},
    "peak": {"names": ["GreenPeak"]},
    "daisy": {"names": ["ООО «Ромашка»"]},
    "oracle": {"names": ["Oracle", "Оракул"], "not": ["Oracle of Delphi"]},
    "iris": {"names": ["Iris", "Ирис"], "context": ["shop", "магазин", "приложение"]},
    "sokolov": {"names": ["Пётр Соколов", "Pyotr Sokolov", "Соколов"], "context": ["банк", "bank", "Пётр"]},
    "abc": {"names": ["АБК"]},
    "numbers": {"names": ["149-ФЗ", "IMO 9234563", "RA-73025", "0x04efaf080f5a3e74e1c29d1ca6a48569382cbbcd"]},
}
RULES = Watchlist({id_: Entity.model_validate(options) for id_, options in UNSEEN.items()})


def told(text: str) -> str:
    return " ".join(dict.fromkeys(mention.entity for mention in RULES.mentions(Entry("1", "-", text=text))))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        # case endings
        ("Штраф Яндексу; с яндекса взыскали", "yandex"),
        ("Роспотребнадзором", "rpn"),
        ("в Дискорде", "discord"),
        # the other alphabet, and endings written onto it
        ("Yandex'ten açıklama", "yandex"),
        ("Rospotrebnadzors Liste", "rpn"),
        ("Rospotrebnadsor warnt", "rpn"),
        ("Discordом и Discord'у", "discord"),
        ("ديسكورد محظور", "discord"),
        ("დისკორდი", "discord"),
        # look-alikes
        ("Discоrd", "discord"),
        ("D1scord", "discord"),
        ("Τ ikTok, ТikTоk", "tiktok"),
        ("HOTA", "nota"),
        ("hota", ""),
        # misspellings
        ("Роспотребназдор и Роспотребназор", "rpn"),
        ("Росприроднадзор, Росздравнадзор", ""),
        ("Яндексс", "yandex"),
        ("discard", ""),
        # hyphens, hashtags, quotes, camel case
        ("Discord-сервер, дискорд-сервера", "discord"),
        ("#BanDiscord", "discord"),
        ("#bandiscord", ""),
        ("„Яндекс“", "yandex"),
        ("Tik Tok", "tiktok"),
        ("tik tok", ""),
        ("Green Peak, #greenpeak", "peak"),
        # legal forms
        ("АО «Ромашка»", "daisy"),
        ("сорвали ромашку. Потом", ""),
        # handles
        ("RT @discord: hi", ""),
        ("@discord_news", ""),
        # abbreviations and common words in small letters
        ("карта МИР", "mir"),
        ("Карта мира", ""),
        ("The SKA again", "bund"),
        ("The ska again", ""),
        # a law is cited
        ("ст. 5 АБК РФ", ""),
        ("АБК подал иск", "abc"),
        # English verbs
        ("I will discord you", ""),
        ("Discord the meeting", ""),
        ("Discord bans bots", "discord"),
        # a feminine noun with the same stem
        ("курс фотограма упал", "photo"),
        # a misspelling that is a word
        ("скачать программ", ""),
        ("наш Программ-канал", "program"),
        ("всё есть в Программе", "program"),
        ("ПРОГРАММА", ""),
    ],
)
def test_a_name_is_found_as_people_write_it(text, entities):
    assert told(text) == entities


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        # small letters
        ("The oracle spoke", ""),
        ("i work at oracle", "oracle"),
        ("they asked an oracle", ""),
        ("Oracle's lawyers", "oracle"),
        # a longer name
        ("Yesterday Oracle sued", "oracle"),
        ("Then came Delta Oracle with a lawsuit", ""),
        ("Fiona Oracle sings", ""),
        ("Ellison Sells Shares As Oracle Jumps Again", "oracle"),
        # another company
        ("Oracle Hospitality Partners, Inc.", ""),
        ("Oracle Ireland Ltd", "oracle"),
        ("Smith v. Oracle, Inc.", "oracle"),
        # a first name
        ("Iris Murdoch opens a shop", ""),
        ("Iris shop", "iris"),
        ("Ирис фон Берг: магазин", ""),
        ("магазин Ирис закрыт", "iris"),
        # surnames
        ("Петру Соколову принадлежит", "sokolov"),
        ("Соколов Пётр Ильич", "sokolov"),
        ("Пётр Ильич Соколов", "sokolov"),
        ("банк Соколова", "sokolov"),
        ("банк: Лев Соколов", ""),
        ("Nikolai Sokolov left the bank", ""),
        ("Л. П. Соколов, банк", ""),
        ("П. И. Соколов, банк", "sokolov"),
        ("банк на ул. Соколова", ""),
        ("банк, Екатерина Соколова", ""),
        ("банк, дело Соколовых", ""),
        # a phrase that is taken out masks only itself
        ("Oracle of Delphi", ""),
        ("Oracle of Delphi uses Oracle", "oracle"),
    ],
)
def test_a_name_with_context_or_not_is_looked_at_strictly(text, entities):
    assert told(text) == entities


def test_what_was_considered_comes_with_its_reason():
    (finding,) = RULES.findings(Entry("1", "-", text="The oracle spoke"))
    assert (finding.words, finding.against) == ("oracle", "in small letters it is a common word")


def test_an_added_entity_is_looked_for_in_what_is_stored_already():
    known = definitions({"a": Entity(names=("Yandex",)), "old": Entity(names=("Gone",))})
    now = {
        "a": Entity(names=("Яндекс", "Yandex", "Ya")),
        "b": Entity(names=("Discord",)),
        "new": Entity(names=("Gone",)),
    }
    added = additions(known, now)
    assert added is not None
    assert added.ids == ("a", "b")
    entry = Entry("1", "Yandex and Discord")
    assert [mention.entity for mention in added.mentions(entry)] == ["b"]
    assert [mention.entity for mention in added.mentions(Entry("2", "Ya"))] == ["a"]
    assert additions(definitions(now), now) is None


def test_an_entity_whose_names_only_moved_is_not_new():
    assert definition(Entity(names=("A", "B"))) == definition(Entity(names=("B", "A")))
    assert definition(Entity(names=("A",))) != definition(Entity(names=("A",), context=("b",)))


def test_an_entity_whose_birth_date_is_added_is_told_of_no_more_than_before():
    plain, dated = Entity(names=("Ivan Petrov",)), Entity(names=("Ivan Petrov",), birth_date="1957")
    assert "birth_date" not in definition(plain)
    added, gone = (additions(definitions({"p": was}), {"p": now}) for was, now in ((plain, dated), (dated, plain)))
    assert added is not None
    assert gone is not None
    entries = [Entry("1", "Ivan Petrov", {"birth_date": date}) for date in ("1957", "1960")]
    assert [bool(added.mentions(entry)) for entry in entries] == [False, False]
    assert [bool(gone.mentions(entry)) for entry in entries] == [False, True]


PETROV = Entity(
    names=("Ivan Petrov", "Иван Петров"), birth_date="1957-03-12", country="RU", identifiers=("7707083893",)
)


@pytest.mark.parametrize(
    ("fields", "is_other"),
    [
        ({}, False),
        ({"birth_date": "1960-03-12"}, True),
        ({"Birth date": "12 March 1960"}, True),
        ({"birth_date": "1960"}, True),
        ({"birth_date": "1957"}, False),
        ({"birth_date": "1957-03"}, False),
        ({"birth_date": "1960; 1957-03-12"}, False),
        ({"birth_date": "1957-12-03"}, False),  # day for month
        ({"birth_date": "between 1955 and 1958"}, False),
        ({"birth_date": "unknown"}, False),
        ({"country": "Iran"}, False),
        ({"birth_date": "1960", "INN": "7707083893"}, False),
        ({"birth_date": "1960", "names": "Ivan Petrov; Iwan Petrow", "text": "Ivan Petrov"}, True),
    ],
)
def test_a_namesake_with_another_birth_date_is_no_mention(fields, is_other):
    watchlist = Watchlist({"petrov": PETROV})
    entry = Entry("1", "Ivan Petrov", fields)
    assert bool(watchlist.mentions(entry)) is not is_other
    reasons = {each.against for each in watchlist.findings(entry)}
    if is_other:
        assert reasons <= {f"its birth date is {date}, not 1957-03-12" for date in ("1960-03-12", "1960")}
    else:
        assert reasons == {None}


def test_whom_an_entry_only_names_in_passing_has_no_birth_date_there():
    entry = Entry("1", "Maria Petrova", {"birth_date": "1960", "remarks": "sister of Ivan Petrov"})
    assert [mention.field for mention in Watchlist({"petrov": PETROV}).mentions(entry)] == ["remarks"]


def test_a_text_by_itself_has_no_birth_date():
    entry = Entry("1", "Ivan Petrov", {"birth_date": "1960"})
    assert Watchlist({"petrov": PETROV}).mentions(SearchedText(entry, "Ivan Petrov"))


def test_many_names_cost_about_what_few_do():
    few = Watchlist({"a": Entity(names=("Acme",))})
    many = Watchlist({f"e{number}": Entity(names=(f"Acme{number:05}x Holding",)) for number in range(3000)})
    entries = [Entry(number, "a headline of some ten words that names nobody at all") for number in range(3000)]

    def search(watchlist: Watchlist) -> None:
        for entry in entries:
            assert not watchlist.mentions(entry)

    assert cheapest(lambda: search(many), 3) < 10 * cheapest(lambda: search(few), 3)


@pytest.mark.parametrize(
    ("watchlist", "piece"),
    [
        (WATCHLIST, "a.b@c://telegram.x-y/"),
        (WATCHLIST, "telegram/"),
        (WATCHLIST, "telegram.org/x "),
        (WATCHLIST, "Max Verstappen VK "),
        (WATCHLIST, "MAX VK "),
        (WATCHLIST, "MAX "),
        (WATCHLIST, "Telegram Meta "),
        (RULES, "Oracle "),
        (RULES, "Пётр "),
        (RULES, "П. Соколов "),
        (RULES, "фотограма "),
        (RULES, "#TikTok"),
        (RULES, "Роспотребнадзорr"),
        (WATCHLIST, "0a1b2c3d4e5f"),
        (WATCHLIST, "абвгд"),
        (WATCHLIST, "аbвd"),
        (RULES, "扎里波夫"),
        (RULES, "ディスコード・"),
        (RULES, "Д и с к о р д "),
        (RULES, "в ف ديس كورد "),
        (RULES, "«Oracle "),
        (RULES, "Яндекс-\n"),
        (RULES, "&shy;&#1071;"),
        (RULES, "IMO 9234563 "),
        (RULES, "закон № 149-ФЗ "),
        (RULES, "Yandex.Taxi.x."),
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(watchlist, piece):
    def search(size: int) -> list[Mention]:
        return watchlist.mentions(SearchedText(Entry("1", "-"), piece * (size // len(piece))))

    assert growth(search, 2_000, 16_000) < 4
