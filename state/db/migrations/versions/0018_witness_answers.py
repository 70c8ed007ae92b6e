"""One table for what any third party answered about the evidence: that of time stamps becomes `witness_answers`."""

from state.db.migrate import execute_script

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Take the stamps over into the new table."""
    execute_script(__file__)
