"""Screening: pairs that were cleared, and an index of the names of entries."""

from state.db.migrate import sql_beside

revision, down_revision = "0021", "0020"
upgrade = sql_beside(__file__)
