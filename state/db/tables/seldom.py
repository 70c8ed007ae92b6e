"""The tables that most states have no rows in: of screening (which pairs of an entity and an entry were cleared, and
the index of the names of entries), and of machine translation.

clearings         somebody's word that an entry is not about an entity, with the `facts` of the entry for which it
                  holds: `until` a time (null: for good) and until these facts change; `ended` is when it ended,
                  `why_ended` because of what. Of a pair, at most one holds
screened_sources  a source whose entries are in the index as they were at this revision of it, by the code with the
                  fingerprint `made`; `accepted` tells the source from another one that got its number, `checked` when
                  pages of entries were read
screened_names    an entry in the index, as it was with the fingerprint `mark`, and with this beginning of the
                  fingerprint of its own page, `detail` ("" without one): its names and facts, packed
name_keys         a key of a name, and an entry that has such a name; without row ids in SQLite, as its key is all that
                  it has
translated_texts  what an engine answered about a text, in a language: a text is known by its `digest`, so that none is
                  asked for twice
told_changes      how a change was told in another language: `data` is the JSON of its translation, `words` are those
                  of it, between spaces, as they are searched; `summary` is the JSON of its summary in that language
"""

from sqlalchemy import JSON, Index, LargeBinary, String

from state.db.tables.core import Number, Utc, columns, make_table, parent

CLEARINGS = make_table(
    "clearings",
    *columns(Number, "id", primary_key=True),
    *columns(String, "entity", "source", "key", "why", "who"),
    *columns(Utc, "at"),
    *columns(Utc, "until", nullable=True),
    *columns(JSON, "facts"),
    *columns(Utc, "ended", nullable=True),
    *columns(String, "why_ended", "who_ended", nullable=True),
    Index(None, "source", "key"),
)
SCREENED_SOURCES = make_table(
    "screened_sources",
    *columns(Number, "source_id", primary_key=True),
    *columns(Number, "revision"),
    *columns(Utc, "accepted", "checked", nullable=True),
    *columns(String, "made"),
)
SCREENED_NAMES = make_table(
    "screened_names",
    *columns(Number, "entry_id", primary_key=True),
    *columns(Number, "source_id"),
    *columns(LargeBinary, "mark"),
    *columns(String, "detail"),
    *columns(LargeBinary, "packed"),
    Index(None, "source_id"),
)
NAME_KEYS = make_table(
    "name_keys",
    *columns(String, "key", primary_key=True),
    *columns(Number, "source_id", "entry_id", primary_key=True),
)
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
