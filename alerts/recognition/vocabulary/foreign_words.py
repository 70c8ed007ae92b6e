"""Words of scripts other than Latin and Cyrillic that are found as they are written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from alerts.recognition.language.han import one_form
from alerts.recognition.language.native_forms import GEORGIAN_NOMINATIVE, SHORTEST
from alerts.recognition.sound.alphabets import alphabet

_JOINED = frozenset({"מ", "ל", "ב", "ש", "כש", "ו", "ומ", "ול", "וב", "וש"})  # Hebrew: not the article
_MADDA = "آ"
_BEGINNING = 3  # letters of a Thai word by which it is looked up


class ForeignWords:
    """Numbered words: foreign ones as a script writes them, and Chinese characters. First add them, then look up."""

    def __init__(self) -> None:
        self._written: dict[str, list[int]] = {}
        self._guarded: set[int] = set()
        self._characters: list[tuple[int, str]] = []
        self._thai: dict[str, list[str]] | None = None

    def add(self, number: int, folded: str, *, guarded: bool) -> None:
        """Add a foreign word, `guarded` by a context word: a short one may then be joined to others."""
        if guarded:
            self._guarded.add(number)
        for form in {folded, folded.removesuffix(GEORGIAN_NOMINATIVE)}:
            self._written.setdefault(form, []).append(number)

    def add_character(self, number: int, char: str) -> None:
        """Add a Chinese character."""
        self._characters.append((number, char))

    def like(self, word: str, folded: str, read: Iterable[str]) -> Iterator[int]:
        """The foreign words that a word of a text is, or is with what its script adds to such words: see `borrowed`."""
        for form in read:
            if numbers := self._written.get(form):
                doubtful = _is_doubtful(form, folded) and not _is_telling(word, folded.removesuffix(form))
                yield from filter(self._guarded.__contains__, numbers) if doubtful else numbers

    def like_character(self, char: str) -> Iterable[int]:
        """The Chinese characters of which one of a text is a form."""
        return self._of_one_form.get(one_form(char), ()) if self._characters and alphabet(char) == "han" else ()

    def listed_at(self, text: str, at: int, others: Iterable[str]) -> int:
        """How many letters the longest Thai word has that begins at a place of a text; 0 if none does. `others`: those
        found exactly, always the same.
        """
        if self._thai is None:
            self._thai = self._by_beginning(others)
        return next(
            (len(word) for word in self._thai.get(text[at : at + _BEGINNING], ()) if text.startswith(word, at)), 0
        )

    def _by_beginning(self, others: Iterable[str]) -> dict[str, list[str]]:
        """The Thai words, by their beginning, the longest first: made with the first text in Thai."""
        found: dict[str, list[str]] = {}
        for word in sorted({*others, *self._written}, key=len, reverse=True):
            if len(word) > _BEGINNING and alphabet(word) == "thai":
                found.setdefault(word[:_BEGINNING], []).append(word)
        return found

    @cached_property
    def _of_one_form(self) -> dict[str, list[int]]:
        """The characters in one form: made with the first text in these."""
        found: dict[str, list[int]] = {}
        for number, char in self._characters:
            found.setdefault(one_form(char), []).append(number)
        return found


def _is_doubtful(form: str, folded: str) -> bool:
    """Whether a form is so short that what is joined to it may be letters of another word."""
    return form != folded and len(form) <= SHORTEST and folded.endswith(form)


def _is_telling(word: str, joined: str) -> bool:
    """Whether what is joined to a short form, or a letter that is rare, tells that it is a name."""
    return joined in _JOINED or _MADDA in word
