"""What machines said of changes: the answers of engines, so that no text is asked for twice, and how each change was
told in another language.

Nothing here is evidence, and nothing of it is compared or matched. A check neither reads nor writes it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from sources.text import fold_words
from state.db.repository import Repository, chunks, rows_in
from state.db.tables.core import ENTRIES, EVENTS, SOURCES
from state.db.tables.seldom import TOLD_CHANGES, TRANSLATED_TEXTS
from state.storage.staging import VALID

TRANSLATIONS = "translations"  # a lock's name


class Translations(Repository):
    """The part of the Store for machine translation."""

    def texts(self, texts: Collection[str], language: str) -> dict[str, tuple[str, str]]:
        """What is known of these texts in a language: the answer, and the name of the engine, by text."""
        wanted = select(TRANSLATED_TEXTS).where(TRANSLATED_TEXTS.c.language == language)
        by_digest = {_digest(text): text for text in texts}
        rows = self._rows_in(wanted, TRANSLATED_TEXTS.c.digest, by_digest)
        return {by_digest[bytes(row.digest)]: (row.text, row.engine) for row in rows}

    def keep_texts(self, answers: Mapping[str, tuple[str, str]], language: str, at: datetime) -> None:
        """Keep answers: each with the name of the engine, by text."""
        hide = self._redactor.hide
        rows = [
            {"digest": _digest(text), "language": language, "text": hide(answer), "engine": engine, "at": at}
            for text, (answer, engine) in answers.items()
        ]
        same = delete(TRANSLATED_TEXTS).where(TRANSLATED_TEXTS.c.language == language)
        with self._database.writing(TRANSLATIONS) as connection:
            for some in chunks(rows):
                connection.execute(same.where(TRANSLATED_TEXTS.c.digest.in_([row["digest"] for row in some])))
                connection.execute(insert(TRANSLATED_TEXTS), some)

    def count_texts(self, engine: str, since: datetime) -> int:
        """How many texts an engine has answered since a time."""
        texts = TRANSLATED_TEXTS.c
        counted = select(func.count()).where(texts.engine == engine, texts.at >= since)
        return int(self._rows(counted)[0][0])

    def tell(self, told: Mapping[int, Mapping[str, Any]], language: str) -> None:
        """Keep how changes are told in a language: the JSON of their translations, by number; and their words."""
        hidden = {number: self._redactor.hide_all(data) for number, data in told.items()}
        words = {number: fold_words(" ".join(_texts(data))) for number, data in hidden.items()}
        self._put({number: {"data": data, "words": words[number]} for number, data in hidden.items()}, language)

    def sum_up(self, summaries: Mapping[int, Mapping[str, Any]], language: str) -> None:
        """Keep the JSON of the summaries of changes in a language, by number."""
        self._put({number: {"summary": self._redactor.hide_all(said)} for number, said in summaries.items()}, language)

    def _put(self, values: Mapping[int, Mapping[str, Any]], language: str) -> None:
        """Set columns of changes in a language; the others stay. Changes that are gone are left out."""
        if not values:
            return
        with self._database.writing(TRANSLATIONS) as connection:
            for row in list(rows_in(connection, select(EVENTS.c.id), EVENTS.c.id, values)):
                mine = (TOLD_CHANGES.c.event_id == row.id, TOLD_CHANGES.c.language == language)
                if not connection.execute(update(TOLD_CHANGES).where(*mine).values(values[row.id])).rowcount:
                    key = {"event_id": row.id, "language": language, "words": ""}
                    connection.execute(insert(TOLD_CHANGES), {**key, **values[row.id]})

    def find_entries(self, phrases: Sequence[str], source: int | None = None) -> list[int]:
        """The numbers of the entries, of one source or of all, with a change whose translation has all `phrases`."""
        told = TOLD_CHANGES.join(EVENTS, EVENTS.c.id == TOLD_CHANGES.c.event_id)
        told = told.join(SOURCES, SOURCES.c.name == EVENTS.c.source)
        told = told.join(ENTRIES, (ENTRIES.c.source_id == SOURCES.c.id) & (ENTRIES.c.key == EVENTS.c.entry_key))
        wanted = select(ENTRIES.c.id).distinct().select_from(told).where(VALID)
        wanted = wanted.where(*(TOLD_CHANGES.c.words.contains(phrase, autoescape=True) for phrase in phrases))
        return [row.id for row in self._rows(wanted if source is None else wanted.where(SOURCES.c.id == source))]


def read_told(connection: Connection, events: Collection[int]) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
    """The JSON of the translations of changes, and of their summaries, each by language: by the numbers of changes."""
    found = defaultdict[int, tuple[dict[str, Any], dict[str, Any]]](lambda: ({}, {}))
    wanted = select(TOLD_CHANGES).order_by(TOLD_CHANGES.c.language)
    for row in rows_in(connection, wanted, TOLD_CHANGES.c.event_id, events):
        for told, said in zip(found[row.event_id], (row.data, row.summary), strict=True):
            if said is not None:
                told[row.language] = said
    return found


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()


def _texts(data: Mapping[str, Any]) -> Iterator[str]:
    """The translated texts in the JSON of a translation."""
    sides = (side for field in data["fields"].values() for side in field.values())
    return filter(None, (data["title"], *sides, data["text"]))
