"""The tables of people: what waits for them, what they did at the desk, and what they set up there.

Only that loads them, as each table takes a millisecond or two.
"""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from state.db.tables.core import Number, Utc
from state.db.tables.rows import TableRow, parent, table
from state.model import Event


class ApprovalRow(TableRow, table=True):
    """A message that has to be approved: by which channels (`asked_by`), until when, and what became of it."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    message_id: int = parent("messages", index=True)
    asked: datetime = Field(sa_type=Utc)
    until: datetime | None = Field(sa_type=Utc)
    then: str
    asked_by: list[str] = Field(sa_column=Column(JSON, nullable=False))
    state: str
    who: str | None
    decided: datetime | None = Field(sa_type=Utc)


class EscalationRow(TableRow, table=True):
    """A change that a channel is reminded of until somebody acknowledges it: `every` seconds, next at a time."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    event_id: int = parent("events")
    channel: str
    every: int
    began: datetime = Field(sa_type=Utc)
    next_at: datetime = Field(sa_type=Utc)
    times: int


class Snooze(TableRow, table=True):
    """What is snoozed (a source or an entity), since when and until when, and who wants that."""

    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    who: str

    def covers(self, event: Event) -> bool:
        """Whether an event is about it. One that began in the future is of a clock that was moved back."""
        about = self.name == event.source if self.kind == "source" else self.name in event.entities
        return about and self.at <= event.at < self.until


APPROVALS = table("approvals", ApprovalRow, Index(None, "state", "until"))
ESCALATIONS = table("escalations", EscalationRow, UniqueConstraint("event_id", "channel"), Index(None, "next_at"))
SNOOZES = table("snoozes", Snooze)


class HandledRow(TableRow, table=True):
    """A change that somebody has marked as handled."""

    event_id: int = parent("events", primary_key=True)
    at: datetime = Field(sa_type=Utc)
    who: str


class VisitRow(TableRow, table=True):
    """When a person last looked at the desk, and when the visit before that one ended."""

    who: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    before: datetime | None = Field(sa_type=Utc)


class ActionRow(TableRow, table=True):
    """An action that a person took: who, what (`accept`, `retry`, ...) and on which subject.

    `link` binds it to the action before it (`storage/actions`); None for those of before there were links.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    at: datetime = Field(sa_type=Utc)
    who: str
    what: str
    subject: str
    link: bytes | None


class FeedKeyRow(TableRow, table=True):
    """The random value that the key of a feed is derived from."""

    feed: str = Field(primary_key=True)
    value: bytes


class RevisionRow(TableRow, table=True):
    """An edit of the configuration at the desk: what an object is from then on, as JSON; None if it was deleted.

    `pause` is an object, too: of a source, with the time until which it is not checked.
    """

    id: int | None = Field(default=None, primary_key=True)
    object: str
    name: str
    document: str | None
    who: str
    at: datetime = Field(sa_type=Utc)
    is_current: bool


HANDLED = table("handled", HandledRow)
VISITS = table("visits", VisitRow)
ACTIONS = table("actions", ActionRow, Index(None, "at"))
FEED_KEYS = table("feed_keys", FeedKeyRow)
REVISIONS = table(
    "config_revisions",
    RevisionRow,
    Index(None, "object", "name", unique=True, sqlite_where=text("is_current"), postgresql_where=text("is_current")),
)
