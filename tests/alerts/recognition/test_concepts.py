"""Context words: one that is listed in one language is found in the others, declined, with articles and joined particles."""

from __future__ import annotations

import unicodedata

import pytest

from alerts.recognition.language.concepts.words import CONCEPTS
from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

NEAR = [
    # (listed, a text that has it)
    ("encryption", "يضيف Zumbrex تشفيراً كاملاً"),
    ("encryption", "Zumbrex uses shifrlash"),
    ("шифрование", "Zumbrex میں خفیہ کاری نہیں، انکرپشن ہے"),
    ("messenger", "Zumbrex on uusi pikaviestin"),
    ("мессенджер", "Zumbrex, nova klepetalnica"),
    ("chat", "Zumbrex گفتگو شروع"),
    ("chat", "Zumbrex թողարկեց չաթերը"),
    ("соцсеть", "Družbena omrežja: Zumbrex"),
    ("bank", "پاکستان کے بینکوں میں Zumbrex"),
    ("банк", "Băncile și Zumbrex"),
    ("exchange", "Берза Zumbrex"),
    ("нефть", "Zumbrex мұнай сатады"),
    ("oil", "Zumbrex neftini satdı"),
    ("газ", "Plinovod Zumbrex"),
    ("airline", "پی Zumbrex ایئرلائن"),
    ("авиакомпания", "Zumbrex, letalski prevoznik"),
    ("flight", "Vluchten van Zumbrex"),
    ("рейс", "Lidojumi: Zumbrex"),
    ("tanker", "Zumbrex, ein Rohöltanker"),
    ("судно", "Zumbrex, az olajszállító hajó"),
    ("vessel", "Brodovi kompanije Zumbrex"),
    ("operator", "آپریٹر Zumbrex"),
    ("retailer", "Zumbrex, detaljhandelskedja"),
    ("магазин", "Doʻkonlar Zumbrex"),
    ("browser", "Preglednik Zumbrex"),
    ("regulator", "Zumbrex granskas av myndigheten"),
    ("court", "Domstolen om Zumbrex"),
    ("суд", "Bíróság elé áll: Zumbrex"),
    ("sanctions", "Pakotteet koskevat: Zumbrex"),
    ("wallet", "Denarnica Zumbrex"),
    ("кошелёк", "Peněženka Zumbrex"),
    ("crypto", "Zumbrex krüptoraha"),
    ("deputy", "Поїздка депутата: Zumbrex"),
    ("депутат", "Abgeordnete gegen Zumbrex"),
    ("депутат", "النواب يناقشون Zumbrex"),
    ("lawmaker", "سांसदों Zumbrex सांसदों"),
    ("Госдума", "The State Duma and Zumbrex"),
    ("parliament", "Zumbrex в Госдуме"),
    ("законопроект", "Gesetzentwurf gegen Zumbrex"),
    ("ministry", "Minisztériumi közlemény: Zumbrex"),
    ("правительство", "Hükümetin kararı: Zumbrex"),
    ("следствие", "Zumbrex soruşturması sürüyor"),
    ("investigation", "חקירת Zumbrex נמשכת"),
    ("mayor", "Pormestari ja Zumbrex"),
    ("бизнесмен", "実業家と Zumbrex"),
    ("general", "გენერალმა Zumbrex დაინახა"),
    ("malware", "恶意软件 Zumbrex"),
    ("утечка", "Datenleck: Zumbrex"),
    ("uranium", "اورانیوم و Zumbrex"),
    ("вакцина", "Zumbrex rokotteet"),
    ("battery", "ბატარეები Zumbrex"),
    ("блокировка", "Zumbrex engellendi"),
    ("реестр", "סוף הרשימה במרשם: Zumbrex"),
    ("terrorist", "Τρομοκρατική ομάδα Zumbrex"),
    ("иноагент", "Zumbrex, foreign agents"),
    ("church", "Εκκλησία και Zumbrex"),
    ("стадион", "경기장에서 Zumbrex"),
    ("publisher", "Wydawnictwo Zumbrex"),
    ("мебель", "家具の Zumbrex"),
    ("cosmetics", "بمستحضرات تجميل Zumbrex"),
    ("beer", "Oluen panimo: Zumbrex"),
    ("tobacco", "Dohányáru: Zumbrex"),
    ("пенсионный", "Eläkeyhtiö Zumbrex"),
    ("bond", "Kötvények: Zumbrex"),
    ("облигации", "채권 Zumbrex"),
    ("IPO", "Halka arz: Zumbrex halkaarzı"),
    ("dividend", "дивиденды Zumbrex"),
    ("merger", "Übernahme: Zumbrex"),
    ("банкротство", "Faillissement van Zumbrex"),
    ("auction", "Zumbrex の入札"),
    ("строительство", "Építőipari: Zumbrex"),
    ("container", "مكالمة ثم حاويات Zumbrex"),
    ("посылка", "Csomagok: Zumbrex"),
    ("yacht", "Яхты Zumbrex"),
    ("вертолёт", "Śmigłowiec Zumbrex"),
    ("leasing", "Лізингова Zumbrex"),
    ("реклама", "Zumbrex hirdetések"),
    ("employee", "कर्मचारियों ने Zumbrex"),
    ("основатель", "Grundare av Zumbrex, grundarna"),
    ("owner", "Власники Zumbrex"),
    ("processor", "プロセッサ Zumbrex"),
    ("server", "Серверы Zumbrex"),
    ("pharmacy", "Gyógyszertár: Zumbrex"),
    ("больница", "Sjukhuset och Zumbrex"),
    ("export", "Zumbrex 的出口"),
    ("уголовный", "Zumbrex, кримінальну справу закрито"),
    ("Mastercard", "Zumbrex и 万事达"),
    ("petrol station", "Zumbrex-Tankstelle"),
]

FAR = [
    # (listed, a text that has only a word which begins like it, or is frequent in another language)
    ("email", "Zumbrex почти готов"),
    ("flight", "Zumbrex was lending a hand"),
    ("мэр", "Ряд мер Zumbrex"),
    ("book", "Zumbrex gebucht"),
    ("uranium", "Zumbrex uransa loppu"),
    ("bill", "Zumbrex закончил стройку"),
    ("foreign agent", "Zumbrex и агентство"),
    ("mining", "Zumbrex determined to win"),
    ("furniture", "Zumbrex kommt bald"),
    ("drone", "Zumbrex, dronningens ven"),
    ("customs", "Zumbrex, vamos a casa"),
    ("beer", "Zumbrex sort of won"),
    ("lawsuit", "Zumbrex processing plant"),
    ("wallet", "Zumbrex كيف حالك"),
]

LISTED = list(dict.fromkeys(listed for listed, _ in NEAR + FAR))
RECOGNIZER = Recognizer({listed: Watched(("Zumbrex",), context=(listed,)) for listed in LISTED})


def told(text: str) -> set[str]:
    return {found.entity for found in RECOGNIZER.findings([("text", text)]) if not found.against}


@pytest.mark.parametrize(("listed", "text"), NEAR)
def test_a_context_word_is_found_in_other_languages(listed, text):
    assert listed in told(text)


@pytest.mark.parametrize(("listed", "text"), FAR)
def test_a_word_that_only_begins_like_a_context_word_is_none(listed, text):
    assert listed not in told(text)


def test_a_beginning_in_plain_letters_has_at_least_three_of_them():
    begun = [word for word in CONCEPTS.split() if word.endswith("*") and word.isascii()]
    assert min(len(word.strip("*")) for word in begun) >= 3


def test_each_context_word_is_in_one_script():
    for word in CONCEPTS.split():
        scripts = {unicodedata.name(char).split()[0] for char in word if char.isalpha()}
        assert len(scripts - {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK"}) <= 1, word
