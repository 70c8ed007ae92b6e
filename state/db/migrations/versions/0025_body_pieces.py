"""Large bodies in pieces."""

from state.db.migrate import sql_beside

revision, down_revision = "0025", "0024"
upgrade = sql_beside(__file__)
