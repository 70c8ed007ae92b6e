"""Cases: a delivery's digest, a message's thread, an event's entry, and the known entities."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ROWS = 1000


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("messages", sa.Column("thread", sa.JSON(), nullable=True))
    op.add_column("events", sa.Column("entry_key", sa.String(), nullable=True))
    _name_entries()
    op.create_index("ix_events_source_entry_key", "events", ["source", "entry_key"])
    op.create_table(
        "entities",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entities"),
    )


def _name_entries() -> None:
    """So far, events of changes have their entry's key only in their data."""
    connection = op.get_bind()
    events = sa.table("events", sa.column("id"), sa.column("kind"), sa.column("data", sa.JSON), sa.column("entry_key"))
    key = sa.update(events).where(events.c.id == sa.bindparam("row")).values(entry_key=sa.bindparam("key"))
    last = 0
    while True:
        wanted = sa.select(events.c.id, events.c.data).where(events.c.kind == "change", events.c.id > last)
        rows = connection.execute(wanted.order_by(events.c.id).limit(_ROWS)).all()
        if not rows:
            return
        connection.execute(key, [{"row": row.id, "key": row.data.get("key")} for row in rows])
        last = rows[-1].id
