"""What a machine is asked to translate of a change, and which of its answers are believed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from alerts.language import LANGUAGES, Language
from alerts.translation import Place, ask_about, protect, restore, tell
from state.model import Event, Mention

Change = Callable[..., Event]


def texts(event: Event, language: Language = "en") -> dict[str, str]:
    """What is asked for, by place."""
    return {" ".join(filter(None, place)): question.text for place, question in ask_about(event, language).items()}


def watched(*words: str) -> list[Mention]:
    return [Mention("telegram", "Telegram", word, "title") for word in words]


@pytest.mark.parametrize(
    ("title", "readers"),
    [
        ("Лицензия отозвана", "de en es fr pl ar zh"),
        ("Рішення суду скасовано, і його не виконано", "de en es fr pl ru ar zh"),
        ("Die Erlaubnis wurde am Montag widerrufen", "en es fr pl uk ru ar zh"),
        ("La licencia ha sido revocada por el banco", "de en fr pl uk ru ar zh"),
        ("Radié", "de en pl uk ru ar zh"),
        ("许可证被吊销", "de en es fr pl uk ru ar"),
        ("تم إلغاء الترخيص", "de en es fr pl uk ru zh"),
        ("The licence was revoked by the court", "de es fr pl uk ru ar zh"),
        ("Иван Петров", ""),
        ("12.03.2025, 149-42", ""),
        ("—", ""),
        ("", ""),
    ],
)
def test_what_is_in_another_language_than_the_readers_is_asked_for(change: Change, title: str, readers: str) -> None:
    event = change("added", title)
    assert {language for language in LANGUAGES if texts(event, language)} == set(readers.split())


def test_a_short_value_is_in_the_language_of_its_entry(change: Change) -> None:
    entry = {"Estado": "Licencia revocada", "Motivo": "El banco no ha presentado las cuentas", "Ciudad": "Vigo"}
    assert texts(change("added", "Banco Sur", entry=entry)) == {
        "fields Estado after": "Licencia revocada",
        "fields Motivo after": "El banco no ha presentado las cuentas",
        "fields Ciudad after": "Vigo",
    }
    assert texts(change("added", "Vigo", entry={"Status": "Revoked, as the bank has not filed its accounts"})) == {}


def test_a_text_of_several_languages_is_judged_as_a_whole(change: Change) -> None:
    both = "Решение: the licence was revoked by the court of appeal"
    assert texts(change("added", both)) == {}
    assert texts(change("added", f"{both}. Решение вступило в силу, но было обжаловано в кассационном порядке")) != {}


def test_only_what_a_message_shows_is_asked_for(change: Change) -> None:
    before, after = (" ".join(["Решение принято судом."] * 30 + [word] + ["Оно ещё не в силе."] * 30) for word in "АБ")
    fields = {"Статус": ("не исполнено", "исполнено"), "Текст": (before, after)}
    asked = texts(change(title="Telegram", fields=fields, mentions=watched("Telegram"), entry={"Город": "Москва"}))
    assert asked["fields Статус before"] == "не исполнено"
    assert len(asked["fields Текст before"]) < 400
    assert "А" in asked["fields Текст before"]
    assert asked.keys() == {f"fields {name} {side}" for name in fields for side in ("before", "after")}
    removed = change("removed", "Запись удалена", fields={"Статус": ("действует", None)})
    assert texts(removed) == {"title": "Запись удалена", "fields Статус before": "действует"}


@pytest.mark.parametrize("what", ["added", "changed"])
def test_a_text_of_a_megabyte_is_asked_for_in_part(change: Change, what: str) -> None:
    long = "Суд принял решение о блокировке сайта. " * 27_000
    after = long.replace("решение", "определение", 5)
    event = change(what, "Решение", fields={"text": (None if what == "added" else long, after)})
    tracemalloc.start()
    asked = texts(event)
    assert asked
    assert sum(map(len, asked.values())) < 30_000
    assert tracemalloc.get_traced_memory()[1] < 100 * len(long)
    tracemalloc.stop()


def test_names_numbers_dates_identifiers_and_addresses_keep_their_form() -> None:
    text = (
        "Сайт https://t.me/x?y=1 компании Телеграма оштрафован на 1 000 000,50 руб. 12.03.2025 по делу А40-1/25, a@b.ru"
    )
    question = protect(text, ["Телеграма", "Телеграм"])
    assert question.text == "Сайт [1] компании [2] оштрафован на [3] руб. [4] по делу [5], [6]"
    answer = "On [4] the site [1] of [2] was fined [3] roubles in case [5], [6]"
    assert restore(question, answer, "en") == (
        "On 12.03.2025 the site https://t.me/x?y=1 of Телеграма was fined 1 000 000,50 roubles in case А40-1/25, a@b.ru"
    )
    assert protect("2024年许可证[7]被腾讯吊销", ["腾讯"]).text == "[1]年许可证[[2]]被[3]吊销"
    assert protect("Телеграмма о телеграме", ["Телеграм"]).kept == ()
    assert protect("анти-Telegram и e-gov法令検索", ["Telegram", "gov法令"]).text == "анти-[1] и e-[2]検索"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "  \n",
        "[1] заблокирован [2]",  # the original
        "[1] был заблокирован [2]",  # another language
        "[1] wurde auf Antrag der Behörde am [2] gesperrt",
        "[1] was blocked",  # lost
        "It was blocked on [1]",
        "[1] was blocked on [2] and [2]",  # doubled
        "[1] was blocked on [3]",
        "[1] was blocked on [2] and 13.03.2025",  # a number of its own
        "[1] was blocked ten times on [2], 3 of them",
        "[1] [2]",
        "[1] was <b>blocked</b> on [2]",
        "<script>alert()</script> [1] was blocked on [2]",
        "[1] was blocked on [2] &lt;script&gt;",
        f"[1] was blocked on [2], {'very ' * 40}",
        "[1] was blocked on [2] " + "x" * 10_000_000,
    ],
)
def test_what_cannot_be_the_translation_is_thrown_away(answer: str) -> None:
    question = protect("Telegram заблокирован 12.03.2025", ["Telegram"])
    assert restore(question, "[1] was blocked on [2]", "en") == "Telegram was blocked on 12.03.2025"
    assert restore(question, "【1】 was blocked on [ 2 ] in Los Angeles", "en") is not None
    assert restore(question, answer, "en") is None


def test_an_answer_far_shorter_than_a_text_is_thrown_away() -> None:
    question = protect("Суд принял решение о блокировке сайта и об удалении всех его копий. " * 5, [])
    assert restore(question, "Yes", "en") is None


def test_a_translation_has_what_there_is_and_names_its_engines(change: Change) -> None:
    fields = {"Статус": ("не исполнено", "исполнено"), "Город": ("Рига", "Вильнюс")}
    asked = ask_about(change(title="Лицензия отозвана", fields=fields), "en")
    answers = {"Лицензия отозвана": ("Licence revoked", "E"), "исполнено": ("done", "glossary"), "Рига": ("<b>", "E")}
    assert tell(asked, answers, "en") == {
        "title": "Licence revoked",
        "fields": {"Статус": {"before": None, "after": "done"}},
        "text": None,
        "engine": "E, glossary",
    }
    assert tell(asked, {"Рига": ("<b>", "E")}, "en") is None
    assert tell({}, answers, "en") is None


def test_the_text_of_an_article_is_told_without_its_title(change: Change) -> None:
    article = "Лицензия отозвана.\nСуд принял решение."
    asked = ask_about(change("added", "Лицензия отозвана", fields={"text": (None, article)}), "en")
    text: Place = ("text", "", "")
    assert asked[text].shown == "Суд принял решение."
    told: Any = tell(asked, {"Суд принял решение.": ("The court has decided.", "E")}, "en")
    assert (told["text"], told["title"], told["fields"]) == ("The court has decided.", None, {})


def test_a_line_that_was_only_moved_is_not_translated(change: Change) -> None:
    lines = "Суд принял решение.\nЛицензия отозвана.\nБанк закрыт.\nСрок: май."
    moved = "Лицензия отозвана.\nБанк закрыт.\nСрок: июнь.\nСуд принял решение."
    asked = ask_about(change(title="Terms", fields={"text": (lines, moved)}), "en")
    assert [question.text for question in asked.values()] == ["Срок: май.", "Срок: июнь."]


def test_what_a_glossary_has_is_asked_of_nobody(change: Change) -> None:
    of_kind: Any = {"исполнено": {"en": "fulfilled"}, "не исполнено": {"en": "not fulfilled", "de": "nicht erfüllt"}}
    own: Any = {"исполнено": {"en": "met"}, "ACTIVE": {"de": "aktiv"}}
    fields = {"Статус": ("не исполнено", "исполнено"), "Город": ("Рига", "в деле не исполнено"), "LEI": ("ACTIVE", "X")}
    asked = ask_about(change(title="Telegram", fields=fields), "en", [own, of_kind])
    assert [question.text for question in asked.values() if question.text] == ["Рига", "в деле не исполнено"]
    assert tell(asked, {}, "en") == {
        "title": None,
        "fields": {"Статус": {"before": "not fulfilled", "after": "met"}},
        "text": None,
        "engine": "glossary",
    }
    told: Any = tell(asked, {"Рига": ("Riga", "E")}, "en")
    assert (told["fields"]["Город"]["before"], told["engine"]) == ("Riga", "glossary, E")
    german: Any = tell(ask_about(change(title="Telegram", fields=fields), "de", [own, of_kind]), {}, "de")
    assert german["fields"] == {
        "Статус": {"before": "nicht erfüllt", "after": None},
        "LEI": {"before": "aktiv", "after": None},
    }
