"""What goes both ways: messages with buttons, what people press, and what programs push."""

from state.db.migrate import execute_script

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Create the tables."""
    execute_script(__file__)
