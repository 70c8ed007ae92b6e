"""The desk: which changes are handled, when each person last looked, and who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    on_server = op.get_bind().dialect.name == "postgresql"
    number = sa.BigInteger() if on_server else sa.Integer()
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "handled",
        sa.Column("event_id", number, sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
    )
    op.create_table(
        "visits",
        sa.Column("who", sa.String(), primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("before", moment, nullable=True),
    )
    op.create_table(
        "actions",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
    )
    op.create_index("ix_actions_at", "actions", ["at"])
