"""The past before the first own snapshot: captures of others, and the entries that were read in them."""

from state.db.migrate import sql_beside

revision, down_revision = "0023", "0022"
upgrade = sql_beside(__file__)
