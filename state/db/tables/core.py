"""The tables that every check may use: sources and entries, events, the outbox, what runs, what undoes a change, and
what goes both ways. Also what all tables are made of: where they are kept, and their types of columns.

They have no classes: each start makes them, and SQLModel's would take a sixth of its time.

undos            what undoes one accepted snapshot, or a part of it: the rows that it touched, as they were. `at` is
                 when the snapshot became the state, `previous` the last check before that could read the source; `kind`
                 is `check`, `reread` or `moved`; `packed` is JSON, compressed if it is long (history/undo.py)
unread           a time in which the source was not read: from the last check that could read it to the next one
tallies          the checks of a source in one month (`2026-03`): for each day that has ended `day read failed;`
chat_messages    a message with buttons as a chat has it: in which `chat` and as which (`remote`) of its messages, and
                 what it says there of decisions (`shown`), "" where it says nothing of them
chat_presses     a press of a button, once for each that a service reports (`press`): when it was first reported, whose
                 it is (`who`), for `what` of the message with this key; `answer` is what was said to it, "" until it is
                 done
pushed_requests  what a program has pushed into a source under an idempotency `key`: the fingerprint of its `body`, and
                 the `answer`, null until it is done
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class Utc(TypeDecorator[datetime]):
    """A time in UTC to the microsecond; SQLite has no time zones, so it is stored without one there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a time for the database."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a time from the database."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """As `process_result_value`; for SQLite the text is parsed directly, since each source has several."""
        return _of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _of_text(text: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{text}+00:00") if text else None


class Number(TypeDecorator[int]):
    """The id of short-lived rows: 64 bits on PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """SQLite's own row id is an INTEGER of any size."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


METADATA = MetaData(  # without names for constraints, a migration cannot change them
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _parent(name: str, table: str, **rest: Any) -> Column[int]:
    """A column with the number of a row of another table, whose type it takes: with that row, its own goes."""
    return Column(name, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, **rest)


# One source: its health, its times, and its accepted snapshot.
SOURCES = Table(
    "sources",
    METADATA,
    Column("id", Integer, primary_key=True, nullable=False),
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
    # for workers: whether the source is scheduled, who checks it now, and until when that claim is valid
    Column("watched", Boolean, nullable=False, server_default=false()),
    Column("lease", Utc, nullable=True),
    Column("holder", String, nullable=True),
    # the checks of the day of the last one, and the earliest time that the history answers for, with what was then
    Column("tally", Number, nullable=False, server_default="0"),
    Column("history_from", Utc, nullable=True),
    Column("history_why", String, nullable=True),
    Index(None, "due", sqlite_where=text("watched")),
)
# One entry as last seen. The columns for comparison come before the long texts.
ENTRIES = Table(
    "entries",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    _parent("source_id", "sources"),
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
    # In the order of their rows: one in that of their fingerprints would take half of the time of a large write.
    Index(None, "source_id", "id"),
    Index(None, "left", sqlite_where=text('"left" IS NOT NULL')),
)
# The order of a source's last window: its keys from top to bottom, as compressed JSON.
WINDOWS = Table(
    "windows",
    METADATA,
    _parent("source_id", "sources", primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)
# A staging: a large snapshot whose entries are being written in parts. Finishing deletes the row.
# `number` is random and never reused; `after` is the last row of `entries` before its own; `renewed` is when its
# process last wrote, None once it is given up.
STAGINGS = Table(
    "stagings",
    METADATA,
    Column("number", Number, primary_key=True, nullable=False, autoincrement=False),
    _parent("source_id", "sources", index=True),
    Column("after", Number, nullable=False),
    Column("renewed", Utc, nullable=True),
)
# A page's body, compressed; equal pages share it. A large one is empty here, and has `pieces`.
BODIES = Table(
    "bodies",
    METADATA,
    _parent("source_id", "sources", primary_key=True),
    Column("hash", LargeBinary, primary_key=True, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("pieces", LargeBinary, nullable=True),
)
# A piece of a large body, compressed. Those that no body has any more, or yet, count for nothing.
BODY_PIECES = Table(
    "body_pieces",
    METADATA,
    _parent("source_id", "sources", primary_key=True),
    Column("pieces", LargeBinary, primary_key=True, nullable=False),
    Column("position", Integer, primary_key=True, nullable=False),
    Column("written", Utc, nullable=False),  # before the piece: to get behind it, SQLite reads it
    Column("piece", LargeBinary, nullable=False),
)
# A page of the accepted snapshot, or of the stored suspicious one.
PAGES = Table(
    "pages",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    _parent("source_id", "sources"),
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
    Column("id", Number, primary_key=True, nullable=False),
    Column("kind", String, nullable=False),
    Column("source", String, nullable=False),
    Column("label", String, nullable=False),
    Column("authority", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("previous", Utc, nullable=True),
    Column("data", JSON, nullable=False),
    Column("entry_key", String, nullable=True),  # the changed entry's key
    Index(None, "source", "at"),
    Index(None, "at"),
    Index(None, "source", "entry_key"),
)
# An entity that an event mentions.
MENTIONS = Table(
    "mentions",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    _parent("event_id", "events", index=True),
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
    Column("id", Number, primary_key=True, nullable=False),
    Column("key", String, unique=True, nullable=False),
    Column("channel", String, nullable=False),
    Column("title", String, nullable=False),
    Column("text", String, nullable=False),
    Column("html", String, nullable=False),
    Column("created", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried", Utc, nullable=True),
    Column("next_try", Utc, nullable=False),
    Column("attached", JSON, nullable=False, server_default="[]"),
    Column("sent", Utc, nullable=True),
    Column("wait_until", Utc, nullable=True),  # the service's Retry-After
    Column("held", Boolean, nullable=False, server_default=false()),  # somebody has to approve it
    # Keys of the earlier messages in its thread.
    Column("thread", JSON, nullable=True),
    Index(None, "sent", "next_try"),
)
# One event for one channel.
DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    _parent("event_id", "events"),
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
    Column("name", String, primary_key=True, nullable=False),
    Column("since", Utc, nullable=False),
    Column("told", Boolean, nullable=False),
)
# The definition of a watched entity when its stored entries were last alerted.
ENTITIES = Table(
    "entities",
    METADATA,
    Column("id", String, primary_key=True, nullable=False),
    Column("definition", String, nullable=False),
)
# A lease: a lock that one process holds; `session` and `began` identify its connection.
LEASES = Table(
    "leases",
    METADATA,
    Column("name", String, primary_key=True, nullable=False),
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
    Column("name", String, primary_key=True, nullable=False),
    Column("next_at", Utc, nullable=False),
    Column("busy", JSON, nullable=False, server_default="{}"),
)
# A worker, and its status when last seen.
WORKERS = Table(
    "workers",
    METADATA,
    Column("name", String, primary_key=True, nullable=False),
    Column("host", String, nullable=False),
    Column("started", Utc, nullable=False),
    Column("seen", Utc, nullable=False),
    Column("state", JSON, nullable=False),
)
# A check of a source that somebody has asked for.
CHECK_REQUESTS = Table(
    "check_requests",
    METADATA,
    Column("source", String, primary_key=True, nullable=False),
    Column("at", Utc, nullable=False),
)

UNDOS = Table(
    "undos",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    _parent("source_id", "sources"),
    Column("at", Utc, nullable=False),
    Column("previous", Utc, nullable=True),
    Column("kind", String, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index(None, "source_id", "id"),
)
UNREAD = Table(
    "unread",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    _parent("source_id", "sources"),
    Column("since", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Column("why", String, nullable=False),
    Column("reason", String, nullable=False),
    Index(None, "source_id", "id"),
)
TALLIES = Table(
    "tallies",
    METADATA,
    _parent("source_id", "sources", primary_key=True),
    Column("month", String, primary_key=True, nullable=False),
    Column("days", String, nullable=False),
)
CHAT_MESSAGES = Table(
    "chat_messages",
    METADATA,
    Column("id", Number, primary_key=True, nullable=False),
    _parent("message_id", "messages"),
    Column("chat", String, nullable=False),
    Column("remote", String, nullable=False),
    Column("shown", String, nullable=False),
    Column("at", Utc, nullable=False),
    UniqueConstraint("message_id", "chat", "remote"),
)
CHAT_PRESSES = Table(
    "chat_presses",
    METADATA,
    Column("bot", String, primary_key=True, nullable=False),
    Column("press", String, primary_key=True, nullable=False),
    Column("at", Utc, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("message_key", String, nullable=False),
    Column("answer", String, nullable=False),
)
PUSHED = Table(
    "pushed_requests",
    METADATA,
    Column("source", String, primary_key=True, nullable=False),
    Column("key", String, primary_key=True, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("answer", JSON, nullable=True),
    Column("at", Utc, nullable=False),
)
