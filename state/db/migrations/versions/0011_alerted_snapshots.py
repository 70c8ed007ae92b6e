"""Which suspicious snapshots of a source were alerted, so that another one is alerted again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("sources", sa.Column("alerted_snapshots", sa.String(), nullable=True))
    op.add_column("sources", sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True))
