"""Machine translation: what engines answered, and how changes were told in other languages."""

from state.db.migrate import sql_beside

revision, down_revision = "0022", "0021"
upgrade = sql_beside(__file__)
