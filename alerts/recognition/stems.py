"""The stems of Latin and Cyrillic words of names and contexts, and what a word of a text is a form of. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from alerts.recognition.language.endings import (
    CHANGED_ENDINGS,
    CYRILLIC,
    ENDINGS,
    JOINED_BEFORE,
    JOINED_NOUNS,
    PARTICLES,
    SUFFIXES,
    Endings,
    Kind,
    Stem,
    changes,
    may_end,
    stems,
)
from alerts.recognition.language.misspelling import SHORTEST, is_slip, kept, possibly_kept, undoubled
from alerts.recognition.language.scripts import Script, cyrillic, fold, latin, romanized, script_of, twin, undisguised
from alerts.recognition.sound.alphabets import LETTERS, respelt
from alerts.recognition.tables import listed
from alerts.recognition.words import Hit, How

SHORT = 5  # letters: a shorter name must match letter by letter, and takes few endings
_GIVEN = 3  # letters of many given names: Jan
_IES = frozenset({"ies"})
_LATIN_ENDINGS = frozenset({"", "s", "es", "a", "u", "em", "om", "ie", "owi", "y"})
_LATIN_VOWELS = "aeiouy"
_INDECLINABLE, _FOREIGN_VOWELS = frozenset({""}), "оеэиу"
_NO_LANGUAGES: frozenset[str] = frozenset()
_NO_ENDINGS: frozenset[str] = frozenset()
_BASE = frozenset({"", "а", "я", "о", "е", "ь", "й", "ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие"})


class Root(NamedTuple):
    """A stem of a word of the vocabulary. `literal` is None if its script differs from that of the word; `foreign` are
    the endings that only some languages have, if these are others than for most stems.
    """

    word: int
    stem: str
    literal: str | None
    endings: frozenset[str]
    size: int
    foreign: Endings | None = None


Split = tuple[str, str, str, bool]
"""A word of a text as stem and ending: the stem in the spelling under which roots are stored, as it is, the ending, and
whether names of all languages may have it. Nearly all words have some, so these are plain tuples.
"""


class Added(NamedTuple):
    """A word of the vocabulary, folded; what it may be is said at `Vocabulary.add`."""

    number: int
    folded: str
    script: Script
    kind: Kind = "word"
    name: bool = False
    several: bool = False
    baltic: bool = False


def _in_cyrillic(added: Added) -> Iterator[tuple[Root, bool]]:
    """The roots of a word in Cyrillic letters, its own or as Russian would write it, and whether misspellings count."""
    number, folded, script, kind, *_ = added
    own = script == "cyrillic"
    for read in _in_russian(folded) if own else cyrillic(folded):
        for stem in stems(read, kind):
            literal = stem.text if own else None
            yield Root(number, romanized(stem.text), literal, stem.endings, len(folded)), True
        if own and len(folded) > 3 and _DOUBLED.search(folded):  # short names may lose it, too
            for stem in stems(_DOUBLED.sub(r"\1", folded), kind):
                yield Root(number, romanized(stem.text), None, stem.endings, len(folded) - 1), False
    for read in () if own else respelt(folded):
        for stem in [Stem(read, _INDECLINABLE)] if read[-1] in _FOREIGN_VOWELS else stems(read, kind):
            yield Root(number, romanized(stem.text), None, stem.endings, len(folded)), False


def _in_latin(added: Added) -> Iterator[tuple[Root, bool]]:
    """The same in texts in Latin letters. A short word of a name with `several` words changes its end, too."""
    number, folded, script, _, _, several, baltic = added
    own = script == "cyrillic"
    spelt = latin(romanized(folded) if own else folded)
    root = Root(number, spelt, None if own else folded, _LATIN_ENDINGS, len(folded))
    yield root, True
    if script == "latin" and several and len(folded) == _GIVEN:
        yield root._replace(endings=_NO_ENDINGS, foreign=SUFFIXES), False
    if script == "latin" and len(folded) > _GIVEN:
        for changed in _changed(root, folded, several=several):
            yield changed, False
    if baltic and script == "latin":
        for declined in _baltic_roots(number, folded):
            yield declined, False


def _in_russian(folded: str) -> list[str]:
    """A Cyrillic word, and a Belarusian or Serbian one as Russian has it, too."""
    other = folded.replace("ў", "в").replace("ђ", "дж")
    if other.endswith(("скі", "цкі")):
        other = f"{other[:-1]}ий"
    return [folded] if other == folded else [folded, other]


def _changed(root: Root, folded: str, *, several: bool) -> Iterator[Root]:
    """The roots of a Latin word that loses its end when it is declined."""
    spelt = root.stem
    if folded[-1] == "y" and folded[-2] not in _LATIN_VOWELS:
        yield root._replace(stem=spelt[:-1], literal=folded[:-1], endings=_IES)
    if folded[-1] == "a":
        yield root._replace(stem=spelt[:-1], literal=folded[:-1], endings=_OF_A if len(folded) > SHORT else _OF_SHORT_A)
    if folded.endswith("le") and len(folded) >= SHORT:
        yield root._replace(stem=spelt[:-1], literal=folded[:-1], endings=_OF_LE)
    if folded.endswith(("ski", "cki", "sky")):  # a Polish surname is declined as an adjective
        yield root._replace(stem=latin(folded[:-1]), literal=folded[:-1], endings=_ADJECTIVE)
    for stem, foreign in changes(folded) if several or len(folded) > SHORT else ():
        changed = root._replace(stem=latin(stem), literal=stem, endings=_NO_ENDINGS, foreign=foreign)
        yield changed
        if stem[-1] == "c":  # "ck" is one sound for `latin`
            yield changed._replace(stem=changed.stem[:-1])


def is_changed_short(folded: str) -> bool:
    """Whether a Latin word is short, and is declined only beside other words of its name."""
    return len(folded) == _GIVEN or (len(folded) <= SHORT and any(True for _ in changes(folded)))


def is_baltic(name: str) -> bool:
    """Whether a name has letters that only Latvian and Lithuanian have, or the endings of a Lithuanian man's."""
    if not name.isascii() and _BALTIC.search(name.lower()):
        return True
    words = name.split()
    return len(words) > 1 and all(word.endswith(("as", "is", "us", "ys")) for word in words)


def _baltic_roots(number: int, folded: str) -> Iterator[Root]:
    """The root of a Latvian or Lithuanian word without the ending of its nominative: Ozoliņš, Ozoliņu."""
    if len(folded) >= SHORT and folded[-1] == "s":
        stem = folded[:-2] if folded.endswith(("as", "is", "us", "ys")) else folded[:-1]
        yield Root(number, latin(stem), stem, _OF_BALTIC, len(folded))


_DOUBLED = re.compile(r"([бвгдзклмнпрстфцчш])\1(?=.)")
_BALTIC = re.compile("[āēģīķļņėįųū]")
_OF_BALTIC = frozenset(listed("a u am im i e em o ui io iu iui"))
_OF_A = frozenset(listed("y ou u os oje"))  # Polish, Czech and Lithuanian
_OF_SHORT_A = frozenset(listed("y ou u"))  # Czech: Metu
_OF_LE = frozenset(listed("u em"))  # Czech and Slovak: Applu
_ADJECTIVE = frozenset(listed("ego iego emu iemu im ymi a iej ich"))
_ENDING_KEYS = {
    "cyrillic": {ending: len(romanized(ending)) for ending in ENDINGS | CYRILLIC.keys()},
    "latin": {
        ending: len(latin(ending))
        for ending in _LATIN_ENDINGS | _IES | _ADJECTIVE | _OF_A | _OF_BALTIC | CHANGED_ENDINGS | SUFFIXES.keys()
    },
}
_USUAL = {"cyrillic": ENDINGS, "latin": _LATIN_ENDINGS | _IES | _ADJECTIVE}  # which names of all languages may have


def splits(folded: str, script: Script, *, capital: bool = True) -> list[Split]:
    """All divisions of a word into stem and ending; the whole word first. Without a `capital` letter, it takes only the
    endings that names of all languages may have.
    """
    key = romanized(folded) if script == "cyrillic" else latin(folded)
    found: list[Split] = [(key, folded, "", True)]
    known, usual = _ENDING_KEYS[script], _USUAL[script]
    for length in _LENGTHS[script].get(folded[-2:], _ONE):
        ending = folded[-length:]
        if (ending in known if capital else ending in usual) and length <= len(folded) - 2:
            found.append((key[: len(key) - known[ending]], folded[:-length], ending, ending in usual))
    return found


def _lengths(endings: Iterable[str]) -> dict[str, list[int]]:
    """How long the endings of words with these last two letters may be; any may have one of one letter."""
    found: dict[str, set[int]] = {}
    for ending in endings:
        if len(ending) > 1:
            found.setdefault(ending[-2:], {1}).add(len(ending))
    return {last: sorted(lengths) for last, lengths in found.items()}


_LENGTHS = {script: _lengths(endings) for script, endings in _ENDING_KEYS.items()}
_ONE = [1]


def _foreign(root: Root, script: Script) -> Endings:
    if root.foreign is not None:
        return root.foreign
    return SUFFIXES if script == "latin" else CYRILLIC


def fits(word: str, stem: str, ending: str, root: Root, script: Script) -> bool:
    """Whether a name's stem can have this ending, and is long enough to differ from other words."""
    if ending not in root.endings and not _fits_some_language(word, stem, ending, root, script):
        return False
    usual_latin = script == "latin" and ending and ending in _LATIN_ENDINGS
    if usual_latin and not _fits_latin(word, ending, root):
        return _fits_some_language(word, stem, ending, root, script)
    if root.size >= SHORT or root.literal == stem:
        return True
    return root.literal is None and root.size >= 3 and word[0].isupper()


def _fits_some_language(word: str, stem: str, ending: str, root: Root, script: Script) -> bool:
    if not ending or not word[0].isupper():
        return False
    if root.foreign is None and ("" not in root.endings or root.size < SHORT - 1):
        return False
    return ending in _foreign(root, script) and may_end(stem, ending)


def _fits_latin(word: str, ending: str, root: Root) -> bool:
    """English plurals of any word; Polish, Czech and similar case endings of names."""
    if root.size < 4 or (ending == "s" and root.stem[-1] == "s"):
        return False
    if ending == "es":
        return root.stem.endswith(("s", "z", "sh", "ch"))
    return ending in {"s", "ies"} or (root.stem[-1] not in _LATIN_VOWELS and word[0].isupper())


def how(stem: str, ending: str, root: Root) -> How:
    """How a form was recognized."""
    if root.literal is None:
        return How.TRANSLITERATED
    if stem != root.literal or (ending and len(stem) + len(ending) != root.size):
        return How.INFLECTED
    return How.EXACT if ending in _BASE else How.INFLECTED  # the base form of a word in -а has an ending, too


def heads(word: str, folded: str, divided: Sequence[Split]) -> list[tuple[str, str]]:
    """What may sound like a name: the word, and without each ending that has a consonant; with that ending."""
    found = [(word, "")]
    if len(word) == len(folded):
        for _, stem, ending, _ in divided[1:]:
            if len(ending) > 1 or ending in "sntmk":
                found.append((word[: len(stem)], ending))
    return found


_SHORTEST_SMALL, _HEAD = 6, 6  # letters of a name that may be in small letters with a foreign ending, and of its head
_NO_ROOTS: list[Root] = []
_LATIN_HEAD = re.compile("[a-z\u00df-\u024f0-9]+")
_AZERI = frozenset({"az"})
_ABBREVIATION = re.compile(r"([А-ЯЁІЇЄҐ]{2,5}|[A-Z]{2,5})([а-яёіїє]{1,9})")
_LAST = 3  # letters
_LAST_JOINED = frozenset(noun[-_LAST:] for noun in JOINED_NOUNS)
_DERIVED = ("шник", "шн", "овск", "овец", "овц")


class _Written:
    """The stems of words in texts of one script: made with the first of these texts, as many a user has none."""

    def __init__(self, script: Script, roots_of: Callable[[Added], Iterable[tuple[Root, bool]]]) -> None:
        self._script, self._roots_of = script, roots_of
        self.words: list[Added] = []

    @cached_property
    def own(self) -> dict[str, list[Root]]:
        """The roots, by their stems, of the words of names that are in this script, too: all that its twins ask for."""
        found: dict[str, list[Root]] = {}
        for word in self.words:
            for root, _ in self._roots_of(word) if word.script == self._script else ():
                found.setdefault(root.stem, []).append(root)
        return found

    @cached_property
    def tables(self) -> tuple[dict[str, list[Root]], dict[str, list[Root]], dict[str, list[Root]], set[str]]:
        """The roots by their stems, by what misspellings keep, and those with doubled letters; and the first letters of
        the stems of names.
        """
        roots, slips, doubled = dict[str, list[Root]](), dict[str, list[Root]](), dict[str, list[Root]]()
        begun = set[str]()
        for word in self.words:
            for root, misspelt in self._roots_of(word):
                stem = root.stem
                roots.setdefault(stem, []).append(root)
                if word.name and len(word.folded) >= _SHORTEST_SMALL:
                    begun.add(stem[:_HEAD])
                if word.name and misspelt and len(stem) >= SHORTEST:
                    for key in kept(stem):
                        slips.setdefault(key, []).append(root)
                    if (once := undoubled(stem)) != stem:
                        doubled.setdefault(once, []).append(root)
        return roots, slips, doubled, begun


class Stems:
    """Stems by script, as written and as the other script would write them."""

    def __init__(self) -> None:
        self._written = {"cyrillic": _Written("cyrillic", _in_cyrillic), "latin": _Written("latin", _in_latin)}

    def add(self, word: Added, scripts: Iterable[str] = LETTERS) -> None:
        """Add a word, for texts in these scripts."""
        for script in scripts:
            self._written[script].words.append(word)

    def prepare(self, script: str) -> None:
        """Make what texts of a script need."""
        _ = self._written[script].own, self._written[script].tables

    def find(self, word: str, folded: str, divided: Sequence[Split], script: Script) -> list[Hit]:
        """The words that a word of one script is a form of, in whatever notation; none that it is a misspelling of."""
        if hits := self._forms(word, divided, script):
            return hits
        capital = word[0].isupper()
        if capital and (hits := self._twins(word, script) or self._compounded(word, folded, script)):
            return hits
        begun = self._written[script].tables[3]
        if "q" in folded if capital else len(folded) > _HEAD and divided[0][0][:_HEAD] in begun:
            hits = self._with_foreign_ending(word, folded, script)
        if capital and "ъ" in folded:
            # With the vowel that Bulgarian hears in foreign names such as Amber and Heron.
            read = (splits(folded.replace("ъ", vowel), script) for vowel in "еао")
            hits = [hit for divided in read for hit in self._forms(word, divided, script)]
        return hits or (self._abbreviated(word) if word[1:2].isupper() and word[-1].islower() else [])

    def misspelt(self, word: str, divided: Sequence[Split], script: Script, *, small: bool = False) -> list[Hit]:
        """Names of which it may be a misspelling. In small letters it is more likely another word: there only a letter
        may be doubled, or not, unless the whole text is in `small` letters.
        """
        hits, (_, slips, once, _) = list[Hit](), self._written[script].tables
        if not slips:
            return []
        doubled = not (small or word[0].isupper())
        plain = doubled and undoubled(divided[0][0]) == divided[0][0]
        for key, _, ending, usual in divided:
            if not usual or len(key) < SHORTEST - 1:
                continue
            if plain:
                near = once.get(key, _NO_ROOTS)
            elif doubled:
                near = slips.get(undoubled(key), _NO_ROOTS)
            else:
                near = [root for half in possibly_kept(key) if half in slips for root in slips[half]]
            for root in dict.fromkeys(near) if len(near) > 1 else near:
                if ending not in root.endings or not is_slip(key, root.stem):
                    continue
                sure = word[0].isupper() or len(key) != len(root.stem)
                doubled_end = key == root.stem + root.stem[-1]
                if script == "cyrillic" or (sure and not doubled_end):
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

    def _forms(self, word: str, divided: Sequence[Split], script: Script, *, own: bool = False) -> list[Hit]:
        written, found = self._written[script], list[Hit]()
        known = written.own if own else written.tables[0]
        for key, stem, ending, _ in divided:
            for root in known.get(key, ()):
                if fits(word, stem, ending, root, script):
                    foreign = {} if ending in root.endings else _foreign(root, script)
                    languages = foreign.get(ending, _NO_LANGUAGES)  # none if all have the ending
                    found.append(Hit(root.word, how(stem, ending, root), ending, languages=languages))
        return found

    def _with_foreign_ending(self, word: str, folded: str, script: Script) -> list[Hit]:
        """Forms of names in small letters that only some languages have, and with q for g, which only Azeri has."""
        azeri = script == "latin" and word[0].isupper()
        divided = splits(folded.replace("q", "g") if azeri else folded, script)
        hits = self._forms(word.capitalize(), divided, script)
        if azeri:
            return [hit._replace(languages=_AZERI) for hit in hits if not hit.languages or "az" in hit.languages]
        return [hit for hit in hits if hit.languages and len(word) - len(hit.ending) >= _SHORTEST_SMALL]

    def _compounded(self, word: str, folded: str, script: Script) -> list[Hit]:
        """A name with a noun that Germanic languages join to it: Greenpeakgroep."""
        if folded[-_LAST:] not in _LAST_JOINED or script != "latin":  # nearly all words
            return []
        noun = next(filter(folded.endswith, JOINED_NOUNS), folded)
        head = folded.removesuffix(noun)
        hits = self._forms(word, splits(head, "latin")[:1], "latin") if len(head) >= SHORT else []
        return [hit._replace(how=How.INFLECTED) for hit in hits if hit.how is How.EXACT]

    def _twins(self, word: str, script: Script) -> list[Hit]:
        """Words of the other script that look exactly the same; without endings, which would show its own script."""
        other = twin(word, script) if len(word) >= 3 else None
        if other is None:
            return []
        read: Script = "latin" if script == "cyrillic" else "cyrillic"
        hits = self._forms(word, splits(other, read), read, own=True)
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
