"""The tables of the desk: what people did there. Only the desk loads them, as each table takes time to build."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from state.db.tables.columns import METADATA, Number, Utc

# A change that somebody has marked as handled.
HANDLED = Table(
    "handled",
    METADATA,
    Column("event_id", Number, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("who", String, nullable=False),
)

# When a person last looked at the desk, and when the visit before that one ended.
VISITS = Table(
    "visits",
    METADATA,
    Column("who", String, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("before", Utc, nullable=True),
)

# An action that a person took: who, what (`accept`, `retry`, ...) and on which subject.
ACTIONS = Table(
    "actions",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False),
    Index(None, "at"),
)

# The random value that the key of a feed is derived from.
FEED_KEYS = Table(
    "feed_keys",
    METADATA,
    Column("feed", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
