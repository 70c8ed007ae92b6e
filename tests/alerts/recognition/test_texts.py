"""Texts as they come: damaged, in a script without spaces, in a language that bends or has the word itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.recognition.field import Addresses
from alerts.recognition.language.endings import forms
from alerts.recognition.language.tokens import is_plain, words_of
from alerts.recognition.language.which import language_of, writes_as_heard
from alerts.recognition.merging import is_unusual, simple_words
from alerts.recognition.recognizer import Recognizer
from alerts.recognition.words import may_be_damaged, restored
from tests.alerts.recognition.watched import Watched

RECOGNIZER = Recognizer(
    {
        "spoti": Watched(("Spotimax", "Спотимакс")),
        "vesta": Watched(("Vesta",), context=("app", "банк", "Spotimax")),
        "zar": Watched(("Захар Лунин", "Лунин")),
        "svr": Watched(("СВР",)),
        "geo": Watched(("ნოდარ ჯაფარიძე",)),
        "ozol": Watched(("Ģirts Ozoliņš",)),
        "voros": Watched(("Tamás Vörösmarty",)),
        "fort": Watched(("Fortella",)),
        "zhum": Watched(("Чингиз Жумабаев",)),
        "mvk": Watched(("МВК",)),
    }
)


def told(text: str) -> str:
    return " ".join(dict.fromkeys(found.entity for found in RECOGNIZER.findings([("text", text)]) if not found.against))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        # damage
        ("Spoti&shy;max", "spoti"),
        ("&#83;potimax", "spoti"),
        ("Споти-\nмакс растёт", "spoti"),
        ("С п о т и м а к с", "spoti"),
        ("А Б В Г Д", ""),
        # endings without an apostrophe
        ("Spotimaxin osake", "spoti"),
        ("Spotimaxning narxi", "spoti"),
        ("A Spotimaxnak nincs", "spoti"),
        ("Tiesa attaisnoja Ģirtu Ozoliņu.", "ozol"),
        ("A bíróság Vörösmarty Tamást felmentette.", "voros"),
        ("Fortellos gamykla uždaryta", "fort"),
        ("Fortellų nėra, Fortelloje streikas", "fort"),
        ("Zarząd Fortelly odszedł", "fort"),
        ("Fortellast osteti pool", "fort"),
        ("Dschingis Schumabajew trat zurück.", "zhum"),
        # abbreviations
        ("Межведомственная комиссия (МВК) против", ""),
        ("МВК подала в суд", "mvk"),
        ("„Spotimaxui“ gresia", "spoti"),
        ("Спотимакстің бағасы", "spoti"),
        ("СВРу и СВРовский", "svr"),
        ("ჯაფარიძის ნოდარ", ""),
        ("ნოდარ ჯაფარიძემ", "geo"),
        # context in other languages, and by another entity's name
        ("Vesta buys Spotimax", "vesta spoti"),
        ("Vesta grows", ""),
        # another name
        ("Vesta County app", ""),
        ("Vesta Robotics app", ""),
        ("Vesta-Nassau, app", ""),
        ("«Новая Vesta» — app", "vesta"),
        ("Institute of Deep Space (СВР)", "svr"),
        # titles before a surname, and namesakes
        ("Генеральный директор Лунин", "zar"),
        ("Mr Lunin, Herr Lunin", "zar"),
        ("Пётр Лунин", ""),
        ("Лунина Анна", ""),
    ],
)
def test_a_name_is_found_as_languages_and_pages_have_it(text, entities):
    assert told(text) == entities


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("vesta.taxi/promo", True),
        ("spotimax.trade", True),
        ("disk.spotimax.cloud", True),
        ("spotimax.co", True),
        ("Spotimax.Taxi", False),
        ("Spotimax.Об", False),
        ("Spotimax.in", False),
        ("Spotimax.com", True),
    ],
)
def test_a_domain_needs_no_scheme(text, address):
    start = text.lower().index("spotimax") if "spotimax" in text.lower() else 0
    assert Addresses(text).hold((start, start + 5)) is address


def test_what_an_entity_of_html_hides_is_restored_with_its_place():
    plain = restored("A&amp;B &shy;x &unknown; y")
    assert plain.text == "A&B x &unknown; y"
    assert plain.origin(plain.text.index("y")) == len("A&amp;B &shy;x &unknown; ")
    assert restored("a & b; c").text == "a & b; c"
    assert restored("hxxp://acme[.]com, b[dot]c, [.] and [1.]").text == "hxxp://acme.com, b.c, [.] and [1.]"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Hund und die Katze", "de"),
        ("The dog and the cat", "en"),
        ("Köpek ve kedi için bir ev", "tr"),
        ("Бұл туралы және басқа", "kk"),
        ("Він і вона їли", "uk"),
        ("Kutya és macska nem alszik", "hu"),
        ("Xyz", None),
    ],
)
def test_the_language_is_told_by_small_words_and_letters(text, language):
    assert language_of(text.split(), text) == language


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("ჯაფარიძემ", "ჯაფარიძე"),
        ("Հակոբյանին", "Հակոբյան"),
        ("권태성은", "권태성"),
        ("והבנק", "בנק"),
        ("وبالبنك", "بنك"),
    ],
)
def test_endings_and_joined_words_of_other_scripts_are_taken_off(word, base):
    assert base.lower() in set(forms(word.lower()))


@pytest.mark.parametrize("mark", "\u0301\u0483\u05b4\u064b\u093f\u0e31\u1dc4\u20dd\ua8e0\ufe20")
def test_a_combining_mark_belongs_to_the_word_before_it(mark):
    assert not is_plain(f"слово{mark}й и")
    assert words_of(f"слово{mark}й и") == [f"слово{mark}й", "и"]


@given(
    st.lists(
        st.sampled_from(
            ["a", "б", "7", " ", ".", "-", "\n", "'", "&", "<", "#", "ё", "ъ", "ş", "é", "‐", "\u00ad", "ა"]
        )
    ).map("".join)
)
def test_a_simple_text_needs_none_of_the_closer_looks(text):
    words = simple_words(text)
    if words is not None:
        assert words == words_of(text)
        assert not may_be_damaged(text)
        assert is_plain(text)
        assert not is_unusual(text, plain=True)
        assert "#" not in text
        assert not writes_as_heard(words, text)


@pytest.mark.parametrize("text", ["Регулятор оштрафовал банк — на 5 000", "Acme sues (again), 12% down", "Über Öl"])
def test_the_usual_text_is_simple(text):
    assert simple_words(text) == words_of(text)
