"""The tables of readers: what each follows, how each is reached, what they say about a change, what they hand on.

Only that loads them, as each table takes a millisecond or two.
"""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from state.db.tables.core import Number, Utc
from state.db.tables.rows import TableRow, table


class Reader(TableRow, table=True):
    """Somebody who reads: the role that a provider gave him when it `vouched` for him last, and his address, which
    counts once it is verified.

    `stopped` says why nothing is sent to the address any more, such as after three bounces; "" while mail goes there.
    """

    who: str = Field(primary_key=True)
    role: str | None = None
    vouched: datetime | None = Field(default=None, sa_type=Utc)
    mail: str | None = None
    verified: datetime | None = Field(default=None, sa_type=Utc)
    bounces: int = 0
    stopped: str = ""


class FollowRow(TableRow, table=True):
    """What a reader follows: changes of these entities or sources (all, if none is named), with these words; by what
    way, and how soon.

    It counts for events after `after`, the last one when it was made.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    who: str
    entities: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sources: list[str] = Field(sa_column=Column(JSON, nullable=False))
    find: str
    by: str
    when: str
    at: datetime = Field(sa_type=Utc)
    after: int = Field(sa_type=Number)


class RoundRow(TableRow, table=True):
    """Up to which event letters were written that go out at once, hourly or daily, and when the next ones are due."""

    when: str = Field(primary_key=True)
    event: int = Field(sa_type=Number)
    due: datetime = Field(sa_type=Utc)


class LetterTextRow(TableRow, table=True):
    """The text of letters, composed once for all readers of the same changes; `key` says of which, and in what form.

    `url` is the page of the desk that it is about, "" without a desk.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    key: str
    title: str
    text: str
    html: str
    url: str
    created: datetime = Field(sa_type=Utc)


class Letter(TableRow, table=True):
    """What one reader gets, by mail or at one browser: of which events, because of which follows, and its delivery.

    `address` is only for a mail to an address that is not verified yet. `state` is that of a delivery, `due` when it is
    tried next; without a `text_id` it is not composed.
    """

    id: int = Field(default=None, primary_key=True, sa_type=Number)
    who: str
    by: str
    push_id: int | None = Field(sa_type=Number)
    address: str | None
    follows: list[int] = Field(sa_column=Column(JSON, nullable=False))
    events: list[int] = Field(sa_column=Column(JSON, nullable=False))
    text_id: int | None = Field(sa_type=Number)
    created: datetime = Field(sa_type=Utc)
    due: datetime = Field(sa_type=Utc)
    state: str
    attempts: int
    error: str | None
    sent: datetime | None = Field(sa_type=Utc)


class Subscription(TableRow, table=True):
    """A browser that shows alerts to a reader: its address at its maker's service (RFC 8030), and its keys (RFC
    8291).
    """

    id: int = Field(default=None, primary_key=True, sa_type=Number)
    who: str
    endpoint: str
    p256dh: str
    auth: str
    at: datetime = Field(sa_type=Utc)


class CommentRow(TableRow, table=True):
    """What somebody said about a `subject`: `change 12`, `case telegram`, `snapshot 1a2b of source fca`."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    subject: str
    who: str
    at: datetime = Field(sa_type=Utc)
    text: str
    mentions: list[str] = Field(sa_column=Column(JSON, nullable=False))


class MarkRow(TableRow, table=True):
    """To whom a subject is assigned, and how important it is, as it is now; the record of actions has who said so.

    Each subject that anything was said about has a row; `at` is when that was last.
    """

    subject: str = Field(primary_key=True)
    assigned: str | None
    importance: str | None
    at: datetime = Field(sa_type=Utc)


class ShareRow(TableRow, table=True):
    """A link that shows one subject to whoever has it: the SHA-256 of its token, until when, and when it was ended."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Number)
    subject: str
    digest: bytes
    who: str
    at: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    ended: datetime | None = Field(sa_type=Utc)


class ApiToken(TableRow, table=True):
    """A token of a reader for the API: its SHA-256, what it may do (`read`, `act`, `admin`), and its end, if any."""

    id: int = Field(default=None, primary_key=True, sa_type=Number)
    who: str
    name: str
    digest: bytes
    scope: str
    at: datetime = Field(sa_type=Utc)
    until: datetime | None = Field(sa_type=Utc)


READERS = table("readers", Reader)
FOLLOWS = table("follows", FollowRow, Index(None, "who"))
PUSHES = table("push_subscriptions", Subscription, Index(None, "who"), UniqueConstraint("endpoint"))
COMMENTS = table("comments", CommentRow, Index(None, "subject", "id"))
ROUNDS = table("rounds", RoundRow)
LETTER_TEXTS = table("letter_texts", LetterTextRow, UniqueConstraint("key"))
LETTERS = table("letters", Letter, Index(None, "state", "due"), Index(None, "who"), Index(None, "text_id"))
MARKS = table("marks", MarkRow)
SHARES = table("shares", ShareRow, UniqueConstraint("digest"), Index(None, "subject"))
TOKENS = table("api_tokens", ApiToken, UniqueConstraint("digest"), Index(None, "who"))
