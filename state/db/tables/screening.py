"""The tables of screening: which pairs of an entity and an entry were cleared, and the index of the names of entries.

They are tables of SQLAlchemy's, which are made ten times as fast as SQLModel's classes: each new state makes them.

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
"""

from sqlalchemy import JSON, Column, Index, LargeBinary, String, Table

from state.db.tables.core import METADATA, Number, Utc

CLEARINGS = Table(
    "clearings",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    Column("entity", String, nullable=False),
    Column("source", String, nullable=False),
    Column("key", String, nullable=False),
    Column("why", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("until", Utc, nullable=True),
    Column("facts", JSON, nullable=False),
    Column("ended", Utc, nullable=True),
    Column("why_ended", String, nullable=True),
    Column("who_ended", String, nullable=True),
    Index(None, "source", "key"),
)
SCREENED_SOURCES = Table(
    "screened_sources",
    METADATA,
    Column("source_id", Number, primary_key=True, nullable=False),
    Column("revision", Number, nullable=False),
    Column("accepted", Utc, nullable=True),
    Column("checked", Utc, nullable=True),
    Column("made", String, nullable=False),
)
SCREENED_NAMES = Table(
    "screened_names",
    METADATA,
    Column("entry_id", Number, primary_key=True, nullable=False),
    Column("source_id", Number, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("detail", String, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index(None, "source_id"),
)
NAME_KEYS = Table(
    "name_keys",
    METADATA,
    Column("key", String, primary_key=True, nullable=False),
    Column("source_id", Number, primary_key=True, nullable=False),
    Column("entry_id", Number, primary_key=True, nullable=False),
)
