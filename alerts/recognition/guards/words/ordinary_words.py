"""Reasons why an ambiguous name is an ordinary word of the text's language, although a context word is near. Pure.

At the beginning of a sentence, and in German for every noun, a capital letter says nothing. The context must then be in
the same clause, or next to the word where the language has it as an ordinary word.
"""

from __future__ import annotations

import re
import unicodedata

from alerts.recognition.guards.match_context import FAR, MatchContext, Reason
from alerts.recognition.guards.words.acting import acts
from alerts.recognition.language import dictionary
from alerts.recognition.language.legal_forms import OF_A_GROUP
from alerts.recognition.language.native_forms import forms
from alerts.recognition.language.scripts import fold, script_of
from alerts.recognition.language.word_lists import people
from alerts.recognition.language.word_lists.beginnings import BEING
from alerts.recognition.language.word_lists.english import is_of_companies
from alerts.recognition.language.word_lists.other_names import (
    ACCENTED,
    AND,
    ARTICLES,
    COMPOUND,
    GERMAN_PREPOSITIONS,
    NEVER_FIRST,
    NO_NAMES,
    ORDINARY,
    OTHER_SCRIPTS,
)
from alerts.recognition.language.word_lists.quoted import OF_COMPANIES

_NAMED = 3  # words between an ordinary word of another script and the name of another entity
_NAMED_FAR = 6  # the same, in a short text
_NEXT, _BESIDE, _ACTING = 1, 2, 8
"""Words between an ordinary word and the context that makes it a name: where a sentence begins, elsewhere,
and before a verb that says what companies do."""
_NO_WORDS: frozenset[str] = frozenset()
_OTHER_LETTERS = re.compile("[\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{2}")
_TURKISH = re.compile("[ışğİ]")
_OF_TURKISH_LETTERS = frozenset({"az", "ro", "uz", "kk", "de"})
_IS = frozenset({"e", "er", "ar", "ist", "est", "es", "jest", "je"})  # folded
_CALLED = 4  # words between a name and what it is
_ONE = frozenset({"un", "um"})
_MILLIONS = ("millon", "milhao", "milion", "mil")
_KEPT = 4  # letters by which context words differ
_GEORGIAN_GENITIVE = "ის"
_COUNTRIES = tuple("米独英仏露")  # before a company of one, in Japanese
_STEM = 2  # letters of which a stem has more
_TOO_FAR = "it is an ordinary word, and its context is too far away"
_DASHES = frozenset({" — ", " – ", " - "})
_COLON = re.compile(r"[^.!?:;—]*:\s+")
_WORD = re.compile(r"\w+")
_ENDS = re.compile(r"[,:—–!?、。，：！？،؟]|\.\s+[^\W\d_a-z]")  # not ";", which separates the cells of a register's row
_CLAUSE = re.compile(r"[,;:—–.!?]")
_SENTENCE = re.compile(r"[.!?;]\s")
_ONE_COMMA = re.compile(r"[.!?;]\s|,.*,", re.DOTALL)


def is_doubtful(look: MatchContext) -> bool:
    """Whether the word's capital letter says nothing, and its context is in the same field."""
    if not (look.context and look.single) or look.word.isupper() or look.hashtag() or look.quoted():
        return False
    end = look.words.spans[look.match.end - 1][1]
    apostrophe = look.words.text.startswith(("'", "’"), end)
    if apostrophe and (_language(look) == "tr" or _TURKISH.search(look.around())):
        return False  # only names have an apostrophe
    if look.lower or _is_abbreviated(look) or (look.word.isascii() and _OTHER_LETTERS.search(look.around())):
        return False
    return script_of(look.folded) == "other" or look.begins() or look.words.language == "de"


def _is_abbreviated(look: MatchContext) -> bool:
    """Whether it is an abbreviation with an ending: ФАСу."""
    return look.match.phrase.text.isupper() and look.word[:2].isupper()


def _ordinary(look: MatchContext) -> Reason:
    """An ordinary word, with a context that is too far away."""
    if not is_doubtful(look):
        return None
    written = unicodedata.normalize("NFC", look.word.lower())
    if written in ACCENTED and written != look.match.phrase.text.lower():
        return "with this accent it is another word"
    if _is_topic(look) or _is_of_group(look) or _is_beside_name(look) or _is_joined_to_companies(look):
        return None
    return _without_close_context(look)


def _without_close_context(look: MatchContext) -> Reason:
    """What the word is, in its script and the text's language, and whether its context is close enough."""
    folded, script, language = look.folded, script_of(look.folded), _language(look)
    if script == "other":
        return None if _is_close_in_other_script(look) else _TOO_FAR
    if script == "cyrillic":
        return _TOO_FAR if _is_russian_noun(look) and not _is_close_in_russian(look) else None
    if language is None and folded in ORDINARY and not look.words.has_cyrillic:
        told = acts(look) or look.after() in BEING or look.named_within(_NAMED_FAR)
        ends = _SENTENCE if told else _ENDS
        close = look.context_in_clause(ends) or is_of_companies(look.after())
        return None if close else "it may be an ordinary word: its context is in another clause"
    if language is None or language == "en" or language not in ORDINARY.get(folded, ()):
        return None
    ends = _SENTENCE if acts(look) else _ENDS
    distance = max(_distance(look), _CALLED if look.after() in _IS else 0)
    close = look.context_within(distance) and look.context_in_clause(ends)
    return None if close else "it is an ordinary word of this language"


def _language(look: MatchContext) -> str | None:
    """The text's language: Turkish by its letters, for a word that it has."""
    turkish = "tr" in ORDINARY.get(look.folded, ()) and look.words.language not in _OF_TURKISH_LETTERS
    return "tr" if turkish and _TURKISH.search(look.around()) else look.words.language


def _is_of_company(look: MatchContext) -> bool:
    """Whether a word for a company is directly before a name in a script of its own, or in Japanese for its country."""
    if look.words.text.endswith(_COUNTRIES, 0, look.words.spans[look.match.first][0]):
        return True
    return any(form in people.OF_COMPANIES for form in forms(look.before() or "-"))


def _is_close_in_other_script(look: MatchContext) -> bool:
    """Whether the word is no ordinary one in its script, or its context is next to it."""
    if not any(map(_is_listed, forms(look.folded))):
        return True
    genitive = look.before().endswith(_GEORGIAN_GENITIVE) and not look.is_own(look.match.first - 1)
    if genitive and not look.named_within(0):
        return False  # the signal of something
    if _is_beside(look) or _is_of_company(look):
        return True
    if look.folded in NEVER_FIRST and look.casing.begins_sentence(look.match.first):
        return True
    return look.folded not in NO_NAMES and look.named_within(_NAMED)


def _distance(look: MatchContext) -> int:
    """How many words may be between an ordinary word of the text's language and its context."""
    if acts(look) or (look.words.language == "de" and look.before() in GERMAN_PREPOSITIONS):
        return _ACTING
    after_verb = look.words.folded[look.match.end + 1 : look.match.end + 2]
    articles = ARTICLES.get(look.words.language or "", _NO_WORDS)
    if _language(look) == "tr":
        return 0  # where any noun may be before another one
    return _BESIDE if not look.begins() or not articles.isdisjoint(after_verb) else _NEXT


def _is_close_in_russian(look: MatchContext) -> bool:
    if look.context_in_clause(_CLAUSE) and (look.context_within(_NEXT) or not look.begins()):
        return True
    if _is_called_so(look) or _is_defined(look) or _has_two_contexts(look):
        return True
    return look.context_within(_ACTING) and look.context_in_clause(_SENTENCE) and acts(look)


def _has_two_contexts(look: MatchContext) -> bool:
    """Whether two different context words are in the sentence, which say enough."""
    start, end = look.words.span(*look.match.span)
    text = look.words.text
    inside = [span for span in look.near if not _SENTENCE.search(text, min(span[1], end), max(span[0], start))]
    return len({text[first : first + _KEPT].lower() for first, _ in inside}) > 1


def _is_defined(look: MatchContext) -> bool:
    """Whether a dash is followed by the context in the nominative, as what the entity is: Макс — худший мессенджер."""
    end = look.match.end
    if look.words.after(end - 1) not in _DASHES:
        return False
    starts = {span[0] for span in look.near}
    for at in range(end, min(len(look.words.words), end + _CALLED)):
        if look.words.spans[at][0] in starts:
            return dictionary.is_singular(look.words.folded[at], person=False)
        if at > end and look.words.between(at) != " ":
            return False
    return False


def _is_called_so(look: MatchContext) -> bool:
    """Whether a colon in the sentence is followed by the context in the singular: what the entity is, or who."""
    place = look.words.spans[look.match.end - 1][1]
    colon = _COLON.match(look.words.text, place, place + FAR)
    if not colon or not any(span[0] == colon.end() for span in look.near):
        return False
    noun = _WORD.match(look.words.text, colon.end())
    if noun is None:
        return False
    person, said = bool(look.profile.surnames), fold(noun[0])
    return dictionary.is_singular(said, person=person) and (person or said.startswith(OF_COMPANIES))


def _is_topic(look: MatchContext) -> bool:
    """Whether a colon or a comma after the first word of a text makes it what the sentence is about."""
    topic = re.match(r"\s?([:,])\s", look.words.after(look.match.end - 1)) if look.match.first == 0 else None
    if topic is None or script_of(look.folded) == "other" or _is_counted_after(look):
        return False
    return look.context_in_clause(_SENTENCE if topic[1] == ":" else _ONE_COMMA)


def _is_counted_after(look: MatchContext) -> bool:
    """Whether a large number follows, as after a colon that follows a goal: meta: un millón de seguidores."""
    one, millions = (*look.words.folded[look.match.end : look.match.end + 2], "", "")[:2]
    return one in _ONE and millions.startswith(_MILLIONS)


def _is_of_group(look: MatchContext) -> bool:
    """Whether the name of a country or a word such as Holding follows, with a capital letter."""
    after = look.after()
    return bool(after) and after in OF_A_GROUP and look.next_word()[0].isupper()


def _is_joined_to_companies(look: MatchContext) -> bool:
    """Whether a hyphen joins it to a word for a company's head or customers: Signal-Chefin."""
    return look.joined().startswith(COMPOUND)


def _is_beside_name(look: MatchContext) -> bool:
    """Whether "and" joins it to another name with a capital letter, and a context is in the sentence."""
    index = look.match.end + 1
    if look.after() not in AND or index >= len(look.words.words) or look.words.language == "de":
        return False
    return look.casing.is_capitalized(index) and not look.casing.is_title and look.context_in_clause(_SENTENCE)


def _is_russian_noun(look: MatchContext) -> bool:
    """Whether the word, or the name that it is a form of in another Slavic language, is a common noun."""
    listed = look.match.phrase.text
    return (
        dictionary.is_noun_too(look.folded)
        or dictionary.is_common(look.folded)
        or (script_of(fold(listed)) == "cyrillic" and dictionary.is_common(listed))
    )


def _is_listed(form: str) -> bool:
    """Whether a word of another script is an ordinary one, or its stem."""
    return form in OTHER_SCRIPTS or any(len(form) > _STEM and word[:-1] == form for word in OTHER_SCRIPTS)


def _is_beside(look: MatchContext) -> bool:
    """Whether a context word is next to it, or a particle of one letter between."""
    first, end, words = look.match.first, look.match.end, look.words.words
    if look.context_within(0):
        return True
    particle = any(0 <= at < len(words) and len(words[at]) == 1 for at in (first - 1, end))
    return particle and look.context_within(1)


RULES = (_ordinary,)
