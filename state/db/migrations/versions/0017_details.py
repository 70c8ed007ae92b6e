"""What was read of an entry on its own page, and when that page is to be read again."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("entries", sa.Column("detail", sa.JSON(), nullable=True))
    op.add_column("entries", sa.Column("detail_due", sa.DateTime(timezone=True), nullable=True))
