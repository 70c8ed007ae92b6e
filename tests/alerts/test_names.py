"""The texts in which a name is found: legal forms, shapes, letters and misspellings."""

from __future__ import annotations

import pytest

from alerts.recognition.language.misspelling import is_slip
from alerts.recognition.language.scripts import fold, latin, romanized, script_of
from alerts.recognition.names import humps, shapes, surnames


def found_by(name: str) -> list[str]:
    return [" ".join(shape.words) for shape in shapes(name)]


@pytest.mark.parametrize(
    "name",
    [
        "ООО «Ромашка»",
        "Ромашка, ООО",
        "ПАО Ромашка",
        "МКПАО «Ромашка»",
        "Общество с ограниченной ответственностью «Ромашка»",
        "Ромашка Инк.",
        "Ромашка LLC",
        "Ромашка FZ-LLC",
        "Ромашка GmbH & Co. KG",
        "Ромашка S.A.",
        "Ромашка Pte. Ltd.",
        "ООО Ромашка Ltd",
    ],
)
def test_legal_forms_are_no_part_of_a_name(name):
    assert "Ромашка" in found_by(name)


def test_a_name_that_is_nothing_else_keeps_its_legal_form():
    assert found_by("Company") == ["Company"]
    assert found_by("AS Roma")[0] == "AS Roma"


def test_words_may_be_written_together_and_camel_case_apart():
    assert "GreenPeak" in found_by("Green Peak")
    assert "Green Peak" in found_by("GreenPeak")
    assert humps("МойОфис") == ["Мой", "Офис"]
    assert humps("ВСети") == ["В", "Сети"]
    assert humps("РЖД") == ["РЖД"]


def test_the_surname_that_is_listed_alone_has_the_given_names_before_it():
    assert surnames(["Ада Лавлейс", "Лавлейс"]) == {"лавлейс": ["Ада"]}
    assert surnames(["Игорь Сечин"]) == {"сечин": ["Игорь"]}
    assert surnames(["Green Peak", "Green"]) == {}


@pytest.mark.parametrize(
    ("cyrillic", "spellings"),
    [
        ("Соловьев", "Solovev"),
        ("Чайковский", "Chaikovskiy"),
        ("Шойгу", "Shoigu Schoigu Shoygu"),
        ("Захаров", "Zakharov Zaharov Zakharow"),
        ("Евгений", "Evgeny Yevgeniy Jewgenij"),
        ("Путин", "Putin Poutin"),
        ("Максим", "Maxim Maksim"),
    ],
)
def test_the_usual_romanizations_meet(cyrillic, spellings):
    for spelling in spellings.split():
        assert latin(fold(spelling)) == latin(romanized(fold(cyrillic))), spelling


def test_folding_knows_width_accents_and_invisible_differences():
    assert fold("Ｙａｎｄｅｘ") == fold("Ýandeẍ") == "yandex"
    assert fold("Алёна") == "алена"
    assert fold("Чайка") == "чайка"
    assert [script_of(word) for word in ("yandex", "яндекс", "yаndex", "يانديكس", "2025")] == [
        "latin",
        "cyrillic",
        "mixed",
        "other",
        "none",
    ]


@pytest.mark.parametrize(
    ("word", "right", "slip"),
    [
        ("rospotrebnazdor", "rospotrebnadzor", True),  # two letters swapped
        ("rospotrebnazor", "rospotrebnadzor", True),  # one missing
        ("rospotrebnadsor", "rospotrebnadzor", True),  # one that sounds alike
        ("wikipeddia", "wikipedia", True),  # one doubled
        ("yandexx", "yandex", True),
        ("gitlab", "github", False),  # too short for another letter
        ("rostehnadzor", "rospotrebnadzor", False),
        ("polygram", "polygraf", False),  # the last letter
        ("finance", "binance", False),  # the first letter
        ("oracel", "oracle", False),  # six letters only
        ("vkk", "vk", False),
    ],
)
def test_one_slip_in_a_long_name_is_a_misspelling(word, right, slip):
    assert is_slip(word, right) is slip
