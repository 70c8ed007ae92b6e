"""Stagings: entries of large snapshots that are written in parts, and invisible until the last part."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    server = op.get_bind().dialect.name == "postgresql"
    number = sa.BigInteger() if server else sa.Integer()
    op.add_column("entries", sa.Column("staged", number, nullable=True))
    op.create_table(
        "stagings",
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("after", number, nullable=False),
        sa.Column("renewed", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_stagings_source_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_stagings"),
    )
    op.create_index("ix_stagings_source_id", "stagings", ["source_id"])
