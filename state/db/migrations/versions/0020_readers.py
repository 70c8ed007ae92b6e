"""Readers: what each follows, comments, assignments, links that were handed on, and tokens of their own."""

from state.db.migrate import sql_beside

revision, down_revision = "0020", "0019"
upgrade = sql_beside(__file__)
