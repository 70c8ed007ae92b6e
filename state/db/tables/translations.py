"""The tables of machine translation. They are SQLAlchemy's, as those of screening: each new state makes them.

translated_texts  what an engine answered about a text, in a language: a text is known by its `digest`, so that none is
                  asked for twice
told_changes      how a change was told in another language: `data` is the JSON of its translation, `words` are those
                  of it, between spaces, as they are searched; `summary` is the JSON of its summary in that language
"""

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, String, Table

from state.db.tables.core import METADATA, Number, Utc

TRANSLATED_TEXTS = Table(
    "translated_texts",
    METADATA,
    Column("digest", LargeBinary, primary_key=True, nullable=False),
    Column("language", String, primary_key=True, nullable=False),
    Column("text", String, nullable=False),
    Column("engine", String, nullable=False),
    Column("at", Utc, nullable=False),
)
TOLD_CHANGES = Table(
    "told_changes",
    METADATA,
    Column("event_id", Number, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("language", String, primary_key=True, nullable=False),
    Column("data", JSON(none_as_null=True), nullable=True),
    Column("words", String, nullable=False),
    Column("summary", JSON(none_as_null=True), nullable=True),
)
