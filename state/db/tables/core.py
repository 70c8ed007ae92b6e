"""The tables that every check may use: sources and entries, events, the outbox, what runs, what undoes a change, and
what goes both ways. Also what all tables are made of: their base class, and their types of columns.

The last of them have no classes: tables of SQLAlchemy's are made ten times as fast as SQLModel's.

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
from typing import Any, Self

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel


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


class TableRow(SQLModel):
    """The base of all tables: names for constraints, without which a migration cannot change them.

    No model is built and no class is mapped, which would take half of the time: objects are made by `model_construct`.
    """

    model_config = {"defer_build": True, "frozen": True}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    def __init_subclass__(cls, **rest: Any) -> None:
        """Make each class an abstract one to SQLAlchemy."""
        super().__init_subclass__(**rest)
        cls.__abstract__ = True

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The object of a row, as it is in the database."""
        made: Any = cls.model_construct(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
        return made  # type: ignore[no-any-return] # pydantic's plugin for mypy says that it is of this base


def parent(table: str, *, index: bool = False, primary_key: bool = False) -> Any:
    """A foreign key with ON DELETE CASCADE."""
    number = Number if table in {"events", "messages"} else Integer
    return Field(foreign_key=f"{table}.id", ondelete="CASCADE", index=index, primary_key=primary_key, sa_type=number)


def table(name: str, row: type[TableRow], *more: SchemaItem) -> Table:
    """The table of a class, with the columns that SQLModel has made of its fields, and with indexes and constraints."""
    columns: dict[str, Column[Any]] = {field: getattr(row, field) for field in row.model_fields}
    for field, column in columns.items():
        column.name = column.key = field
    return Table(name, TableRow.metadata, *columns.values(), *more)


class SourceRow(TableRow, table=True):
    """One source: its health, its times, and its accepted snapshot."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    revision: int
    status: str
    reason: str | None
    message: str | None
    since: datetime | None = Field(sa_type=Utc)
    failures: int
    told: bool
    told_as: str | None
    alerted_snapshots: str | None
    alerted_at: datetime | None = Field(sa_type=Utc)
    checked: datetime | None = Field(sa_type=Utc)
    tried: datetime | None = Field(sa_type=Utc)
    due: datetime | None = Field(sa_type=Utc)
    wait_until: datetime | None = Field(sa_type=Utc)
    accepted: datetime | None = Field(sa_type=Utc)
    reread: datetime | None = Field(sa_type=Utc)
    entries: int
    digest: bytes
    reading: str
    place: str
    held: bytes
    habits: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    # for workers: whether the source is scheduled, who checks it now, and until when that claim is valid
    watched: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    lease: datetime | None = Field(sa_type=Utc)
    holder: str | None
    # the checks of the day of the last one, and the earliest time that the history answers for, with what was then
    tally: int = Field(default=0, sa_type=Number, sa_column_kwargs={"server_default": "0"})
    history_from: datetime | None = Field(sa_type=Utc)
    history_why: str | None


class EntryRow(TableRow, table=True):
    """One entry as last seen. The columns for comparison come before the long texts."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    source_id: int = parent("sources")
    standing: str
    mark: bytes
    key: str
    title: str
    url: str | None
    published: datetime | None = Field(sa_type=Utc)
    fields: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    text: str
    left: datetime | None = Field(sa_type=Utc)  # when it was seen to be absent; None while it is present
    # The unfinished staging that wrote it: until it finishes, the entry is invisible.
    staged: int | None = Field(sa_type=Number)
    # What was read on its own page, and when that is to be read again; None if it never was.
    detail: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    detail_due: datetime | None = Field(sa_type=Utc)


class StagingRow(TableRow, table=True):
    """A staging: a large snapshot whose entries are being written in parts. Finishing deletes the row.

    `number` is random and never reused; `after` is the last row of `entries` before its own; `renewed` is when its
    process last wrote, None once it is given up.
    """

    number: int = Field(primary_key=True, sa_type=Number, sa_column_kwargs={"autoincrement": False})
    source_id: int = parent("sources", index=True)
    after: int = Field(sa_type=Number)
    renewed: datetime | None = Field(sa_type=Utc)


class WindowRow(TableRow, table=True):
    """The order of a source's last window: its keys from top to bottom, as compressed JSON."""

    source_id: int = parent("sources", primary_key=True)
    packed: bytes


class BodyRow(TableRow, table=True):
    """A page's body, compressed; equal pages share it. A large one is empty here, and has `pieces`."""

    source_id: int = parent("sources", primary_key=True)
    hash: bytes = Field(primary_key=True)
    body: bytes
    pieces: bytes | None = None


class BodyPieceRow(TableRow, table=True):
    """A piece of a large body, compressed. Those that no body has any more, or yet, count for nothing."""

    source_id: int = parent("sources", primary_key=True)
    pieces: bytes = Field(primary_key=True)
    position: int = Field(primary_key=True)
    written: datetime = Field(sa_type=Utc)  # before the piece: to get behind it, SQLite reads it
    piece: bytes


class PageRow(TableRow, table=True):
    """A page of the accepted snapshot, or of the stored suspicious one."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    source_id: int = parent("sources")
    held: bool
    position: int
    request: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    response: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    fetched: datetime = Field(sa_type=Utc)
    body_hash: bytes


class EventRow(TableRow, table=True):
    """The log: an event, alerted or not."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    kind: str
    source: str
    label: str
    authority: str
    at: datetime = Field(sa_type=Utc)
    previous: datetime | None = Field(sa_type=Utc)
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    entry_key: str | None  # the changed entry's key


class MentionRow(TableRow, table=True):
    """An entity that an event mentions."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    event_id: int = parent("events", index=True)
    entity: str
    name: str
    words: str
    field: str


class MessageRow(TableRow, table=True):
    """A composed message: sent if `sent` is set, else waiting as long as one of its deliveries is pending."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    key: str = Field(unique=True)
    channel: str
    title: str
    text: str
    html: str
    created: datetime = Field(sa_type=Utc)
    attempts: int
    tried: datetime | None = Field(sa_type=Utc)
    next_try: datetime = Field(sa_type=Utc)
    attached: list[int] = Field(sa_column=Column(JSON, nullable=False, server_default="[]"))
    sent: datetime | None = Field(sa_type=Utc)
    wait_until: datetime | None = Field(sa_type=Utc)  # the service's Retry-After
    held: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # somebody has to approve it
    # Keys of the earlier messages in its thread.
    thread: list[str] | None = Field(sa_column=Column(JSON, nullable=True))


class DeliveryRow(TableRow, table=True):
    """One event for one channel."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    event_id: int = parent("events")
    channel: str
    state: str
    created: datetime = Field(sa_type=Utc)
    due: datetime = Field(sa_type=Utc)
    digest: bool
    attempts: int
    error: str | None
    approval: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    message_id: int | None = Field(foreign_key="messages.id", index=True, sa_type=Number)


class ChannelRow(TableRow, table=True):
    """A channel at which every attempt has failed since a time."""

    name: str = Field(primary_key=True)
    since: datetime = Field(sa_type=Utc)
    told: bool


class EntityRow(TableRow, table=True):
    """The definition of a watched entity when its stored entries were last alerted."""

    id: str = Field(primary_key=True)
    definition: str


class LeaseRow(TableRow, table=True):
    """A lease: a lock that one process holds; `session` and `began` identify its connection."""

    name: str = Field(primary_key=True)
    holder: str
    renewed: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    session: int | None
    began: datetime | None = Field(sa_type=Utc)


class HostRow(TableRow, table=True):
    """A host and port with requests of workers: when the next request may be sent, and how many are in progress.

    `busy` has for each worker its number of requests, and until when that number is valid (seconds since 1970).
    """

    name: str = Field(primary_key=True)
    next_at: datetime = Field(sa_type=Utc)
    busy: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False, server_default="{}"))


class WorkerRow(TableRow, table=True):
    """A worker, and its status when last seen."""

    name: str = Field(primary_key=True)
    host: str
    started: datetime = Field(sa_type=Utc)
    seen: datetime = Field(sa_type=Utc)
    state: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class CheckRequestRow(TableRow, table=True):
    """A check of a source that somebody has asked for."""

    source: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)


SOURCES = table("sources", SourceRow, Index(None, "due", sqlite_where=text("watched")))
ENTRIES = table(
    "entries",
    EntryRow,
    # In the order of their rows: one in that of their fingerprints would take half of the time of a large write.
    Index(None, "source_id", "id"),
    Index(None, "left", sqlite_where=text('"left" IS NOT NULL')),
)
WINDOWS = table("windows", WindowRow)
STAGINGS = table("stagings", StagingRow)
BODIES = table("bodies", BodyRow)
BODY_PIECES = table("body_pieces", BodyPieceRow)
PAGES = table(
    "pages",
    PageRow,
    ForeignKeyConstraint(["source_id", "body_hash"], ["bodies.source_id", "bodies.hash"]),
    Index(None, "source_id", "held", "position"),
)
EVENTS = table("events", EventRow, Index(None, "source", "at"), Index(None, "at"), Index(None, "source", "entry_key"))
MENTIONS = table("mentions", MentionRow, Index(None, "entity", "event_id"))
MESSAGES = table("messages", MessageRow, Index(None, "sent", "next_try"))
DELIVERIES = table("deliveries", DeliveryRow, UniqueConstraint("event_id", "channel"), Index(None, "state", "due"))
CHANNELS = table("channels", ChannelRow)
ENTITIES = table("entities", EntityRow)
LEASES = table("leases", LeaseRow)
HOSTS = table("hosts", HostRow)
WORKERS = table("workers", WorkerRow)
CHECK_REQUESTS = table("check_requests", CheckRequestRow)


def _source(**rest: Any) -> Column[int]:
    return Column("source_id", Integer, ForeignKey("sources.id", ondelete="CASCADE"), nullable=False, **rest)


UNDOS = Table(
    "undos",
    TableRow.metadata,
    Column("id", Number, primary_key=True, nullable=False),
    _source(),
    Column("at", Utc, nullable=False),
    Column("previous", Utc, nullable=True),
    Column("kind", String, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index(None, "source_id", "id"),
)
UNREAD = Table(
    "unread",
    TableRow.metadata,
    Column("id", Number, primary_key=True, nullable=False),
    _source(),
    Column("since", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Column("why", String, nullable=False),
    Column("reason", String, nullable=False),
    Index(None, "source_id", "id"),
)
TALLIES = Table(
    "tallies",
    TableRow.metadata,
    _source(primary_key=True),
    Column("month", String, primary_key=True, nullable=False),
    Column("days", String, nullable=False),
)
CHAT_MESSAGES = Table(
    "chat_messages",
    TableRow.metadata,
    Column("id", Number, primary_key=True, nullable=False),
    Column("message_id", Number, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("chat", String, nullable=False),
    Column("remote", String, nullable=False),
    Column("shown", String, nullable=False),
    Column("at", Utc, nullable=False),
    UniqueConstraint("message_id", "chat", "remote"),
)
CHAT_PRESSES = Table(
    "chat_presses",
    TableRow.metadata,
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
    TableRow.metadata,
    Column("source", String, primary_key=True, nullable=False),
    Column("key", String, primary_key=True, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("answer", JSON, nullable=True),
    Column("at", Utc, nullable=False),
)
