"""Entries are found by their source in the order of their rows, no longer by their fingerprints: to keep an index in
the order of these took half of the time of writing a large register.
"""

from alembic import op

from state.db.migrate import sql_beside

revision, down_revision = "0026", "0025"


def upgrade() -> None:
    """Drop the constraint, which SQLite can only do by a copy of the table."""
    if op.get_bind().dialect.name == "sqlite":
        sql_beside(__file__)()
    else:
        op.drop_constraint("uq_entries_source_id_mark", "entries")
    op.create_index("ix_entries_source_id_id", "entries", ["source_id", "id"])
