"""All tables, for what has to know each of them: migrations, and the copy of a whole state."""

from __future__ import annotations

# They add their tables to the metadata.
from state.db import desk_tables, evidence_tables, history_tables, people_tables, rhythm_tables  # noqa: F401
from state.db.tables import Row

METADATA = Row.metadata
