"""All phrases that a configuration's entities are found by, and the profile of each entity. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from alerts.recognition import identifiers
from alerts.recognition.finder import Phrase, Role
from alerts.recognition.guards.match_context import EntityProfile
from alerts.recognition.identifiers import KINDS, Identifier, Numbers, read_number
from alerts.recognition.language.endings import Kind
from alerts.recognition.language.scripts import fold, latin, script_of
from alerts.recognition.language.tokens import apart, words_of
from alerts.recognition.names import FORM_WORDS, core, is_named, notations, runs, shapes, surnames
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.stems import is_baltic
from alerts.recognition.tables import lines
from alerts.recognition.vocabulary import Vocabulary

if TYPE_CHECKING:
    from alerts.recognition.sound.readings import Reading


class Established(NamedTuple):
    """The spellings of a name in other scripts, each as its words, these scripts, and what is something else."""

    spellings: tuple[tuple[str, ...], ...] = ()
    scripts: frozenset[str] = frozenset()
    others: tuple[tuple[str, ...], ...] = ()


_MARKS = "~!"
_UNKNOWN = Established()


def established(name: str, *, guarded: bool) -> Established:
    """How other scripts write a name, folded; with what means something else too if it is `guarded` by a context."""
    if (row := _rows().get(name)) is None:
        return _UNKNOWN
    names, _, written = row.partition("=")
    known = written.split()
    told = [name for name in names.split(",") if name[0] != "~" and alphabet(name) == "cyrillic"]
    told += [spelling for spelling in known if spelling[0] != "!" and (guarded or spelling[0] != "~")]
    return Established(
        tuple(map(_words, told)),
        frozenset(alphabet(spelling.lstrip(_MARKS)) for spelling in known),
        tuple(_words(spelling) for spelling in known if spelling[0] == "!"),
    )


def _words(spelling: str) -> tuple[str, ...]:
    return tuple(spelling.lstrip(_MARKS).split("_"))


@cache
def _rows() -> dict[str, str]:
    """The rows of the table, by each of their names."""
    rows = lines("established.txt")
    return {" ".join(_words(name)): row for row in rows for name in row.partition("=")[0].split(",")}


class Watched(Protocol):
    """An entity to look for, as docs/matching.md describes its parts. Any object with these attributes will do."""

    @property
    def names(self) -> Sequence[str]:
        """Its names, in their base forms."""

    @property
    def context(self) -> Sequence[str]:
        """Words of which one must be near a name; empty if none is needed."""

    @property
    def not_(self) -> Sequence[str]:
        """Phrases that contain a name and mean something else."""

    @property
    def identifiers(self) -> Sequence[str]:
        """Numbers and domains that stand for it; `identifiers.read` raises ValueError for others."""


_LONGEST_ABBREVIATION = 4  # letters
_TRANSLITERATED = 3  # letters of the shortest word that is found in other letters by itself
_EAST_ASIAN = "\u3041"  # the first letter that has an East Asian reading; a name that begins before it has none


class Phrases:
    """Adds the words of entities to a vocabulary."""

    def __init__(self, entities: Mapping[str, Watched], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.numbers = Numbers()
        self.all: list[Phrase] = []
        self._named = _named(entities)
        self.profiles = {id_: self._profile(id_, entity) for id_, entity in entities.items()}

    def _profile(self, id_: str, entity: Watched) -> EntityProfile:
        people = surnames(entity.names)
        before, heard = len(self.all), self._vocabulary.heard
        for name in entity.names:
            if number := read_number(name):
                self.numbers.add(id_, name, number)
            else:
                found = [*self._names(id_, name, people), *self._established(id_, name, entity, people)]
                self.all += (phrase._replace(guarded=True) for phrase in found) if entity.context else found
        for text in entity.context:
            self.all += self._context(id_, text)
        for phrase in self.all[before:]:
            if entity.context or len(phrase.words) > 1:
                heard.parts.update(phrase.words)
            if entity.context or len(phrase.words) == 1:
                (heard.guarded if entity.context else heard.alone).update(phrase.words)
        own = frozenset(word for phrase in self.all[before:] for word in phrase.words)
        for text in entity.not_:
            self.all += self._other(id_, text)
        for text in entity.identifiers:
            self.all += self._identifier(id_, identifiers.read(text))
        ambiguous = bool(entity.context or entity.not_)
        allies = {ally for text in entity.context for ally in self._named.get(_folded(text), ())} - {id_}
        return EntityProfile(ambiguous, people, own, own_context=bool(entity.context), allies=frozenset(allies))

    def _names(self, id_: str, name: str, people: Mapping[str, object]) -> Iterator[Phrase]:
        is_person = bool(people) and len(words_of(name)) > 1 and fold(words_of(name)[-1]) in people
        baltic = is_baltic(name)
        for shape in (shape for form in notations(name) for shape in shapes(form, person=is_person)):
            several = len(shape.words) > 1
            numbers = tuple(
                self._vocabulary.add(word, _kind(word, people), name=True, baltic=baltic, several=several)
                for word in shape.words
            )
            if shape.joined:
                self._vocabulary.heard.joined.add(numbers[0])
            yield Phrase(id_, name, Role.NAME, numbers, *shape[1:5])
            if len(shape.words) > 1 and any(map(_is_short, shape.words)):
                # Cyrillic words in Latin letters, of which some are so short that they count only with the others.
                other = tuple(
                    self._vocabulary.add_exact(latin(fold(word))) if _is_short(word) else number
                    for word, number in zip(shape.words, numbers, strict=True)
                )
                yield Phrase(id_, name, Role.NAME, other, *shape[1:5])
        if written := runs(name):
            numbers = tuple(self._vocabulary.add(word, name=True) for word in written)
            yield Phrase(id_, name, Role.NAME, numbers, person=True)
            if len(numbers) > 1:
                yield Phrase(id_, name, Role.NAME, (numbers[-1], *numbers[:-1]), person=True, comma=True)
        if name >= _EAST_ASIAN:
            from alerts.recognition.sound.readings import longer_names, readings  # noqa: PLC0415 - needed for few names

            for reading in readings(name):
                yield from self._read(id_, name, reading)
            for longer in longer_names(name):
                numbers = tuple(map(self._vocabulary.add, words_of(longer)))
                yield Phrase(id_, longer, Role.NOT, numbers)

    def _established(self, id_: str, name: str, entity: Watched, people: Mapping[str, object]) -> Iterator[Phrase]:
        """A well-known name as other scripts write it, unless that is listed."""
        words = _inner(name)
        known = established(" ".join(words), guarded=bool(entity.context))
        if known.scripts and len(words) == 1:
            number = self._vocabulary.add(words[0], _kind(words[0], people), name=True)
            self._vocabulary.heard.established[number] = known.scripts
        for spelling in _by_letters(name):
            yield Phrase(id_, name, Role.NAME, self._spelt(spelling, guarded=bool(entity.context)))
        listed = set(map(_folded, entity.names)) if known.spellings else set()
        for role, spellings in ((Role.NAME, known.spellings), (Role.NOT, known.others)):
            for spelling in spellings:
                if " ".join(spelling) in listed:
                    continue
                yield Phrase(id_, name, role, self._spelt(spelling, guarded=bool(entity.context)))

    def _spelt(self, spelling: Iterable[str], *, guarded: bool) -> tuple[int, ...]:
        """The numbers of the words of a spelling."""
        return tuple(part for word in spelling for part in self._written(word, guarded=guarded))

    def _written(self, word: str, *, guarded: bool) -> Iterator[int]:
        """The numbers of a spelling's words: of each character, in Chinese, and with letters of several scripts."""
        parts = words_of(word) if any(map(str.isascii, word)) else apart(word)
        scripts = {alphabet(part) for part in parts}
        if "han" in scripts or len(scripts) > 1:
            yield from map(self._vocabulary.add, parts)
        else:
            yield self._vocabulary.add_written(word, guarded=guarded)

    def _read(self, id_: str, name: str, reading: Reading) -> Iterator[Phrase]:
        """An East Asian name in Latin and Cyrillic letters, the surname first or last."""
        from alerts.recognition.sound.readings import together  # noqa: PLC0415 - as above

        surname, *given = map(self._vocabulary.add_spellings, reading)
        parts = [given]
        if len(given) > 1:
            parts.append([self._vocabulary.add_spellings(together(reading[1:]))])
        for part in parts:
            yield Phrase(id_, name, Role.NAME, (surname, *part), person=True, comma=True)
            yield Phrase(id_, name, Role.NAME, (*part, surname), person=True)
        whole = self._vocabulary.add_spellings(together(reading))
        self._vocabulary.heard.joined.add(whole)
        yield Phrase(id_, name, Role.NAME, (whole,))

    def _context(self, id_: str, text: str) -> Iterator[Phrase]:
        for shape in shapes(text):
            numbers = tuple(self._vocabulary.add(word, name=True) for word in shape.words)
            yield Phrase(id_, text, Role.CONTEXT, numbers, cased=shape.cased)
        if text == text.lower() and len(words_of(text)) == 1:
            yield Phrase(id_, text, Role.CONTEXT, (self._vocabulary.add_beginning(text),))
        if text[:1].isupper():
            for spelling in established(" ".join(_inner(text)), guarded=False).spellings:
                yield Phrase(id_, text, Role.CONTEXT, self._spelt(spelling, guarded=False))

    def _other(self, id_: str, text: str) -> Iterator[Phrase]:
        """A phrase that is something else. Several words are found in any script, and a person's in both orders."""
        words = next(shapes(text)).words
        several = len(words) > 1
        numbers = tuple(self._vocabulary.add(word, name=several, several=several) for word in words)
        if several:
            self._vocabulary.heard.parts.update(numbers)
        yield Phrase(id_, text, Role.NOT, numbers)
        if is_named(words):
            yield Phrase(id_, text, Role.NOT, (numbers[-1], *numbers[:-1]), comma=True)

    def _identifier(self, id_: str, identifier: Identifier) -> Iterator[Phrase]:
        kind, value = identifier
        if kind in KINDS:
            self.numbers.add(id_, identifier.label, identifier)
            return
        role = Role.DOMAIN if kind is identifiers.Kind.DOMAIN else Role.NUMBER
        values = [value, value.zfill(10)] if kind is identifiers.Kind.CIK else [value]
        for text in dict.fromkeys(values):
            yield Phrase(id_, identifier.label, role, tuple(map(self._vocabulary.add_exact, words_of(text))))


def _by_letters(name: str) -> Iterator[tuple[str, ...]]:
    """How other scripts write an abbreviation, by the names of its letters: together, and apart."""
    if not (2 < len(name) <= _LONGEST_ABBREVIATION and name.isascii() and name.isalpha() and name.isupper()):
        return
    for line in lines("letters.txt"):
        _, *names = line.split(" ")
        spelt = tuple(fold(names[ord(letter) - ord("A")]) for letter in name)
        yield ("".join(spelt),)
        yield spelt


def _named(entities: Mapping[str, Watched]) -> dict[str, list[str]]:
    """The entities with each name, folded, if any of them has context words."""
    found: dict[str, list[str]] = {}
    if any(entity.context for entity in entities.values()):
        for id_, entity in entities.items():
            for name in entity.names:
                found.setdefault(_folded(name), []).append(id_)
    return found


def _folded(text: str) -> str:
    return " ".join(map(fold, words_of(text)))


def _inner(name: str) -> list[str]:
    """The folded words of a name without its legal form."""
    words = list(map(fold, words_of(name)))
    start, end = core(words)
    return words[start:end]


def _is_short(word: str) -> bool:
    return len(word) < _TRANSLITERATED and script_of(fold(word)) == "cyrillic" and fold(word) not in FORM_WORDS


def _kind(word: str, people: Mapping[str, object]) -> Kind:
    return "surname" if people and fold(word) in people else "word"
