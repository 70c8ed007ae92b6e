"""Texts in which nothing needs a closer look, as most are: a fast test that saves several others. Pure."""

from __future__ import annotations

import re

from alerts.recognition.text.merging import LETTER_BY_LETTER

# Letters of the usual alphabets, but for those that tell a language which writes names as it hears them (see
# `language.which`), digits, spaces and the usual marks; what damage, tags and words written apart have is not here.
_SIMPLE = re.compile('[0-9A-Za-zÀ-ÖØ-öø-ÿА-ЩЫ-щы-яЁё \n.,:;!?…%$€()"«»„“”/—–-]*')


def is_simple(text: str) -> bool:
    """Whether a text is plain and undamaged, and writes no word apart (see `tokens`, `damage`, `merging`)."""
    return bool(_SIMPLE.fullmatch(text)) and not ("- " in text or "-\n" in text or LETTER_BY_LETTER.search(text))
