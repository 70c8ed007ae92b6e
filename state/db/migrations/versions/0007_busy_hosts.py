"""The number of requests in progress of each worker, per host."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("hosts", sa.Column("busy", sa.JSON(), nullable=False, server_default="{}"))
