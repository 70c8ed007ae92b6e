"""All tables, for what has to know each of them: migrations, and the copy of a whole state."""

from __future__ import annotations

# They add their tables to the metadata.
from state.db.tables import core, desk, evidence, history, people, rhythm  # noqa: F401
from state.db.tables.columns import Row

METADATA = Row.metadata
