"""The size of each capture, so that a source's total is known."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    number = sa.BigInteger() if op.get_bind().dialect.name == "postgresql" else sa.Integer()
    op.add_column("captures", sa.Column("size", number, nullable=False, server_default="0"))
    op.execute(
        "UPDATE captures SET size = coalesce("
        "(SELECT sum(length) FROM chain WHERE chain.number BETWEEN captures.first AND captures.last), 0)"
    )
