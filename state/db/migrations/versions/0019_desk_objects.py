"""The configuration that is made at the desk, by revision; and links that bind each action to the one before it."""

from state.db.migrate import sql_beside

revision, down_revision = "0019", "0018"
upgrade = sql_beside(__file__)
