"""The entry point: which watched entities a text names, where, by which words, and why others do not count. Pure."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from alerts.recognition.field import BESIDE, Field, wrong_place
from alerts.recognition.finder import Finder, Match, Role
from alerts.recognition.guards.longer_names import (
    another_person,
    as_a_word,
    cited,
    compound,
    followed,
    followed_by_name,
    kind_of_body,
    longer_name,
    other_kind,
    spelled_out,
)
from alerts.recognition.guards.match_context import EntityProfile, MatchContext, Reason
from alerts.recognition.guards.ordinary_words import (
    common_noun,
    counted,
    misspelt_word,
    ordinary,
    ordinary_in_small_letters,
    small_word,
    verb,
)
from alerts.recognition.language.endings import ARTICLES, OF_CHANGES_ONLY
from alerts.recognition.merging import simple_words
from alerts.recognition.phrases import Phrases, Watched
from alerts.recognition.sound.alphabets import LETTERS, alphabet
from alerts.recognition.sound.likeness import ALONE, ALONE_LETTERS, TOGETHER
from alerts.recognition.vocabulary import CHARACTER, Vocabulary
from alerts.recognition.words import SURENESS, Hit, How, Restored, Span, Words, may_be_damaged, restored

_REMEMBERED, _SHORT = 20_000, 100  # texts without names, and characters of such a text
_SHORT_FIELD = 300  # characters of a field that may be the context of a name in another one
_CERTAIN = 12.0  # bits of a word that was recognized by its letters
_GUARDED, _GUARDED_LETTERS = 9.0, 10.5
"""Bits that a name needs whose context is near; between Latin and Cyrillic."""
_NEXT_TO = 7.5  # bits of a word in another script that has its context next to it
_NAMED = 30  # characters between it and a context word that is a name
_GAP = 2  # characters between a word and its neighbour: a space and a quotation mark
_SHORTEST = 6  # letters of a name that takes an ending of another language
_TELLING = 3  # letters of an ending that few words have

# Why a match is not the entity's name, in this order. Each rule enters, and stays, by what it does on texts that it was
# not written from: docs/matching.md.
_RULES = (
    small_word, ordinary_in_small_letters, misspelt_word, common_noun, verb,
    kind_of_body, cited, spelled_out, as_a_word, another_person,
)  # fmt: skip
_FOR_AMBIGUOUS = (
    followed, followed_by_name, compound, longer_name, other_kind, ordinary, counted,
)  # fmt: skip
"""For names with `context` or `not`."""


class NameFinding(NamedTuple):
    """A name found in a field: its entity, the name as configured, the words of the text, where they begin, how they
    were recognized, the context word that is near, and why it is not a mention, if it is not.
    """

    entity: str
    name: str
    words: str
    field: str
    start: int
    how: str
    near: str | None = None
    against: str | None = None


class Recognizer:
    """Finds watched entities, given by id. Building it is expensive: do it once."""

    def __init__(self, entities: Mapping[str, Watched]) -> None:
        vocabulary = Vocabulary()
        phrases = Phrases(entities, vocabulary)
        self._finder = Finder(vocabulary, phrases.all)
        vocabulary.prepare(self._finder.beginnings)
        self._numbers = phrases.numbers
        self._profiles = phrases.profiles
        self._dismissed: set[str] = set()  # short texts without names: a register says the same in many rows
        self._allies: dict[str, list[str]] = {}
        for entity, profile in self._profiles.items():
            for ally in profile.allies:
                self._allies.setdefault(ally, []).append(entity)

    def findings(self, places: Sequence[tuple[str, str]]) -> list[NameFinding]:
        """Every name in the fields of one entry, given as pairs of a field's name and its text."""
        fields = [field for name, value in places if value and (field := self._field(name, value))]
        if not fields and not self._numbers:  # most entries
            return []
        found = [finding for field in fields for finding in self._within(field, places)]
        for name, value in places if self._numbers else ():
            plain = restored(value)
            for entity, listed, start, end in self._numbers.find(plain.text):
                origin = plain.origin(start)
                found.append(NameFinding(entity, listed, plain.text[start:end], name, origin, "in its notation"))
        return found

    def _field(self, name: str, value: str) -> Field | None:
        if value in self._dismissed:
            return None
        plain, simple = None, simple_words(value)
        if simple is not None:
            words = self._finder.read_words(value, simple, plain=True)
        else:
            plain = restored(value) if may_be_damaged(value) else None
            words = self._finder.read(plain.text if plain else value)
        if words is None:  # most texts
            if len(self._dismissed) >= _REMEMBERED:
                self._dismissed.clear()
            if len(value) <= _SHORT:
                self._dismissed.add(value)
            return None
        matches = self._finder.matches(words)
        return Field(name, plain or Restored(value), words, matches, self._allies) if matches else None

    def _within(self, field: Field, places: Sequence[tuple[str, str]]) -> Iterator[NameFinding]:
        """The findings in one field; at each position and for each entity only the longest name that counts."""
        names = [match for match in field.matches if match.phrase.role not in BESIDE]
        reach: dict[str, int] = {}
        # The longest first, and of these the surest.
        names.sort(key=lambda match: (match.first, -match.end, SURENESS[match.how], match.phrase.role))
        for match in names:
            entity = match.phrase.entity
            if match.end <= reach.get(entity, 0):
                continue  # a part of a longer name, or the same words under another name
            start, end = field.words.span(match.first, match.end)
            near = self._near(match, field, places)
            against = wrong_place(match, field) or self._doubt(match, field, near)
            if not against or not against.startswith("its sound"):
                reach[entity] = match.end
            origin = field.restored.origin(start)
            found = field.words.text[start:end]
            yield NameFinding(entity, match.phrase.text, found, field.name, origin, match.how.value, near, against)

    def _doubt(self, match: Match, field: Field, near: str | None) -> str | None:
        if match.phrase.role is not Role.NAME:
            return None
        profile = self._profiles[match.phrase.entity]
        context = field.context.get(match.phrase.entity, []) if profile.own_context else []
        named: Collection[Span] = field.named if context else ()
        look = MatchContext(field.words, field.casing, match, profile, context, named)
        rules = (*_RULES, *_FOR_AMBIGUOUS) if profile.ambiguous else _RULES
        against = (
            next((found for rule in rules if (found := rule(look))), None)
            or _ending_doubt(field.words, match, profile, context)
            or _sound_doubt(field.words, match, context, named, guarded=near is not None)
        )
        # A person's whole name needs no context where the surname alone is listed, too.
        full = match.phrase.person and len(match.hits) > 1 and profile.surnames
        if not against and profile.own_context and near is None and not full:
            return "none of its context words is near"
        return against

    def _near(self, match: Match, field: Field, places: Sequence[tuple[str, str]]) -> str | None:
        """The context word of the entity that is near, in the field or in a short one of the same entry."""
        entity = match.phrase.entity
        if match.phrase.role is not Role.NAME or not self._profiles[entity].own_context:
            return None
        if near := field.near(entity, field.words.span(*match.span)) or field.legal_form(match):
            return near
        if entity not in field.beside:
            others = (value for name, value in places if name != field.name and len(value) <= _SHORT_FIELD)
            field.beside[entity] = next(filter(None, (self._context_in(value, entity) for value in others)), None)
        return field.beside[entity]

    def _context_in(self, value: str, entity: str) -> str | None:
        """The first context word of the entity in another field's value."""
        plain = restored(value)
        words = self._finder.read_all(plain.text)
        spans = Field("", plain, words, self._finder.matches(words), self._allies).context.get(entity)
        return words.text[spans[0][0] : spans[0][1]] if spans else None


def _sound_doubt(
    words: Words, match: Match, context: Sequence[Span], named: Collection[Span] = (), *, guarded: bool
) -> Reason:
    """Whether a match by its sound is too likely to be an accident. `context`: where context words are in the text;
    `named`: those of them that are names.
    """
    if match.how is not How.HEARD:
        return None
    bits = sum(map(_bits, match.hits, words.words[match.first : match.end]))
    several = len(match.hits) > 1
    needed = _GUARDED if guarded else TOGETHER if several else ALONE
    if not several and alphabet(words.words[match.first]) in LETTERS:
        needed = _GUARDED_LETTERS if _is_beside(words.span(*match.span), context) else ALONE_LETTERS
    elif guarded and bits >= _NEXT_TO:
        # A context word is next to a name in a script of its own, or one that is a name is near.
        own = words.span(*match.span)
        near = (span for span in context if span in named and span != own)
        if _is_beside(own, context) or any(max(own[0] - end, start - own[1]) <= _NAMED for start, end in near):
            return None
    return None if bits >= needed else f"its sound has only {bits:.0f} bits in common with the name"


def _is_beside(own: Span, context: Sequence[Span]) -> bool:
    """Whether one of the spans, which are in order, is next to another one."""
    at = bisect_left(context, own)
    return any(
        0 <= own[0] - span[1] <= _GAP or 0 <= span[0] - own[1] <= _GAP for span in context[max(0, at - 2) : at + 2]
    )


def _bits(hit: Hit, word: str) -> float:
    if hit.how is How.HEARD:
        return hit.bits
    return CHARACTER if len(word) == 1 and alphabet(word) == "han" else _CERTAIN


def _ending_doubt(words: Words, match: Match, profile: EntityProfile, context: Sequence[Span] = ()) -> Reason:
    """Whether the text's language lacks an ending that only some languages have. One word without such an ending is
    enough in a name of several words, and a context word next to the name in a text of unknown language.
    """
    if profile.ambiguous and match.hits[-1].ending in ARTICLES:
        return "with an article it is an ordinary word"
    if not match.hits[0].languages or not all(hit.languages for hit in match.hits):
        return None
    if words.language is None and _is_beside(words.span(*match.span), context):
        return None
    for hit, word in zip(match.hits, words.words[match.first : match.end], strict=False):
        if not hit.languages or words.language in hit.languages:
            continue
        long = words.language is None and len(hit.ending) >= _TELLING
        if hit.how is How.HEARD and len(match.hits) == 1 and not long:
            return f"“-{hit.ending}” is no ending in this language"
        short = len(word) - len(hit.ending) < _SHORTEST
        rare = word.islower() or not hit.ending or (words.language and hit.ending in OF_CHANGES_ONLY)
        if rare or ((profile.ambiguous or short or words.language) and len(hit.ending) < _TELLING):
            return f"“-{hit.ending}” is no ending in this language"
    return None
