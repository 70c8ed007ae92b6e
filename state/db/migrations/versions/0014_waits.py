"""Until when a service asked to be left alone, for the messages that it did not accept."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("messages", sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True))
