"""The configuration that is made at the desk, by revision; and links that bind each action to the one before it."""

from state.db.migrate import execute_script

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the table, and the column."""
    execute_script(__file__)
