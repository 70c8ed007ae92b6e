"""The first schema."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _sources()
    _entries()
    _pages()
    _events()
    _deliveries()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _parent(name: str, table: str, *, primary_key: bool = False) -> sa.Column[int]:
    reference = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Integer(), reference, nullable=False, primary_key=primary_key)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _time(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _sources() -> None:
    op.create_table(
        "sources",
        _id(),
        _text("name"),
        _number("revision"),
        _text("status"),
        _text("reason", null=True),
        _text("message", null=True),
        _time("since", null=True),
        _number("failures"),
        _flag("told"),
        _text("told_as", null=True),
        _time("checked", null=True),
        _time("tried", null=True),
        _time("due", null=True),
        _time("wait_until", null=True),
        _time("accepted", null=True),
        _time("reread", null=True),
        _number("entries"),
        _bytes("digest"),
        _text("reading"),
        _text("place"),
        _bytes("held"),
        _json("habits"),
        sa.UniqueConstraint("name"),
    )


def _entries() -> None:
    op.create_table(
        "entries",
        _id(),
        _parent("source_id", "sources"),
        _text("standing"),
        _bytes("mark"),
        _text("key"),
        _text("title"),
        _text("url", null=True),
        _time("published", null=True),
        _json("fields"),
        _text("text"),
        sa.UniqueConstraint("source_id", "mark"),
    )
    op.create_table("windows", _parent("source_id", "sources", primary_key=True), _bytes("packed"))


def _pages() -> None:
    op.create_table(
        "bodies",
        _parent("source_id", "sources", primary_key=True),
        sa.Column("hash", sa.LargeBinary(), primary_key=True),
        _bytes("body"),
    )
    op.create_table(
        "pages",
        _id(),
        _parent("source_id", "sources"),
        _flag("held"),
        _number("position"),
        _json("request"),
        _json("response"),
        _time("fetched"),
        _bytes("body_hash"),
        sa.ForeignKeyConstraint(["source_id", "body_hash"], ["bodies.source_id", "bodies.hash"]),
    )
    op.create_index("ix_pages_source_id_held_position", "pages", ["source_id", "held", "position"])


def _events() -> None:
    op.create_table(
        "events",
        _id(),
        _text("kind"),
        _text("source"),
        _text("label"),
        _text("authority"),
        _time("at"),
        _time("previous", null=True),
        _json("data"),
    )
    op.create_index("ix_events_source_at", "events", ["source", "at"])
    op.create_index("ix_events_at", "events", ["at"])
    op.create_table(
        "mentions",
        _id(),
        _parent("event_id", "events"),
        _text("entity"),
        _text("name"),
        _text("words"),
        _text("field"),
    )
    op.create_index("ix_mentions_event_id", "mentions", ["event_id"])
    op.create_index("ix_mentions_entity_event_id", "mentions", ["entity", "event_id"])


def _deliveries() -> None:
    op.create_table(
        "messages",
        _id(),
        _text("key"),
        _text("channel"),
        _text("title"),
        _text("text"),
        _text("html"),
        _time("created"),
        _number("attempts"),
        _time("tried", null=True),
        _time("next_try"),
        _time("sent", null=True),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_messages_sent_next_try", "messages", ["sent", "next_try"])
    op.create_table(
        "deliveries",
        _id(),
        _parent("event_id", "events"),
        _text("channel"),
        _text("state"),
        _time("created"),
        _time("due"),
        _number("attempts"),
        _text("error", null=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("messages.id")),
        sa.UniqueConstraint("event_id", "channel"),
    )
    op.create_index("ix_deliveries_message_id", "deliveries", ["message_id"])
    op.create_index("ix_deliveries_state_due", "deliveries", ["state", "due"])
    op.create_table("channels", sa.Column("name", sa.String(), primary_key=True), _time("since"), _flag("told"))
