"""Finds phrases in a text, word by word. The cost does not depend on the number of phrases. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from alerts.recognition.language.scripts import fold
from alerts.recognition.language.tokens import is_plain, may_be_proper, spans_of, words_of
from alerts.recognition.language.which import writes_as_heard
from alerts.recognition.merging import is_unusual, merged
from alerts.recognition.names import FORM_WORDS, humps
from alerts.recognition.sound.alphabets import LETTERS, alphabet
from alerts.recognition.sound.likeness import ALONE, ALONE_LETTERS, TOGETHER
from alerts.recognition.tables import listed, words
from alerts.recognition.vocabulary import Vocabulary
from alerts.recognition.words import SURENESS, Hit, How, Span, Words

_SURE = 9.0  # bits of a word that is surely one of a name
_BESIDE = 2  # words between which a patronymic or an article may stand
_PAIR, _MOST_WORDS, _MOST_PARTNERS = 2, 3, 6


class Partners:
    """Completes persons' names, given as phrases: of those without a comma, the surname is the last word."""

    def __init__(self, names: Iterable[Phrase], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        # The other words of names, for each of their words, whether they are given names, and the bits that both need
        # together; none for a word of many names, as given names are.
        found: dict[int, dict[int, tuple[bool, float]]] = {}
        for phrase in names:
            words, together = phrase.words, TOGETHER if len(phrase.words) == _PAIR and not phrase.guarded else 0.0
            for word in words if len(words) <= _MOST_WORDS else ():
                others = found.setdefault(word, {})
                for other in words:
                    if other != word:
                        others[other] = other != words[-1], min(together, others.get(other, (True, together))[1])
        self._partners = {word: others for word, others in found.items() if len(others) <= _MOST_PARTNERS}
        self.words = self._partners.keys()
        """The words that others may complete."""

    def completed(self, words: Sequence[str], hits: list[Sequence[Hit]]) -> list[Sequence[Hit]]:
        """The hits, with those words that only sound a little like a person's name, but stand beside its other word."""
        added: dict[int, list[Hit]] = {}
        beside = self._vocabulary.by_sound.beside
        for one, own in enumerate(hits):
            partners: dict[int, tuple[bool, float]] = {}
            for hit in own:
                if (bits := hit.bits if hit.how is How.HEARD else ALONE) >= _SURE and hit.word in self._partners:
                    for word, (given, together) in self._partners[hit.word].items():
                        partners[word] = given, min(together - bits, partners.get(word, (given, together))[1])
            if not partners or not may_be_proper(words[one]):
                continue
            for other in range(max(0, one - _BESIDE), min(len(words), one + _BESIDE + 1)):
                if other == one or not may_be_proper(words[other]):
                    continue
                known = {hit.word for hit in hits[other]}
                for partner, (given, least) in partners.items():
                    if partner not in known and (found := beside(words[other], partner, int(least), given=given)):
                        added.setdefault(other, []).append(found)
        return [(*own, *added.get(at, ())) for at, own in enumerate(hits)] if added else hits


class Role(StrEnum):
    """The role of a phrase for its entity."""

    NAME = "name"
    NOT = "not"
    CONTEXT = "context"
    NUMBER = "number"
    DOMAIN = "domain"


class Phrase(NamedTuple):
    """Consecutive words of the vocabulary. `text` is the phrase as configured."""

    entity: str
    text: str
    role: Role
    words: tuple[int, ...]
    cased: bool = False
    core: bool = False
    person: bool = False
    comma: bool = False
    guarded: bool = False  # whether the name needs a context word


class Match(NamedTuple):
    """A phrase found in a text: its words `first` to before `end`, how each was recognized, and the least certain."""

    phrase: Phrase
    first: int
    end: int
    hits: tuple[Hit, ...]
    how: How

    @property
    def span(self) -> tuple[int, int]:
        """The numbers of its first word, and of the one after its last."""
        return self.first, self.end


_State = tuple[int, tuple[Hit, ...]]
"""A node of the tree of phrases, and the words that lead to it."""

# What may separate two words of one name: space, a hyphen, a dot without space, quotation marks.
_JOIN = re.compile(r"""\s+|\u200c|[-‐‑_·・•‧.&/’'‘]|\s?[("'«»„“”‘’]{1,2}\s?|\s&\s|""")
_INITIAL_JOIN = re.compile(r"\.\s?")
_COMMA = re.compile(r",\s")
_ARTICLES = words("joined_to_names")
_JOINED_ARTICLES = frozenset(listed("asch ach esch ech es ed er en et ez"))  # with a hyphen
_NEAR = 4  # words from one word of a name to the next, with a patronymic and articles between
_LONGEST_ARTICLE = 4  # letters, with their marks
_PATRONYMIC = re.compile(r"\w+(?:ич|ича|ичу|ичем|иче|[вч]н(?:а|ы|е|у|ой)|ich|[vc]h?na)\Z|\w\Z")
_HASHTAG = re.compile(r"#(\w+)")


class Finder:
    """Finds all added phrases at once."""

    def __init__(self, vocabulary: Vocabulary, phrases: Iterable[Phrase]) -> None:
        self._vocabulary = vocabulary
        self._next: list[dict[int, int]] = [{}]
        self._ends: dict[int, list[Phrase]] = {}
        self._persons: set[int] = set()
        self._comma: set[int] = set()
        for phrase in phrases:
            node = 0
            for word in phrase.words:
                if word not in self._next[node]:
                    self._next[node][word] = len(self._next)
                    self._next.append({})
                node = self._next[node][word]
                if phrase.person:
                    self._persons.add(node)
                if phrase.comma:
                    self._comma.add(node)
            self._ends.setdefault(node, []).append(phrase)
        persons = (found for ended in self._ends.values() for found in ended if found.person and not found.comma)
        self._partners = Partners(persons, vocabulary)
        beside, every = {Role.NOT, Role.CONTEXT}, (phrase for ended in self._ends.values() for phrase in ended)
        self._names = frozenset(phrase.words[0] for phrase in every if phrase.role not in beside)
        self._alone = frozenset(word for word in self._names if self._next[0][word] in self._ends)
        self.beginnings = self._names | self._partners.words
        """The words of the vocabulary with which a name may begin."""

    def read(self, text: str) -> Words | None:
        """The words of a text if a name may begin with one of them, else None."""
        plain = is_plain(text)
        words = words_of(text)
        unusual = is_unusual(text, plain=plain)
        if unusual or "#" in text:
            found = self._whole(text, words, unusual=unusual)
            return found if self._may_name(found.words, found.hits) else None
        if text.isascii() or not writes_as_heard(words, text):
            return self.read_words(text, words, plain=plain)
        hits = self._vocabulary.look_up_spelt(words, self._vocabulary.look_up_all(words, text))
        return self._completed(text, words, hits, plain=plain)

    def read_words(self, text: str, words: list[str], *, plain: bool) -> Words | None:
        """The same, of a text that writes no word apart, given its words; `plain`: see `tokens.is_plain`."""
        hits = self._vocabulary.look_up_named(words, text)
        return self._completed(text, words, hits, plain=plain) if hits else None

    def _completed(self, text: str, words: list[str], hits: list[Sequence[Hit]], *, plain: bool) -> Words | None:
        if not self._may_name(words, hits):
            return None
        if not (plain and text[1:].islower()):  # else no word has a partner with a capital letter
            hits = self._partners.completed(words, hits)
        return Words(text, words, hits, spans_of(text, words))

    def read_all(self, text: str) -> Words:
        """The words of a text, whether it contains a name or not: for the surroundings of a name."""
        return self._whole(text, words_of(text), unusual=is_unusual(text, plain=is_plain(text)))

    def _may_name(self, words: Sequence[str], hits: Sequence[Sequence[Hit]]) -> bool:
        """Whether a name may begin with one of the words with these hits: it is all of the name, or another one with
        hits is near, or its other word may yet be heard beside it.
        """
        for at, own in enumerate(hits):
            for hit in own:
                if hit.word in self._alone or (hit.word in self._names and any(hits[at + 1 : at + 1 + _NEAR])):
                    return True
                near = words[max(0, at - _BESIDE) : at + _BESIDE + 1] if hit.word in self._partners.words else ()
                if sum(map(may_be_proper, near)) > 1:
                    return True
        return False

    def _whole(self, text: str, words: list[str], *, unusual: bool) -> Words:
        """The words as they are meant: hashtags apart, and pieces of one word together."""
        hits = self._vocabulary.look_up_all(words, text)
        if writes_as_heard(words, text):
            hits = self._vocabulary.look_up_spelt(words, hits)
        spans = spans_of(text, words)
        if "#" in text:
            # The words, with hashtags in camel case split: #FreeAcme
            starts = {found.start(1) for found in _HASHTAG.finditer(text)}
            apart: tuple[list[str], list[Sequence[Hit]], list[Span]] = ([], [], [])
            for word, found, (start, end) in zip(words, hits, spans, strict=True):
                parts = humps(word) if start in starts and not found else [word]
                at = start
                for part in parts:
                    apart[0].append(part)
                    apart[1].append(self._vocabulary.look_up(part) if len(parts) > 1 else found)
                    apart[2].append((at, at + len(part) if len(parts) > 1 else end))
                    at += len(part)
            words, hits, spans = apart
        if unusual:
            words, hits, spans = merged(text, words, hits, spans, self._vocabulary.look_up, self._vocabulary.listed_in)
        return Words(text, words, self._partners.completed(words, hits), spans)

    def matches(self, words: Words) -> list[Match]:
        """All phrases in a text, from left to right; at one position the longest first."""
        found: list[Match] = []
        beginnings = self._next[0]
        for first, hits in enumerate(words.hits):
            if hits:
                states: list[_State] = [(beginnings[hit.word], (hit,)) for hit in hits if hit.word in beginnings]
                found += self._from(words, first, states) if states else ()
        return found

    def _from(self, words: Words, first: int, states: list[_State]) -> list[Match]:
        """The phrases whose first word leads to these states."""
        found = self._ending(words, first, first + 1, states)
        for index in range(first + 1, len(words.words)):
            if not self._may_go_on(states, words, index):
                break
            if not _joined(words, index):
                states = [state for state in states if state[0] in self._comma] if _is_comma(words, index) else []
            following = [
                (self._next[node][hit.word], (*before, hit))
                for node, before in states
                for hit in words.hits[index]
                if hit.word in self._next[node]
            ]
            found += self._ending(words, first, index + 1, following)
            if not following and _is_between(words, index):
                following = [state for state in states if state[0] in self._persons]
            states = following
        return sorted(found, key=lambda match: -match.end) if len(found) > 1 else found

    def _ending(self, words: Words, first: int, end: int, states: Iterable[_State]) -> list[Match]:
        """The phrases that end in these states."""
        found: list[Match] = []
        for node, hits in states:
            for phrase in self._ends.get(node, ()):
                if phrase.cased and not all(word[0].isupper() for word in words.words[first:end]):
                    continue
                # One word that has too little in common with a name, and no context could make up for that.
                heard = len(hits) == 1 and hits[0].how is How.HEARD and not phrase.guarded
                if heard and hits[0].bits < (ALONE_LETTERS if alphabet(words.words[first]) in LETTERS else ALONE):
                    continue
                least_certain = (
                    hits[0].how if len(hits) == 1 else max((hit.how for hit in hits), key=SURENESS.__getitem__)
                )
                found.append(Match(phrase, first, end, hits, least_certain))
        return found

    def _may_go_on(self, states: Sequence[_State], words: Words, index: int) -> bool:
        """Whether the next word may belong to a phrase. Mostly not; then the text between them does not matter."""
        hits, person = words.hits[index], False
        for node, _ in states:
            for hit in hits:
                if hit.word in self._next[node]:
                    return True
            person = person or node in self._persons
        return person and _is_between(words, index)


def _joined(words: Words, index: int) -> bool:
    """Whether a word and the one before it may belong to one name."""
    gap = words.between(index)
    if _JOIN.fullmatch(gap):
        return True
    if _INITIAL_JOIN.fullmatch(gap):
        return len(words.words[index - 1]) <= 3
    return _is_comma(words, index) and words.folded[index] in FORM_WORDS


def _is_comma(words: Words, index: int) -> bool:
    return bool(_COMMA.fullmatch(words.between(index)))


def _is_between(words: Words, index: int) -> bool:
    """Whether a word may separate a given name and a surname: a patronymic, an initial, or an article."""
    word = words.words[index]
    if len(word) > _LONGEST_ARTICLE and not word[0].isupper():  # most words
        return False
    folded = fold(word)  # not that of the whole text, which is seldom needed
    joined = folded in _JOINED_ARTICLES and words.after(index) == "-"
    return joined or folded in _ARTICLES or (word[0].isupper() and bool(_PATRONYMIC.match(folded)))
