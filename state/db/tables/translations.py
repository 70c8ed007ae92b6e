"""The tables of machine translation.

translated_texts  what an engine answered about a text, in a language: a text is known by its `digest`, so that none is
                  asked for twice
told_changes      how a change was told in another language: `data` is the JSON of its translation, `words` are those
                  of it, between spaces, as they are searched; `summary` is the JSON of its summary in that language
"""

from sqlalchemy import JSON, LargeBinary, String

from state.db.tables.core import Utc, columns, make_table, parent

TRANSLATED_TEXTS = make_table(
    "translated_texts",
    *columns(LargeBinary, "digest", primary_key=True),
    *columns(String, "language", primary_key=True),
    *columns(String, "text", "engine"),
    *columns(Utc, "at"),
)
TOLD_CHANGES = make_table(
    "told_changes",
    parent("event_id", "events", primary_key=True),
    *columns(String, "language", primary_key=True),
    *columns(JSON(none_as_null=True), "data", nullable=True),
    *columns(String, "words"),
    *columns(JSON(none_as_null=True), "summary", nullable=True),
)
