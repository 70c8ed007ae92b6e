"""What agencies, registers and correspondents write every day: titles, particles, possessives, abbreviations, registers."""

from __future__ import annotations

import pytest

from alerts.recognition.language.dictionary import is_frequent
from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched


def words_found(names: tuple[str, ...], text: str) -> list[str]:
    recognizer = Recognizer({"one": Watched(names)})
    return [found.words for found in recognizer.findings([("text", text)]) if not found.against]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        # Korean particles and joined Hebrew words at a Latin name
        ("Zanzara", "Zanzara은 오늘 발표했다", "Zanzara은"),
        ("Zanzara", "Zanzara에서 일하는 사람", "Zanzara에서"),
        ("Zanzara", "הוא עובד בZanzara", "בZanzara"),
        # abbreviations by the names of their letters
        ("BDC", "عمل لصالح بي دي سي لعقد", "بي دي سي"),
        ("BDC", "उसने बीडीसी के लिए काम किया", "बीडीसी"),
        ("BDC", "เขาทำงานกับบีดีซีมานาน", "บีดีซี"),
        ("BDC", "비디씨는 발표했다", "비디씨는"),
        ("BDC", "Об этом сообщила Би-ди-си", "Би-ди-си"),
        # possessives of Czech
        ("Hrubeš", "Hrubešova vláda řekla, že to není pravda", "Hrubešova"),
        ("Hrubeš", "Podle něj se Hrubešův návrh nelíbí", "Hrubešův"),
        # registers
        ("Robert Smith-Jones", "SMITH-JONES, Robert", "SMITH-JONES, Robert"),
        ("SMITH, Robert", "Robert Smith was appointed", "Robert Smith"),
        ("Orvella plc", "Profits at Orvella fell", "Orvella"),
        # an article and a preposition in Arabic
        ("الراجحي", "وقال للراجحي", "للراجحي"),
        # what a dot joins in Chinese is one name, in whatever form of the characters
        ("Donald Trump", "總統唐納德·特朗普的顧問", "唐納德·特朗普"),
    ],
)
def test_it_is_found(name, text, words):
    assert words_found((name,), text) == [words]


def test_a_title_of_one_letter_is_no_initial_of_somebody_else():
    names = ("Emmanuel Dalibert", "Dalibert")
    assert words_found(names, "M. Dalibert a déclaré que la France est prête") == ["Dalibert"]
    assert words_found(names, "According to R. Dalibert, it was late") == []


@pytest.mark.parametrize("word", ["दोनों", "동안", "당연히", "예상된다", "ผ่านมา", "ภาพยนตร์", "الذي"])
def test_a_frequent_word_is_one_with_what_its_script_joins_to_it(word):
    assert is_frequent(word)


@pytest.mark.parametrize("word", ["자리포프", "ترامب", "ट्रम्प", "디즈니", "Danone"])
def test_a_foreign_name_is_no_frequent_word(word):
    assert not is_frequent(word)


def test_a_frequent_word_is_no_name_by_its_sound():
    assert words_found(("Danone",), "दोनों देशों ने समझौता किया") == []


def test_how_a_chinese_name_is_read_is_heard_in_east_asian_scripts_alone():
    assert words_found(("孟怀瑾",), "Meng Huaijin said") == ["Meng Huaijin"]
    assert words_found(("孟怀瑾",), "قال منغ هواي جين إن") == []


def test_a_greek_word_with_its_accent_elsewhere_is_another_word():
    recognizer = Recognizer({"one": Watched(("Meta",), context=("Facebook",))})

    def told(text: str) -> list[str]:
        return [found.words for found in recognizer.findings([("text", text)]) if not found.against]

    assert told("Η Μέτα και το Facebook") == ["Μέτα"]
    assert told("Το Facebook έκλεισε μετά") == []


def test_a_context_word_counts_with_its_forms_and_is_not_translated():
    recognizer = Recognizer({"one": Watched(("Lyrandel",), context=("биржа",))})

    def told(text: str) -> bool:
        return any(not found.against for found in recognizer.findings([("text", text)]))

    assert told("Lyrandel на бирже")
    assert not told("Lyrandel an der Börse")
