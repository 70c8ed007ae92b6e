"""The tables of the desk: what people did there. Only the desk loads them, as each table takes a millisecond or two."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from state.db.tables.columns import Number, Row, Utc, parent, table


class HandledRow(Row, table=True):
    """A change that somebody has marked as handled."""

    __tablename__ = "handled"

    event_id: int = parent("events", primary_key=True)
    at: datetime = Field(sa_type=Utc)
    who: str


class VisitRow(Row, table=True):
    """When a person last looked at the desk, and when the visit before that one ended."""

    __tablename__ = "visits"

    who: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    before: datetime | None = Field(sa_type=Utc)


class ActionRow(Row, table=True):
    """An action that a person took: who, what (`accept`, `retry`, ...) and on which subject."""

    __tablename__ = "actions"
    __table_args__ = (Index(None, "at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    at: datetime = Field(sa_type=Utc)
    who: str
    what: str
    subject: str


class FeedKeyRow(Row, table=True):
    """The random value that the key of a feed is derived from."""

    __tablename__ = "feed_keys"

    feed: str = Field(primary_key=True)
    value: bytes


HANDLED, VISITS, ACTIONS, FEED_KEYS = table("handled"), table("visits"), table("actions"), table("feed_keys")
