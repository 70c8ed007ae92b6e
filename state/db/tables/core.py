"""The tables that every check may use: sources and entries, events, the outbox, and what runs."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from state.db.tables.columns import METADATA, Number, Utc

# One source: its health, its times, and its accepted snapshot.
SOURCES = Table(
    "sources",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("reason", String, nullable=True),
    Column("message", String, nullable=True),
    Column("since", Utc, nullable=True),
    Column("failures", Integer, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("told_as", String, nullable=True),
    Column("alerted_snapshots", String, nullable=True),
    Column("alerted_at", Utc, nullable=True),
    Column("checked", Utc, nullable=True),
    Column("tried", Utc, nullable=True),
    Column("due", Utc, nullable=True),
    Column("wait_until", Utc, nullable=True),
    Column("accepted", Utc, nullable=True),
    Column("reread", Utc, nullable=True),
    Column("entries", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("reading", String, nullable=False),
    Column("place", String, nullable=False),
    Column("held", LargeBinary, nullable=False),
    Column("habits", JSON, nullable=False),
    # For workers: whether the source is scheduled, who checks it now, and until when that claim is valid.
    Column("watched", Boolean, default=False, server_default=false(), nullable=False),
    Column("lease", Utc, nullable=True),
    Column("holder", String, nullable=True),
    # The checks of the day of the last one, and the earliest time that the history answers for, with its reason.
    Column("tally", Number, default=0, server_default="0", nullable=False),
    Column("history_from", Utc, nullable=True),
    Column("history_why", String, nullable=True),
    Index(None, "due", sqlite_where=text("watched")),
)

# One entry as last seen. The columns for comparison come before the long texts.
ENTRIES = Table(
    "entries",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("source_id", Integer, ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("standing", String, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("key", String, nullable=False),
    Column("title", String, nullable=False),
    Column("url", String, nullable=True),
    Column("published", Utc, nullable=True),
    Column("fields", JSON, nullable=False),
    Column("text", String, nullable=False),
    Column("left", Utc, nullable=True),  # when it was seen to be absent; None while it is present
    # The unfinished staging that wrote it: until it finishes, the entry is invisible.
    Column("staged", Number, nullable=True),
    # What was read on its own page, and when that is to be read again; None if it never was.
    Column("detail", JSON(none_as_null=True), nullable=True),
    Column("detail_due", Utc, nullable=True),
    UniqueConstraint("source_id", "mark"),
    Index(None, "left", sqlite_where=text('"left" IS NOT NULL')),
)

# A staging: a large snapshot whose entries are being written in parts. Finishing deletes the row.
# `number` is random and never reused; `after` is the last row of `entries` before its own; `renewed` is when its
# process last wrote, None once it is given up.
STAGINGS = Table(
    "stagings",
    METADATA,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("source_id", Integer, ForeignKey("sources.id", ondelete="CASCADE"), index=True, nullable=False),
    Column("after", Number, nullable=False),
    Column("renewed", Utc, nullable=True),
)

# The order of a source's last window: its keys from top to bottom, as compressed JSON.
WINDOWS = Table(
    "windows",
    METADATA,
    Column("source_id", Integer, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)

# A page's body, compressed; equal pages share it.
BODIES = Table(
    "bodies",
    METADATA,
    Column("source_id", Integer, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

# A page of the accepted snapshot, or of the stored suspicious one.
PAGES = Table(
    "pages",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("source_id", Integer, ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("held", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("request", JSON, nullable=False),
    Column("response", JSON, nullable=False),
    Column("fetched", Utc, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    ForeignKeyConstraint(["source_id", "body_hash"], ["bodies.source_id", "bodies.hash"]),
    Index(None, "source_id", "held", "position"),
)

# The log: an event, alerted or not.
EVENTS = Table(
    "events",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("kind", String, nullable=False),
    Column("source", String, nullable=False),
    Column("label", String, nullable=False),
    Column("authority", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("previous", Utc, nullable=True),
    Column("data", JSON, nullable=False),
    Column("entry_key", String, nullable=True),  # the key of the changed entry
    Index(None, "source", "at"),
    Index(None, "at"),
    Index(None, "source", "entry_key"),
)

# An entity that an event mentions.
MENTIONS = Table(
    "mentions",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("event_id", Number, ForeignKey("events.id", ondelete="CASCADE"), index=True, nullable=False),
    Column("entity", String, nullable=False),
    Column("name", String, nullable=False),
    Column("words", String, nullable=False),
    Column("field", String, nullable=False),
    Index(None, "entity", "event_id"),
)

# A composed message: sent if `sent` is set, else waiting as long as one of its deliveries is pending.
MESSAGES = Table(
    "messages",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("key", String, unique=True, nullable=False),
    Column("channel", String, nullable=False),
    Column("title", String, nullable=False),
    Column("text", String, nullable=False),
    Column("html", String, nullable=False),
    Column("created", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried", Utc, nullable=True),
    Column("next_try", Utc, nullable=False),
    Column("attached", JSON, server_default="[]", nullable=False),
    Column("sent", Utc, nullable=True),
    Column("wait_until", Utc, nullable=True),  # the service's Retry-After
    # Whether somebody has to approve it.
    Column("held", Boolean, default=False, server_default=false(), nullable=False),
    # Keys of the earlier messages in its thread.
    Column("thread", JSON, nullable=True),
    Index(None, "sent", "next_try"),
)

# One event for one channel.
DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("event_id", Number, ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String, nullable=False),
    Column("state", String, nullable=False),
    Column("created", Utc, nullable=False),
    Column("due", Utc, nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", String, nullable=True),
    Column("approval", JSON(none_as_null=True), nullable=True),
    Column("message_id", Number, ForeignKey("messages.id"), index=True, nullable=True),
    UniqueConstraint("event_id", "channel"),
    Index(None, "state", "due"),
)

# A channel at which every attempt has failed since a time.
CHANNELS = Table(
    "channels",
    METADATA,
    Column("name", String, primary_key=True),
    Column("since", Utc, nullable=False),
    Column("told", Boolean, nullable=False),
)

# The definition of a watched entity when its stored entries were last alerted.
ENTITIES = Table(
    "entities",
    METADATA,
    Column("id", String, primary_key=True),
    Column("definition", String, nullable=False),
)

# A lease: a lock that one process holds; `session` and `began` identify its connection.
LEASES = Table(
    "leases",
    METADATA,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("renewed", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Column("session", Integer, nullable=True),
    Column("began", Utc, nullable=True),
)

# A host and port with requests of workers: when the next request may be sent, and how many are in progress.
# `busy` has for each worker its number of requests, and until when that number is valid (seconds since 1970).
HOSTS = Table(
    "hosts",
    METADATA,
    Column("name", String, primary_key=True),
    Column("next_at", Utc, nullable=False),
    Column("busy", JSON, server_default="{}", nullable=False),
)

# A worker, and its status when last seen.
WORKERS = Table(
    "workers",
    METADATA,
    Column("name", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("started", Utc, nullable=False),
    Column("seen", Utc, nullable=False),
    Column("state", JSON, nullable=False),
)

# A check of a source that somebody has asked for.
CHECK_REQUESTS = Table(
    "check_requests",
    METADATA,
    Column("source", String, primary_key=True),
    Column("at", Utc, nullable=False),
)
