"""The tables of what goes both ways: messages with buttons, what people press, and what programs push. They are
SQLAlchemy's, as those of screening.

chat_messages    a message with buttons as a chat has it: in which `chat` and as which (`remote`) of its messages, and
                 what it says there of decisions (`shown`), "" where it says nothing of them
chat_presses     a press of a button, once for each that a service reports (`press`): when it was first reported, whose
                 it is (`who`), for `what` of the message with this key; `answer` is what was said to it, "" until it is
                 done
pushed_requests  what a program has pushed into a source under an idempotency `key`: the fingerprint of its `body`, and
                 the `answer`, null until it is done
"""

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, String, Table, UniqueConstraint

from state.db.tables.core import Number, TableRow, Utc

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
