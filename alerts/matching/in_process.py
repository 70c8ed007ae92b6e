"""Finds the watched names in a subprocess: in a long text it may take long, and would keep the interpreter lock from
all other threads.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from alerts.matching.watchlist import SearchedText, Watchlist
from alerts.options import Entity
from sources import ReaderFailed
from sources.reading.messages import BadFrame, EntryParts, check_texts, entry_of, parts
from sources.reading.placement import job
from sources.reading.pool import Doing, ask
from state.model import Mention

SECONDS = 20.0  # the time limit for one long text, or for a batch of short ones

_Found = tuple[str, str, str, str]  # a mention: its entity, name, words and field


class Question(msgspec.Struct, frozen=True, array_like=True):
    """The entities, each as JSON, and the texts to search."""

    entities: dict[str, str]
    texts: list[tuple[EntryParts, str | None, dict[str, str]]]


_QUESTION = msgspec.msgpack.Decoder(Question)
_ANSWER = msgspec.msgpack.Decoder(list[list[_Found]])


def mentions_apart(entities: Mapping[str, Entity], texts: Sequence[SearchedText], what: str) -> list[list[Mention]]:
    """The mentions that a `Watchlist` of these entities finds in each text. Raises ReadError: `matching_too_slow`,
    `reader_failed` or `reader_too_large`.
    """
    said = {id_: entity.model_dump_json(by_alias=True) for id_, entity in entities.items()}
    question = Question(said, [(parts(entry), text, dict(other)) for entry, text, other in texts])
    doing = Doing(f"looking for names in {what}", "matching_too_slow", SECONDS, what)
    answered = ask(look_through, msgspec.msgpack.encode(question), doing)
    try:
        found = _ANSWER.decode(answered)
        if len(found) != len(texts):
            raise BadFrame("another number of texts")
        for mentions in found:
            if any(entity not in entities for entity, *_ in mentions):
                raise BadFrame("an entity that was not asked for")
            check_texts([" ".join(text.split()) for mention in mentions for text in mention[1:]])
    except (BadFrame, ValueError, RecursionError) as error:
        raise ReaderFailed(f"the process that was {doing.what} answered what it may not: {error}"[:300]) from None
    return [[Mention(*mention) for mention in mentions] for mentions in found]


@job
def look_through(question: bytes) -> bytes:
    """Answer a Question. Runs in the subprocess."""
    asked = _QUESTION.decode(question)
    watchlist = _watchlist(tuple(sorted(asked.entities.items())))
    found = [watchlist.mentions(SearchedText(entry_of(said), text, other)) for said, text, other in asked.texts]
    return msgspec.msgpack.encode([[(m.entity, m.name, m.words, m.field) for m in mentions] for mentions in found])


@lru_cache(maxsize=1)
def _watchlist(entities: tuple[tuple[str, str], ...]) -> Watchlist:
    return Watchlist({id_: Entity.model_validate_json(said) for id_, said in entities})
