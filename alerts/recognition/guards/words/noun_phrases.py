"""Reasons why an ambiguous name is an ordinary word: the words around it make it a noun of a phrase. Pure.

An article, a number, a noun that belongs to it, the rest of a compound.
"""

from __future__ import annotations

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.guards.words.ordinary_words import is_doubtful
from alerts.recognition.language import dictionary
from alerts.recognition.language.legal_forms import OF_A_GROUP
from alerts.recognition.language.scripts import script_of
from alerts.recognition.language.stopwords import FUNCTION
from alerts.recognition.language.tokens import APOSTROPHES
from alerts.recognition.language.word_lists.english import is_of_companies, is_phrase, makes_compound
from alerts.recognition.language.word_lists.other_names import AND, ARTICLES, NAMED_AFTER, ORDINARY
from alerts.recognition.vocabulary.hits import How

_INSTITUTIONS = ("amt", "gericht", "behorde", "ministerium", "verband", "anstalt", "kammer", "anwaltschaft", "borse")
_BULGARIAN = ("ът", "ят", "ата", "ото", "ите")
_PLACED = frozenset({"над", "под", "около", "возле", "среди", "из", "для"})
_NEUTER_FROM = 4  # letters of an adjective with its ending
_OF = frozenset({"de", "do", "da", "dos", "das", "del", "di", "della", "du"})
_ROMANCE = frozenset({"es", "pt", "it", "fr"})


def _with_article(look: MatchContext) -> Reason:
    """A word with an article, which names of brands do not have, unless a context word or a product follows."""
    language, first = look.words.language, look.match.first
    if not look.is_strict() or not look.profile.own_context or look.word.isupper() or look.hyphened():
        return None
    if look.match.how is How.MISSPELT and look.folded.endswith(_BULGARIAN):
        return "with an article it is an ordinary word"
    if not first or language not in ARTICLES or look.words.folded[first - 1] not in ARTICLES[language]:
        return None
    if look.folded.removesuffix(look.match.hits[0].ending).endswith(_INSTITUTIONS):
        return None  # German ones have an article
    known = language == "de" or language in ORDINARY.get(look.folded, ())
    if not known or look.words.between(first) not in {" ", "'", "’"}:
        return None
    index = look.match.end
    after = look.after()
    follows = bool(after) and (look.is_own(index) or is_of_companies(after) or after in OF_A_GROUP)
    return None if follows else "with an article it is an ordinary word"


def _counted(look: MatchContext) -> Reason:
    """A noun at the beginning of a sentence before another in the genitive, "of" or its like, or "and" and a noun."""
    index = look.match.end
    if not is_doubtful(look) or not look.beside(index, back=False) or look.is_own(index):
        return None
    words, folded = look.words, look.words.folded
    if words.words[index][0].isdigit():
        return "before a number it is a common word"
    of = folded[index] == "of" or (folded[index] in _OF and _is_romance(look, index + 1))
    if of and look.begins():
        return "it is an ordinary word with what belongs to it"
    if script_of(look.folded) == "cyrillic":
        if folded[index] in _PLACED and look.begins() and dictionary.is_common(look.folded):
            return "it is an ordinary word, and said where it is"
        small = index + 1 < len(words.words) and words.words[index + 1].islower()
        belongs = small if folded[index] in AND else dictionary.is_genitive(folded[index])
        common = belongs and dictionary.is_common(look.folded)
        return "it is an ordinary word with a noun that belongs to it" if common else None
    follows = index + 1 < len(words.words) and words.words[index + 1].islower()
    follows = follows and folded[index + 1] not in FUNCTION
    both = words.words[index].lower() in AND and follows and not look.is_own(index + 1) and look.folded in ORDINARY
    return "it is an ordinary word beside another" if both else None


def _described(look: MatchContext) -> Reason:
    """A German neuter noun after an adjective without an article, which brands do not have: klares Signal."""
    if look.words.language != "de" or not look.is_strict() or not look.profile.own_context:
        return None
    before = look.match.first - 1
    described = len(look.before()) > _NEUTER_FROM and look.before().endswith("es") and not look.is_own(before)
    described = described and (look.words.words[before].islower() or look.casing.begins_sentence(before))  # no noun
    return "it is an ordinary word of this language" if described and "de" in ORDINARY.get(look.folded, ()) else None


def _is_romance(look: MatchContext, after: int) -> bool:
    """Whether a word is an ordinary one of a Romance language, and no name follows its preposition."""
    ordinary = not _ROMANCE.isdisjoint(ORDINARY.get(look.folded, ()))
    return ordinary and after < len(look.words.words) and look.words.words[after][0].islower()


def _phrase(look: MatchContext) -> Reason:
    """The beginning of a usual English phrase: zoom in on, apple of discord."""
    phrase = look.single and is_phrase(look.folded, look.words.text, look.words.spans[look.match.end - 1][1])
    return "it is an ordinary word here" if phrase else None


def _english_compound(look: MatchContext) -> Reason:
    """An ordinary English word at the beginning of a sentence before another noun: signal failure, bolt cutters."""
    if not look.profile.own_context or not look.single or look.word.isupper() or not look.begins() or look.hashtag():
        return None
    if look.words.language != "en" or "en" not in ORDINARY.get(look.folded, ()) or look.words.has_cyrillic:
        return None
    index = look.match.end
    if not look.beside(index, back=False) or look.is_own(index) or not look.words.words[index].islower():
        return None
    return "it is a part of a compound" if makes_compound(look.words.folded[index]) else None


def _of_a_place(look: MatchContext) -> Reason:
    """A common noun before a name in the genitive: the peak of something, the delta of a river."""
    index = look.match.end
    if not look.profile.own_context or not look.single or look.lower or look.word.isupper() or look.quoted():
        return None
    if not look.beside(index, back=False) or (look.is_own(index) and not look.begins()):
        return None
    if script_of(look.folded) != "cyrillic" or not dictionary.is_common(look.folded):
        return None
    if look.begins() and look.is_own(index) and look.words.after(index) == "-":
        return "it is a part of a longer name"  # мета Facebook-групи
    if look.words.after(index).startswith(tuple(APOSTROPHES)):
        return None  # the rest of the word is after it: зобов'язали
    genitive = dictionary.is_genitive if look.words.words[index][0].isupper() else dictionary.is_mostly_genitive
    return "it is a part of a longer name" if genitive(look.words.folded[index]) else None


def _of_something(look: MatchContext) -> Reason:
    """A common noun in the genitive after what is named by it: Victory Day, the world cup."""
    if not look.profile.own_context or not look.single or not look.match.hits[0].ending:
        return None
    if not look.before().startswith(NAMED_AFTER) or look.is_own(look.match.first - 1):
        return None
    return "it is a part of a longer name" if dictionary.is_common(look.match.phrase.text) else None


FOR_ALL = (_phrase,)
RULES = (_described, _with_article, _counted, _english_compound, _of_a_place, _of_something)
