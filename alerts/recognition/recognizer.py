"""The entry point: which watched entities a text names, where, by which words, and why others do not count. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from alerts.recognition.field import BESIDE, Field, wrong_place
from alerts.recognition.finder import Finder, Match, Role
from alerts.recognition.guards.rules import ending_doubt, reason_against, sound_doubt
from alerts.recognition.merging import simple_words
from alerts.recognition.phrases import Phrases, Watched
from alerts.recognition.vocabulary import Vocabulary
from alerts.recognition.words import SURENESS, Restored, Span, may_be_damaged, restored

_REMEMBERED, _SHORT = 20_000, 100  # texts without names, and characters of such a text
_SHORT_FIELD = 300  # characters of a field that may be the context of a name in another one


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
        against = (
            reason_against(field.words, field.casing, match, profile, context, named)
            or ending_doubt(field.words, match, profile, context)
            or sound_doubt(field.words, match, context, named, guarded=near is not None)
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
