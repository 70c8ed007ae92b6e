"""The table of frequent words, against names by their sound: alerts/recognition/data/frequent.txt.

    uv run --no-project --with wordfreq --with pythainlp python .ci/frequent_words.py

Takes the most frequent words of each language from wordfreq (its data are CC BY-SA 4.0, see the head of the table), and
for Thai from the Thai Textbook Corpus in PyThaiNLP (CC0). Neither is a dependency of the program. Left out are words
that a form of a kept one explains, or kept ones one after another, and those that sound like a frequent English word
and a frequent Russian one: they are foreign, and mostly names, which must be heard.
"""
# ruff: noqa: INP001 - a script beside the program, not a part of it
# ruff: noqa: PLC0415 - wordfreq is no dependency

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.recognition.language.dictionary import is_made_of, lengths_of
from alerts.recognition.language.endings import forms
from alerts.recognition.language.scripts import fold
from alerts.recognition.sound.alphabets import alphabet, phones
from alerts.recognition.sound.heard import Heard
from alerts.recognition.sound.likeness import LEAST_GUARDED, most, worth

TABLE = Path(__file__).parents[1] / "alerts" / "recognition" / "data" / "frequent.txt"
LANGUAGES = {
    "ar": ("arabic", 3_000), "fa": ("arabic", 1_250), "ur": ("arabic", 750), "hi": ("devanagari", 2_000),
    "ko": ("hangul", 9_000), "th": ("thai", 2_800), "he": ("hebrew", 1_500), "el": ("greek", 1_250),
}  # fmt: skip
"""The script of each language, and how many of its words are taken."""
FOREIGN = 30_000
"""Words of English and Russian that a foreign word may sound like."""
TOGETHER = {"thai", "hangul"}  # where short words are parts of others
NEARLY = 0.8  # of the bits of both words
HEAD = """\
# Frequent words, by language and script, folded: a word that is one of them, or made of them, is no name by its sound.
# Made by .ci/frequent_words.py from wordfreq by Robyn Speer, whose data are under CC BY-SA 4.0, as this table is:
# https://creativecommons.org/licenses/by-sa/4.0/; for Thai from the Thai Textbook Corpus in PyThaiNLP (CC0 1.0).
# What was changed: only the most frequent words, without those that the script leaves out.
"""


def words_of(language: str, count: int) -> list[str]:
    """The most frequent words of a language, the most frequent first."""
    if language == "th":
        text = (files("pythainlp") / "corpus" / "ttc_freq.txt").read_text(encoding="utf-8")
        rows = (row.split("\t") for row in text.splitlines() if "\t" in row)
        return [word for word, _ in sorted(rows, key=lambda row: -int(row[1]))][:count]
    from wordfreq import top_n_list  # no dependency of the program

    return list(top_n_list(language, count))


def heard(words: Sequence[str]) -> Heard:
    """An index of these words by their sound."""
    index = Heard()
    for number, word in enumerate(words):
        index.add(number, word)
    index.prepare()
    return index


def _sounds_like(word: str, words: Sequence[str], index: Heard) -> bool:
    """Whether a word has nearly all of its sounds, and of those of one of these words, in common with it."""
    own = worth(phones(word))
    return any(
        bits >= NEARLY * max(own, worth(phones(words[number]))) for number, bits in index.like([word], alphabet(word))
    )


def table() -> Iterator[str]:
    """The lines of the table."""
    lists = ([word for word in words_of(language, FOREIGN) if len(word) > 3] for language in ("en", "ru"))
    others = [(words, heard(words)) for words in lists]
    for language, (script, count) in LANGUAGES.items():
        kept: dict[str, None] = {}
        for word in map(fold, words_of(language, count)):
            if alphabet(word) != script or not word.isprintable() or any(map(str.isdigit, word)):
                continue
            if any(form in kept for form in forms(word)) or " " in word:
                continue
            if script == "hangul" and len(word) == 1:
                continue  # an ending, which `is_made_of` does not look up
            if script not in TOGETHER and sum(map(most, phones(word))) < LEAST_GUARDED:
                continue  # too short to be heard as a name
            if len(word) > 1 and all(_sounds_like(word, *one) for one in others):
                continue
            kept[word] = None
        lengths = lengths_of(kept)
        for word in list(kept) if script in TOGETHER else ():
            del kept[word]
            if not is_made_of(kept, word, script, lengths):
                kept[word] = None
        yield f"{language} {script} {' '.join(kept)}"


if __name__ == "__main__":
    TABLE.write_text(HEAD + "".join(f"{line}\n" for line in table()), encoding="utf-8")
