"""Misspellings: which words share something with one that has a slip, so that few have to be compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alerts.recognition.language.misspelling import is_slip, kept, possibly_kept

NAMES = st.text("aeios", min_size=6, max_size=11)


def misspelt(name: str, place: int, letter: str) -> list[str]:
    """The name with a letter wrong, missing, added, doubled or swapped with the next one."""
    place %= len(name)
    before, rest = name[:place], name[place:]
    swapped = before + rest[1:2] + rest[0] + rest[2:]
    return [before + letter + rest[1:], before + rest[1:], before + letter + rest, before + rest[0] + rest, swapped]


@given(NAMES, st.integers(0, 10), st.sampled_from("aeios"))
def test_a_word_with_one_slip_has_kept_something(name, place, letter):
    for word in misspelt(name, place, letter):
        assert not is_slip(word, name) or not kept(name).isdisjoint(possibly_kept(word))


def test_a_word_of_other_letters_has_kept_nothing():
    assert kept("Роспотребнадзор").isdisjoint(possibly_kept("Росфинмониторинг"))
    assert kept("telegram").isdisjoint(possibly_kept("telegraph"))
