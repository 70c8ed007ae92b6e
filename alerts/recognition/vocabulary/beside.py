"""Words that sound a little like a word of a name: enough beside another word of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.scripts import fold_and_script
from alerts.recognition.language.suffixes import SUFFIXES
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.sound.heard import Heard
from alerts.recognition.sound.said import said
from alerts.recognition.vocabulary import roots
from alerts.recognition.vocabulary.hits import Hit, How

_LONGEST = 100  # letters: a longer word is no name
_REMEMBERED = 50_000  # pairs kept in the cache
_NONE: frozenset[str] = frozenset()


class Beside:
    """Compares a word of a text with one word of the vocabulary. Look-ups are cached."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._known: dict[tuple[str, int], Hit | None] = {}

    def look_up(self, word: str, number: int, *, given: bool) -> Hit | None:
        """Whether a word sounds like a numbered one, which is the `given` name or another word of a name."""
        if (word, number) not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            may = len(word) <= _LONGEST and self._heard.may_sound(number, alphabet(word))
            self._known[word, number] = self._hit(word, number, given=given) if may else None
        return self._known[word, number]

    def _hit(self, word: str, number: int, *, given: bool) -> Hit | None:
        best, ending = max(
            ((self._heard.beside([head], number, given=given), ending) for head, ending in _heads(word)),
            default=(0.0, ""),
        )
        languages = SUFFIXES.get(ending, _NONE) if word[0].isascii() else _NONE
        return Hit(number, How.HEARD, ending, languages=languages, bits=best) if best else None


def _heads(word: str) -> Iterator[tuple[str, str]]:
    """What of a word may be a name, with the ending that is cut off."""
    folded, script = fold_and_script(word)
    if script == "other":
        yield from ((form, "") for form in forms(folded))
    elif script in {"latin", "cyrillic"} and word[0].isupper():
        yield from roots.heads(word, folded, roots.splits(folded, script))
        if script == "latin":
            yield from ((spoken, "") for spoken in said(word.lower(), anywhere=True))
