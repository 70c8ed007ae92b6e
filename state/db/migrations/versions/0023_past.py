"""The past before the first own snapshot: captures of others, and the entries that were read in them."""

from state.db.migrate import execute_script

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the tables."""
    execute_script(__file__)
