"""The tables of what waits for people. Only that loads them, as each table takes a millisecond or two."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from state.db.tables.columns import Number, Row, Utc, parent, table


class ApprovalRow(Row, table=True):
    """A message that has to be approved: by which channels (`asked_by`), until when, and what became of it."""

    __tablename__ = "approvals"
    __table_args__ = (Index(None, "state", "until"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    message_id: int = parent("messages", index=True)
    asked: datetime = Field(sa_type=Utc)
    until: datetime | None = Field(sa_type=Utc)
    then: str
    asked_by: list[str] = Field(sa_column=Column(JSON, nullable=False))
    state: str
    who: str | None
    decided: datetime | None = Field(sa_type=Utc)


class EscalationRow(Row, table=True):
    """A change that a channel is reminded of until somebody acknowledges it: `every` seconds, next at a time."""

    __tablename__ = "escalations"
    __table_args__ = (UniqueConstraint("event_id", "channel"), Index(None, "next_at"))

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    event_id: int = parent("events")
    channel: str
    every: int
    began: datetime = Field(sa_type=Utc)
    next_at: datetime = Field(sa_type=Utc)
    times: int


class SnoozeRow(Row, table=True):
    """A source or an entity whose alerts wait until a time."""

    __tablename__ = "snoozes"

    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    who: str


APPROVALS, ESCALATIONS, SNOOZES = table("approvals"), table("escalations"), table("snoozes")
