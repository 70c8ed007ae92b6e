"""The tables of the past before the first own snapshot.

past_captures  a capture that others kept of a source: when it was made, by which `kind` of witness and at which
               `place` it lies, the fingerprint of its `body`, and how it was read (`reading`). `reason` and `message`
               say why it is not believed, "" where it is. `packed` are the numbers of its entries, in its order;
               `filled` the number of entries with a value, per field; `file` where its bytes are kept as evidence;
               `is_window` whether it was read as a rolling list
past_entries   what an entry said in some capture, once for each content: `mark` is its fingerprint
"""

from sqlalchemy import JSON, Boolean, Index, LargeBinary, String, UniqueConstraint

from state.db.tables.core import Number, Utc, columns, make_table

PAST_CAPTURES = make_table(
    "past_captures",
    *columns(Number, "id", primary_key=True),
    *columns(String, "source"),
    *columns(Utc, "at"),
    *columns(String, "kind", "place"),
    *columns(LargeBinary, "body"),
    *columns(String, "reading", "reason", "message"),
    *columns(LargeBinary, "packed"),
    *columns(JSON, "filled"),
    *columns(String, "file"),
    *columns(Boolean, "is_window"),
    UniqueConstraint("source", "at", "kind", "place"),
)
PAST_ENTRIES = make_table(
    "past_entries",
    *columns(Number, "id", primary_key=True),
    *columns(String, "source"),
    *columns(LargeBinary, "mark"),
    *columns(String, "key", "title"),
    *columns(String, "url", nullable=True),
    *columns(Utc, "published", nullable=True),
    *columns(JSON, "fields"),
    *columns(String, "text"),
    UniqueConstraint("source", "mark"),
    Index(None, "source", "key"),
)
