"""The tables of evidence. The records themselves are in files."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from state.db.tables.columns import METADATA, Number, Utc

BEGINS = ""  # the type of the first known link

# A WARC file: its day (UTC), its committed length, and when it was removed for its age.
FILES = Table(
    "evidence_files",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True, nullable=False),
    Column("day", String, nullable=False),
    Column("mentions", Boolean, nullable=False),
    Column("size", Number, nullable=False),
    Column("removed", Utc, nullable=True),
    Index(None, "day"),
)

# A record's link in the chain. Link 0 has no record: it is random, so that no two chains are alike.
# A link with an empty `type` is the first one that is still known.
CHAIN = Table(
    "chain",
    METADATA,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("link", LargeBinary, nullable=False),
    Column("file_id", Integer, ForeignKey("evidence_files.id"), nullable=True),
    Column("offset", Number, nullable=False),
    Column("length", Number, nullable=False),
    Column("type", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index(None, "file_id", "offset"),
)

# The pages of one check: records `first` to `last`, `size` bytes; `pages` is the fingerprint of their bodies.
CAPTURES = Table(
    "captures",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("previous", Utc, nullable=True),
    Column("file_id", Integer, ForeignKey("evidence_files.id"), nullable=False),
    Column("first", Number, nullable=False),
    Column("last", Number, nullable=False),
    Column("link", LargeBinary, nullable=False),
    Column("pages", LargeBinary, nullable=False),
    Column("same_as", Number, nullable=True),
    Column("size", Number, default=0, server_default="0", nullable=False),
    Index(None, "source", "id"),
    Index(None, "file_id"),
)

# The capture of an event. It outlives the event, as pages may be kept longer than the log.
PROOFS = Table(
    "proofs",
    METADATA,
    Column("event_id", Number, primary_key=True, autoincrement=False),
    Column("capture_id", Integer, ForeignKey("captures.id", ondelete="CASCADE"), index=True, nullable=False),
)

# What a file already has while it is still written to, so that nothing is written twice.
HOLDINGS = Table(
    "holdings",
    METADATA,
    Column("file_id", Integer, ForeignKey("evidence_files.id", ondelete="CASCADE"), primary_key=True),
    Column("what", String, primary_key=True),
    Column("mark", LargeBinary, primary_key=True),
    Column("record", LargeBinary, nullable=False),
    Column("uri", String, nullable=False),
    Column("at", Utc, nullable=False),
)

# The answer of a time stamping authority (RFC 3161) for a link of the chain.
STAMPS = Table(
    "stamps",
    METADATA,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("link", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
    Column("authority", String, nullable=False),
    Column("answer", LargeBinary, nullable=False),
)
