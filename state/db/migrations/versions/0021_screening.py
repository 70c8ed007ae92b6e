"""Screening: pairs that were cleared, and an index of the names of entries."""

from state.db.migrate import execute_script

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Create the tables."""
    execute_script(__file__)
