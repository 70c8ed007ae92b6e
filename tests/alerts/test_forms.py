"""Case endings by rule."""

from __future__ import annotations

import pytest

from alerts.recognition.language.endings import stems


def forms(word: str, kind: str = "word") -> set[str]:
    return {stem.text + ending for stem in stems(word, kind) for ending in stem.endings}


@pytest.mark.parametrize(
    ("word", "declined"),
    [
        ("рутуб", "рутуб рутуба рутубу рутубом рутубе рутубы рутубов рутубам рутубами рутубах рутубі"),
        ("лента", "лента ленты ленте ленту лентой лентою лент лентами"),
        ("россия", "россия россии россию россией"),
        ("яндекс", "яндекс яндекса яндексом яндексе"),
        ("сибирь", "сибирь сибири сибирью"),
        ("алтай", "алтай алтая алтаю алтаем алтае"),
        ("управление", "управление управления управлению управлением управлении"),
        ("минское", "минское минского минскому минском"),
        ("городской", "городской городского городскому городским городская городскую"),
        ("новости", "новости"),
        ("городок", "городок городка городку городком городке"),
        ("козел", "козел козла козлу козлом"),
        ("ростовец", "ростовец ростовца ростовцу"),
    ],
)
def test_a_word_is_found_in_its_cases(word, declined):
    assert set(declined.split()) <= forms(word)


def test_abbreviations_have_no_cases():
    assert forms("мтс") == {"мтс"}
    assert forms("втб") == {"втб"}


def test_a_surname_is_of_one_person_and_one_gender():
    assert {"соколов", "соколова", "соколову", "соколовым", "соколове"} <= forms("соколов", "surname")
    assert {"соколовой", "соколовых", "соколовы"}.isdisjoint(forms("соколов", "surname"))
    assert "соколовой" in forms("соколова", "surname")
    assert "соколовым" not in forms("соколова", "surname")
    assert {"чайковского", "чайковским"} <= forms("чайковский", "surname")
    assert "чайковской" not in forms("чайковский", "surname")


def test_another_word_that_begins_so_is_none_of_its_forms():
    assert forms("призм").isdisjoint({"призмою", "призмой", "призмарий"})
