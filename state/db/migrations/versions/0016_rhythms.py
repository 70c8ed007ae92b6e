"""When sources change, as learned from their checks, and the budget of requests that they share."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "rhythms",
        sa.Column("source_id", sa.Integer(), primary_key=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("levels", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_rhythms_source_id", ondelete="CASCADE"),
    )
    op.create_table(
        "budget",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("credit", sa.Float(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("scale", sa.Float(), nullable=False),
        sa.Column("planned", sa.Float(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("used", sa.Float(), nullable=False),
        sa.Column("passed", sa.Float(), nullable=False),
    )
