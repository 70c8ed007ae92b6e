"""All phrases that a configuration's entities are found by, and the profile of each entity. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from alerts.recognition import identifiers
from alerts.recognition.identifiers import Identifier
from alerts.recognition.entity import Watched
from alerts.recognition.finder import Phrase, Role
from alerts.recognition.language.case_endings import Kind
from alerts.recognition.language.scripts import fold
from alerts.recognition.language.tokens import words_of
from alerts.recognition.match_context import Profile
from alerts.recognition.names import shapes, surnames
from alerts.recognition.vocabulary import Vocabulary


class Phrases:
    """Adds the words of entities to a vocabulary."""

    def __init__(self, entities: Mapping[str, Watched], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.all: list[Phrase] = []
        self.profiles = {id_: self._profile(id_, entity) for id_, entity in entities.items()}

    def _profile(self, id_: str, entity: Watched) -> Profile:
        people = surnames(entity.names)
        before = len(self.all)
        for name in entity.names:
            self.all += self._names(id_, name, people)
        for text in entity.context:
            self.all += self._plain(id_, text, Role.CONTEXT)
        own = frozenset(word for phrase in self.all[before:] for word in phrase.words)
        for text in entity.not_:
            self.all += self._plain(id_, text, Role.NOT)
        for text in entity.identifiers:
            self.all += self._identifier(id_, identifiers.read(text))
        ambiguous = bool(entity.context or entity.not_)
        return Profile(ambiguous, people, own, own_context=bool(entity.context))

    def _names(self, id_: str, name: str, people: Mapping[str, object]) -> Iterator[Phrase]:
        is_person = len(words_of(name)) > 1 and fold(words_of(name)[-1]) in people
        for shape in shapes(name, person=is_person):
            numbers = tuple(self._vocabulary.add(word, _kind(word, people), name=True) for word in shape.words)
            yield Phrase(id_, name, Role.NAME, numbers, *shape[1:])

    def _plain(self, id_: str, text: str, role: Role) -> Iterator[Phrase]:
        for shape in shapes(text) if role is Role.CONTEXT else list(shapes(text))[:1]:
            numbers = tuple(map(self._vocabulary.add, shape.words))
            yield Phrase(id_, text, role, numbers, cased=shape.cased)
            if role is Role.CONTEXT and len(shape.words) == 1 and text == text.lower():
                self._vocabulary.add_beginning(text, numbers[0])

    def _identifier(self, id_: str, identifier: Identifier) -> Iterator[Phrase]:
        kind, value = identifier
        role = Role.DOMAIN if kind is identifiers.Kind.DOMAIN else Role.NUMBER
        values = [value, value.zfill(10)] if kind is identifiers.Kind.CIK else [value]
        for text in dict.fromkeys(values):
            yield Phrase(id_, identifier.label, role, tuple(map(self._vocabulary.add_exact, words_of(text))))


def _kind(word: str, people: Mapping[str, object]) -> Kind:
    return "surname" if fold(word) in people else "word"
