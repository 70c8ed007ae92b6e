"""Reasons why a name is a common noun, a verb or a small word; and why an ambiguous one is an ordinary word of the
text's language, although a context word is near. Pure.

At the beginning of a sentence, in German for every noun, and in scripts without capitals, the casing says nothing. The
context must then be in the same clause, or next to the word where the language has it as an ordinary word.
"""

import re
from functools import cache

from alerts.recognition.guards.match_context import MatchContext, Reason
from alerts.recognition.language import dictionary
from alerts.recognition.language.endings import forms
from alerts.recognition.language.scripts import fold, script_of
from alerts.recognition.language.which import languages_of_small
from alerts.recognition.names import humps
from alerts.recognition.tables import by_language, listed, words
from alerts.recognition.words import How

_DETERMINER = frozenset(listed("a an each every some any no"))
_INTO = frozenset(listed("в во на через про наш ваш твой мой свой этот весь нашего вашего моего своего нашем вашем"))
"""Words before a masculine noun in the nominative, accusative or prepositional case."""
_BRANDS = frozenset({"сбербанк", "сбер"})  # which the dictionary has
_NEAR = 1  # words between a name and its context, in a text without capital letters


def common_noun(look: MatchContext) -> Reason:
    """A name in small letters that is also a common word; in a text without capitals not beside its context."""
    listed = look.match.phrase.text
    if not (look.lower and look.single) or look.hashtag() or not any(map(str.isupper, listed)):
        return None
    if look.profile.own_context and not look.casing.has_capitals and look.context_within(_NEAR):
        return None
    latin = script_of(look.folded) == "latin"
    abbreviation = listed.isupper() and len(listed) <= 3 and (latin or dictionary.is_word(look.folded))
    if (abbreviation or look.profile.ambiguous or look.match.phrase.core) and look.casing.has_capitals:
        return "in small letters it is a common word"
    if latin and look.before() in _DETERMINER and (not look.after() or look.after() in words("function")):
        return "with an article it is a common word"
    if look.match.how is How.MISSPELT or script_of(look.folded) != "cyrillic" or len(humps(listed)) > 1:
        return None
    common = look.folded not in _BRANDS and dictionary.is_common(look.folded)
    return "in small letters it is a common word" if common else None


def ordinary_in_small_letters(look: MatchContext) -> Reason:
    """An ordinary word of the text's language, in small letters or in the spelling of that language, which the name has
    not; but after a preposition it is a service.
    """
    if not look.single or look.hashtag() or look.hyphened() or look.before() in words("within"):
        return None
    own = look.match.how in {How.MISSPELT, How.HEARD} or look.word.casefold() != look.folded
    if not (own or (look.lower and look.casing.has_capitals)) or look.word.isupper():
        return None
    known = look.words.language in by_language("small").get(look.folded, ())
    return "it is an ordinary word of this language" if known else None


def verb(look: MatchContext) -> Reason:
    """A name used as an English verb: `to acme it`, or `Acme the term` as a request."""
    if not look.single or look.match.hits[0].ending or script_of(look.folded) != "latin":
        return None
    if look.after() not in words("object"):
        return None
    if look.lower and look.before() in words("before_verb"):
        return "it is a verb here"
    starts = look.casing.begins_sentence(look.match.first) and look.word[0].isupper()
    has = look.next_word() == "a" and look.words.language == "fr"  # a verb
    return "it is a request here" if starts and not has and not look.casing.is_title else None


def misspelt_word(look: MatchContext) -> Reason:
    """A misspelling that is a word of its own. Only a capital letter, or the grammar around it, makes it a name."""
    hit = look.match.hits[0]
    if not look.single or hit.how is not How.MISSPELT or look.compound() or look.hashtag():
        return None
    if script_of(look.folded) != "cyrillic" or not dictionary.is_word(look.word):
        return None
    first = look.match.first
    if look.word.isupper() or look.casing.is_title:
        return "it is another word"
    begins = look.casing.begins_sentence(first)
    if look.word[0].isupper() and not begins and not look.casing.is_capitals:
        return None  # its capital letter marks a name, rather than following from the casing of the text
    return None if not hit.ending and (look.before() in _INTO or begins) else "it is another word"


def small_word(look: MatchContext) -> Reason:
    """A word that is one of the small words of the text's language: German über is no Uber."""
    languages = languages_of_small(look.word)
    if not (look.single and languages) or look.word.isupper() or look.quoted() or look.words.language not in languages:
        return None
    accented = not look.word.isascii() and look.word.casefold() != look.match.phrase.text.casefold()
    first = look.profile.own_context and look.begins() and not look.casing.is_title and not look.context_within(0)
    return "it is a small word of this language" if look.lower or accented or first else None


_NAMED = 3  # words between an ordinary word and the name of another entity that is its context
_NEXT, _BESIDE, _CALLED = 1, 2, 4
"""Words between an ordinary word and its context: where a sentence begins, elsewhere, and after "is"."""
_KEPT = 4  # letters by which context words differ
_STEM = 2  # letters of which a stem has more
_IS = frozenset(listed("e er ar ist est es jest je is was"))  # folded
_AND = frozenset(listed("и та і"))
_GERMAN_PREPOSITIONS = frozenset(listed("gegen bei von laut durch für aus"))
_OTHER_LETTERS = re.compile("[\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{2}")
_TURKISH = re.compile("[ışğİ]")
_TOPIC = re.compile(r"\s?[:,]\s")
_ENDS = re.compile(r"[,:—–!?、。，：！？،؟]|\.\s+[^\W\d_a-z]")  # not ";", which separates the cells of a register's row
_CLAUSE = re.compile(r"[,;:—–.!?]")
_SENTENCE = re.compile(r"[.!?;]\s")
_TOO_FAR = "it is an ordinary word, and its context is too far away"


@cache
def _languages() -> dict[str, frozenset[str]]:
    """The ordinary words that are names of brands, folded, with the languages that have them."""
    found: dict[str, frozenset[str]] = {}
    tables = dict(by_language("ordinary"))
    international = tables.pop("international")
    for language, own in tables.items():
        for word in map(fold, own | international):
            found[word] = found.get(word, frozenset()) | {language}
    return found


def _languages_of(folded: str) -> frozenset[str]:
    return _languages().get(folded, frozenset())


def _is_doubtful(look: MatchContext) -> bool:
    """Whether the word's capital letter says nothing, and its context is in the same field."""
    if not (look.context and look.single) or look.word.isupper() or look.hashtag() or look.quoted() or look.lower:
        return False
    end = look.words.spans[look.match.end - 1][1]
    if look.words.text.startswith(("'", "’"), end) and _language(look) == "tr":
        return False  # in Turkish, only names have an apostrophe
    abbreviated = look.match.phrase.text.isupper() and look.word[:2].isupper()  # with an ending: ФАСу
    if abbreviated or (look.word.isascii() and _OTHER_LETTERS.search(look.around())):
        return False
    return script_of(look.folded) == "other" or look.begins() or look.words.language == "de"


def _language(look: MatchContext) -> str | None:
    """The text's language: Turkish by its letters, for a word that it has."""
    turkish = "tr" in _languages_of(look.folded) and look.words.language in {"tr", None}
    return "tr" if turkish and _TURKISH.search(look.around()) else look.words.language


def ordinary(look: MatchContext) -> Reason:
    """An ordinary word, with a context that is too far away."""
    if not _is_doubtful(look):
        return None
    script, language, known = script_of(look.folded), _language(look), _languages_of(look.folded)
    if script == "other":
        return None if _is_close_in_other_script(look) else _TOO_FAR
    topic = look.match.first == 0 and _TOPIC.match(look.words.after(look.match.end - 1))
    if topic and look.context_in_clause(_SENTENCE):
        return None  # what the sentence is about
    if script == "cyrillic":
        return _TOO_FAR if _is_russian_noun(look) and not _is_close_in_russian(look) else None
    if language is None and known and not look.words.has_cyrillic:
        ends = _SENTENCE if look.after() in _IS or look.context_within(2 * _NAMED, named=True) else _ENDS
        return None if look.context_in_clause(ends) else "it may be an ordinary word: its context is in another clause"
    if language is None or language == "en" or language not in known:
        return None
    distance = _NEXT if look.begins() else _BESIDE
    if language == "tr":
        distance = 0  # where any noun may be before another one
    elif look.after() in _IS or (language == "de" and look.before() in _GERMAN_PREPOSITIONS):
        distance = _CALLED
    close = look.context_within(distance) and look.context_in_clause(_ENDS)
    return None if close else "it is an ordinary word of this language"


def _is_close_in_other_script(look: MatchContext) -> bool:
    """Whether the word is no ordinary one in its script, or its context is next to it, or a name, and near."""
    listed = words("other_scripts")
    ordinary = any(
        form in listed or any(len(form) > _STEM and word[:-1] == form for word in listed) for form in forms(look.folded)
    )
    if not ordinary or look.context_within(0) or look.context_within(_NAMED, named=True):
        return True
    first, end, text = look.match.first, look.match.end, look.words.words
    particle = any(0 <= at < len(text) and len(text[at]) == 1 for at in (first - 1, end))
    return particle and look.context_within(1)


def _is_russian_noun(look: MatchContext) -> bool:
    """Whether the word, or the name that it is a form of in another Slavic language, is a common noun."""
    listed = look.match.phrase.text
    if dictionary.is_noun_too(look.folded) or dictionary.is_common(look.folded):
        return True
    return script_of(fold(listed)) == "cyrillic" and dictionary.is_common(listed)


def _is_close_in_russian(look: MatchContext) -> bool:
    """Whether a context is in the clause, next to the word where a sentence begins, or two are in the sentence."""
    if look.context_in_clause(_CLAUSE) and (look.context_within(_NEXT) or not look.begins()):
        return True
    start, end = look.words.span(*look.match.span)
    text = look.words.text
    inside = [span for span in look.near if not _SENTENCE.search(text, min(span[1], end), max(span[0], start))]
    return len({text[first : first + _KEPT].lower() for first, _ in inside}) > 1


def counted(look: MatchContext) -> Reason:
    """A Russian noun at the beginning of a sentence before another in the genitive, or before "and"."""
    index = look.match.end
    if not _is_doubtful(look) or script_of(look.folded) != "cyrillic":
        return None
    if not look.beside(index, back=False) or look.is_own(index):
        return None
    small = look.words.words[index + 1 : index + 2]
    after = look.words.folded[index]
    belongs = bool(small) and small[0].islower() if after in _AND else dictionary.is_genitive(after)
    common = belongs and dictionary.is_common(look.folded)
    return "it is an ordinary word with a noun that belongs to it" if common else None
