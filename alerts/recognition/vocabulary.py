"""The words of names, contexts and phrases, and how a word of a text is recognized as one of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from alerts.recognition import roots
from alerts.recognition.beside import Beside
from alerts.recognition.foreign_words import ForeignWords
from alerts.recognition.hits import Hit, How, surest
from alerts.recognition.language import dictionary
from alerts.recognition.language.case_endings import ENDINGS, Kind, stems
from alerts.recognition.language.concepts import Form
from alerts.recognition.language.given_names import SAME
from alerts.recognition.language.misspelling import SHORTEST, is_doubled_end, is_slip, kept, possibly_kept
from alerts.recognition.language.native_forms import bare, forms, spoken
from alerts.recognition.language.scripts import Script, fold, fold_and_script, script_of, twin, umlauts, undisguised
from alerts.recognition.language.suffixes import SUFFIXES
from alerts.recognition.roots import Root, Split, splits
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.sound.enough import ALONE_LETTERS
from alerts.recognition.sound.heard import Heard
from alerts.recognition.tables import listed

if TYPE_CHECKING:
    from alerts.recognition.sound.readings import Spelt

_LONGEST = 100  # letters: a longer word is no name, and the search for misspellings would take too long
_REMEMBERED = 100_000  # words of texts kept in the cache, at 100 bytes each
_SHORTEST_BEGINNING = 3  # letters
_SHORTEST_SPELT = 3
_SHORTEST_SMALL, _HEAD = 6, 6  # letters of a name that may be in small letters with a foreign ending, and of its head
_AZERI = frozenset({"az"})
CHARACTER = 8.0
"""Bits of a Chinese character that is the name's."""
_ABBREVIATION = re.compile(r"([А-ЯЁІЇЄҐ]{2,5}|[A-Z]{2,5})([а-яёіїє]{1,9})")
_PLURAL = frozenset(listed("ов ів ев ам ям ами ями ах ях"))
_OF_ADJECTIVES = frozenset(
    listed("ый ий ой ого его ому ему ым им ая яя ую юю ое ее ые ие ых их ыми ими ій ої ата та то те")
)
_NONE: frozenset[str] = frozenset()
_UNSURE = frozenset({How.BEGINNING, How.MISSPELT})
_DERIVED = ("шник", "шн", "овск", "овец", "овц")


class Vocabulary:
    """Numbered words. First add all of them, and prepare; then look up words of texts. Look-ups are cached."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._roots: dict[str, dict[str, list[Root]]] = {"cyrillic": {}, "latin": {}}
        self._exact: dict[str, list[tuple[int, bool]]] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._inside: dict[str, list[int]] = {}
        self._slips: dict[str, dict[str, list[Root]]] = {"cyrillic": {}, "latin": {}}
        self._foreign = ForeignWords()
        self._heard = Heard()
        self._known: dict[str, Sequence[Hit]] = {}
        self._beside = Beside(self._heard)
        self._heads: set[str] = set()  # the first letters of stems of names
        self._strange: set[str] = set()  # words of texts that are none of the vocabulary
        self._spelt: dict[str, Sequence[Hit]] = {}

    def add(
        self, word: str, kind: Kind = "word", *, name: bool = False, baltic: bool = False, several: bool = False
    ) -> int:
        """The number of a word that is found in all its forms; a `name` also misspelt, and in any script. A `baltic`
        name loses the ending of its nominative; one of `several` words is declined as a surname is, however short.
        """
        folded = fold(word)
        several = several and roots.is_changed_short(folded)
        number, new = self._number(folded, f"{kind}{name}{baltic}{several}")
        if new:
            script = script_of(folded)
            if script in {"latin", "cyrillic"}:
                self._add_roots(number, folded, script, kind, name=name, several=several)
                for same in SAME.get(folded, ()) if name else ():
                    self._add_roots(number, same, script, kind, name=name)
                if script == "latin" and (other := umlauts(word)):
                    self._add_roots(number, other, script, kind, name=name)
                for root in roots.baltic(number, folded) if baltic and script == "latin" else ():
                    self._roots["latin"].setdefault(root.stem, []).append(root)
            else:
                self._add_native(number, folded, name=name)
            if name and len(folded) > 1 and script != "none":
                for form in spoken(word, folded):
                    self._heard.add(number, form, written=form == word)
        return number

    def add_exact(self, word: str) -> int:
        """The number of a word without other forms, such as a register's number."""
        number, new = self._number(fold(word), "exact")
        if new:
            self._exact.setdefault(fold(word), []).append((number, True))
        return number

    def add_written(self, word: str) -> int:
        """The number of a foreign word that is found in its own script only, as that adds to such words."""
        folded = fold(word)
        number, new = self._number(folded, "written")
        if new and script_of(folded) == "cyrillic":
            for written, root, _ in roots.roots_of(number, folded, "cyrillic", "word"):
                if written == "cyrillic":
                    self._roots[written].setdefault(root.stem, []).append(root)
        elif new:
            self._foreign.add(number, folded)
        return number

    def add_spellings(self, spelt: Spelt) -> int:
        """The number of a word with several spellings in Latin and Cyrillic letters, found in all their forms."""
        number, new = self._number(" ".join(spelt.spellings), "spellings")
        if new:
            for folded in map(fold, spelt.spellings):
                script = script_of(folded)
                if script in {"latin", "cyrillic"}:
                    self._add_roots(number, folded, script, "word", name=False)
                else:
                    self._exact.setdefault(folded, []).append((number, False))
            for sound in dict.fromkeys([spelt.sound, *filter(_is_kana, spelt.spellings)]):
                self._heard.add(number, sound, spelt=True)
        return number

    def add_established(self, number: int, scripts: frozenset[str]) -> None:
        """A word of which the spellings in these scripts are known: only the same sounds are another spelling there."""
        self._heard.add_established(number, scripts)

    def add_joined(self, number: int) -> None:
        """A word that is several words of a name, written together: much of it must sound alike."""
        self._heard.add_joined(number)

    def add_parts(self, numbers: Iterable[int]) -> None:
        """Words of names with several words, or with a context: a weak likeness in sound is enough for these."""
        self._heard.add_parts(numbers)

    def prepare(self) -> None:
        """Make what looking up needs, after the last word."""
        self._heard.prepare()

    def add_concept(self, word: str, others: Iterable[Form]) -> int:
        """The number of a context word, which is recognized by its beginning if it is long and in small letters, and by
        what it is called in other languages.
        """
        folded = fold(word)
        number, _ = self._number(word, "concept")
        stem = min((stem.text for stem in stems(folded)), key=len) if script_of(folded) == "cyrillic" else folded
        if len(stem) >= roots.SHORT and word == word.lower():
            self._beginnings.setdefault(stem, []).append(number)
        for form in others:
            if form.inside:
                self._inside.setdefault(form.text, []).append(number)
            elif form.begins and len(form.text) >= _SHORTEST_BEGINNING:
                self._beginnings.setdefault(form.text, []).append(number)
            else:
                self._exact.setdefault(form.text, []).append((number, False))
        return number

    def look_up_all(self, words: Sequence[str]) -> list[Sequence[Hit]] | None:
        """The words of the vocabulary that each word of a text may be; None if there is none, as in most texts."""
        if self._strange.issuperset(words):
            return None
        strange, known = self._strange, self._known
        hits = [() if word in strange else known[word] if word in known else self.look_up(word) for word in words]
        return hits if any(hits) else None

    def look_up(self, word: str) -> Sequence[Hit]:
        """The words of the vocabulary that a word of a text may be, the most certain first; mostly none."""
        if word in self._strange or len(word) > _LONGEST:
            return ()
        return self._known[word] if word in self._known else self._looked_up(word)

    def listed_at(self, text: str, at: int) -> int:
        """How many letters the longest listed Thai word has that begins at a place of a text; 0 if none does."""
        return self._foreign.listed_at(text, at, self._exact)

    def beside(self, word: str, number: int, *, given: bool) -> Hit | None:
        """Whether a word sounds like a word of a name, the `given` one or another, beside another word of that name."""
        return self._beside.look_up(word, number, given=given)

    def look_up_spelt(self, words: Sequence[str], hits: Sequence[Sequence[Hit]]) -> list[Sequence[Hit]] | None:
        """The same for the words of a text whose language writes foreign names as it hears them, given their hits."""
        found = [
            self._as_heard(word) if word[0].isupper() and all(hit.how in _UNSURE for hit in own) else own
            for word, own in zip(words, hits, strict=True)
        ]
        return found if any(found) else None

    def _as_heard(self, word: str) -> Sequence[Hit]:
        if word not in self._spelt:
            if len(self._spelt) >= _REMEMBERED:
                self._spelt = {}
            self._spelt[word] = surest([*self.look_up(word), *self._spelt_otherwise(word)])
        return self._spelt[word]

    def _spelt_otherwise(self, word: str) -> Iterator[Hit]:
        folded, script = fold_and_script(word)
        if len(word) < _SHORTEST_SPELT or len(word) > _LONGEST or script not in {"latin", "cyrillic"}:
            return
        for head, ending in roots.heads(word, folded, splits(folded, script)):
            if ending in _PLURAL:
                continue
            languages = SUFFIXES.get(ending, _NONE) if script == "latin" else _NONE
            for number, bits in self._heard.like_spelt(head):
                yield Hit(number, How.HEARD, ending, languages=languages, bits=bits)

    def _looked_up(self, word: str) -> Sequence[Hit]:
        if len(self._known) + len(self._strange) >= _REMEMBERED:
            self._known, self._strange = {}, set()
        hits = self._recognize(word)
        if not hits:
            self._strange.add(word)
            return ()
        found = self._known[word] = surest(hits)
        return found

    def _number(self, folded: str, kind: str) -> tuple[int, bool]:
        count = len(self._numbers)
        number = self._numbers.setdefault((folded, kind), count)
        return number, number == count

    def _add_roots(
        self, number: int, folded: str, script: Script, kind: Kind, *, name: bool, several: bool = False
    ) -> None:
        for written, root, slips in roots.roots_of(number, folded, script, kind, several=several):
            self._roots[written].setdefault(root.stem, []).append(root)
            if name and len(folded) >= _SHORTEST_SMALL:
                self._heads.add(root.stem[:_HEAD])
            if name and slips and len(root.stem) >= SHORTEST:
                for key in kept(root.stem):
                    self._slips[written].setdefault(key, []).append(root)

    def _add_native(self, number: int, folded: str, *, name: bool) -> None:
        self._exact.setdefault(folded, []).append((number, True))
        if len(folded) == 1 and alphabet(folded) == "han":
            self._foreign.add_character(number, folded)
        elif name and len(folded) > 1:
            for form in bare(folded):
                self._exact.setdefault(form, []).append((number, form == folded))

    def _recognize(self, word: str) -> list[Hit]:
        folded, script = fold_and_script(word)
        exact = self._exact.get(folded)
        hits = [Hit(number, How.EXACT if whole else How.INFLECTED) for number, whole in exact] if exact else []
        if script in {"latin", "cyrillic"}:
            hits += self._of_one_script(word, folded, script)
        elif script == "mixed":
            hits += self._disguised(word) or self._declined(word, folded)
        elif script == "other":
            read = list(forms(folded))
            hits += [Hit(number, How.TRANSLITERATED) for number in self._foreign.like(folded)]
            hits = hits or self._native(folded, read)
            if self._beginnings and len(folded) >= _SHORTEST_BEGINNING:
                hits += [hit for form in read for hit in self._begun(form, hits)]
        return hits

    def _of_one_script(self, word: str, folded: str, script: Script) -> list[Hit]:
        capital = word[0].isupper()
        divided = splits(folded, script, capital=capital)
        hits = self._forms(word, divided, script)
        if capital and not hits:
            hits = self._twins(word, script)
        if not hits and ("q" in folded if capital else divided[0].key[:_HEAD] in self._heads):
            hits = self._with_foreign_ending(word, folded, script)
        if not hits and word[1:2].isupper() and word[-1].islower():
            hits = self._abbreviated(word)
        if self._beginnings or self._inside:
            hits += self._begun(folded, hits)
        if len(folded) >= SHORTEST - 1 and (not hits or all(hit.how is How.BEGINNING for hit in hits)):
            hits += self._slipped(word, divided, script)
        if capital and len(folded) > 2 and (not hits or all(hit.how in _UNSURE for hit in hits)) and word.isalpha():
            for head, ending in roots.heads(word, folded, divided):
                languages = SUFFIXES.get(ending, _NONE) if script == "latin" else _NONE
                hits += self._sounding([head], ending, languages)
        return hits or ([] if folded.isalpha() else self._disguised(word))

    def _forms(self, word: str, divided: Sequence[Split], script: Script) -> list[Hit]:
        known = self._roots[script]
        return [
            Hit(root.word, roots.how(split, root), split.ending, languages=roots.languages(split, root, script))
            for split in divided
            if split.key in known
            for root in known[split.key]
            if roots.fits(word, split, root, script)
        ]

    def _with_foreign_ending(self, word: str, folded: str, script: Script) -> list[Hit]:
        """Forms of names in small letters that only some languages have, and with q for g, which only Azeri has."""
        azeri = script == "latin" and word[0].isupper()
        divided = splits(folded.replace("q", "g") if azeri else folded, script)
        hits = self._forms(word.capitalize(), divided, script)
        if azeri:
            return [hit._replace(languages=_AZERI) for hit in hits if not hit.languages or "az" in hit.languages]
        return [hit for hit in hits if hit.languages and len(word) - len(hit.ending) >= _SHORTEST_SMALL]

    def _twins(self, word: str, script: Script) -> list[Hit]:
        """Words of the other script that look exactly the same; without endings, which would show its own script."""
        other = twin(word, script) if len(word) >= 3 else None
        if other is None:
            return []
        read: Script = "latin" if script == "cyrillic" else "cyrillic"
        hits = self._forms(word, splits(other, read), read)
        return [hit._replace(how=How.DISGUISED) for hit in hits if hit.how is How.EXACT]

    def _abbreviated(self, word: str) -> list[Hit]:
        """An abbreviation in capitals with an ending, or a word derived from it."""
        found = _ABBREVIATION.fullmatch(word)
        if not found or (found[2] not in ENDINGS and not found[2].startswith(_DERIVED)):
            return []
        head = fold(found[1])
        script: Script = "latin" if head.isascii() else "cyrillic"
        return [
            hit._replace(how=How.INFLECTED, ending=found[2])
            for hit in self._forms(found[1], splits(head, script)[:1], script)
            if hit.how is How.EXACT
        ]

    def _begun(self, folded: str, hits: Sequence[Hit]) -> list[Hit]:
        known = {hit.word for hit in hits}
        begun = (folded[:length] for length in range(_SHORTEST_BEGINNING, len(folded) + 1))
        numbers = [number for beginning in begun for number in self._beginnings.get(beginning, ())]
        numbers += [number for inside, inner in self._inside.items() if inside in folded for number in inner]
        return [Hit(number, How.BEGINNING) for number in numbers if number not in known]

    def _slipped(self, word: str, divided: Sequence[Split], script: Script) -> list[Hit]:
        """Names of which it may be a misspelling. In small letters, a Latin word is more likely another word."""
        hits, slips = [], self._slips[script]
        if not slips:
            return []
        for split in divided:
            if not split.usual or len(split.key) < SHORTEST - 1:
                continue
            key, ending = split.key, split.ending
            near = [root for half in possibly_kept(key) if half in slips for root in slips[half]]
            near = [root for root in near if ending in root.endings and is_slip(key, root.stem)] if near else near
            for root in dict.fromkeys(near):
                if script == "cyrillic":
                    hits.append(Hit(root.word, How.MISSPELT, ending, dictionary.is_word(word)))
                elif (word[0].isupper() or len(key) != len(root.stem)) and not is_doubled_end(key, root.stem):
                    hits.append(Hit(root.word, How.MISSPELT, ending))
        return hits

    def _disguised(self, word: str) -> list[Hit]:
        found = []
        for read, script in undisguised(word):
            divided = splits(read, script)
            hits = self._forms(word, divided, script) or self._slipped(word, divided, script)
            found += [hit._replace(how=How.DISGUISED) for hit in hits]
        return found

    def _declined(self, word: str, folded: str) -> list[Hit]:
        """Latin names with a Russian ending, written without an apostrophe."""
        head = folded.rstrip("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїє")
        if script_of(head) != "latin" or folded[len(head) :] not in ENDINGS:
            return []
        return [
            hit._replace(how=How.INFLECTED)
            for hit in self._forms(word, splits(head, "latin"), "latin")
            if not hit.ending
        ]

    def _native(self, folded: str, read: Sequence[str]) -> list[Hit]:
        """A word of another script: an inflected form of a listed one, or one that sounds like a name."""
        if len(folded) == 1:
            return [Hit(number, How.EXACT) for number in self._foreign.like_character(folded)]
        numbers = [number for form in read for number, _ in self._exact.get(form, ())]
        return [Hit(number, How.INFLECTED) for number in numbers] or self._sounding(read)

    def _sounding(self, read: Iterable[str], ending: str = "", languages: frozenset[str] = _NONE) -> list[Hit]:
        return [
            Hit(number, How.HEARD, ending, languages=languages, bits=bits)
            for number, bits in self._heard.like(read)
            if not (bits == ALONE_LETTERS and ending in _OF_ADJECTIVES)  # a short name, and no noun's ending
        ]


def _is_kana(word: str) -> bool:
    return alphabet(word) == "kana"
