"""Misspellings: which words share something with one that has a slip, so that few have to be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.recognition.language.misspelling import is_slip, kept, possibly_kept
from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

NAMES = st.text("aeiosmn", min_size=6, max_size=11)


def misspelt(name: str, place: int, letter: str) -> list[str]:
    """The name with a letter wrong, missing, added, doubled or swapped with the next one."""
    place %= len(name)
    before, rest = name[:place], name[place:]
    swapped = before + rest[1:2] + rest[0] + rest[2:]
    return [before + letter + rest[1:], before + rest[1:], before + letter + rest, before + rest[0] + rest, swapped]


@given(NAMES, st.integers(0, 10), st.sampled_from("aeiosmn"))
def test_a_word_with_one_slip_has_kept_something(name, place, letter):
    for word in misspelt(name, place, letter):
        assert not is_slip(word, name) or not kept(name).isdisjoint(possibly_kept(word))


def test_a_word_of_other_letters_has_kept_nothing():
    assert kept("Роспотребнадзор").isdisjoint(possibly_kept("Росфинмониторинг"))
    assert kept("telegram").isdisjoint(possibly_kept("telegraph"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Глава Роспотребназдора подал в отставку", True),
        ("после проверки роспотребназдор закрыл кафе", True),
        ("Вчера роспотребназдор закрыл кафе", False),
        ("Вчера роспотребнаддзор закрыл кафе", True),
    ],
)
def test_a_slip_in_small_letters_counts_in_a_text_without_capitals_and_a_doubled_letter_anywhere(text, found):
    recognizer = Recognizer({"one": Watched(("Роспотребнадзор",))})
    assert [not finding.against for finding in recognizer.findings([("text", text)])] == [True] * found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Huawie zeigt eine Uhr", False),  # its end
        ("Uhawei zeigt eine Uhr", False),
        ("Hauwei zeigt eine Uhr", True),
        ("Huaewi zeigt eine Uhr", True),
        ("Huowei zeigt eine Uhr", False),
        ("García zeigt eine Uhr", False),
        ("Quaxogran zeigt eine Uhr", True),
        ("Quaxograd zeigt eine Uhr", False),
    ],
)
def test_in_six_letters_two_may_be_swapped_and_a_long_name_may_end_in_n_for_m(text, found):
    recognizer = Recognizer(
        {"one": Watched(("Huawei",)), "two": Watched(("Gracia",)), "three": Watched(("Quaxogram",))}
    )
    assert bool(recognizer.findings([("text", text)])) == found
