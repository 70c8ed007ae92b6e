"""Names within and between Latin and Cyrillic letters: by their sound, by the spelling of a language, with its endings."""

from __future__ import annotations

import pytest

from alerts.recognition.language.endings import changes, may_end, stems
from alerts.recognition.language.which import writes_as_heard
from alerts.recognition.recognizer import Recognizer
from alerts.recognition.sound.alphabets import SPELT, respelt, spelt_phones
from alerts.recognition.sound.likeness import agree, may_agree, vowels
from alerts.recognition.words import restored
from tests.alerts.recognition.watched import Watched

PERSONS = (
    "Jörg Bäumler|Lucien Beauchamps|Didier Courtois|Guillaume Bergier|Geoffrey Whitlock|Hugo Wainwright|Zbigniew Fredro"
    "|Wojciech Krzeszowski|Grzegorz Trzaska|Jan Duda|Jiří Hřebíček|Nagy Szilárd|Virpi Hämäläinen|Игнат Ведерников"
    "|Остап Грищенко|Богдан Гайдук|Василий Заяц|Игорь Соловей|Пётр Лев|Андрэй Лагуноўскі|Марія Зелінська|Мар'яна Цюпко"
)
BRANDS = "Kolibrex|Tesmora|Mindgate|Wispay|Tetherix|Sea Falcon|Skyline Cash|Beaumard|Telegrof|Аппальт|Zorbot"
RECOGNIZER = Recognizer({name: Watched((name,)) for name in f"{PERSONS}|{BRANDS}".split("|")})


def told(text: str) -> list[str]:
    return list(dict.fromkeys(found.entity for found in RECOGNIZER.findings([("text", text)]) if not found.against))


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        # German, French, English and Polish names in Cyrillic
        ("Jörg Bäumler", "Йорга Боймлера видели|Јерг Бојмлер је био на суду|Ёрг Боймлер"),
        ("Lucien Beauchamps", "Люсьен Бошан|Люсьен Бошан не е в затвора"),
        ("Didier Courtois", "Дидье Куртуа|Дідьє Куртуа|Tiesa attaisnoja un atbrīvoja Didjē Kurtuā"),
        ("Guillaume Bergier", "Гийома Бержье|Гийом Бержие"),
        ("Geoffrey Whitlock", "Джеффри Уитлок|Джеффрі Вітлока|Џефри Витлок је на суду"),
        ("Hugo Wainwright", "Хьюго Уэйнрайт"),
        ("Wojciech Krzeszowski", "Войцех Кшешовский|Войцеха Кшешовського"),
        ("Jiří Hřebíček", "Иржи Гржебичек"),
        # languages that write foreign names as they hear them
        ("Jörg Bäumler", "Vakar aizturēts Jergs Boimlers no Minhenes|Jergam Boimleram uzrādīta apsūdzība"),
        ("Lucien Beauchamps", "Lüsyen Boşan bu gün sərbəst buraxıldı"),
        ("Игнат Ведерников", "Ігнат Вядзернікаў хаваецца ў Мінску|Ігната Вядзернікава шукаюць ў Мінску"),
        # Ukrainian and Belarusian names in Latin letters
        ("Остап Грищенко", "Ostap Hryschtschenko|Ostap Hryszczenko|Ostap Hrõštšenko|Ostap Hrișcenco"),
        ("Богдан Гайдук", "Bohdan Hajduk|Bohdan Hayduk"),
        ("Андрэй Лагуноўскі", "Andrei Lahunouski|Андрей Лагуновский|Андрэя Лагуноўскага"),
        ("Мар'яна Цюпко", "Марьяна Цюпко|Мар’яну Цюпко|Mariana Tsiupko"),
        # declined
        ("Zbigniew Fredro", "Zbigniewa Fredry|Zbigniewem Fredrą|Zbigniewowi Fredrze"),
        ("Grzegorz Trzaska", "Grzegorza Trzaskę|Grzegorzowi Trzasce"),
        ("Jan Duda", "Sąd nie wypuścił Jana Dudy i jego syna|Janem Dudą"),
        ("Jiří Hřebíček", "Jiřího Hřebíčka|Jiřímu Hřebíčkovi"),
        ("Nagy Szilárd", "Nagy Szilárddal"),
        ("Virpi Hämäläinen", "Virpi Hämäläisen|Virpi Hämäläiselle"),
        ("Василий Заяц", "Василию Зайцу"),
        ("Игорь Соловей", "Игорем Соловьем"),
        ("Пётр Лев", "Петра Льва"),
        ("Марія Зелінська", "Марії Зелінської|Марії Зелінській"),
        ("Kolibrex", "Колибрекстегі баға|Kolibrexszel és mással|kolibrexui ir dėl kitų|Kolibrexul|Kolibrexteki"),
        ("Tesmora", "Tesmorával|Tesmoros įmonė ir|Tesmorę się kupuje|Тесмору"),
        ("Telegrof", "Satıcılar Teleqrofda müştəri tapırdı, bu da"),
        # brands, also short ones and in small letters
        ("Mindgate", "Майндгейт|майндгейту"),
        ("Wispay", "Виспей"),
        ("Tetherix", "Тезерикс|тетерикса"),
        ("Sea Falcon", "«Си Фалкон»"),
        ("Skyline Cash", "Скайлайна Кэша"),
        ("Beaumard", "Бомар"),
        ("Аппальт", "Апальт|Апальта"),
        # damage
        ("Kolibrex", "Koli<b>brex</b>|Koli\u200bbrex|Koli&shybrex|K&oacutelibrex|К\u00adолибрекс"),
    ],
)
def test_a_name_is_found_as_each_language_writes_it(name, texts):
    assert [text for text in texts.split("|") if told(text) != [name]] == []


@pytest.mark.parametrize(
    "text",
    [
        "Колибри растёт",
        "Jan Dudek",
        "Jana Dudy-Nowak nie ma, Ewa Duda jest",
        "Соловьём поёт Игорь",
        "Бомбар",
        "Teleqrof",  # in a text of no language
        "Жданов и Гайдуков",
        "Скайлайн",
        "Виспо",
        "1 < 2 и 3 > 2",
    ],
)
def test_other_words_are_not_the_name(text):
    assert [name for name in told(text) if name != "Jan Duda"] == []


def test_a_language_that_writes_as_it_hears_is_told_by_its_letters():
    assert writes_as_heard(["Tiesa", "un", "Šmits"], "Tiesa un Šmits")
    assert not writes_as_heard(["Novák", "je", "ve", "městě"], "Novák je ve městě")
    assert not writes_as_heard(["Smith"], "Smith")


def test_english_and_french_names_are_said_in_russian():
    assert {"тезер", "тетер"} <= set(respelt("tether"))
    assert "рено" in set(respelt("renault"))
    assert list(respelt("marat")) == []
    assert list(respelt("çelik")) == []


def test_the_end_of_a_name_changes_with_its_language():
    assert any(stem == "szczyrb" and "pl" in endings["e"] for stem, endings in changes("szczyrba"))
    assert list(changes("eva")) == []
    assert may_end("zsombor", "ral")
    assert not may_end("zsombor", "lal")
    assert "зайц" in {stem.text for stem in stems("заяц")}


def test_short_words_agree_in_every_sound_or_not_at_all():
    def read(word: str, script: str) -> tuple[str, ...]:
        return spelt_phones(word, SPELT[script])

    leaf = read("Leaf", "latin")
    assert agree(read("Лиф", "cyrillic"), leaf)
    assert agree(read("Лифа", "cyrillic"), leaf)
    assert not agree(read("Лифа", "cyrillic"), leaf, ending=False)
    assert not agree(read("Лаф", "cyrillic"), leaf)
    assert may_agree(vowels(read("Лиф", "cyrillic")), vowels(leaf), strictly=True)


def test_what_a_page_hides_is_taken_out_with_its_place():
    text = "A <b>Koli</b>brex\u00ad\n AT&Tring x\u200by"
    plain = restored(text)
    assert plain.text == "A <b>Kolibrex\u00ad\n AT&Tring xy"
    assert plain.origin(plain.text.index("y")) == len(text) - 1
