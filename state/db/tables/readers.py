"""The tables of readers: what each follows, how each is reached, what they say about a change, what they hand on.

Only that loads them, as each table takes a millisecond or two.
"""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from state.db.tables.core import Number, TableRow, Utc, table


class ReaderRow(TableRow, table=True):
    """Somebody who reads: his role when he last signed in elsewhere, and his address, which counts once it is verified.

    `stopped` says why nothing is sent to the address any more, such as after three bounces; "" while mail goes there.
    """

    __tablename__ = "readers"

    who: str = Field(primary_key=True)
    role: str | None
    mail: str | None
    verified: datetime | None = Field(sa_type=Utc)
    bounces: int
    stopped: str


class FollowRow(TableRow, table=True):
    """What a reader follows: changes of these entities or sources, or that have these words; how, and how soon."""

    __tablename__ = "follows"
    __table_args__ = (Index(None, "who"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    who: str
    entities: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sources: list[str] = Field(sa_column=Column(JSON, nullable=False))
    find: str
    by: str
    when: str
    at: datetime = Field(sa_type=Utc)


class PushRow(TableRow, table=True):
    """A browser that shows alerts to a reader: its address at its maker's service, and its keys (RFC 8291)."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (Index(None, "who"), UniqueConstraint("endpoint"))

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    who: str
    endpoint: str
    p256dh: str
    auth: str
    at: datetime = Field(sa_type=Utc)


class CommentRow(TableRow, table=True):
    """What somebody said about a `subject`: `change 12`, `case telegram` or `snapshot 1a2b`; it mentions readers."""

    __tablename__ = "comments"
    __table_args__ = (Index(None, "subject", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    subject: str
    who: str
    at: datetime = Field(sa_type=Utc)
    text: str
    mentions: list[str] = Field(sa_column=Column(JSON, nullable=False))


class MarkRow(TableRow, table=True):
    """To whom a subject is assigned, and how important it is, as it is now; the record of actions has who said so."""

    __tablename__ = "marks"

    subject: str = Field(primary_key=True)
    assigned: str | None
    importance: str | None


class ShareRow(TableRow, table=True):
    """A link that shows one subject to whoever has it: the SHA-256 of its token, until when, and when it was ended."""

    __tablename__ = "shares"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "subject"))

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    subject: str
    digest: bytes
    who: str
    at: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    ended: datetime | None = Field(sa_type=Utc)


class TokenRow(TableRow, table=True):
    """A token of a reader for the API: its SHA-256, what it may do (`read`, `act`, `admin`), and its end."""

    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "who"))

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    who: str
    name: str
    digest: bytes
    scope: str
    at: datetime = Field(sa_type=Utc)
    until: datetime | None = Field(sa_type=Utc)


READERS, FOLLOWS, PUSHES, COMMENTS = table(ReaderRow), table(FollowRow), table(PushRow), table(CommentRow)
MARKS, SHARES, TOKENS = table(MarkRow), table(ShareRow), table(TokenRow)
