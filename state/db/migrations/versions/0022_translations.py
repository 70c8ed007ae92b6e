"""Machine translation: what engines answered, and how changes were told in other languages."""

from state.db.migrate import execute_script

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Create the tables."""
    execute_script(__file__)
