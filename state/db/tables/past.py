"""The tables of the past before the first own snapshot. They are SQLAlchemy's, as those of screening.

past_captures  a capture that others kept of a source: when it was made, by which `kind` of witness and at which
               `place` it lies, the fingerprint of its `body`, and how it was read (`reading`). `reason` and `message`
               say why it is not believed, "" where it is. `packed` are the numbers of its entries, in its order;
               `filled` the number of entries with a value, per field; `file` where its bytes are kept as evidence;
               `is_window` whether it was read as a rolling list
past_entries   what an entry said in some capture, once for each content: `mark` is its fingerprint
"""

from sqlalchemy import JSON, Boolean, Column, Index, LargeBinary, String, Table, UniqueConstraint

from state.db.tables.core import METADATA, Number, Utc

PAST_CAPTURES = Table(
    "past_captures",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    Column("source", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("kind", String, nullable=False),
    Column("place", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("reading", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("message", String, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("filled", JSON, nullable=False),
    Column("file", String, nullable=False),
    Column("is_window", Boolean, nullable=False),
    UniqueConstraint("source", "at", "kind", "place"),
)
PAST_ENTRIES = Table(
    "past_entries",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    Column("source", String, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("key", String, nullable=False),
    Column("title", String, nullable=False),
    Column("url", String, nullable=True),
    Column("published", Utc, nullable=True),
    Column("fields", JSON, nullable=False),
    Column("text", String, nullable=False),
    UniqueConstraint("source", "mark"),
    Index(None, "source", "key"),
)
