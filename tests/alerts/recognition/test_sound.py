"""Names by their sound: how much two words have in common, and readings of East Asian names."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.recognition.sound.alphabets import SYLLABLES, alphabet, phones
from alerts.recognition.sound.heard import Heard
from alerts.recognition.sound.letters import keys, most_bits
from alerts.recognition.sound.likeness import VOWELS, Limit, alike, consonants, vowel_bits, worth
from alerts.recognition.sound.readings import hepburn, readings


def bits(text: str, name: str) -> float:
    heard = Heard()
    heard.add(1, name)
    return max((found for _, found in heard.like([text], alphabet(text))), default=0.0)


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("Discord", "ديسكورد დისკორდი דיסקורד ディスコード 디스코드 Дискорд Ντισκόρντ Դիսկորդ"),
        ("Щербицкий", "Schtscherbizki Chtcherbitski Ščerbickij Szczerbicki"),
        ("Чаплыгин", "Tschaplygin Tchaplyguine Czapłygin Çaplıgin Čaplygin"),
        ("ჯაფარიძე", "Japaridze Dschaparidse Dżaparidze Caparidze Джапаридзе Τζαπαρίτζε"),
    ],
)
def test_a_name_is_heard_in_every_script_and_spelling(name, spellings):
    assert [word for word in spellings.split() if bits(word, name) < 9] == []


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Kessler", "كسر 케플러 Кепка ケーキ"),
        ("Зарипов", "Sarkozy ザリガニ سارق ზარი"),
        ("Discord", "ديك דיסק Диск"),
    ],
)
def test_other_words_are_not_heard_as_the_name(name, others):
    assert [word for word in others.split() if bits(word, name) >= 9] == []


def test_rare_sounds_weigh_more_than_frequent_ones():
    assert worth(phones("Zhukovich")) > worth(phones("Sorinets"))
    assert alike(phones("Торин"), phones("Torin")) < alike(phones("Джафа"), phones("Dzhafa")) + 3


def test_words_that_sound_alike_share_a_key():
    assert set(keys(phones("كيسلر"), vowelless=True)) & set(keys(phones("Kessler")))
    assert set(keys(phones("马丁"))) & set(keys(phones("Martin"), loose=True))
    assert set(keys(phones("Szymański"))) & set(keys(phones("Шиманский")))


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("Acme", "latin"),
        ("Ёж", "cyrillic"),
        ("سامي", "arabic"),
        ("ザ", "kana"),
        ("한", "hangul"),
        ("孟", "han"),
        ("বাংলা", "other"),
    ],
)
def test_each_script_has_a_table_or_is_romanized(word, script):
    assert alphabet(word) == script
    assert phones(word)


def spelt(name: str) -> list[set[str]]:
    return [set(word.spellings) for reading in readings(name) for word in reading]


def test_a_chinese_name_is_read_in_pinyin_and_as_others_write_it():
    assert spelt("孟怀瑾")[:3] == [{"meng", "мэн"}, {"huai", "chuaj", "хуай"}, {"jin", "chin", "ťin", "цзинь"}]
    assert spelt("曾庆红")[0] == {"zeng", "tseng", "ceng", "цзэн"}
    assert spelt("欧阳锋")[0] == {"ouyang", "oujang", "оуян"}


@pytest.mark.parametrize(
    ("name", "czech"),
    [
        ("江泽民", "ťiang ce min"),
        ("邓小平", "teng siao pching"),
        ("周恩来", "čou en laj"),
        ("许克强", "sü kche čchiang"),
        ("胡元春", "chu jüan čchun"),
    ],
)
def test_the_czech_press_writes_a_chinese_name_by_its_own_rules(name, czech):
    assert all(one in words for one, words in zip(czech.split(), spelt(name), strict=False))


def test_a_korean_name_has_its_usual_spellings():
    surname, *given = spelt("이재용")
    assert {"lee", "yi", "rhee"} <= surname
    assert {"jae"} <= given[0]
    assert {"yong", "ён"} <= given[1]


def test_a_japanese_name_is_read_by_its_dictionary():
    found = [[set(word.spellings) for word in reading] for reading in readings("岸田文雄")]
    assert any("kishida" in words[0] and "fumio" in words[-1] and "кисида" in words[0] for words in found)


def test_a_name_in_letters_has_no_other_reading():
    assert spelt("Acme") == spelt("Зарипов") == spelt("طارق") == []


@pytest.mark.parametrize(
    ("kana", "latin"), [("キョウコ", "kyouko"), ("シンジュク", "shinjuku"), ("ロッカク", "rokkaku"), ("チャ", "cha")]
)
def test_kana_by_hepburn(kana, latin):
    assert hepburn(kana) == latin


LETTERS = {"latin": "abcdefghijklmnopqrstuvwxyzäçčšžłŕ'1", "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяіїўқғңћџ1"}
WORDS = st.sampled_from(sorted(LETTERS)).flatmap(lambda script: st.text(LETTERS[script], min_size=1, max_size=9))
SPELT = WORDS.filter(lambda word: alphabet(word) in LETTERS)


@given(SPELT, SPELT)
def test_no_word_has_more_in_common_with_another_than_it_may_have_at_most(word, other):
    assert alike(phones(word), phones(other)) <= most_bits(phones(word)) + 0.001


def test_no_word_fails_the_fast_test_that_has_more_in_common_with_a_name():
    words = (
        "Discord ديسكورد დისკორდი דיסקורד ディスコード 디스코드 Дискорд Kessler Schtscherbizki Кепка 케플러 Czapłygin"
    )
    for name, text in product(words.split(), repeat=2):
        sounds, read, loose = phones(name), phones(text), alphabet(text) in SYLLABLES
        limits = Limit(frozenset(phone for phone in read if not VOWELS.issuperset(phone)))
        most = sum(map(limits.__getitem__, consonants(sounds, loose=loose))) + min(vowel_bits(sounds), vowel_bits(read))
        assert alike(read, sounds, loose=loose) <= most + 0.01, (name, text)
