"""Hebrew words that are a name and an adjective: the word before tells which."""

from __future__ import annotations

import pytest

from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

RECOGNIZER = Recognizer({"apple": Watched(("Apple",)), "bolt": Watched(("Bolt",), context=("taxi",))})


def told(text: str) -> set[str]:
    return {found.entity for found in RECOGNIZER.findings([("text", text)]) if not found.against}


@pytest.mark.parametrize(
    "text",
    [
        "בחדר אפל במרתף",
        "היה זה לילה אפל",
        "הערב היה אפל וקר",
        "סרט קודר ואפל",
        "הצד האפל של העיר",
        "הוא היה נהג בולט בענף המוניות",
    ],
)
def test_after_its_noun_it_is_an_adjective(text):
    assert told(text) == set()


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("אפל תשיק מכשיר", "apple"),
        ("גל פיטורים באפל", "apple"),
        ("השר תבע את אפל", "apple"),
        ("מניית אפל צנחה", "apple"),
        ("מוצרי אפל חסרים", "apple"),
        ("התאגיד אפל נקנס", "apple"),
        ("שעון אפל חדש", "apple"),
        ("מיקרוסופט ואפל חתמו", "apple"),
        ("נמסר שאפל תשלם", "apple"),
        ('מנכ"ל אפל התפטר', "apple"),
        ("אפליקציית המוניות בולט תפעל באילת", "bolt"),
    ],
)
def test_where_no_adjective_may_stand_it_is_the_name(text, entity):
    assert told(text) == {entity}
