"""History: what undoes each change, times without a reading, and the number of checks.

What changed before this migration left no undo: the history of a source begins with the snapshot that it has.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    number = sa.BigInteger() if op.get_bind().dialect.name == "postgresql" else sa.Integer()
    moment = sa.DateTime(timezone=True)
    op.add_column("sources", sa.Column("tally", number, nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("history_from", moment, nullable=True))
    op.add_column("sources", sa.Column("history_why", sa.String(), nullable=True))
    op.execute(
        "UPDATE sources SET history_from = coalesce(accepted, checked, tried), history_why = 'upgrade'"
        " WHERE revision > 0"
    )
    op.create_table(
        "undos",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("previous", moment, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_undos_source_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_undos"),
    )
    op.create_index("ix_undos_source_id_id", "undos", ["source_id", "id"])
    op.create_table(
        "unread",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_unread_source_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_unread"),
    )
    op.create_index("ix_unread_source_id_id", "unread", ["source_id", "id"])
    op.create_table(
        "tallies",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("days", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_tallies_source_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", "month", name="pk_tallies"),
    )
