"""What makes a word another one, or a name another name: each guard by a name that it leaves alone, and one that it does not."""

from __future__ import annotations

import pytest

from alerts.recognition.language import dictionary
from alerts.recognition.recognizer import NameFinding, Recognizer
from tests.alerts.recognition.watched import Watched

RECOGNIZER = Recognizer(
    {
        "lyra": Watched(("Lyra", "Лира"), context=("browser", "браузер")),
        "aurora": Watched(("Aurora", "Аврора"), context=("airline", "рейс")),
        "visa": Watched(("Visa",), context=("card", "карта")),
        "oilco": Watched(("Нафтатрейд",)),
        "pipe": Watched(("Вектор",), context=("Нафтатрейд",)),
        "q": Watched(("К-Банк",)),
        "krum": Watched(("Andris Krauklis", "Ilzīte Krauklis")),
        "yak": Watched(("Николай Яковенко", "Яковенко")),
        "heron": Watched(("Павел Цаплин", "Цаплин")),
        "bank": Watched(("Банк Севера",)),
        "vks": Watched(("ВКС",)),
        "byt": Watched(("Zybit",)),
        "gint": Watched(("Gintautas Petrulis",)),
        "mori": Watched(("森下あかり",)),
        "xiong": Watched(("Xiomaro",)),
    }
)


def findings(text: str) -> list[NameFinding]:
    return RECOGNIZER.findings([("text", text)])


def told(text: str) -> str:
    return " ".join(dict.fromkeys(found.entity for found in findings(text) if not found.against))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        # context words in other scripts
        # and ordinary words there, with a context that is not beside them
        ("ვიზა გაუქმდა, ბარათი არის", ""),
        ("वीज़ा शुल्क अब कार्ड से", ""),
        # a context word that is a name has no other meaning
        ("Вектор and an oil tanker", ""),
        ("Тендер выиграл «Вектор», сказал Нафтатрейд", "pipe oilco"),
        # a legal form in place of context, but not another company's
        ("VISA INC.; Foster City", "visa"),
        ("Visa Systems Inc.", ""),
        ("New Visa Inc.", ""),
        # articles, towns, ships
        ("Das Visa für die Karte", ""),
        ("Крейсер «Аврора» и рейс", ""),
        ("Рейс «Авроры» отменён", "aurora"),
        ("Рейс-браузер Lyra-клиент", "lyra"),
        ("Aurora flies north, says the airline", "aurora"),
        ("Вчера, в День Авроры, рейс отменили", ""),
        # names of other spellings
        ("K-Bank grows", "q"),
        ("КБанк растёт", "q"),
        ("Андрію Krauklis", ""),
        ("Andrea Krauklis", ""),
        ("Микола Яковенко", "yak"),
        ("Mykola Yakovenko", "yak"),
        ("Нафтатрейдс", ""),
        ("Naftatrejd", "oilco"),
        ("Зайбит растёт", "byt"),
        ("Gintauto Petrulio namai", "gint"),
        ("Akari Morishita resigned", "mori"),
        ("シオマロが発表", "xiong"),
        # surnames of others, small letters, plurals
        ("Вулицю Цаплина перейменують", ""),
        ("Олена Цаплин", ""),
        ("Fatma Цаплин", ""),
        ("Здесь цаплин берег", ""),
        ("цаплин сказал", "heron"),
        ("В банке Севера", "bank"),
        # abbreviations
        ("ВКС (военно-космический состав) рядом", ""),
        ("ВКС (все) правы", "vks"),
        ("в В К С и", "vks"),
        ("А Б В", ""),
    ],
)
def test_a_name_counts_where_nothing_makes_it_another(text, entities):
    assert told(text) == entities


def test_each_rejection_says_why():
    for text in (
        "Das Visa für die Karte",
        "Здесь цаплин берег",
    ):
        found = findings(text)
        assert found
        assert all(finding.against for finding in found)


def test_no_dictionary_is_opened_where_the_next_word_is_no_name(monkeypatch):
    def unexpected() -> None:
        raise AssertionError("a dictionary was opened")

    monkeypatch.setattr(dictionary, "_dictionary", unexpected)
    dictionary._known.cache_clear()
    assert told("Карта Visa в реестре") == "visa"


def test_a_persons_full_name_needs_no_context_but_the_surname_alone_does():
    recognizer = Recognizer({"one": Watched(("Арсений Щербинин", "Щербинин"), context=("депутат",))})
    for text, mentions in (
        ("Arseni Chtcherbinine s'est exprimé à Paris", 1),
        ("Депутат Щербинин выступил в Париже", 1),
        ("Вчера Щербинин выступил в Париже", 0),
    ):
        assert sum(not found.against for found in recognizer.findings([("text", text)])) == mentions, text
