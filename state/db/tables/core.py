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

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
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
from sqlalchemy.schema import SchemaItem
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


def make_table(name: str, *parts: SchemaItem) -> Table:
    """A table of its columns, indexes and constraints."""
    return Table(name, METADATA, *parts)


def columns(kind: type[TypeEngine[Any]] | TypeEngine[Any], *names: str, **rest: Any) -> Iterator[Column[Any]]:
    """Columns of one kind that stand one after the other; they have a value in each row unless `rest` allows null."""
    return (Column(name, kind, **{"nullable": False, **rest}) for name in names)


def parent(name: str, table: str, **rest: Any) -> Column[int]:
    """A column with the number of a row of another table, whose type it takes: with that row, its own goes."""
    return Column(name, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, **rest)


# One source: its health, its times, and its accepted snapshot.
SOURCES = make_table(
    "sources",
    *columns(Integer, "id", primary_key=True),
    Column("name", String, unique=True, nullable=False),
    *columns(Integer, "revision"),
    *columns(String, "status"),
    *columns(String, "reason", "message", nullable=True),
    *columns(Utc, "since", nullable=True),
    *columns(Integer, "failures"),
    *columns(Boolean, "told"),
    *columns(String, "told_as", "alerted_snapshots", nullable=True),
    *columns(Utc, "alerted_at", "checked", "tried", "due", "wait_until", "accepted", "reread", nullable=True),
    *columns(Integer, "entries"),
    *columns(LargeBinary, "digest"),
    *columns(String, "reading", "place"),
    *columns(LargeBinary, "held"),
    *columns(JSON, "habits"),
    # for workers: whether the source is scheduled, who checks it now, and until when that claim is valid
    Column("watched", Boolean, nullable=False, server_default=false()),
    *columns(Utc, "lease", nullable=True),
    *columns(String, "holder", nullable=True),
    # the checks of the day of the last one, and the earliest time that the history answers for, with what was then
    Column("tally", Number, nullable=False, server_default="0"),
    *columns(Utc, "history_from", nullable=True),
    *columns(String, "history_why", nullable=True),
    Index(None, "due", sqlite_where=text("watched")),
)
# One entry as last seen. The columns for comparison come before the long texts.
ENTRIES = make_table(
    "entries",
    *columns(Number, "id", primary_key=True),
    parent("source_id", "sources"),
    *columns(String, "standing"),
    *columns(LargeBinary, "mark"),
    *columns(String, "key", "title"),
    *columns(String, "url", nullable=True),
    *columns(Utc, "published", nullable=True),
    *columns(JSON, "fields"),
    *columns(String, "text"),
    Column("left", Utc, nullable=True),  # when it was seen to be absent; None while it is present
    # The unfinished staging that wrote it: until it finishes, the entry is invisible.
    *columns(Number, "staged", nullable=True),
    # What was read on its own page, and when that is to be read again; None if it never was.
    *columns(JSON(none_as_null=True), "detail", nullable=True),
    *columns(Utc, "detail_due", nullable=True),
    # In the order of their rows: one in that of their fingerprints would take half of the time of a large write.
    Index(None, "source_id", "id"),
    Index(None, "left", sqlite_where=text('"left" IS NOT NULL')),
)
# The order of a source's last window: its keys from top to bottom, as compressed JSON.
WINDOWS = make_table(
    "windows",
    parent("source_id", "sources", primary_key=True),
    *columns(LargeBinary, "packed"),
)
# A staging: a large snapshot whose entries are being written in parts. Finishing deletes the row.
# `number` is random and never reused; `after` is the last row of `entries` before its own; `renewed` is when its
# process last wrote, None once it is given up.
STAGINGS = make_table(
    "stagings",
    Column("number", Number, primary_key=True, nullable=False, autoincrement=False),
    parent("source_id", "sources", index=True),
    *columns(Number, "after"),
    *columns(Utc, "renewed", nullable=True),
)
# A page's body, compressed; equal pages share it. A large one is empty here, and has `pieces`.
BODIES = make_table(
    "bodies",
    parent("source_id", "sources", primary_key=True),
    *columns(LargeBinary, "hash", primary_key=True),
    *columns(LargeBinary, "body"),
    *columns(LargeBinary, "pieces", nullable=True),
)
# A piece of a large body, compressed. Those that no body has any more, or yet, count for nothing.
BODY_PIECES = make_table(
    "body_pieces",
    parent("source_id", "sources", primary_key=True),
    *columns(LargeBinary, "pieces", primary_key=True),
    *columns(Integer, "position", primary_key=True),
    Column("written", Utc, nullable=False),  # before the piece: to get behind it, SQLite reads it
    *columns(LargeBinary, "piece"),
)
# A page of the accepted snapshot, or of the stored suspicious one.
PAGES = make_table(
    "pages",
    *columns(Number, "id", primary_key=True),
    parent("source_id", "sources"),
    *columns(Boolean, "held"),
    *columns(Integer, "position"),
    *columns(JSON, "request", "response"),
    *columns(Utc, "fetched"),
    *columns(LargeBinary, "body_hash"),
    ForeignKeyConstraint(["source_id", "body_hash"], ["bodies.source_id", "bodies.hash"]),
    Index(None, "source_id", "held", "position"),
)
# The log: an event, alerted or not.
EVENTS = make_table(
    "events",
    *columns(Number, "id", primary_key=True),
    *columns(String, "kind", "source", "label", "authority"),
    *columns(Utc, "at"),
    *columns(Utc, "previous", nullable=True),
    *columns(JSON, "data"),
    Column("entry_key", String, nullable=True),  # the changed entry's key
    Index(None, "source", "at"),
    Index(None, "at"),
    Index(None, "source", "entry_key"),
)
# An entity that an event mentions.
MENTIONS = make_table(
    "mentions",
    *columns(Number, "id", primary_key=True),
    parent("event_id", "events", index=True),
    *columns(String, "entity", "name", "words", "field"),
    Index(None, "entity", "event_id"),
)
# A composed message: sent if `sent` is set, else waiting as long as one of its deliveries is pending.
MESSAGES = make_table(
    "messages",
    *columns(Number, "id", primary_key=True),
    Column("key", String, unique=True, nullable=False),
    *columns(String, "channel", "title", "text", "html"),
    *columns(Utc, "created"),
    *columns(Integer, "attempts"),
    *columns(Utc, "tried", nullable=True),
    *columns(Utc, "next_try"),
    Column("attached", JSON, nullable=False, server_default="[]"),
    *columns(Utc, "sent", nullable=True),
    Column("wait_until", Utc, nullable=True),  # the service's Retry-After
    Column("held", Boolean, nullable=False, server_default=false()),  # somebody has to approve it
    # Keys of the earlier messages in its thread.
    *columns(JSON, "thread", nullable=True),
    Index(None, "sent", "next_try"),
)
# One event for one channel.
DELIVERIES = make_table(
    "deliveries",
    *columns(Number, "id", primary_key=True),
    parent("event_id", "events"),
    *columns(String, "channel", "state"),
    *columns(Utc, "created", "due"),
    *columns(Boolean, "digest"),
    *columns(Integer, "attempts"),
    *columns(String, "error", nullable=True),
    *columns(JSON(none_as_null=True), "approval", nullable=True),
    Column("message_id", Number, ForeignKey("messages.id"), index=True, nullable=True),
    UniqueConstraint("event_id", "channel"),
    Index(None, "state", "due"),
)
# A channel at which every attempt has failed since a time.
CHANNELS = make_table(
    "channels",
    *columns(String, "name", primary_key=True),
    *columns(Utc, "since"),
    *columns(Boolean, "told"),
)
# The definition of a watched entity when its stored entries were last alerted.
ENTITIES = make_table(
    "entities",
    *columns(String, "id", primary_key=True),
    *columns(String, "definition"),
)
# A lease: a lock that one process holds; `session` and `began` identify its connection.
LEASES = make_table(
    "leases",
    *columns(String, "name", primary_key=True),
    *columns(String, "holder"),
    *columns(Utc, "renewed", "until"),
    *columns(Integer, "session", nullable=True),
    *columns(Utc, "began", nullable=True),
)
# A host and port with requests of workers: when the next request may be sent, and how many are in progress.
# `busy` has for each worker its number of requests, and until when that number is valid (seconds since 1970).
HOSTS = make_table(
    "hosts",
    *columns(String, "name", primary_key=True),
    *columns(Utc, "next_at"),
    Column("busy", JSON, nullable=False, server_default="{}"),
)
# A worker, and its status when last seen.
WORKERS = make_table(
    "workers",
    *columns(String, "name", primary_key=True),
    *columns(String, "host"),
    *columns(Utc, "started", "seen"),
    *columns(JSON, "state"),
)
# A check of a source that somebody has asked for.
CHECK_REQUESTS = make_table(
    "check_requests",
    *columns(String, "source", primary_key=True),
    *columns(Utc, "at"),
)

UNDOS = make_table(
    "undos",
    *columns(Number, "id", primary_key=True),
    parent("source_id", "sources"),
    *columns(Utc, "at"),
    *columns(Utc, "previous", nullable=True),
    *columns(String, "kind"),
    *columns(LargeBinary, "packed"),
    Index(None, "source_id", "id"),
)
UNREAD = make_table(
    "unread",
    *columns(Number, "id", primary_key=True),
    parent("source_id", "sources"),
    *columns(Utc, "since", "until"),
    *columns(String, "why", "reason"),
    Index(None, "source_id", "id"),
)
TALLIES = make_table(
    "tallies",
    parent("source_id", "sources", primary_key=True),
    *columns(String, "month", primary_key=True),
    *columns(String, "days"),
)
CHAT_MESSAGES = make_table(
    "chat_messages",
    *columns(Number, "id", primary_key=True),
    parent("message_id", "messages"),
    *columns(String, "chat", "remote", "shown"),
    *columns(Utc, "at"),
    UniqueConstraint("message_id", "chat", "remote"),
)
CHAT_PRESSES = make_table(
    "chat_presses",
    *columns(String, "bot", "press", primary_key=True),
    *columns(Utc, "at"),
    *columns(String, "who", "what", "message_key", "answer"),
)
PUSHED = make_table(
    "pushed_requests",
    *columns(String, "source", "key", primary_key=True),
    *columns(LargeBinary, "body"),
    *columns(JSON, "answer", nullable=True),
    *columns(Utc, "at"),
)
# What was learned of when a source changes: packed, and in short for those who plan for all sources.
RHYTHMS = make_table(
    "rhythms",
    parent("source_id", "sources", primary_key=True),
    *columns(LargeBinary, "packed"),
    *columns(Float, "mean"),
    *columns(LargeBinary, "levels"),
)
# The budget of requests that all sources share: a single row. `at` and `planned` are seconds since 1970.
BUDGET = make_table(
    "budget",
    *columns(Integer, "id", primary_key=True, autoincrement=False),
    *columns(Float, "credit", "at", "scale", "planned"),
    *columns(String, "mark"),
    *columns(Float, "used", "passed"),
)
