"""The words of names, contexts and phrases, and how a word of a text is recognized as one of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from alerts.recognition.language import dictionary
from alerts.recognition.language.case_endings import ENDINGS, LONGEST, Kind, stems
from alerts.recognition.language.misspelling import SHORTEST, is_doubled_end, is_slip, neighbours
from alerts.recognition.language.scripts import (
    Script,
    cyrillic,
    detached,
    fold,
    latin,
    romanized,
    script_of,
    sounds,
    twin,
    undisguised,
)

_LONGEST = 100  # letters: a longer word is no name, and the search for misspellings would take too long
_REMEMBERED = 100_000  # words of texts kept in the cache, at 100 bytes each
_SHORT = 5  # letters: a shorter name must match letter by letter
_IES = frozenset({"ies"})
_LATIN_ENDINGS = frozenset({"", "s", "es", "a", "u", "em", "om", "ie", "owi", "y"})
_LATIN_VOWELS = "aeiouy"


class How(StrEnum):
    """How a word was recognized, from the most to the least certain."""

    EXACT = "as listed"
    INFLECTED = "inflected"
    TRANSLITERATED = "in other letters"
    DISGUISED = "look-alike letters"
    BEGINNING = "begins so"
    MISSPELT = "misspelt"
    HEARD = "by its sound in another script"


SURENESS = {how: rank for rank, how in enumerate(How)}


class Hit(NamedTuple):
    """A word of the vocabulary found in a text: its number, how it was recognized, and with which ending; `real` if the
    word of the text exists in its own right.
    """

    word: int
    how: How
    ending: str = ""
    real: bool = False


class _Root(NamedTuple):
    """A stem of a word of the vocabulary. `literal` is None if its script differs from that of the word."""

    word: int
    stem: str
    literal: str | None
    endings: frozenset[str]
    size: int


class Vocabulary:
    """Numbered words. First add all of them, then look up words of texts. Look-ups are cached."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._roots: dict[str, dict[str, list[_Root]]] = {"cyrillic": {}, "latin": {}}
        self._exact: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._slips: dict[str, dict[str, list[_Root]]] = {"cyrillic": {}, "latin": {}}
        self._audible: list[tuple[int, str]] = []
        self._known: dict[str, Sequence[Hit]] = {}

    def add(self, word: str, kind: Kind = "word", *, name: bool = False) -> int:
        """The number of a word that is found in all its forms; a `name` also misspelt, and in any script."""
        folded = fold(word)
        number, new = self._number(folded, f"{kind}{name}")
        if new:
            script = script_of(folded)
            if script in {"latin", "cyrillic"}:
                self._add_roots(number, folded, script, kind, name=name)
            else:
                self._exact.setdefault(folded, []).append(number)
            if script in {"latin", "cyrillic"} and (name or word[0].isupper()):
                self._audible.append((number, folded))
        return number

    def add_exact(self, word: str) -> int:
        """The number of a word without other forms, such as a register's number."""
        number, new = self._number(fold(word), "exact")
        if new:
            self._exact.setdefault(fold(word), []).append(number)
        return number

    def add_beginning(self, word: str, number: int) -> None:
        """Also recognize a word by its beginning, if that is long enough."""
        folded = fold(word)
        stem = min((stem.text for stem in stems(folded)), key=len) if script_of(folded) == "cyrillic" else folded
        if len(stem) >= _SHORT:
            self._beginnings.setdefault(stem, []).append(number)

    def look_up(self, word: str) -> Sequence[Hit]:
        """The words of the vocabulary that a word of a text may be, the most certain first; mostly none."""
        try:
            return self._known[word]
        except KeyError:
            if len(word) > _LONGEST:
                return ()
            if len(self._known) >= _REMEMBERED:
                self._known = {}
            found = self._known[word] = self._recognize(word)
            return found

    @property
    def known(self) -> dict[str, Sequence[Hit]]:
        """The cache of look-ups."""
        return self._known

    def _number(self, folded: str, kind: str) -> tuple[int, bool]:
        count = len(self._numbers)
        number = self._numbers.setdefault((folded, kind), count)
        return number, number == count

    def _add_roots(self, number: int, folded: str, script: Script, kind: Kind, *, name: bool) -> None:
        own = script == "cyrillic"
        for read in [folded] if own else cyrillic(folded):
            for stem in stems(read, kind):
                root = _Root(number, romanized(stem.text), stem.text if own else None, stem.endings, len(folded))
                self._add_root("cyrillic", root, slips=name)
        spelt = latin(romanized(folded) if own else folded)
        root = _Root(number, spelt, None if own else folded, _LATIN_ENDINGS, len(folded))
        self._add_root("latin", root, slips=name)
        if script == "latin" and len(folded) > 3 and folded[-1] == "y" and folded[-2] not in _LATIN_VOWELS:
            self._add_root("latin", root._replace(stem=spelt[:-1], literal=folded[:-1], endings=_IES), slips=False)

    def _add_root(self, script: str, root: _Root, *, slips: bool) -> None:
        self._roots[script].setdefault(root.stem, []).append(root)
        if slips and len(root.stem) >= SHORTEST:
            for key in neighbours(root.stem):
                self._slips[script].setdefault(key, []).append(root)

    def _recognize(self, word: str) -> Sequence[Hit]:
        folded = fold(word)
        script = script_of(folded)
        hits = [Hit(number, How.EXACT) for number in self._exact.get(folded, ())]
        if script in {"latin", "cyrillic"}:
            hits += self._of_one_script(word, folded, script)
        elif script == "mixed":
            hits += self._disguised(word) or self._declined(word, folded)
        elif script == "other":
            hits += self._heard(folded)
        if len(hits) < 2:
            return tuple(hits)
        best: dict[int, Hit] = {}
        for hit in hits:
            if hit.word not in best or SURENESS[hit.how] < SURENESS[best[hit.word].how]:
                best[hit.word] = hit
        return tuple(best.values())

    def _of_one_script(self, word: str, folded: str, script: Script) -> list[Hit]:
        splits = _splits(folded, script)
        hits = self._forms(word, splits, script) or self._twins(word, script)
        if self._beginnings:
            hits += self._begun(folded, hits)
        if not hits and len(folded) >= SHORTEST - 1:
            hits = self._slipped(word, splits, script)
        return hits or ([] if folded.isalpha() else self._disguised(word))

    def _forms(self, word: str, splits: Sequence[_Split], script: Script) -> list[Hit]:
        roots = self._roots[script]
        return [
            Hit(root.word, _how(split, root), split.ending)
            for split in splits
            if split.key in roots
            for root in roots[split.key]
            if _fits(word, split, root, script)
        ]

    def _twins(self, word: str, script: Script) -> list[Hit]:
        """Words of the other script that look exactly the same; without endings, which would show its own script."""
        other = twin(word, script) if len(word) >= 3 and word[0].isupper() else None
        if other is None:
            return []
        read: Script = "latin" if script == "cyrillic" else "cyrillic"
        hits = self._forms(word, _splits(other, read), read)
        return [hit._replace(how=How.DISGUISED) for hit in hits if hit.how is How.EXACT]

    def _begun(self, folded: str, hits: Sequence[Hit]) -> list[Hit]:
        known = {hit.word for hit in hits}
        begun = (folded[:length] for length in range(_SHORT, len(folded) + 1))
        numbers = [number for beginning in begun for number in self._beginnings.get(beginning, ())]
        return [Hit(number, How.BEGINNING) for number in numbers if number not in known]

    def _slipped(self, word: str, splits: Sequence[_Split], script: Script) -> list[Hit]:
        """Names of which it may be a misspelling. In small letters, a Latin word is more likely another word."""
        hits, slips = [], self._slips[script]
        if not slips:
            return []
        for split in splits:
            keys = neighbours(split.key)
            if slips.keys().isdisjoint(keys):
                continue
            for root in {root for key in keys for root in slips.get(key, ())}:
                if split.ending not in root.endings or not is_slip(split.key, root.stem):
                    continue
                if script == "cyrillic":
                    hits.append(Hit(root.word, How.MISSPELT, split.ending, dictionary.is_word(word)))
                elif (word[0].isupper() or len(split.key) != len(root.stem)) and not is_doubled_end(
                    split.key, root.stem
                ):
                    hits.append(Hit(root.word, How.MISSPELT, split.ending))
        return hits

    def _disguised(self, word: str) -> list[Hit]:
        found = []
        for read, script in undisguised(word):
            splits = _splits(read, script)
            hits = self._forms(word, splits, script) or self._slipped(word, splits, script)
            found += [hit._replace(how=How.DISGUISED) for hit in hits]
        return found

    def _declined(self, word: str, folded: str) -> list[Hit]:
        """Latin names with a Russian ending, written without an apostrophe."""
        head = folded.rstrip("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїє")
        if script_of(head) != "latin" or folded[len(head) :] not in ENDINGS:
            return []
        return [
            hit._replace(how=How.INFLECTED)
            for hit in self._forms(word, _splits(head, "latin"), "latin")
            if not hit.ending
        ]

    def _heard(self, folded: str) -> list[Hit]:
        for read in filter(None, (folded, detached(folded))):
            if len(key := sounds(read)) >= 3 and (numbers := self._sounds.get(key)):
                return [Hit(number, How.HEARD, real=len(key) < 4) for number in numbers]
        return []

    @cached_property
    def _sounds(self) -> dict[str, list[int]]:
        """Names by their sound: built when the first word of another script occurs."""
        found: dict[str, list[int]] = {}
        for number, folded in self._audible:
            if len(key := sounds(folded)) >= 3:
                found.setdefault(key, []).append(number)
        return found


class _Split(NamedTuple):
    """A word of a text as stem and ending; `key` is the stem in the spelling under which roots are stored."""

    key: str
    stem: str
    ending: str


_ENDING_KEYS = {
    "cyrillic": {ending: len(romanized(ending)) for ending in ENDINGS},
    "latin": {ending: len(latin(ending)) for ending in _LATIN_ENDINGS | _IES},
}


def _splits(folded: str, script: Script) -> list[_Split]:
    """All divisions of a word into stem and ending; the whole word first."""
    key = romanized(folded) if script == "cyrillic" else latin(folded)
    found = [_Split(key, folded, "")]
    lengths = _ENDING_KEYS[script]
    for length in range(1, min(LONGEST, len(folded) - 2) + 1):
        ending = folded[-length:]
        if ending in lengths:
            found.append(_Split(key[: len(key) - lengths[ending]], folded[:-length], ending))
    return found


def _fits(word: str, split: _Split, root: _Root, script: Script) -> bool:
    """Whether a name's stem can have this ending, and is long enough to differ from other words."""
    if split.ending not in root.endings:
        return False
    if script == "latin" and split.ending and not _fits_latin(word, split.ending, root):
        return False
    if root.size >= _SHORT or root.literal == split.stem:
        return True
    return root.literal is None and root.size >= 3 and word[0].isupper()


def _fits_latin(word: str, ending: str, root: _Root) -> bool:
    """English plurals of any word; Polish, Czech and similar case endings of names."""
    if root.size < 4 or (ending == "s" and root.stem[-1] == "s"):
        return False
    if ending == "es":
        return root.stem.endswith(("s", "z", "sh", "ch"))
    return ending in {"s", "ies"} or (root.stem[-1] not in _LATIN_VOWELS and word[0].isupper())


def _how(split: _Split, root: _Root) -> How:
    if root.literal is None:
        return How.TRANSLITERATED
    if split.stem != root.literal or (split.ending and len(split.stem) + len(split.ending) != root.size):
        return How.INFLECTED
    return How.EXACT if split.ending in _BASE else How.INFLECTED  # the base form of a word in -а has an ending, too


_BASE = frozenset({"", "а", "я", "о", "е", "ь", "й", "ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие"})
