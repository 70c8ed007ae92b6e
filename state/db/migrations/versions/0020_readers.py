"""Readers: what each follows, comments, assignments, links that were handed on, and tokens of their own."""

from state.db.migrate import execute_script

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the tables."""
    execute_script(__file__)
