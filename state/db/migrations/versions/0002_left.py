"""Add when an entry left its source, so that old ones can be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("entries", sa.Column("left", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE entries SET \"left\" = CURRENT_TIMESTAMP WHERE standing <> 'present'")
    gone = sa.text('"left" IS NOT NULL')
    op.create_index("ix_entries_left", "entries", ["left"], sqlite_where=gone, postgresql_where=gone)
