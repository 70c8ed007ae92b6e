"""The first schema: its tables in the order in which they refer to each other.

It bears the number of the last of the migrations before the first release, 0001 to 0017, whose result it is: a state
that they made is at this schema, and needs no migration.
"""

from state.db.migrate import sql_beside

revision, down_revision = "0017", None
upgrade = sql_beside(__file__)
