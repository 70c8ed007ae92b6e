"""The stems of Latin and Cyrillic words of names and contexts, and what a word of a text is a form of. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alerts.recognition.language.case_endings import ENDINGS, Kind
from alerts.recognition.language.misspelling import SHORTEST, is_doubled_end, is_slip, kept, possibly_kept, undoubled
from alerts.recognition.language.native_forms import JOINED_BEFORE, PARTICLES
from alerts.recognition.language.scripts import Script, fold, script_of, twin, undisguised
from alerts.recognition.language.suffixes import JOINED_NOUNS
from alerts.recognition.vocabulary import roots
from alerts.recognition.vocabulary.hits import Hit, How
from alerts.recognition.vocabulary.roots import Root, Split, splits

_SHORTEST_SMALL, _HEAD = 6, 6  # letters of a name that may be in small letters with a foreign ending, and of its head
_NO_ROOTS: list[Root] = []
_LATIN_HEAD = re.compile("[a-z\u00df-\u024f0-9]+")
_AZERI = frozenset({"az"})
_ABBREVIATION = re.compile(r"([А-ЯЁІЇЄҐ]{2,5}|[A-Z]{2,5})([а-яёіїє]{1,9})")
_LAST = 3  # letters
_LAST_JOINED = frozenset(noun[-_LAST:] for noun in JOINED_NOUNS)
_DERIVED = ("шник", "шн", "овск", "овец", "овц")


class Stems:
    """Stems by script, as written and as the other script would write them."""

    def __init__(self) -> None:
        self._roots: dict[str, dict[str, list[Root]]] = {"cyrillic": {}, "latin": {}}
        self._slips: dict[str, dict[str, list[Root]]] = {"cyrillic": {}, "latin": {}}
        self._doubled: dict[str, dict[str, list[Root]]] = {"cyrillic": {}, "latin": {}}  # those with doubled letters
        self._heads: set[str] = set()  # the first letters of stems of names

    def add(self, number: int, folded: str, script: Script, kind: Kind, *, name: bool, several: bool = False) -> None:
        """Add a word; a `name` is also found misspelt. One of `several` words is declined as a surname is."""
        for written, root, slips in roots.roots_of(number, folded, script, kind, several=several):
            self.add_root(root, written)
            if name and len(folded) >= _SHORTEST_SMALL:
                self._heads.add(root.stem[:_HEAD])
            if name and slips and len(root.stem) >= SHORTEST:
                for key in kept(root.stem):
                    self._slips[written].setdefault(key, []).append(root)
                if (once := undoubled(root.stem)) != root.stem:
                    self._doubled[written].setdefault(once, []).append(root)

    def add_root(self, root: Root, script: Script) -> None:
        """Add one stem in one script."""
        self._roots[script].setdefault(root.stem, []).append(root)

    def find(self, word: str, folded: str, divided: Sequence[Split], script: Script) -> list[Hit]:
        """The words that a word of one script is a form of, in whatever notation; none that it is a misspelling of."""
        if hits := self._forms(word, divided, script):
            return hits
        capital = word[0].isupper()
        if capital and (hits := self._twins(word, script) or self._compounded(word, folded, script)):
            return hits
        if "q" in folded if capital else len(folded) > _HEAD and divided[0].key[:_HEAD] in self._heads:
            hits = self._with_foreign_ending(word, folded, script)
        if capital and "ъ" in folded:
            hits = self._bulgarian(word, folded)
        return hits or (self._abbreviated(word) if word[1:2].isupper() and word[-1].islower() else [])

    def misspelt(self, word: str, divided: Sequence[Split], script: Script, *, small: bool = False) -> list[Hit]:
        """Names of which it may be a misspelling. In small letters it is more likely another word: there only a letter
        may be doubled, or not, unless the whole text is in `small` letters.
        """
        hits, slips = [], self._slips[script]
        if not slips:
            return []
        doubled = not (small or word[0].isupper())
        plain = doubled and undoubled(divided[0].key) == divided[0].key
        for key, _, ending, usual in divided:
            if not usual or len(key) < SHORTEST - 1:
                continue
            if plain:
                near = self._doubled[script].get(key, _NO_ROOTS)
            elif doubled:
                near = slips.get(undoubled(key), _NO_ROOTS)
            else:
                near = [root for half in possibly_kept(key) if half in slips for root in slips[half]]
            for root in dict.fromkeys(near) if len(near) > 1 else near:
                if ending not in root.endings or not is_slip(key, root.stem):
                    continue
                sure = word[0].isupper() or len(key) != len(root.stem)
                if script == "cyrillic" or (sure and not is_doubled_end(key, root.stem)):
                    hits.append(Hit(root.word, How.MISSPELT, ending))
        return hits

    def disguised(self, word: str) -> list[Hit]:
        """Names that a word of several scripts, or with digits, looks like."""
        found = []
        for read, script in undisguised(word):
            divided = splits(read, script)
            hits = self._forms(word, divided, script) or self.misspelt(word, divided, script)
            found += [hit._replace(how=How.DISGUISED) for hit in hits]
        return found

    def declined(self, folded: str) -> list[Hit]:
        """Latin names with a Russian ending or a Korean particle, or after a joined Hebrew word, without a hyphen."""
        head = _LATIN_HEAD.search(folded)
        if head is None or script_of(head[0]) != "latin":
            return []
        before, after = folded[: head.start()], folded[head.end() :]
        if before not in JOINED_BEFORE or not (after in ENDINGS or after in PARTICLES):
            return []
        return [
            hit._replace(how=How.INFLECTED)
            for hit in self._forms(head[0].capitalize(), splits(head[0], "latin"), "latin")
            if not hit.ending
        ]

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

    def _bulgarian(self, word: str, folded: str) -> list[Hit]:
        """Foreign names with the vowel that Bulgarian hears in Amber and Heron."""
        read = (splits(folded.replace("ъ", vowel), "cyrillic") for vowel in "еао")
        return [hit for divided in read for hit in self._forms(word, divided, "cyrillic")]

    def _compounded(self, word: str, folded: str, script: Script) -> list[Hit]:
        """A name with a noun that Germanic languages join to it: WhatsAppgroep."""
        if folded[-_LAST:] not in _LAST_JOINED or script != "latin":  # nearly all words
            return []
        noun = next(filter(folded.endswith, JOINED_NOUNS), folded)
        head = folded.removesuffix(noun)
        hits = self._forms(word, splits(head, "latin")[:1], "latin") if len(head) >= roots.SHORT else []
        return [hit._replace(how=How.INFLECTED) for hit in hits if hit.how is How.EXACT]

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
        hits = [hit for hit in self._forms(found[1], splits(head, script)[:1], script) if hit.how is How.EXACT]
        return [hit._replace(how=How.INFLECTED, ending=found[2]) for hit in hits or self._twins(found[1], script)]
