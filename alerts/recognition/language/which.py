"""The language of a text, from its letters and small words: enough to judge an ending or an ordinary word. Pure."""

import re
from collections.abc import Iterable, Sequence

from alerts.recognition.language.dictionary import is_noun_too
from alerts.recognition.language.scripts import fold, script_of
from alerts.recognition.tables import by_language, lines, listed

_WORDS: dict[str, list[str]] = {}
for _language, _own in by_language("small_words").items():
    for _word in _own:
        _WORDS.setdefault(_word, []).append(_language)
_BY_LETTER: dict[str, list[str]] = {}
for _language, _own in by_language("telling_letters").items():
    for _letter in "".join(_own):
        _BY_LETTER.setdefault(_letter, []).append(_language)
_MOST = 200  # words that are looked at
_AS_HEARD = frozenset(listed("lv lt et az uz hr be uk bg sr mk kk ky"))
_THEIRS = "āčēģīķļņšūžėįųąęəşğіїєґўјљњћђџќѓѕқғңұһөүәъ"
_THEIR_LETTERS = re.compile(f"[{_THEIRS}{_THEIRS.upper()}]")


def writes_as_heard(words: Iterable[str], text: str) -> bool:
    """Whether a text seems to be in a language that writes foreign names, too, as it hears them."""
    if not _THEIR_LETTERS.search(text):
        return False
    language = language_of(words, text)
    return language is None or language in _AS_HEARD


def languages_of_small(word: str) -> Sequence[str]:
    """The languages that have a word among their small ones; mostly none."""
    return _WORDS.get(word.lower(), ())


def languages_with(folded: str) -> frozenset[str]:
    """The languages in which a word is an everyday one, as far as the tables of ordinary, small and frequent words, and
    the Russian dictionary, have it.
    """
    ordinary = {language for language, own in by_language("ordinary").items() if folded in map(fold, own)}
    frequent = {row[0] for row in (line.split(" ") for line in lines("frequent.txt")) if folded in row[2:]}
    russian = {"ru"} if script_of(folded) == "cyrillic" and is_noun_too(folded) else set()
    return frozenset({*ordinary, *frequent, *russian, *_WORDS.get(folded, ())} - {"international"})


def language_of(words: Iterable[str], text: str) -> str | None:
    """The most likely language of a text, given its first words, as a code; None if nothing tells it."""
    score = score_languages(words, text)
    if not score:
        return None
    best = max(score.values())
    first, *others = [language for language, points in score.items() if points == best]
    return None if others else first


def score_languages(words: Iterable[str], text: str) -> dict[str, float]:
    """How much speaks for each language, given the first words of a text: its small words, and its letters."""
    score: dict[str, float] = {}
    for number, word in enumerate(words):
        if number >= _MOST:
            break
        for language in _WORDS.get(word.lower(), ()):
            score[language] = score.get(language, 0.0) + 0.5 + 1.0 / len(_WORDS[word.lower()])
    for letter in set(text[:2_000].lower()):
        for language in _BY_LETTER.get(letter, ()):
            score[language] = score.get(language, 0.0) + 1.0
    return score
