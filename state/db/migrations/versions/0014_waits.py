"""What a message waits for: a service that asked to be left alone, or somebody who has to approve it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    number = sa.BigInteger() if op.get_bind().dialect.name == "postgresql" else sa.Integer()
    moment = sa.DateTime(timezone=True)
    op.add_column("messages", sa.Column("wait_until", moment, nullable=True))
    op.add_column("messages", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("approval", sa.JSON(), nullable=True))
    op.create_table(
        "approvals",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("message_id", number, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("asked", moment, nullable=False),
        sa.Column("until", moment, nullable=True),
        sa.Column("then", sa.String(), nullable=False),
        sa.Column("asked_by", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=True),
        sa.Column("decided", moment, nullable=True),
    )
    op.create_index("ix_approvals_message_id", "approvals", ["message_id"])
    op.create_index("ix_approvals_state_until", "approvals", ["state", "until"])
