"""Changes that somebody has to acknowledge, and what people want to hear of later."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    number = sa.BigInteger() if op.get_bind().dialect.name == "postgresql" else sa.Integer()
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "escalations",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("event_id", number, sa.ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("began", moment, nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.UniqueConstraint("event_id", "channel", name="uq_escalations_event_id_channel"),
    )
    op.create_index("ix_escalations_next_at", "escalations", ["next_at"])
    op.create_table(
        "snoozes",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
    )
