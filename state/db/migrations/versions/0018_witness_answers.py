"""One table for what any third party answered about the evidence: that of time stamps becomes `witness_answers`."""

from state.db.migrate import sql_beside

revision, down_revision = "0018", "0017"
upgrade = sql_beside(__file__)
