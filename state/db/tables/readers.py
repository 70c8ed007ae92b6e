"""The tables of readers: what each follows, how each is reached, what they say about a change, what they hand on.

Only that loads them, as each table takes a millisecond or two.
"""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field

from state.db.tables.core import Number, Utc, columns, make_table
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
PUSHES = table("push_subscriptions", Subscription, Index(None, "who"), UniqueConstraint("endpoint"))
LETTERS = table("letters", Letter, Index(None, "state", "due"), Index(None, "who"), Index(None, "text_id"))
TOKENS = table("api_tokens", ApiToken, UniqueConstraint("digest"), Index(None, "who"))

# What a reader follows: changes of these entities or sources (all, if none is named), with these words; by what
# way, and how soon.
# It counts for events after `after`, the last one when it was made.
FOLLOWS = make_table(
    "follows",
    *columns(Number, "id", primary_key=True),
    *columns(String, "who"),
    *columns(JSON, "entities", "sources"),
    *columns(String, "find", "by", "when"),
    *columns(Utc, "at"),
    *columns(Number, "after"),
    Index(None, "who"),
)
# Up to which event letters were written that go out at once, hourly or daily, and when the next ones are due.
ROUNDS = make_table(
    "rounds",
    *columns(String, "when", primary_key=True),
    *columns(Number, "event"),
    *columns(Utc, "due"),
)
# The text of letters, composed once for all readers of the same changes; `key` says of which, and in what form.
# `url` is the page of the desk that it is about, "" without a desk.
LETTER_TEXTS = make_table(
    "letter_texts",
    *columns(Number, "id", primary_key=True),
    *columns(String, "key", "title", "text", "html", "url"),
    *columns(Utc, "created"),
    UniqueConstraint("key"),
)
# What somebody said about a `subject`: `change 12`, `case telegram`, `snapshot 1a2b of source fca`.
COMMENTS = make_table(
    "comments",
    *columns(Number, "id", primary_key=True),
    *columns(String, "subject", "who"),
    *columns(Utc, "at"),
    *columns(String, "text"),
    *columns(JSON, "mentions"),
    Index(None, "subject", "id"),
)
# To whom a subject is assigned, and how important it is, as it is now; the record of actions has who said so.
# Each subject that anything was said about has a row; `at` is when that was last.
MARKS = make_table(
    "marks",
    *columns(String, "subject", primary_key=True),
    *columns(String, "assigned", "importance", nullable=True),
    *columns(Utc, "at"),
)
# A link that shows one subject to whoever has it: the SHA-256 of its token, until when, and when it was ended.
SHARES = make_table(
    "shares",
    *columns(Number, "id", primary_key=True),
    *columns(String, "subject"),
    *columns(LargeBinary, "digest"),
    *columns(String, "who"),
    *columns(Utc, "at", "until"),
    *columns(Utc, "ended", nullable=True),
    UniqueConstraint("digest"),
    Index(None, "subject"),
)
