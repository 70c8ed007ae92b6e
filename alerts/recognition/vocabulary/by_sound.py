"""Words of names that a word of a text sounds like, with the endings of each language. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from alerts.recognition.language.case_endings import SUFFIXES
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.scripts import fold_and_script
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.sound.heard import Heard, Sounding
from alerts.recognition.sound.likeness import ALONE_LETTERS
from alerts.recognition.sound.said import said
from alerts.recognition.tables import listed
from alerts.recognition.vocabulary.hits import Hit, How
from alerts.recognition.vocabulary.stems import Split, heads, splits

_LONGEST = 100  # letters: a longer word is no name
_REMEMBERED = 50_000  # pairs kept in the cache
_NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=500)
def _heads_of_beside(word: str) -> list[tuple[str, str]]:
    """What of a word may be a name, with the ending that is cut off: asked for each partner near it."""
    folded, script = fold_and_script(word)
    if script == "other":
        return [(form, "") for form in forms(folded)]
    if script not in {"latin", "cyrillic"} or not word[0].isupper():
        return []
    spoken = said(word.lower(), anywhere=True) if script == "latin" else ()
    return [*heads(word, folded, splits(folded, script)), *((form, "") for form in spoken)]


LEAST_HEARD = 3
"""Letters of a word that may be heard."""
_PLURAL = frozenset(listed("ов ів ев ам ям ами ями ах ях"))
_OF_ADJECTIVES = frozenset(
    listed("ый ий ой ого его ому ему ым им ая яя ую юю ое ее ые ие ых их ыми ими ій ої ата та то те")
)


class BySound:
    """What `Heard` has heard, as hits."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._known: dict[tuple[str, int, int], Hit | None] = {}  # what stands beside other words of a name

    def beside(self, word: str, number: int, least: int, *, given: bool) -> Hit | None:
        """Whether a word sounds like a numbered one, which is the `given` name or another word of a name, by `least`
        bits.
        """
        key = word, number, least
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            may = len(word) <= _LONGEST and self._heard.may_sound(number, alphabet(word))
            found = (
                (bits, ending)
                for head, ending in _heads_of_beside(word)
                for bits in self._heard.beside(head, number, least, given=given)
            )
            best, ending = max(found, default=(0.0, "")) if may else (0.0, "")
            languages = SUFFIXES.get(ending, _NONE) if word[0].isascii() else _NONE
            self._known[key] = Hit(number, How.HEARD, ending, languages=languages, bits=best) if best else None
        return self._known[key]

    def capitalized(self, word: str, divided: Sequence[Split], folded: str) -> list[Hit]:
        """The same for a Latin or Cyrillic word with a capital letter, and its endings."""
        hits: list[Hit] = []
        for head, ending, languages in _heads(word.lower(), folded, divided):
            if found := self._heard.like((head,), alphabet(word)):
                hits += _of_sound(found, head, ending, languages)
        return hits

    def part(self, word: str) -> Iterator[Hit]:
        """The words of names of several words that a capitalized word sounds like, beside another one of these."""
        folded, script = fold_and_script(word)
        if script in {"latin", "cyrillic"}:
            for head, ending, languages in _heads(word, folded, splits(folded, script)):
                yield from _of_sound(self._heard.like_part(head), head, ending, languages)

    def spelt_otherwise(self, word: str, longest: int) -> Iterator[Hit]:
        """The words of its script that it sounds like, in a language that writes foreign names as it hears them."""
        folded, script = fold_and_script(word)
        if not LEAST_HEARD <= len(word) <= longest or script not in {"latin", "cyrillic"}:
            return
        for head, ending, languages in _heads(word, folded, splits(folded, script)):
            for number, bits in self._heard.like_spelt(head) if ending not in _PLURAL else ():
                yield Hit(number, How.HEARD, ending, languages=languages, bits=bits)


def _heads(word: str, folded: str, divided: Sequence[Split]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """A word and what is left without its endings; each ending, and the languages that have it if not all have."""
    is_latin = alphabet(word) == "latin"
    for head, ending in heads(word, folded, divided):
        yield head, ending, SUFFIXES.get(ending, _NONE) if is_latin else _NONE


def _of_sound(found: Iterable[Sounding], head: str, ending: str, languages: frozenset[str]) -> list[Hit]:
    """The hits. A short word, told by its sound alone, has no adjective's ending."""
    # Whether a stem may be a Slavic surname that is declined as an adjective: Вуйцицкий
    short = ending not in _OF_ADJECTIVES or head.lower().endswith(("ск", "цк"))
    return [
        Hit(number, How.HEARD, ending, languages=languages, bits=bits)
        for number, bits in found
        if short or bits != ALONE_LETTERS
    ]
