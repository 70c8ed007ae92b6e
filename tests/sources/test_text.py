"""Normalisation of text: invisible characters do not count."""

from __future__ import annotations

import unicodedata

import pytest

from sources.text import (
    _IGNORABLE_STARTS,
    _PRINTABLE_IGNORABLE,
    clean,
    clean_all,
    clean_lines,
    is_printable,
    sentences_only_in,
)

HIDDEN = (
    "\u200b\u00ad\u2060\ufeff\u034f\u115f\u1160\u17b4\u180b\u180f\u3164\ufe0f\uffa0\ufff0"
    "\U0001bca0\U0001d173\U000e0001\U000e0061\U000e0100\U000e0fff"
)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_code_points_that_show_as_nothing_hide_no_name(hidden: str) -> None:
    for text in (f"Tele{hidden}gram", f"{hidden}Telegram", f"Telegram{hidden}{hidden}"):
        assert clean(text) == "Telegram"
        assert clean_all([text, "b"]) == ["Telegram", "b"]
    assert clean_lines(f"Теле{hidden}грам\n{hidden}\nx") == "Телеграм\nx"


def test_what_shows_is_kept() -> None:
    for text in ("Телеграм", "텔레그램", "テレグラム", "تيليجرام", "ไทย", "naïve ≠ №", "𝔘𝔫𝔦"):
        assert clean(text) == text
        assert clean_all([text]) == [text]


@pytest.mark.parametrize("accents", ["\u0301", "\u0323\u0301", "\u0301\u0323"])
def test_of_accents_without_end_those_of_a_language_are_kept(accents: str) -> None:
    assert clean(f"e{accents * 5_000}x") == clean(f"e{accents * 30}"[:31] + "x")
    assert clean(f"e{accents * 10}x") == unicodedata.normalize("NFC", f"e{accents * 10}x")
    assert clean_all([f"e{accents * 5_000}"]) == [clean(f"e{accents * 5_000}")]


def test_other_signs_in_a_row_are_kept() -> None:
    for text in ("—" * 500, f"é{'-' * 500}ж", "\u0301-" * 400):
        assert clean(text) == text


@pytest.mark.parametrize(
    ("before", "after", "alone"),
    [
        ("One stays. Two goes.", "One stays. Two comes.", ["Two comes."]),
        ("One Inc. was fined.", "One Inc. was not fined.", ["One Inc. was not fined."]),
        ("a\nb", "a\nc\nb", ["c"]),
        ("一。二。", "一。三。", ["三。"]),
        ("Is it so? Yes.", "Is it so? No.", ["No."]),
        ("", "All of it", ["All of it"]),
    ],
)
def test_the_sentences_that_another_text_lacks(before: str, after: str, alone: list[str]) -> None:
    found = list(sentences_only_in(after, before))
    assert [sentence for _, sentence in found] == alone
    assert all(after[begin:].startswith(sentence) for begin, sentence in found)


@pytest.mark.parametrize("size", [0, 300])
def test_what_is_printable_is_what_python_calls_so(size: int) -> None:
    for sign in (*map(chr, range(0x180)), "\u2028", "\u3000", "\ud800", "\U0001f600"):
        assert is_printable("x" * size + sign) == sign.isprintable(), sign


def test_a_long_text_is_looked_at_as_a_short_one_is() -> None:
    assert is_printable("x" * 1_000_000)
    assert not is_printable("x" * 1_000_000 + "\n")


def test_every_invisible_character_starts_with_a_byte_that_leads_to_the_closer_look() -> None:
    for char in filter(_PRINTABLE_IGNORABLE.match, map(chr, [*range(0xD800), *range(0xE000, 0x110000)])):
        assert char.encode()[0] in _IGNORABLE_STARTS
        assert clean(f"Иван{char}ов") == "Иванов"
