"""What is remembered of the words of texts: never so that what is found depends on the texts before."""

from __future__ import annotations

from alerts.recognition import vocabulary
from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

WATCHED = {"ship": Watched(("Sea Falcon",)), "man": Watched(("Юрий Бойшнель", "Бойшнель"))}
NAMED = "Jurij Boischnel and the Sea Falcon"


def told(recognizer: Recognizer, text: str) -> list[str]:
    return [found.entity for found in recognizer.findings([("text", text)]) if not found.against]


def test_a_name_is_found_in_a_text_whose_words_are_too_many_to_be_remembered(monkeypatch):
    monkeypatch.setattr(vocabulary, "REMEMBERED", 10)
    many = " ".join(f"word{number}" for number in range(30))
    recognizer = Recognizer(WATCHED)
    for text in (f"{NAMED} {many}", f"{many} {NAMED}", f"Sea {NAMED} {many}"):
        assert set(told(recognizer, text)) == {"ship", "man"}, text


def test_a_word_that_was_heard_beside_another_name_is_no_name_by_itself():
    fresh, after = Recognizer(WATCHED), Recognizer(WATCHED)
    told(after, NAMED)
    for text in ("Jurij came late", "the Boischnel house", "a falcon", NAMED.lower()):
        assert told(after, text) == told(fresh, text), text
