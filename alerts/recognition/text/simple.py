"""Texts in which nothing needs a closer look, as most are: a fast test that saves several others. Pure."""

from __future__ import annotations

import re

from alerts.recognition.text.merging import LETTER_BY_LETTER

# Letters of the usual alphabets, but for those that tell a language which writes names as it hears them (see
# `language.which`), digits, spaces and the usual marks; what damage, tags and words written apart have is not here.
_LETTERS = "0-9A-Za-zÀ-ÖØ-öø-ÿА-ЩЫ-щы-яЁё "
_MARKS = '\n.,:;!?…%$€()"«»„“”/—–-'
_BARE = re.compile(f"[{_LETTERS}]*")
_SIMPLE = re.compile(f"[{_LETTERS}{_MARKS}]*")
_BETWEEN = re.compile(f"[{_MARKS}]+")


def simple_words(text: str) -> list[str] | None:
    """The words of a text that is plain and undamaged, and writes no word apart (see `tokens`, `damage`, `merging`);
    None of any other.
    """
    if _BARE.fullmatch(text):  # many headlines
        words = text.split()
    elif _SIMPLE.fullmatch(text) and "- " not in text and "-\n" not in text:
        words = _BETWEEN.sub(" ", text).split()  # faster than to find each word
    else:
        return None
    return None if LETTER_BY_LETTER.search(text) else words
