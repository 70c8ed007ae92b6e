"""The tables of what waits for people. Only that loads them, as each table takes time to build."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from state.db.tables.columns import METADATA, Number, Utc

# A message that has to be approved: by which channels (`asked_by`), until when, and what became of it.
APPROVALS = Table(
    "approvals",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("message_id", Number, ForeignKey("messages.id", ondelete="CASCADE"), index=True, nullable=False),
    Column("asked", Utc, nullable=False),
    Column("until", Utc, nullable=True),
    Column("then", String, nullable=False),
    Column("asked_by", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("who", String, nullable=True),
    Column("decided", Utc, nullable=True),
    Index(None, "state", "until"),
)

# A change that a channel is reminded of until somebody acknowledges it: `every` seconds, next at a time.
ESCALATIONS = Table(
    "escalations",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("event_id", Number, ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String, nullable=False),
    Column("every", Integer, nullable=False),
    Column("began", Utc, nullable=False),
    Column("next_at", Utc, nullable=False),
    Column("times", Integer, nullable=False),
    UniqueConstraint("event_id", "channel"),
    Index(None, "next_at"),
)

# A source or an entity whose alerts wait until a time.
SNOOZES = Table(
    "snoozes",
    METADATA,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Column("who", String, nullable=False),
)
