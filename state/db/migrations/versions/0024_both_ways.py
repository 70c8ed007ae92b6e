"""What goes both ways: messages with buttons, what people press, and what programs push."""

from state.db.migrate import sql_beside

revision, down_revision = "0024", "0023"
upgrade = sql_beside(__file__)
